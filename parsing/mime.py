"""MIME octets into a flat list of parts: an iterative, capped walk that accepts whatever mailers produce.

Our own walk and not the standard library's parser, because that one raises RecursionError inside itself on a 43 KB mail
and needs seconds for each MB when many boundaries are open. Cost here: one pass over the octets for each level of nesting.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from parsing.header import decode_base64, decode_bytes, parse_parameters

MAX_HEADER_BLOCK = 256 * 1024
MAX_PARTS = 200
MAX_DEPTH = 30
_MAX_FIELDS = 2000
_MAX_FALSE = 20_000
"""Lines that only begin like a delimiter; a mail has those of the multiparts inside, whose names may begin alike."""
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_DELIMITER_END = re.compile(rb"(--)?[ \t]*\r?$", re.MULTILINE)
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]{1,200}\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)

Headers = tuple[tuple[str, bytes], ...]
"""Field names in lower case and unfolded values, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One leaf of the MIME tree; an attached message is a leaf too, its octets are the content."""

    media_type: str
    """As declared, in lower case; `text/plain` when nothing is (RFC 2045, 5.2)."""
    charset: str | None
    parameters: Mapping[str, str]
    """Those of Content-Type."""
    disposition: str
    """`attachment`, `inline` or empty."""
    filename: str | None
    content_id: str
    """Without angle brackets, lower case."""
    content: bytes = field(repr=False)
    """Transfer encoding undone."""
    containers: tuple[str, ...] = ()
    """Media types of the multiparts around it, outermost first."""
    alternative: int | None = None
    """Number of the innermost `multipart/alternative` around it."""

    def text(self) -> str:
        """Return the content as text with LF line ends, whatever charset it claims."""
        return decode_bytes(self.content, self.charset).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def split_message(content: bytes) -> tuple[Headers, bytes]:
    """Return the header fields (of the first 256 KB) and the body; an mbox `From ` line is skipped.

    The body starts after the first empty line, or at the first line that cannot belong to a header.
    """
    fields: list[tuple[str, list[bytes]]] = []
    position, size, first = 0, 0, True
    while position < len(content):
        if size >= MAX_HEADER_BLOCK:  # 40 MB of header line by line would take a minute
            end = None if first else _EMPTY_LINE.search(content, position - 1)
            position = position if first else end.end() if end else len(content)
            break
        match = _LINE.match(content, position)
        line = match.group() if match else b""
        stripped = line.rstrip(b"\r\n")
        if not stripped and not first:  # a line of blanks only is folding (RFC 5322, 4.2), not yet the end
            position += len(line)
            break
        named = _FIELD.match(stripped)
        if stripped[:1] in b" \t" and fields:
            fields[-1][1].append(stripped)
        elif named and not (first and stripped.startswith(b"From ")):
            if len(fields) < _MAX_FIELDS:
                fields.append((named[1].decode("latin-1").lower(), [stripped[named.end() :]]))
        elif not (first and (not stripped.strip() or stripped.startswith((b"From ", b">From ")))):
            break
        first = first and not stripped.strip()
        size += len(line)
        position += max(len(line), 1)
    headers = tuple((name, b"\n".join(value)[:MAX_HEADER_BLOCK].strip()) for name, value in fields)
    return headers, content[position:]


def header(headers: Headers, name: str) -> bytes:
    """Return the first field called `name` (lower case), or nothing."""
    return next((value for key, value in headers if key == name), b"")


def read_parts(headers: Headers, body: bytes) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Return the leaves in their order and the codes of what was wrong: `too_many_parts`, `too_deep`, `no_boundary`."""
    parts: list[Part] = []
    defects: set[str] = set()
    alternatives = 0
    todo: list[tuple[Headers, bytes, tuple[str, ...], int | None]] = [(headers, body, (), None)]
    while todo:
        own, content, containers, alternative = todo.pop()
        if len(parts) >= MAX_PARTS:
            defects.add("too_many_parts")
            break
        default = b"message/rfc822" if containers[-1:] == ("multipart/digest",) else b"text/plain"
        media_type, parameters = parse_parameters(header(own, "content-type") or default)
        if media_type.startswith("multipart/") and len(containers) < MAX_DEPTH:
            sections = _sections(content, parameters.get("boundary", ""))
            if sections is None:
                defects.add("no_boundary")
                parts.append(_leaf(own, "text/plain", parameters, content, containers, alternative))
                continue
            if media_type == "multipart/alternative":
                alternatives += 1
                alternative = alternatives
            inside = (*containers, media_type)
            split = [split_section(section) for section in sections[: MAX_PARTS + 1]]
            todo.extend((fields, octets, inside, alternative) for fields, octets in reversed(split))
            continue
        if media_type.startswith("multipart/"):
            defects.add("too_deep")
        parts.append(_leaf(own, media_type, parameters, content, containers, alternative))
    return tuple(parts), tuple(sorted(defects))


