"""PDF through pdfminer.six: slower and more patient than pdfium; the second opinion on pages whose letters look wrong.

Its characters become the same words as pdfium's and go through the same reading order: pdfminer's own layout, which takes
minutes for a page of some thousand boxes, is never entered.
"""

from __future__ import annotations

import math
from io import BytesIO
from itertools import pairwise
from typing import Any, NamedTuple
from unicodedata import normalize

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import dict_value, list_value, resolve1
from pdfminer.utils import apply_matrix_pt, decode_text

from parsing.documents.characters import ACCENTS
from parsing.documents.pdf_interpreter import Clarity, QuickInterpreter
from parsing.documents.pdf_layout import Ink, Word
from parsing.documents.pdf_words import RIGHT_TO_LEFT

_GAP = 0.16
"""Of the type's size: a wider gap between two glyphs is one between words."""
_LIGHT = 0.78
"""Of full light: what `pdf_visible.LIGHT` is for pdfium."""
_HYPHENS = "-\u00ad\u2010"
_MOST_GLYPHS = 200_000
"""Of a page."""


class Glyph(NamedTuple):
    """A character as drawn: where its baseline begins and ends, and its box; in points, y upward."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    box: tuple[float, float, float, float]
    ink: Ink


class MinedPage(NamedTuple):
    """What pdfminer reads of one page."""

    words: list[Word]
    links: list[str]
    frame: tuple[float, float, float, float]
    """The page's box: left, bottom, right, top."""


def count_pages(data: bytes) -> int:
    """Return how many pages there are; raises whatever pdfminer raises."""
    return sum(1 for _ in PDFPage.create_pages(_opened(data)))


def _opened(data: bytes) -> PDFDocument:
    return PDFDocument(PDFParser(BytesIO(data)))


def read_pages(data: bytes, numbers: set[int], interpreter: type[PDFPageInterpreter] = QuickInterpreter) -> dict[int, MinedPage]:
    """Return what stands on the pages `numbers` (counted from 0); raises whatever pdfminer raises."""
    resources = PDFResourceManager()
    device = GlyphDevice(resources)
    reader = interpreter(resources, device)
    found: dict[int, MinedPage] = {}
    for number, page in enumerate(PDFPage.create_pages(_opened(data))):
        if number not in numbers:
            continue
        device.glyphs = []
        # not `process_page`: places stay those of the page as it lies in the file, as pdfium gives them
        reader.render_contents(page.resources, page.contents)
        found[number] = MinedPage(words_of(device.glyphs), _links(page), _frame(page))
    return found


def _frame(page: PDFPage) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(side) for side in (page.cropbox))
    return left, bottom, right, top


def _links(page: PDFPage) -> list[str]:
    """Return the addresses behind the page's link annotations, at most 300."""
    found: list[str] = []
    try:
        for reference in list_value(page.annots or [])[:500]:
            action = dict_value(dict_value(reference).get("A", {}))
            address = resolve1(action.get("URI"))
            if isinstance(address, bytes):
                found.append(address.decode("utf-8", "replace").strip())
    except Exception:  # noqa: BLE001 - damaged annotations are no reason to lose the page
        return found
    return [link for link in found if link][:300]


class GlyphDevice(PDFTextDevice):
    """Takes glyphs as they are drawn; what a marked sequence says of itself (ActualText) stands for what it draws."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.glyphs: list[Glyph] = []
        self._ink = Ink.PLAIN
        self._said: list[str | None] = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:  # noqa: ARG002 - pdfminer's signature
        """Remember the text that a marked sequence stands for (ISO 32000-1, 14.9.4)."""
        said = resolve1(props.get("ActualText")) if isinstance(props, dict) else None
        self._said.append(decode_text(said) if isinstance(said, bytes) else None)

    def end_tag(self) -> None:
        """Forget it."""
        if self._said:
            self._said.pop()

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Note the ink, then draw glyph by glyph."""
        if len(self.glyphs) < _MOST_GLYPHS:
            self._ink = _ink(textstate.render, graphicstate)
            super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(self, matrix: Any, font: Any, fontsize: float, scaling: float, rise: float, cid: int, *_: Any) -> float:
        """Take one glyph; return how far it moves the next one."""
        advance: float = font.char_width(cid) * fontsize * scaling
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = "\ufffd"
        if self._said and self._said[-1] is not None:
            # the first glyph of the sequence says it all
            text, self._said[-1] = self._said[-1], ""
        if font.is_vertical():
            start, end = apply_matrix_pt(matrix, (0, rise)), apply_matrix_pt(matrix, (0, rise + advance))
            low, high, near, far = -0.5 * fontsize, 0.5 * fontsize, rise, rise + advance
            corners = [apply_matrix_pt(matrix, point) for point in ((low, near), (high, far))]
        else:
            start, end = apply_matrix_pt(matrix, (0, rise)), apply_matrix_pt(matrix, (advance, rise))
            descent = font.get_descent() * fontsize + rise
            corners = [apply_matrix_pt(matrix, point) for point in ((0, descent), (advance, descent + fontsize))]
        if text:
            (one_x, one_y), (two_x, two_y) = corners
            box = (min(one_x, two_x), min(one_y, two_y), max(one_x, two_x), max(one_y, two_y))
            self.glyphs.append(Glyph(text, start, end, box, self._ink))
        return advance


def _ink(mode: int, state: Any) -> Ink:
    """Return how text is drawn, by its mode, colour and opacity."""
    if mode == 3:
        return Ink.NONE
    clear = isinstance(state, Clarity) and state.opacity < 0.2
    if mode == 7 or clear or (mode in {0, 4} and _is_light(state.ncolor)):
        return Ink.FAINT
    return Ink.PLAIN


