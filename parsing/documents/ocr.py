"""The text in a picture of a page: what is lent (`Tools.ocr`) reads the words, their places give the order in which they are read.

The picture that leaves here is always grey values without compression: no decoder outside Pillow and pdfium sees a hostile file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from statistics import mean, median

from PIL import Image, ImageChops, ImageFilter, ImageOps

from parsing.documents.document import Tools
from parsing.documents.pdf_layout import Lines, Word, reading_order, text_of

PGM = "image/x-portable-graymap"
DPI = 300
"""Resolution at which pages are read, in dots per inch."""
MAX_PIXELS = 12_000_000
"""Of a page that is read; a larger one is made smaller. A4 at 300 dpi has 8.7 million."""

_POINTS = 72 / DPI
_CELL, _AROUND = 8, 9
"""The paper's colour is looked for in so many cells, of so many dots, around each dot: wider than any letter."""
_DOUBTFUL, _POOR, _GOOD = 25.0, 60.0, 75.0
"""Confidence (0 to 100) below which a line is dropped, and a page looks as if it lay on its side; and above which it surely does not."""
_PAPER, _MOSTLY = 215, 0.5
"""Grey value from which a dot is paper, and their share on a page."""
_FEW = 15
_MOST_WORDS, _MOST_LINES = 5000, 600
_YEAR = re.compile(r"(?:19|20)\d\d")
_AT = re.compile(r"(?<=[\w.+-]) ?@ ?(?=[\w-]{1,63}\.)")
_MONTH = re.compile(r"\b([a-zéû]{3,5}), (?=(?:19|20)\d\d\b)")
_BULLET = re.compile(r"^(?:[e+*«»¢©°¥>-]|«\+)[ \t]", re.MULTILINE)
_UNTIL = re.compile(r"(?<=(?:19|20)\d\d) a (?=(?:[a-zéû]{3,9}\.? )?(?:19|20)\d\d)")
_LEVEL = re.compile(r"\bCl\b|(?<=: )CI$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A word as tesseract's table has it: dots from the upper left corner."""

    line: tuple[str, ...]
    """Its page, block, paragraph and line."""
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str

    @property
    def block(self) -> str:
        return self.line[1]


def read_picture(picture: Image.Image, tools: Tools) -> str:
    """Return the text in a picture of a page (of `DPI`), empty when there is none or nothing reads it; raises what the tool raises.

    A page that reads badly is turned: scanners and cameras do not always say how it lay.
    """
    if tools.ocr is None:
        return ""
    grey = _even(picture.convert("L"))
    if not _is_page(grey):
        return ""
    best = _table(tools.ocr(_pgm(grey), PGM))
    if len(best) >= _FEW and _confidence(best) < _POOR:
        for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180):
            found = _table(tools.ocr(_pgm(grey.transpose(turn)), PGM))
            if len(found) >= _FEW and _confidence(found) > _confidence(best):
                best = found
            if _confidence(best) > _GOOD:
                break
    return _mend(text_of(reading_order(_words(best))))


def _mend(text: str) -> str:
    """Correct what is read wrong all the time, and cannot be meant: loose @, bullets, the comma of "déc, 2021", the level "Cl"."""
    text = _BULLET.sub("• ", text)
    text = _UNTIL.sub(" à ", text)
    return _LEVEL.sub("C1", _MONTH.sub(r"\1. ", _AT.sub("@", text)))


def _even(grey: Image.Image) -> Image.Image:
    """Return a picture with black letters on white paper, whatever the colours of letters, paper and side columns are."""
    if min(grey.size) < 4 * _CELL:
        return grey
    paper = grey.reduce(_CELL).filter(ImageFilter.MedianFilter(_AROUND)).resize(grey.size, Image.Resampling.BILINEAR)
    return ImageOps.invert(ImageOps.autocontrast(ImageChops.difference(grey, paper), cutoff=(0, 0.5)))


def _is_page(even: Image.Image) -> bool:
    """Tell a page from a photograph of a face or a landscape: it is mostly paper. Those cost most time, and show no letters."""
    counts = even.histogram()
    return sum(counts[_PAPER:]) > _MOSTLY * sum(counts)


