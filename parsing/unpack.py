"""The files that a message carries, containers opened: archives, Outlook's winmail.dat, attached messages. Capped everywhere.

Called by `parsing/understand.py`. A container stays in the list beside its members, so that nothing disappears.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from tnefparse import TNEF  # type: ignore[import-untyped]
from tnefparse.tnef import TNEFAttachment  # type: ignore[import-untyped]

from parsing.documents import sniff
from parsing.documents.document import MAX_BYTES
from parsing.documents.media_type import HTML, TEXT, ZIP
from parsing.filename import safe_name
from parsing.header import decode_bytes
from parsing.message import Message, parse_message
from parsing.mime import Part
from parsing.outlook import as_mime, is_outlook

_MOST_FILES = 400
_MAX_MEMBERS = 20
_MAX_DEPTH = 2
_MEMBERS_TOTAL = 2 * MAX_BYTES
_TNEF = b"\x78\x9f\x3e\x22"
"""With which every winmail.dat begins, whatever it is called (MS-OXTNEF, 2.1.3.1)."""
_JUNK = ("__macosx/", ".ds_store", "thumbs.db")
_STRUCTURE = frozenset({"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"})

logging.getLogger("tnef-decode").disabled = True  # it would write strangers' words to stderr


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file, before anything is known of it."""

    name: str
    """Cleaned for display, the last path component only; made up when there is none."""
    declared: str
    media_type: str
    content: bytes = field(repr=False)
    inline: bool = False
    """A picture inside the text: it has a Content-ID or is shown inline."""
    container: bool = False


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a message carries."""

    files: tuple[File, ...]
    messages: tuple[Message, ...]
    """Messages attached to it."""
    within: tuple[Message, ...] = ()
    """Messages attached to these."""


def unpack(message: Message) -> Unpacked:
    """Return the files of a message in their order, those of attached messages after them."""
    files: list[File] = []
    messages: list[Message] = []
    within: list[Message] = []
    todo: list[tuple[Message, int]] = [(message, 0)]
    while todo:
        current, depth = todo.pop(0)
        for part in current.parts:
            inner = _attached(part)
            if inner is not None:
                files.append(_message_file(part, len(files)))
                if depth < _MAX_DEPTH:
                    (within if depth else messages).append(inner)
                    todo.append((inner, depth + 1))
                continue
            if _is_file(part):
                files.extend(_files_of(part, len(files)))
    return Unpacked(tuple(files[:_MOST_FILES]), tuple(messages), tuple(within))


def _attached(part: Part) -> Message | None:
    """Return the message that a part is; some programs declare an attached `.eml` as mere octets."""
    if not part.content.strip():
        return None
    if part.media_type in {"message/rfc822", "message/global"}:
        return parse_message(part.content)
    if is_outlook(part.content):
        octets = as_mime(part.content)
        return parse_message(octets) if octets is not None else None
    if not (part.filename or "").lower().endswith(".eml"):
        return None
    inner = parse_message(part.content)
    return inner if inner.author is not None and (inner.date is not None or inner.has("subject")) else None


def _is_file(part: Part) -> bool:
    if part.media_type in _STRUCTURE and not (part.filename and part.disposition == "attachment"):
        return False
    if part.filename or part.disposition == "attachment":
        return bool(part.content)
    return not part.media_type.startswith(("text/", "message/", "multipart/")) and bool(part.content)


def _message_file(part: Part, number: int) -> File:
    kind, suffix = ("application/vnd.ms-outlook", "msg") if is_outlook(part.content) else (part.media_type, "eml")
    name = safe_name(part.filename or "") or f"message-{number + 1}.{suffix}"
    return File(name=name, declared=part.media_type, media_type=kind, content=part.content, container=True)


def _files_of(part: Part, number: int) -> Iterator[File]:
    media_type = sniff(part.content, part.filename, part.media_type)
    if media_type == TEXT and part.media_type.startswith("text/") and part.media_type != HTML:
        media_type = part.media_type
    name = _name(part.filename, part, number)
    members = list(_members(part, media_type))
    inline = (
        media_type.startswith("image/") and (bool(part.content_id) or part.disposition == "inline") and part.disposition != "attachment"
    )
    yield File(name=name, declared=part.media_type, media_type=media_type, content=part.content, inline=inline, container=bool(members))
    yield from members


def _members(part: Part, media_type: str) -> Iterator[File]:
    if media_type == ZIP:
        yield from _zip_members(part.content)
    elif part.content.startswith(_TNEF):
        yield from _tnef_members(part.content)


def _zip_members(content: bytes) -> Iterator[File]:
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for info in archive.infolist()[:500]:
                name = _member_name(info)
                if info.is_dir() or name.lower().startswith(_JUNK) or total > _MEMBERS_TOTAL or info.flag_bits & 1:
                    continue
                with archive.open(info) as member:
                    data = member.read(MAX_BYTES + 1)
                total += len(data)
                yield File(name=safe_name(name), declared="", media_type=sniff(data, name), content=data)
    except Exception:  # noqa: BLE001 - zipfile raises many classes on damaged archives; the archive itself is kept
        return


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; old archivers write CP850 or UTF-8 without saying so (APPNOTE 4.4.4, bit 11)."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return decode_bytes(info.filename.encode("cp437"), "cp850")
    except UnicodeError:
        return info.filename


def _tnef_members(content: bytes) -> Iterator[File]:
    try:
        attachments = TNEF(content, do_checksum=False).attachments[:_MAX_MEMBERS]
        found = [(_tnef_name(item), bytes(item.data or b"")) for item in attachments]
    except Exception:  # noqa: BLE001 - the decoder raises whatever broken octets lead to; the container is kept
        return
    for name, data in found:
        if data:
            yield File(name=safe_name(name.rstrip("\x00")) or "document", declared="", media_type=sniff(data, name), content=data)


def _tnef_name(item: TNEFAttachment) -> str:
    """Return a name that winmail.dat gives: in Unicode, or in a Windows charset that the decoder takes for UTF-8."""
    try:
        return str(item.long_filename() or "")
    except UnicodeDecodeError as error:
        return decode_bytes(error.object, "cp1252")


def _name(filename: str | None, part: Part, number: int) -> str:
    """Return a name to show; the sender's path, if any, is not ours to repeat."""
    if filename and (name := safe_name(filename)):
        return name
    kind = part.media_type.partition("/")[2].removeprefix("x-")[:12] or "bin"
    return f"piece-{number + 1}.{'txt' if kind == 'plain' else kind}"
