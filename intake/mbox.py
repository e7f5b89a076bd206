"""An mbox file, message by message, in memory that does not grow with the file (RFC 4155, appendix A).

Nobody ever defined the format, so four dialects are told apart by what stands in the file: where `>From ` hides a line of a text
(mboxo, mboxrd), it is undone; where Content-Length tells a message's end (mboxcl, mboxcl2), it is believed only as long as another
message begins there, because a sender may write such a field too, and could hide the messages behind theirs.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from intake.arrival import read_date
from intake.source import MAX_HEADER, MAX_MESSAGE

_FIRST_BLOCK, _BLOCK = 2**15, 2**20
_LINE = 2**10
"""Octets of a separator line and the line behind it; longer ones are none."""
_LOOK_AHEAD = 2 * _LINE
_TRIED = 10
"""Messages whose Content-Length must be right before the field is believed."""
_SEPARATOR = re.compile(
    rb"From (?:[^\r\n]{0,300}?\b(\w{3},? +[^\r\n]{0,40}?\d{1,2}:\d{2}[^\r\n]{0,40}))?[ \t]*\r?\n(?=>?[!-9;-~]{1,100}:|>From )"
)
"""`From `, a sender and a date, or nothing at all (as Thunderbird writes since 2023); then comes a header."""
_ZONE = rb"(?: +([A-Z]{1,5}|[+-]\d{4}))?"
_DATE = re.compile(rb"\w{3},? +(\w{3}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?)" + 2 * _ZONE + rb" +(\d{4})" + _ZONE)
"""As `ctime` writes it, with a zone or without."""
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_HIDDEN = re.compile(rb"\n>(>*From )")


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of an mbox."""

    number: int
    """The first has 1."""
    content: bytes = field(repr=False)
    """Its octets, the separator left out and hidden lines restored; of one over the limit the beginning only."""
    size: int
    sha256: str
    """Of all its octets."""
    written: datetime | None
    """What the separator line says."""
    end: int
    """Octets of the file up to its end."""
    too_large: bool = False


def is_mbox(file: BinaryIO) -> bool:
    """Tell whether a file begins as an mbox does."""
    file.seek(0)
    return _start(file) is not None


def read_mbox(file: BinaryIO) -> Iterator[Piece]:
    """Yield the messages of a file that can be sought in. Raises OSError."""
    size = os.fstat(file.fileno()).st_size
    start = _start(file)
    if start is None:
        return
    counted = _counts(file, start, size)
    number = 0
    while start is not None:
        number += 1
        begin, written = _after_separator(file, start)
        end, start, believed = _end(file, begin, size, counted=counted)
        yield _piece(file, number, begin, end, written, counted=believed)


def _start(file: BinaryIO) -> int | None:
    """Return where the first separator stands: at the beginning, empty lines and a byte order mark aside."""
    file.seek(0)
    head = file.read(_LOOK_AHEAD)
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return len(head) - len(body) if _SEPARATOR.match(body) or re.match(rb"From [^\r\n]*\r?\n[!-9;-~]{1,100}:", body) else None


def _after_separator(file: BinaryIO, start: int) -> tuple[int, datetime | None]:
    file.seek(start)
    line = file.readline(_LINE)
    return start + len(line), _written(line)


def _written(line: bytes) -> datetime | None:
    """Return the date of a separator line."""
    found = _DATE.search(line)
    if found is None:
        return None
    month, day, clock, zone, other, year, last = (part or b"" for part in found.groups())
    offset = next((part for part in (last, other, zone) if part[:1] in {b"+", b"-"}), zone)
    return read_date(b" ".join((day, month, year, clock, offset)))


def _counts(file: BinaryIO, start: int, size: int) -> bool:
    """Tell whether this program wrote Content-Length: the first messages have it, and it leads from each to the next."""
    position: int | None = start
    for tried in range(_TRIED):
        if position is None:
            return tried > 1 or _next_separator(file, start + 1, size) is None
        begin, _ = _after_separator(file, position)
        found = _by_length(file, begin, size)
        if found is None:
            return False
        position = found[1]
    return True


def _end(file: BinaryIO, begin: int, size: int, *, counted: bool) -> tuple[int, int | None, bool]:
    """Return where a message ends, where the next separator stands (None: nowhere), and whether Content-Length told it."""
    found = _by_length(file, begin, size) if counted else None
    if found is not None:
        return *found, True
    following = _next_separator(file, begin, size)
    return size if following is None else following, following, False


def _by_length(file: BinaryIO, begin: int, size: int) -> tuple[int, int | None] | None:
    """Return end and next separator by Content-Length, or None when no message ends there."""
    file.seek(begin)
    head = file.read(min(MAX_HEADER, size - begin))
    blank = _HEADER_END.search(head)
    length = _LENGTH.search(head, 0, blank.end()) if blank else None
    if blank is None or length is None:
        return None
    end = begin + blank.end() + int(length[1])
    if end > size:
        return None
    file.seek(end)
    rest = file.read(_LOOK_AHEAD)
    body = rest.lstrip(b"\r\n")
    if not body:
        return (end, None) if end + len(rest) == size else None
    following = end + len(rest) - len(body)
    return (end, following) if len(rest) - len(body) <= 4 and _SEPARATOR.match(body) else None


def _next_separator(file: BinaryIO, position: int, size: int) -> int | None:
    """Return the place of the next separator line after `position`, which is in the middle of a message."""
    file.seek(position)
    window, step = b"", _FIRST_BLOCK
    while position + len(window) < size:
        block = file.read(step)
        step = min(2 * step, _BLOCK)
        window += block
        searched = 0
        while (found := window.find(b"\nFrom ", searched)) >= 0:
            if len(window) - found < _LOOK_AHEAD and position + len(window) < size and block:
                break  # the lines behind it are not read yet
            if _SEPARATOR.match(window, found + 1) and _is_apart(window, found):
                return position + found + 1
            searched = found + 1
        kept = max(found - 2, 0) if found >= 0 else max(len(window) - 8, 0)
        position, window = position + kept, window[kept:]
        if not block:
            return None
    return None


def _is_apart(window: bytes, found: int) -> bool:
    """Tell whether an empty line stands before a separator; one with a date needs none, since writers forget it."""
    match = _SEPARATOR.match(window, found + 1)
    return bool(match and match[1]) or window[max(found - 2, 0) : found].endswith((b"\n", b"\n\r"))


def _piece(file: BinaryIO, number: int, begin: int, end: int, written: datetime | None, *, counted: bool) -> Piece:
    size = end - begin
    file.seek(begin)
    if size > MAX_MESSAGE:
        return Piece(number, file.read(MAX_HEADER), size, _hash(file, begin, size), written, end, too_large=True)
    content = file.read(size)
    if not counted:
        content = content.removesuffix(b"\n").removesuffix(b"\r")  # the empty line before the next separator
    if not counted or _SEPARATOR.search(content) is None:  # mboxcl2 hides nothing
        content = _shown(content)
    return Piece(number, content, len(content), hashlib.sha256(content).hexdigest(), written, end)


def _shown(content: bytes) -> bytes:
    """Take off what hides lines of the body that begin with `From ` (mboxrd: one sign more than before)."""
    blank = _HEADER_END.search(content)
    if blank is None or b">From " not in content:
        return content
    start = blank.end() - 1
    return content[:start] + _HIDDEN.sub(rb"\n\1", content[start:])


def _hash(file: BinaryIO, begin: int, size: int) -> str:
    digest = hashlib.sha256()
    file.seek(begin)
    while size > 0 and (block := file.read(min(_BLOCK, size))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()