def _pgm(grey: Image.Image) -> bytes:
    """Return a grey picture as a binary portable graymap."""
    return b"P5 %d %d 255\n" % grey.size + grey.tobytes()


def _table(said: str) -> list[_Found]:
    """Read tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    found: list[_Found] = []
    for row in said.splitlines()[1 : 4 * _MOST_WORDS]:
        columns = row.split("\t")
        if len(columns) != 12 or columns[0] != "5" or not columns[11].strip():
            continue
        left, top, width, height = (int(number) for number in columns[6:10])
        found.append(_Found(tuple(columns[1:5]), left, top, width, height, float(columns[10]), columns[11].strip()))
    return found


def _confidence(words: list[_Found]) -> float:
    return mean(word.confidence for word in words) if words else 0.0


def _words(found: list[_Found]) -> list[Word]:
    """Return the words in points, the page set straight, and all words of a line as tall as the line."""
    lines: dict[tuple[str, ...], list[_Found]] = defaultdict(list)
    for word in found:
        lines[word.line].append(word)
    slope = _slope(list(lines.values()))
    blocks: dict[str, Lines] = defaultdict(list)
    for line in lines.values():
        if not _is_noise(line):
            blocks[line[0].block].append(_straight(line, slope))
    return [word for lines_of_block in _with_dates(_joined(list(blocks.values()))) for line in lines_of_block for word in line]


def _is_noise(line: list[_Found]) -> bool:
    """Tell letters that a photograph or an icon was taken for."""
    letters = sum(letter.isalnum() for word in line for letter in word.text)
    return _confidence(line) < (_GOOD if letters < 3 else _DOUBTFUL)


def _straight(line: list[_Found], slope: float) -> list[Word]:
    top = min(word.top - slope * word.left for word in line)
    bottom = max(word.top + word.height - slope * word.left for word in line)
    return [Word(w.text, w.left * _POINTS, -bottom * _POINTS, (w.left + w.width) * _POINTS, -top * _POINTS) for w in line]


def _joined(blocks: list[Lines]) -> list[Lines]:
    """Put back the ends of lines that were taken for a column of their own: level with a line, and as near to it as a word."""
    kept: list[Lines] = []
    if sum(map(len, blocks)) > _MOST_LINES:
        return blocks
    for block in blocks:
        rest: Lines = []
        for line in block:
            before = next((other for lines in kept for other in lines if _continues(other[-1], line[0])), None)
            if before is not None:
                before.extend(line)
            else:
                rest.append(line)
        kept.append(rest)
    return kept


def _with_dates(blocks: list[Lines]) -> list[Lines]:
    """Put a column of dates beside the lines that they stand level with; each of its lines must have one."""
    kept: list[Lines] = []
    if sum(map(len, blocks)) > _MOST_LINES:
        return blocks
    for block in blocks:
        others = [line for lines in blocks if lines is not block for line in lines]
        beside = [next((line for line in others if _level(line[0], date[0]) and line[-1].right < date[0].left), None) for date in block]
        dated = sum(bool(_YEAR.search(word.text)) for line in block for word in line) >= max(len(block), 1)
        if dated and None not in beside and len(block) < 30:
            for date, line in zip(block, beside, strict=True):
                if line is not None:
                    line.extend(date)
        else:
            kept.append(block)
    return kept


def _continues(before: Word, after: Word) -> bool:
    height = min(before.height, after.height)
    return -0.2 * height < after.left - before.right < 0.7 * height and _level(before, after)


def _level(one: Word, other: Word) -> bool:
    return min(one.top, other.top) - max(one.bottom, other.bottom) > 0.6 * min(one.height, other.height)


def _slope(lines: list[list[_Found]]) -> float:
    """Return how many dots a line of the page sinks for each dot to the right; scans lie a little askew."""
    slopes = [
        (last.top + last.height / 2 - first.top - first.height / 2) / (last.left - first.left)
        for first, last in ((line[0], line[-1]) for line in lines if len(line) > 3)
        if last.left > first.left
    ]
    return median(slopes) if slopes else 0.0
