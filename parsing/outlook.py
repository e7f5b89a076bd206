"""Outlook's `.msg` files (MS-OXMSG over MS-CFB) as the MIME octets that the same mail would have on its way (RFC 5322, RFC 2045).

So everything behind it reads one kind of mail. Called by `parsing/message.py` and `parsing/unpack.py`, always in a child process:
olefile finds the streams, what they mean is read here. Property numbers are those of MS-OXPROPS.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO

from olefile import OleFileIO  # type: ignore[import-untyped]

from parsing.header import clean, decode_bytes
from parsing.mime import MAX_PARTS, split_message
from parsing.rtf import read_compressed

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
_MARK = _PROPERTIES.encode("utf-16-le")
_MAX_DEPTH = 4
_TEXT, _OLD_TEXT, _BINARY, _OBJECT, _NUMBER, _TIME = 0x1F, 0x1E, 0x102, 0x0D, 0x03, 0x40
_HEADER_SIZES = (32, 24, 8)
"""Of the fixed properties: of the message, of a message in a message, of anything else (MS-OXMSG, 2.4)."""
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_BY_VALUE, _EMBEDDED = 1, 5
_TO, _CC = 1, 2
_NOT_CARRIED = ("content-", "mime-version")
_CODEC_OF_65001 = "utf-8"


@dataclass(slots=True)
class _Budget:
    """How much may still be taken out: entries that share their octets could multiply a small file."""

    octets: int
    parts: int = MAX_PARTS


def is_outlook(content: bytes) -> bool:
    """Tell whether octets are a `.msg` file."""
    return content.startswith(_MAGIC) and _MARK in content


def as_mime(content: bytes) -> bytes | None:
    """Return the mail in a `.msg` file as MIME octets; None when the file cannot be read. Never raises."""
    try:
        with OleFileIO(BytesIO(content)) as ole:
            storage = _Storage(ole, (), _HEADER_SIZES[0], _Budget(2 * len(content)))
            return _message(storage, 0) if storage.is_message else None
    except Exception:  # noqa: BLE001 - olefile raises many classes on damaged files; the file itself is kept
        return None


def find_time(content: bytes) -> datetime | None:
    """Return when the message in a `.msg` file was delivered, else when it was sent; None when it does not say. Never raises."""
    try:
        with OleFileIO(BytesIO(content)) as ole:
            storage = _Storage(ole, (), _HEADER_SIZES[0], _Budget(2 * len(content)))
            return storage.moment(0x0E06) or storage.moment(0x0039)
    except Exception:  # noqa: BLE001 - as above
        return None


class _Storage:
    """One folder of the file: a message, a recipient or an attachment, with its properties."""

    def __init__(self, ole: OleFileIO, path: tuple[str, ...], header_size: int, budget: _Budget) -> None:
        self._ole, self._path, self.budget = ole, path, budget
        node = ole.root
        for name in path:
            node = next(kid for kid in node.kids if kid.name == name)
        self._names = {kid.name.lower(): kid.name for kid in node.kids}
        self.is_message = _PROPERTIES in self._names
        self._fixed: dict[int, bytes] = {}
        octets = self._stream(_PROPERTIES)[header_size:]
        for start in range(0, min(len(octets), 16 * 1000) - 15, 16):
            self._fixed[int.from_bytes(octets[start : start + 4], "little")] = octets[start + 8 : start + 16]

    def text(self, number: int) -> str:
        """Return a string property, or nothing."""
        found = self._stream(f"__substg1.0_{number:04X}{_TEXT:04X}")
        if found:
            return found.decode("utf-16-le", "replace").rstrip("\x00")
        return decode_bytes(self._stream(f"__substg1.0_{number:04X}{_OLD_TEXT:04X}"), self._codec(0x3FFD)).rstrip("\x00")

    def octets(self, number: int) -> bytes:
        """Return a binary property, or nothing."""
        return self._stream(f"__substg1.0_{number:04X}{_BINARY:04X}")

    def number(self, number: int) -> int:
        """Return a number, 0 when it is missing."""
        return int.from_bytes(self._fixed.get(number << 16 | _NUMBER, b"")[:4], "little")

    def moment(self, number: int) -> datetime | None:
        """Return a time (100 ns since 1601), or None."""
        ticks = int.from_bytes(self._fixed.get(number << 16 | _TIME, b""), "little")
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def html(self) -> tuple[bytes, str] | None:
        """Return the HTML body and its charset."""
        octets = self.octets(0x1013)
        if octets:
            return octets, self._codec(0x3FDE)
        said = self.text(0x1013)
        return (said.encode("utf-8", "replace"), "utf-8") if said else None

    def folders(self, beginning: str, header_size: int) -> Iterator[_Storage]:
        """Yield the folders whose names begin so."""
        for low, name in sorted(self._names.items()):
            if low.startswith(beginning):
                yield _Storage(self._ole, (*self._path, name), header_size, self.budget)

    def embedded(self) -> _Storage | None:
        """Return the message inside an attachment."""
        name = self._names.get(f"__substg1.0_3701{_OBJECT:04x}")
        inner = _Storage(self._ole, (*self._path, name), _HEADER_SIZES[1], self.budget) if name else None
        return inner if inner and inner.is_message else None

    def _stream(self, name: str) -> bytes:
        real = self._names.get(name.lower())
        if real is None:
            return b""
        place = [*self._path, real]
        if self._ole.get_size(place) > self.budget.octets:
            return b""
        with self._ole.openstream(place) as stream:
            octets: bytes = stream.read()
        self.budget.octets -= len(octets)
        return octets

    def _codec(self, number: int) -> str:
        page = self.number(number) or 1252
        return _CODEC_OF_65001 if page == 65001 else {20127: "ascii", 28591: "iso-8859-1", 28605: "iso-8859-15"}.get(page, f"cp{page}")


def _message(storage: _Storage, depth: int) -> bytes:
    sections = [section for section in (_body(storage), *_attachments(storage, depth)) if section]
    boundary = hashlib.sha256(b"".join(sections)).hexdigest()[:40].encode()
    lines = [*_fields(storage), b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="' + boundary + b'"', b""]
    pieces = [b"\r\n".join(lines)]
    pieces += [b"\r\n--" + boundary + b"\r\n" + section for section in sections]
    return b"".join((*pieces, b"\r\n--" + boundary + b"--\r\n"))


def _fields(storage: _Storage) -> Iterator[bytes]:
    """Yield the header: as it came over the network where Outlook kept it, completed by what its properties say."""
    kept, _ = split_message(storage.text(0x007D).encode("utf-8", "replace"))
    names = {name for name, _ in kept}
    for name, value in kept:
        if not name.startswith(_NOT_CARRIED):
            yield name.encode() + b": " + re.sub(rb"[\r\n]+[ \t]*", b"\r\n ", value)
    sent = storage.moment(0x0039) or storage.moment(0x0E06)
    author = _address(storage.text(0x0042) or storage.text(0x0C1A), storage, (0x5D02, 0x5D01, 0x0065, 0x0C1F))
    known = (
        ("from", author),
        ("to", _recipients(storage, _TO)),
        ("cc", _recipients(storage, _CC)),
        ("subject", clean(storage.text(0x0037), 500)),
        ("date", format_datetime(sent) if sent else ""),
        ("message-id", clean(storage.text(0x1035), 400)),
        ("in-reply-to", clean(storage.text(0x1042), 400)),
        ("references", clean(storage.text(0x1039), 4000)),
    )
    for name, said in known:
        if said and name not in names:
            yield f"{name}: {said}".encode("utf-8", "replace")
    kind = storage.text(0x001A).lower()
    if (kind.startswith("report.") or "rules.ooftemplate" in kind) and "auto-submitted" not in names:
        yield b"auto-submitted: auto-replied"


def _recipients(storage: _Storage, kind: int) -> str:
    found: list[str] = []
    for recipient in storage.folders("__recip_version1.0_#", _HEADER_SIZES[2]):
        if recipient.number(0x0C15) == kind and len(found) < 200:
            found.append(_address(recipient.text(0x3001), recipient, (0x39FE, 0x3003)))
    return ", ".join(filter(None, found))


def _address(name: str, storage: _Storage, numbers: Sequence[int]) -> str:
    """Return `"Name" <address>`; inside an organisation the address of a colleague may be none of the network's."""
    addresses = (clean(storage.text(number), 320) for number in numbers)
    address = next((said for said in addresses if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", said)), None)
    said = clean(name, 200).translate({ord(sign): None for sign in '"\\'})
    return f'"{said}" <{address}>' if address else ""


def _body(storage: _Storage) -> bytes:
    """Return the section of the text, in the forms that the file has."""
    text, html = storage.text(0x1000), storage.html()
    if not text.strip() and html is None:
        text = read_compressed(storage.octets(0x1009))
    sections = []
    if text.strip() or html is None:
        sections.append(_section(b"text/plain; charset=utf-8", text.encode("utf-8", "replace")))
    if html is not None:
        sections.append(_section(f"text/html; charset={html[1]}".encode(), html[0]))
    if len(sections) == 1:
        return sections[0]
    boundary = hashlib.sha256(b"".join(sections)).hexdigest()[:40].encode()
    inside = b"".join(b"\r\n--" + boundary + b"\r\n" + section for section in sections)
    return b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n' + inside + b"\r\n--" + boundary + b"--\r\n"


def _attachments(storage: _Storage, depth: int) -> Iterator[bytes]:
    shown = (storage.html() or (b"", ""))[0].lower()
    for attachment in storage.folders("__attach_version1.0_#", _HEADER_SIZES[2]):
        storage.budget.parts -= 1
        if storage.budget.parts < 0:
            return
        name = attachment.text(0x3707) or attachment.text(0x3704) or attachment.text(0x3001)
        if attachment.number(0x3705) == _EMBEDDED:
            inner = attachment.embedded() if depth < _MAX_DEPTH else None
            if inner is not None:
                title = name or inner.text(0x0037) or "message"
                yield _section(b"message/rfc822", _message(inner, depth + 1), f"{title.removesuffix('.msg')}.eml")
            continue
        octets = attachment.octets(0x3701)
        if not octets:
            continue  # a link to a file elsewhere
        declared = clean(attachment.text(0x370E), 100).lower()
        if declared.startswith("multipart/signed") and octets[:13].lower() == b"content-type:":
            yield octets  # a signed mail is kept whole, header and all (MS-OXOSMIME)
            continue
        content_id = clean(attachment.text(0x3712), 200).strip("<>")
        inline = bool(content_id) and f"cid:{content_id}".lower().encode() in shown
        safe = declared if re.fullmatch(r"[\w.+-]+/[\w.+-]+", declared) and not declared.startswith(("multipart/", "message/")) else ""
        yield _section((safe or "application/octet-stream").encode(), octets, name, content_id if inline else "")


def _section(media_type: bytes, octets: bytes, name: str = "", content_id: str = "") -> bytes:
    """Return a MIME section with its octets in base64."""
    lines = [b"Content-Type: " + media_type, b"Content-Transfer-Encoding: base64"]
    if name:
        coded = "".join(f"%{octet:02X}" for octet in name[:1000].encode("utf-8", "replace"))
        kind = "inline" if content_id else "attachment"
        lines.append(f"Content-Disposition: {kind}; filename*=utf-8''{coded}".encode())
    if content_id:
        lines.append(f"Content-ID: <{content_id}>".encode("utf-8", "replace"))
    return b"\r\n".join((*lines, b"", base64.encodebytes(octets)))