def split_section(section: bytes) -> tuple[Headers, bytes]:
    """Return a section's header fields and body; a section that starts with an empty line has no header."""
    if section[:1] in b"\r\n":
        return (), section[2:] if section.startswith(b"\r\n") else section[1:]
    fields, body = split_message(section)
    return (fields, body) if fields else ((), section)


def _sections(body: bytes, boundary: str) -> list[bytes] | None:
    """Cut a multipart body at its delimiter lines (RFC 2046, 5.1.1); None when there is none."""
    if not boundary:
        return None
    line = b"--" + boundary.encode("utf-8", "replace")
    sections: list[bytes] = []
    start: int | None = None
    false = 0
    position = 0 if body.startswith(line) else body.find(b"\n" + line) + 1 or len(body)
    while position < len(body):  # finding octets costs a tenth of matching a pattern at the start of each line
        match = _DELIMITER_END.match(body, position + len(line))
        if match is None:
            false += 1
            if false > _MAX_FALSE:
                break
        else:
            if start is not None:
                sections.append(_without_last_line_end(body[start:position]))
            start = match.end() + 1
            if match[1] or len(sections) > MAX_PARTS:
                return sections or None
        position = body.find(b"\n" + line, position + len(line)) + 1 or len(body)
    if start is not None:
        sections.append(body[start:])
    return sections or None


def _without_last_line_end(section: bytes) -> bytes:
    """The line end before a delimiter belongs to the delimiter."""
    if section.endswith(b"\r\n"):
        return section[:-2]
    return section.removesuffix(b"\n")


def _leaf(
    own: Headers, media_type: str, parameters: Mapping[str, str], content: bytes, containers: tuple[str, ...], alternative: int | None
) -> Part:
    disposition, more = parse_parameters(header(own, "content-disposition"))
    return Part(
        media_type=media_type if "/" in media_type else "text/plain",
        charset=parameters.get("charset"),
        parameters=parameters,
        disposition=disposition if disposition in {"attachment", "inline"} else ("attachment" if more.get("filename") else ""),
        filename=more.get("filename") or parameters.get("name") or None,
        content_id=header(own, "content-id").decode("latin-1").strip().strip("<>").lower()[:200],
        content=decode_transfer(content, header(own, "content-transfer-encoding")),
        containers=containers,
        alternative=alternative,
    )


def decode_transfer(content: bytes, encoding: bytes) -> bytes:
    """Undo base64, quoted-printable or uuencode (RFC 2045, 6); octets of an unknown encoding come back as they are."""
    name = encoding.split(b";")[0].strip().strip(b"'\"").lower()
    if name == b"base64":
        return decode_base64(content)
    if name == b"quoted-printable":
        return quopri.decodestring(content)
    if name in {b"x-uuencode", b"uuencode", b"uue", b"x-uue"}:
        return decode_uu(content)
    return content


def decode_uu(content: bytes) -> bytes:
    """Return the first uuencoded file in `content`, as far as its lines can be read."""
    begin = _UU_BEGIN.search(content)
    end = _UU_END.search(content, begin.end()) if begin else None
    if begin is None or end is None:
        return content
    out: list[bytes] = []
    for line in content[begin.end() : end.start()].splitlines():
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)
