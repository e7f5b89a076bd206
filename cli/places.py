"""Where on a page's picture the words of a fact stand: pure, from the page's words in reading order to boxes in shares of the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parsing.documents.pdf_layout import Word

_MOST_MATCHES = 500
"""Places looked at for one quotation; a word that stands more often on a page is marked at one of these."""
_SIGNS = frozenset("+#@")


class Box(NamedTuple):
    """A rectangle in shares of the page's width and height, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Letters:
    """A text without blanks, signs, case and accents, to compare two readings of one page."""

    text: str
    origin: tuple[int, ...]
    """Offset of each letter in what it was made of."""
    heads: frozenset[int]
    """Letters that begin a word."""


def letters_of(text: str) -> Letters:
    """Return the letters, digits and `+#@` of `text`."""
    kept: list[str] = []
    origin: list[int] = []
    heads: set[int] = set()
    inside = False
    for offset, sign in enumerate(text):
        flat = [part for part in unicodedata.normalize("NFKD", sign).casefold() if part.isalnum() or part in _SIGNS]
        if flat and not inside:
            heads.add(len(kept))
        kept += flat
        origin += [offset] * len(flat)
        inside = bool(flat) or (inside and bool(unicodedata.combining(sign)))
    return Letters("".join(kept), tuple(origin), frozenset(heads))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is looked through: the text that was read, and the words that stand there."""

    text: Letters
    shown: Letters
    owner: tuple[int, ...]
    """For each character of the words, joined by blanks, the word that it belongs to."""
    first: tuple[int, ...]
    """For each word the offset of its first character there."""
    words: tuple[Word, ...]
    width: float
    height: float


def sheet_of(text: str, words: Sequence[Word], width: float, height: float) -> Sheet:
    """Return the page whose reading is `text` and whose words, in reading order, are `words`; sizes in points."""
    owner: list[int] = []
    first: list[int] = []
    for number, word in enumerate(words):
        first.append(len(owner))
        owner += [number] * (len(word.text) + 1)
    shown = letters_of(" ".join(word.text for word in words))
    return Sheet(letters_of(text), shown, tuple(owner), tuple(first), tuple(words), max(width, 1.0), max(height, 1.0))


def boxes_of(sheet: Sheet, quote: str, start: int) -> list[Box]:
    """Return the boxes of `quote`, which begins at `start` in the page's text; a box for each line; empty when it is not found."""
    found = _span(sheet, quote, start)
    if found is not None:
        return _boxes(sheet, *found)
    boxes: list[Box] = []
    offset = 0
    for line in quote.split("\n"):  # columns may stand between the lines of what belongs together
        if (found := _span(sheet, line, start + offset)) is not None:
            boxes += _boxes(sheet, *found)
        offset += len(line) + 1
    return boxes


def free_side(sheet: Sheet, box: Box, room: float) -> str:
    """Return `right` or `left` where nothing stands beside `box` for `room` (a share of the width) on its height, else `above`."""
    ends = box.left + box.width
    sides = {"right": (ends, ends + room), "left": (box.left - room, box.left)}
    for word in sheet.words:
        other = _box(word, sheet)
        if other is None or other.top >= box.top + box.height or box.top >= other.top + other.height:
            continue
        middle = other.left + other.width / 2
        inside = box.left <= middle <= ends
        sides = {
            side: (start, end) for side, (start, end) in sides.items() if inside or other.left >= end or other.left + other.width <= start
        }
    return next((side for side, (start, end) in sides.items() if start >= 0 and end <= 1), "above")


def _span(sheet: Sheet, quote: str, start: int) -> tuple[int, int] | None:
    """Return first and last letter of `quote` among the letters of the words: the same occurrence as in the text."""
    needle = letters_of(quote).text
    if not needle:
        return None
    there = _matches(sheet.shown, needle)
    if not there:
        return None
    before = sum(1 for at in _matches(sheet.text, needle) if sheet.text.origin[at] < start)
    at = there[min(before, len(there) - 1)]
    return at, at + len(needle) - 1


def _matches(letters: Letters, needle: str) -> list[int]:
    """Return where `needle` stands as words of its own, else where it stands at all."""
    found: list[int] = []
    whole: list[int] = []
    at = letters.text.find(needle)
    while at >= 0 and len(found) < _MOST_MATCHES:
        found.append(at)
        end = at + len(needle)
        if at in letters.heads and (end in letters.heads or end == len(letters.text)):
            whole.append(at)
        at = letters.text.find(needle, at + 1)
    return whole or found


def _boxes(sheet: Sheet, first: int, last: int) -> list[Box]:
    """Return a box for each line of the words that hold these letters; of a word only the part that does."""
    start, end = sheet.shown.origin[first], sheet.shown.origin[last]
    lines: list[Word] = []
    for number in range(sheet.owner[start], sheet.owner[end] + 1):
        part = _part(sheet.words[number], start - sheet.first[number], end + 1 - sheet.first[number])
        if lines and _continues(lines[-1], part):
            last_line = lines[-1]
            lines[-1] = Word(
                "", last_line.left, min(last_line.bottom, part.bottom), max(last_line.right, part.right), max(last_line.top, part.top)
            )
        else:
            lines.append(part)
    return [box for line in lines if (box := _box(line, sheet)) is not None]


def _part(word: Word, start: int, end: int) -> Word:
    """Return the piece of `word` between two of its characters, as if all were equally wide."""
    length = max(len(word.text), 1)
    across = word.right - word.left
    left = word.left + across * max(start, 0) / length
    right = word.left + across * min(end, length) / length
    return Word("", left, word.bottom, max(left, right), word.top)


def _continues(line: Word, word: Word) -> bool:
    """Tell whether `word` goes on where `line` ends: on its height, and not a column away."""
    height = max(line.top - line.bottom, word.top - word.bottom, 1.0)
    level = min(line.top, word.top) - max(line.bottom, word.bottom) > 0.3 * min(line.top - line.bottom, word.top - word.bottom)
    return level and -0.5 * height <= word.left - line.right <= 2.5 * height


def _box(word: Word, sheet: Sheet) -> Box | None:
    """Return `word` in shares of the page; None when it is not on it."""
    left, right = (min(max(value / sheet.width, 0.0), 1.0) for value in (word.left, word.right))
    top, bottom = (min(max(1 - value / sheet.height, 0.0), 1.0) for value in (word.top, word.bottom))
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None
