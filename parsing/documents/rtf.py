"""Rich Text Format (RTF 1.9.1): the text that people see, from a file or from a mail that Outlook keeps in no other form.

One pass over the marks with a stack of groups: headers, text boxes, tables and notes are read; deletions, comments and pictures are not;
hidden text is kept apart. striprtf shows deletions and hidden text, drops headers and text boxes, and takes a minute for
20,000 open fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from parsing.charset import decode_bytes
from parsing.documents.document import MAX_CHARACTERS, Problem, Reading, Tools
from parsing.documents.tables import row_of

_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)|\\")
_MOST_MARKS = 2_000_000
_MAX_DEPTH = 500
_SILENT = frozenset(
    "colortbl stylesheet info pict object filetbl listtable listoverridetable revtbl rsidtbl htmltag nonesttables sp shprslt upr listtext "
    "pntext annotation xmlnstbl themedata ftnsep ftnsepc aftnsep aftnsepc bkmkstart bkmkend".split()
)
"""Groups that show nothing, or what is shown elsewhere in the file again."""
_HEADERS, _BODY, _NOTES, _FOOTERS, _HIDDEN, _ORDERS, _FONTS = range(7)
_PLACES = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), _HEADERS),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), _FOOTERS),
    "footnote": _NOTES,
    "fldinst": _ORDERS,
    "fonttbl": _FONTS,
}
_SHOWN_IN_SILENCE = frozenset(("shpinst", "shptxt", "do", "dptxbxtext", "ud", "fldinst"))
"""Groups that old programs skip and newer ones read, though a star stands before them (1.9.1, "Destinations")."""
_SIGNS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "tab": "\t", "nestcell": "\t", "nestrow": "\n", "softline": "\n"}
_SIGNS |= {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"}
_SIGNS |= {"emspace": " ", "enspace": " ", "qmspace": " ", "\\": "\\", "{": "{", "}": "}", "~": " ", "_": "-", "\n": "\n", "\r": "\n"}
_CHARSETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258"}
_CHARSETS |= {177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"}
_SYMBOLS = 2
"""The charset of fonts whose letters are pictures."""
_TINY = 4
"""Half points at or below which no person reads."""
_COLOURS = re.compile(r"\{\\colortbl([^{}]{0,20000})\}")
_WHITE = re.compile(r"\\red255\\green255\\blue255(?:\\c\w{1,30})*")
_PAINTED = re.compile(r"\\(?:cb|chcbpat|clcbpat|cbpat|highlight|chshdng|clshdng|shading|pict|shp|do|background|viewbksp)(?![a-z])")
_LINK = re.compile(r"HYPERLINK\s{1,9}(?:\\l\s{1,9})?\"([^\"]{1,2000})\"")


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds between two braces."""

    place: int = _BODY
    silent: bool = False
    hidden: bool = False
    deleted: bool = False
    unreadable: bool = False
    """Tiny, or white on white."""
    font: int | None = None
    doubled: int = 1
    """How many letters after a Unicode letter say the same for old programs (`\\ucN`)."""