def _is_light(colour: Any) -> bool:
    """Tell a grey, red-green-blue or four-ink colour that may vanish on paper."""
    parts = [part for part in (colour if isinstance(colour, tuple | list) else [colour]) if isinstance(part, int | float)]
    if len(parts) == 4:
        return max(parts[:3]) + parts[3] <= 1 - _LIGHT
    return len(parts) in {1, 3} and min(parts) >= _LIGHT


def words_of(glyphs: list[Glyph]) -> list[Word]:
    """Put glyphs in drawing order together into words, at blanks and at gaps."""
    found: list[Word] = []
    run: list[Glyph] = []
    for glyph in _accented(glyphs):
        if glyph.text.isspace() or glyph.text == "\x00":
            if run:
                found.append(_word(run))
                run = []
            continue
        if run and not _continues(run[-1], glyph):
            found.append(_word(run))
            run = []
        run.append(glyph)
    if run:
        found.append(_word(run))
    return _hyphenated([word for whole in found for word in _divided(whole)])


def _accented(glyphs: list[Glyph]) -> list[Glyph]:
    """Put accents that are glyphs of their own on the letter that is drawn next, or last, at their place."""
    found: list[Glyph] = []
    waiting: Glyph | None = None
    for glyph in glyphs:
        accent = glyph.text in ACCENTS
        base = found[-1] if accent and found else glyph
        mark = glyph if accent else waiting
        if mark is not None and base is not mark and (letter := _composed(base, mark)):
            if not accent:
                found.pop()
            found[-1:] = [letter] if accent else [*found[-1:], letter]
            waiting = None
            continue
        found.append(glyph)
        waiting = glyph if accent else None
    return found


def _composed(letter: Glyph, accent: Glyph) -> Glyph | None:
    """Return the letter with the accent over or under it, None when it is not there or there is no such letter."""
    middle = (accent.box[0] + accent.box[2]) / 2
    text = normalize("NFC", ("i" if letter.text == "ı" else letter.text) + ACCENTS[accent.text])
    over = letter.box[0] <= middle <= letter.box[2] and abs(letter.box[1] - accent.box[1]) < letter.box[3] - letter.box[1]
    return letter._replace(text=text) if over and len(text) == 1 and letter.text.isalpha() else None


def _hyphenated(words: list[Word]) -> list[Word]:
    """Mark hyphens at the ends of lines by U+FFFE, as pdfium does: where the next word begins small on a lower line."""
    found = list(words)
    for number, (word, following) in enumerate(pairwise(words)):
        divided = word.text[-1:] in _HYPHENS and word.text[-2:-1].isalpha() and following.text[:1].islower()
        if divided and not word.turn and following.top < word.bottom + 0.5 * word.height and following.left < word.left:
            found[number] = word._replace(text=word.text[:-1] + "\ufffe")
    return found


def _divided(word: Word) -> list[Word]:
    """Divide a word that ActualText made of several; all keep its box's height, and their share of its width."""
    texts = word.text.split()
    if len(texts) < 2:
        return [word]
    share = (word.right - word.left) / len(texts)
    return [
        word._replace(text=text, left=word.left + number * share, right=word.left + (number + 0.9) * share)
        for number, text in enumerate(texts)
    ]


def _continues(before: Glyph, after: Glyph) -> bool:
    """Tell whether a glyph goes on with the word of the last one: on its baseline, and close to its end."""
    along_x, along_y = before.end[0] - before.start[0], before.end[1] - before.start[1]
    length = math.hypot(along_x, along_y)
    size = max(before.box[3] - before.box[1], before.box[2] - before.box[0]) if length == 0 else _size(before)
    if length == 0:
        along_x, along_y, length = 1.0, 0.0, 1.0
    move_x, move_y = after.start[0] - before.end[0], after.start[1] - before.end[1]
    gap = (move_x * along_x + move_y * along_y) / length
    aside = abs(move_x * along_y - move_y * along_x) / length
    if (before.ink is Ink.NONE) is not (after.ink is Ink.NONE) or aside > 0.35 * size:
        return False
    # type that runs from right to left is drawn in its reading order, each glyph before the last one
    back = abs(gap + length + _length(after)) < _GAP * size and not before.text.isascii()
    return -0.5 * size < gap < _GAP * size or back


def _length(glyph: Glyph) -> float:
    return math.hypot(glyph.end[0] - glyph.start[0], glyph.end[1] - glyph.start[1])


def _size(glyph: Glyph) -> float:
    """Return the type's size: the side of the box across the baseline."""
    left, bottom, right, top = glyph.box
    level = abs(glyph.end[0] - glyph.start[0]) >= abs(glyph.end[1] - glyph.start[1])
    return top - bottom if level else right - left


def _word(run: list[Glyph]) -> Word:
    """Return glyphs as a word, with a box like pdfium's: without the outer fifths of the line's height."""
    first, last = run[0], run[-1]
    along_x, along_y = last.end[0] - first.start[0], last.end[1] - first.start[1]
    turn = 0
    if abs(along_y) > abs(along_x):
        turn = 1 if along_y > 0 else 3
    elif first.end[0] < first.start[0]:
        turn = 2
    left, bottom = min(glyph.box[0] for glyph in run), min(glyph.box[1] for glyph in run)
    right, top = max(glyph.box[2] for glyph in run), max(glyph.box[3] for glyph in run)
    fifth = ((right - left) if turn in {1, 3} else (top - bottom)) / 5
    text = "".join(glyph.text for glyph in (run[::-1] if along_x > 0 and RIGHT_TO_LEFT.search(first.text) else run))
    ink = min(glyph.ink for glyph in run)
    if turn in {1, 3}:
        return Word(text, left + fifth, bottom, right - fifth, top, turn, ink)
    return Word(text, left, bottom + fifth, right, top - fifth, turn, ink)
