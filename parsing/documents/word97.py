"""Word files of 1997 to 2003 (MS-DOC over MS-CFB): the text by its piece table, without what is deleted, hidden text apart.

olefile finds the streams. No maintained Python library reads this format; converting by LibreOffice takes seconds and a writable disk.
Offsets are those of the file information block (MS-DOC, 2.5).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from struct import unpack_from

from olefile import OleFileIO  # type: ignore[import-untyped]

from parsing.documents.document import MAX_CHARACTERS, Problem, Reading, Tools, Unreadable
from parsing.documents.tables import row_of

_WORD = 0xA5EC
_FIRST_OF_97 = 0xC1
_MOST_OCTETS = 50 * 2**20
_MOST_PIECES = 50_000
_MOST_PAGES = 5_000
_PAGE = 512
_SHOWN, _DELETED, _HIDDEN = range(3)
_DELETION, _VANISHING = 0x0800, 0x083C
"""Marks of characters (`sprmCFRMarkDel`, `sprmCFVanish`)."""
_FEET = (2, 3, 5)
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
"""Octets of a mark's operand by the three highest bits of its code (MS-DOC, 2.2.5.1); 0: its first octet says it."""
_SIGNS = {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\x07": "\x07", "\t": "\t"}
_CONTROL = re.compile("[\x00-\x1f]")
_FIELD = re.compile("\x13([^\x13\x14\x15]{0,4000})(?:\x14([^\x13\x14\x15]{0,100000}))?\x15")
_LINK = re.compile(r'HYPERLINK\s{1,9}(?:\\l\s{1,9})?"([^"]{1,2000})"')


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters that lie together in the file."""

    length: int
    """In characters."""
    offset: int
    """In the stream, in octets."""
    wide: bool
    """Two octets a character (UTF-16), else one (Windows-1252)."""


def read_doc(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read a Word file of the old format: headers, text boxes, body, notes, footers; raises Unreadable (`encrypted`)."""
    with OleFileIO(BytesIO(data)) as ole:
        stream = _stream(ole, "WordDocument")
        magic, version = unpack_from("<HH", stream, 0)
        flags = unpack_from("<H", stream, 0x0A)[0]
        if magic != _WORD and version >= _FIRST_OF_97:
            raise Unreadable
        if flags & 0x0100:
            raise Unreadable(Problem.ENCRYPTED)
        if version < _FIRST_OF_97:  # Word 6 and 95: the letters lie in a row
            start, end = unpack_from("<II", stream, 0x18)
            return _reading([stream[start:end].decode("cp1252", "replace")], "")
        table = _stream(ole, "1Table" if flags & 0x0200 else "0Table")
    return _reading(*_parts(stream, table))


def _stream(ole: OleFileIO, name: str) -> bytes:
    if not ole.exists(name) or ole.get_size(name) > _MOST_OCTETS:
        raise Unreadable
    with ole.openstream(name) as stream:
        octets: bytes = stream.read()
    return octets


def _parts(stream: bytes, table: bytes) -> tuple[list[str], str]:
    """Return what people see (headers, text boxes, body, notes, endnotes, footers), and what is hidden."""
    body, notes, headers, _, comments, endnotes, boxes, _ = unpack_from("<8I", stream, 0x4C)
    marks = _Marks(stream, table)
    letters: list[tuple[str, int]] = []
    total = 0
    for piece in _pieces(stream, table):
        for text, mark in _letters(stream, piece, marks):
            letters.append((text, mark))
            total += len(text)
        if total > 4 * MAX_CHARACTERS:
            break
    # whatever is not shown keeps its place as NUL until the parts are cut
    whole = "".join(text if mark == _SHOWN else "\x00" * len(text) for text, mark in letters)
    hidden = "".join(text for text, mark in letters if mark == _HIDDEN)
    ends = [0]
    for length in (body, notes, headers, comments, endnotes, boxes):
        ends.append(ends[-1] + length)
    main, foot, head, _, end, box = (whole[start:stop] for start, stop in pairwise(ends))
    heads, feet = _headers(stream, table, head)
    return [heads, box, main, foot, end, feet], hidden


def _headers(stream: bytes, table: bytes, text: str) -> tuple[str, str]:
    """Divide the text of headers and footers: six of separators, then of each section even, odd, footers even, odd, first, first footer."""
    start, length = unpack_from("<II", stream, 0xF2)
    plc = table[start : start + length]
    places = unpack_from(f"<{min(len(plc) // 4, 600)}I", plc, 0)
    stories = [text[first:last] for first, last in pairwise(places)][6:]
    feet = [story for number, story in enumerate(stories) if number % 6 in _FEET]
    heads = [story for number, story in enumerate(stories) if number % 6 not in _FEET]
    return "".join(dict.fromkeys(heads)), "".join(dict.fromkeys(feet))


def _pieces(stream: bytes, table: bytes) -> Iterator[_Piece]:
    """Yield the pieces of the text in their order (MS-DOC, 2.4.1)."""
    start, length = unpack_from("<II", stream, 0x1A2)
    clx = table[start : start + length]
    position = 0
    while clx[position : position + 1] == b"\x01":  # formatting that pieces share
        position += 3 + unpack_from("<H", clx, position + 1)[0]
    if clx[position : position + 1] != b"\x02":
        raise Unreadable
    plc = clx[position + 5 : position + 5 + unpack_from("<I", clx, position + 1)[0]]
    count = (len(plc) - 4) // 12
    for index in range(min(count, _MOST_PIECES)):
        before, after = unpack_from("<II", plc, 4 * index)
        place = unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
        wide, offset = not place & 0x40000000, place & 0x3FFFFFFF
        if after > before:
            yield _Piece(after - before, offset if wide else offset // 2, wide)


def _letters(stream: bytes, piece: _Piece, marks: _Marks) -> Iterator[tuple[str, int]]:
    """Yield the runs of a piece, each with how it is shown."""
    width = 2 if piece.wide else 1
    position, stop = piece.offset, min(piece.offset + width * piece.length, len(stream))
    while position < stop:
        mark, end = marks.at(position)
        octets = stream[position : min(max(end, position + width), stop)]
        yield octets.decode("utf-16-le" if piece.wide else "cp1252", "replace"), mark
        position += len(octets)


class _Marks:
    """What is deleted or hidden, by place in the stream."""

    def __init__(self, stream: bytes, table: bytes) -> None:
        self._starts: list[int] = []
        self._marks: list[int] = []
        for start, mark in sorted(_runs(stream, table)):
            self._starts.append(start)
            self._marks.append(mark)

    def at(self, position: int) -> tuple[int, int]:
        """Return how the letter at `position` is shown, and where that may end."""
        index = bisect_right(self._starts, position)
        mark = self._marks[index - 1] if index else _SHOWN
        return mark, self._starts[index] if index < len(self._starts) else 2**32


def _runs(stream: bytes, table: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each run of letters with its own marks begins, and how it is shown (MS-DOC, 2.8.5 and 2.9.33)."""
    start, length = unpack_from("<II", stream, 0xFA)
    plc = table[start : start + length]
    count = (len(plc) - 4) // 8
    for index in range(min(count, _MOST_PAGES)):
        number = unpack_from("<I", plc, 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
        page = stream[number * _PAGE : (number + 1) * _PAGE]
        if len(page) < _PAGE or 4 * (page[-1] + 1) + page[-1] > _PAGE:
            continue
        for run in range(page[-1]):
            place = 2 * page[4 * (page[-1] + 1) + run]
            yield unpack_from("<I", page, 4 * run)[0], _mark(page[place + 1 : place + 1 + page[place]]) if place else _SHOWN


def _mark(properties: bytes) -> int:
    """Return how letters with these properties are shown."""
    position, found = 0, _SHOWN
    while position + 2 < len(properties):
        code = int.from_bytes(properties[position : position + 2], "little")
        size = _SIZES[code >> 13] or properties[position + 2] + 1
        if code in {_DELETION, _VANISHING} and properties[position + 2] & 1:
            found = _DELETED if code == _DELETION or found == _DELETED else _HIDDEN
        position += 2 + size
    return found


def _reading(parts: list[str], hidden: str) -> Reading:
    """Return parts of a document as one text, with the links that its fields hold."""
    links = tuple(link for part in parts for link in _LINK.findall(part))
    blocks = list(dict.fromkeys(filter(None, map(_plain, parts))))
    hidden = _plain(hidden)
    return Reading(("\n\n".join(blocks),), links=links, problems=(Problem.HIDDEN_TEXT,) if hidden else (), hidden=hidden)


def _plain(text: str) -> str:
    """Return text with its fields replaced by what they show, marks by line ends, cells of a row side by side."""
    for _ in range(5):  # fields stand in fields
        shown = _FIELD.sub(lambda match: match[2] or "", text)
        if shown == text:
            break
        text = shown
    text = _CONTROL.sub(lambda match: _SIGNS.get(match[0], ""), text.replace("\x13", "").replace("\x14", " "))
    return "\n".join(_rows(text)).strip()


def _rows(text: str) -> Iterator[str]:
    """Yield lines and table rows; a row ends with an empty cell."""
    cells: list[list[str]] = []
    *ended, rest = text.split("\x07")
    for cell in ended:
        if cell or not cells:
            before, _, last = cell.rpartition("\n") if not cells else ("", "", cell)
            if before:
                yield before
            cells.append(last.split("\n"))
        else:
            yield row_of(cells)
            cells = []
    if cells:
        yield row_of(cells)
    yield rest