@dataclass(slots=True)
class _Writer:
    """What was read so far: a text for each place, and the cells of the table row that is open."""

    texts: dict[int, list[str]] = field(default_factory=dict)
    cells: dict[int, list[list[str]]] = field(default_factory=dict)
    length: int = 0

    def write(self, place: int, text: str) -> None:
        self.texts.setdefault(place, []).append(text)
        self.length += len(text)

    def begin_row(self, place: int) -> None:
        """Set aside what stands before a table, so that it does not count to the first cell."""
        if not self.cells.get(place):
            self.cells[place] = [self.texts.pop(place, [])]

    def end_cell(self, place: int) -> None:
        self.begin_row(place)
        self.cells[place].append("".join(self.texts.pop(place, [])).split("\n"))

    def end_row(self, place: int) -> None:
        if not self.cells.get(place):
            self.write(place, "\n")
            return
        rest = self.texts.pop(place, [])
        before, *cells = self.cells.pop(place)
        self.texts[place] = before
        before += [row_of(cells), "\n", *rest]

    def text(self, place: int) -> str:
        if self.cells.get(place):
            self.end_row(place)
        pieces = "".join(self.texts.get(place, []))
        return pieces.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_rtf(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read a Rich Text file: headers, body, notes, footers."""
    read = _read(data.decode("latin-1"))
    blocks = (read.text(place).strip() for place in (_HEADERS, _BODY, _NOTES, _FOOTERS))
    hidden = read.text(_HIDDEN).strip()
    links = tuple(_LINK.findall(read.text(_ORDERS)))
    problems = (Problem.HIDDEN_TEXT,) if hidden else ()
    return Reading(("\n\n".join(filter(None, blocks)),), links=links, problems=problems, hidden=hidden)


def rtf_text(rtf: str) -> str:
    """Return the body of RTF (its octets as Latin-1) as text. Never raises."""
    return _read(rtf).text(_BODY)


def _read(rtf: str) -> _Writer:  # noqa: C901, PLR0912, PLR0915 - the marks of a format, one branch a kind
    writer = _Writer()
    group, stack, below = _Group(), [_Group()], 0
    codec, fonts, number_of_font = _codec_of(rtf[:2000]), dict[int, str | None](), 0
    whites = _whites(rtf)
    octets = bytearray()
    starred = unseen = False
    skip = marks = position = 0
    while position < len(rtf) and marks < _MOST_MARKS and writer.length < 2 * MAX_CHARACTERS:
        match = _TOKEN.match(rtf, position)
        if match is None:
            break
        marks, position = marks + 1, match.end()
        word, number, octet, sign, brace, plain = match.groups()
        value = int(number) if number else None
        if octets and not octet:
            _write(writer, group, decode_bytes(bytes(octets), fonts.get(group.font or 0) or codec))
            octets.clear()
        if brace == "{":
            skip, below = 0, below + (len(stack) >= _MAX_DEPTH)
            if not below:
                stack.append(group)
        elif brace:
            skip = 0
            if below:
                below -= 1
            elif len(stack) > 1:
                group = stack.pop()
        elif sign == "*":
            starred = True
            continue
        elif octet or plain:
            taken = min(skip, 1 if octet else len(plain))
            skip -= taken
            if group.silent or unseen or (octet and taken):
                pass
            elif not octet:
                raw = plain[taken:]
                kind = fonts.get(group.font or 0, codec)
                _write(writer, group, raw if raw.isascii() else decode_bytes(raw.encode("latin-1", "replace"), kind or codec))
            elif fonts.get(group.font or 0, codec) is not None:
                octets.append(int(octet, 16))
        elif word == "bin":
            position += max(value or 0, 0)
        elif word == "u" and value is not None:
            skip = group.doubled
            if not (group.silent or unseen):
                _write(writer, group, chr(value % 65536))
        elif word == "uc":
            group = replace(group, doubled=min(max(value or 0, 0), 8))
        elif word == "htmlrtf":
            unseen = value != 0
        elif word in _SHOWN_IN_SILENCE:
            group = replace(group, silent=False, place=_PLACES.get(word, group.place if group.place < _ORDERS else _BODY))
        elif starred or word in _SILENT:
            group = replace(group, silent=True)
        elif word in _PLACES:
            group = replace(group, place=_PLACES[word])
        elif word == "f" and value is not None:
            number_of_font = value
            group = replace(group, font=value)
        elif word == "fcharset" and group.place == _FONTS:
            if len(fonts) < 10_000:
                fonts[number_of_font] = None if value == _SYMBOLS else _CHARSETS.get(value or 0, codec)
        elif word in {"v", "deleted"}:
            group = replace(group, hidden=value != 0) if word == "v" else replace(group, deleted=value != 0)
        elif word == "plain":
            group = replace(group, hidden=False, deleted=False, unreadable=False, font=None)
        elif word == "fs" or (word == "cf" and whites):
            group = replace(group, unreadable=(value or 0) in whites if word == "cf" else 0 < (value or 24) <= _TINY)
        elif group.silent or unseen or group.place >= _ORDERS:
            pass
        elif word == "trowd":
            writer.begin_row(group.place)
        elif word in {"cell", "row"}:
            (writer.end_cell if word == "cell" else writer.end_row)(group.place)
        else:
            _write(writer, group, _SIGNS.get(word or sign or "", ""))
        starred = False
    if octets:
        _write(writer, group, decode_bytes(bytes(octets), codec))
    return writer


def _write(writer: _Writer, group: _Group, text: str) -> None:
    if text and not group.deleted and group.place != _FONTS:
        writer.write(_HIDDEN if (group.hidden or group.unreadable) and group.place != _ORDERS else group.place, text)


def _whites(rtf: str) -> frozenset[int]:
    """Return the numbers of the colours that nobody sees on white paper; none where something may be dark behind the letters."""
    table = _COLOURS.search(rtf[:1_000_000])
    if table is None or _PAINTED.search(rtf):
        return frozenset()
    return frozenset(number for number, said in enumerate(table[1].split(";")) if _WHITE.fullmatch("".join(said.split())))


def _codec_of(head: str) -> str:
    """Return the charset that a file names at its beginning."""
    page = re.search(r"\\ansicpg(\d{3,5})", head)
    if page:
        return "utf-8" if page[1] == "65001" else f"cp{page[1]}"
    old = re.search(r"\\(mac|pca?)(?![a-z])", head)
    return {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[old[1]] if old else "cp1252"
