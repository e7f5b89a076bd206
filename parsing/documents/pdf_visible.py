"""Which words of a page people cannot see: nearly white, transparent, tiny, beside the page, behind a picture, drawn with no ink.

Only what is suspect is looked at closely: the page is drawn with and without it, and where no pixel differs nobody sees it.
So white letters on a dark sidebar are text, and the same letters on white paper are not. Letters without ink over a picture are
what OCR wrote on a scan: text.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from parsing.documents import pdf_calls
from parsing.documents.pdf_layout import Ink, Word
from parsing.documents.pdf_raster import Frame, differ, drawn_page

LIGHT = 200
"""Of 255: a fill colour with no part below is light enough to vanish on paper."""
CLEAR = 50
"""Of 255: an opacity below is looked at."""
TINY = 1.2
"""Points, for the middle three fifths of a line's height: type below 2 points, which nobody reads."""
_SHAPES = 20
"""Shapes on a page from which on they may be letters."""
_RECTANGLE = 6
"""Segments of a path that is one, at most."""
_MOST_OBJECTS = 20_000
_IMAGE: int = raw.FPDF_PAGEOBJ_IMAGE
_TEXT: int = raw.FPDF_PAGEOBJ_TEXT
_FILLED = frozenset({raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_CLIP})
_PARTS = (ctypes.c_uint * 4)()
_PLACES = tuple(ctypes.addressof(_PARTS) + 4 * number for number in range(4))
"""Memory for the answers of pdfium, which one thread at a time may ask: a page has hundreds of objects, and their colours are asked."""
_MOST_PICTURES = 60
_CELL = 30
"""Points: the side of a field of the net over the page, by which words at a place are found."""


class Plate(NamedTuple):
    """A filled rectangle, or a picture, under words: when it is drawn, its box in points, and whether light letters show on it."""

    order: int
    box: tuple[float, float, float, float]
    is_dark: bool


class Picture(NamedTuple):
    """An image on the page: when it is drawn, and its box in points."""

    order: int
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, word: Word) -> bool:
        """Tell whether the middle of `word` lies in the picture."""
        return self.left <= (word.left + word.right) / 2 <= self.right and self.bottom <= (word.bottom + word.top) / 2 <= self.top


def divide(page: pdfium.PdfPage, words: Sequence[Word], objects: Sequence[int], pictures: bool) -> tuple[list[Word], list[Word]]:
    """Return the words that people see, and those that they do not; `pictures`: whether the file has any."""
    frame: Frame = page.get_bbox()
    seen: list[Word] = []
    hidden: list[Word] = []
    suspects: list[tuple[Word, int]] = []
    inks: dict[int, Ink] = {}
    drawn = _drawing_order(page) if pictures else ({}, [])
    low, floor, high, ceiling = max(frame[0], -1e6), max(frame[1], -1e6), min(frame[2], 1e6), min(frame[3], 1e6)
    covered = bool(drawn[1])
    plain = Ink.PLAIN
    for word, thing in zip(words, objects, strict=True):
        text, left, bottom, right, top, turn, _ = word
        # nearly all words: on the page, and large enough whichever way they are turned
        usual = low <= left and right <= high and floor <= bottom and top <= ceiling and right - left > TINY and top - bottom > TINY
        if not usual and not is_placed(word):
            continue
        ink = inks.get(thing)
        if ink is None:
            ink = inks[thing] = _ink(thing)
        if ink is plain:
            if covered and _may_be_covered(word, thing, drawn):
                ink = Ink.COVERED
            elif usual:
                seen.append(word)
                continue
        if not usual and (is_outside(word, frame) or is_tiny(word)):
            hidden.append(word)
        elif ink is Ink.PLAIN:
            seen.append(word)
        else:
            suspect = Word(text, left, bottom, right, top, turn, ink)
            suspects.append((suspect, thing))
            seen.append(suspect)
    if suspects:
        unseen = _unseen(page, suspects, drawn[1] or _drawing_order(page)[1], frame)
        if unseen:
            hidden += [word for word in seen if word in unseen]
            seen = [word for word in seen if word not in unseen]
    return seen, hidden


def _ink(thing: int) -> Ink:
    """Return how a text object is drawn, by its mode, colour and opacity."""
    if not thing:
        return Ink.PLAIN
    mode = pdf_calls.render_mode(thing)
    if mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return Ink.NONE
    if mode == raw.FPDF_TEXTRENDERMODE_CLIP:
        return Ink.FAINT
    if mode not in _FILLED:
        return Ink.PLAIN
    fill = _fill(thing)
    if not fill:
        return Ink.PLAIN
    red, green, blue, opacity = fill
    return Ink.FAINT if (red >= LIGHT and green >= LIGHT and blue >= LIGHT) or opacity < CLEAR else Ink.PLAIN


def is_placed(word: Word) -> bool:
    """Tell a word that stands somewhere: hostile files put some at infinity, or nowhere."""
    return all(-1e6 < side < 1e6 for side in word[1:5])


def is_outside(word: Word, frame: Frame) -> bool:
    """Tell a word beside the page."""
    left, bottom, right, top = frame
    return word.right < left or word.left > right or word.top < bottom or word.bottom > top


def is_tiny(word: Word) -> bool:
    """Tell a word that is too small to be read."""
    across = word.right - word.left if word.turn in {1, 3} else word.top - word.bottom
    # a font may lie about its height; then the word is as wide as letters are
    along = word.top - word.bottom if word.turn in {1, 3} else word.right - word.left
    return across < TINY and along < 2 * TINY * len(word.text)


def places_of(words: Iterable[Word]) -> Callable[[Word], bool]:
    """Return a function that tells whether a word stands where one of `words` does."""
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        for across in range(int(word.left // _CELL), int(word.right // _CELL) + 1)[:40]:
            for up in range(int(word.bottom // _CELL), int(word.top // _CELL) + 1)[:40]:
                cells.setdefault((across, up), []).append(word)

    def stands(word: Word) -> bool:
        x, y = (word.left + word.right) / 2, (word.bottom + word.top) / 2
        near = cells.get((int(x // _CELL), int(y // _CELL)), [])
        return any(other.left <= x <= other.right and other.bottom <= y <= other.top for other in near)

    return stands


def _drawing_order(page: pdfium.PdfPage) -> tuple[dict[int, int], list[Picture]]:
    """Return when each object of the page is drawn, and its pictures."""
    handle = pdf_calls.address(page)
    count = min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    objects, kind = pdf_calls.page_object, pdf_calls.object_type
    order = {thing: number for number in range(count) if (thing := objects(handle, number))}
    pictures: list[Picture] = []
    memory = (ctypes.c_float * 4)()
    place = ctypes.addressof(memory)
    for thing, number in order.items():
        if kind(thing) == _IMAGE and pdf_calls.bounds(thing, place, place + 4, place + 8, place + 12):
            pictures.append(Picture(number, *memory))
    return order, pictures[:_MOST_PICTURES]


def _may_be_covered(word: Word, thing: int, drawn: tuple[dict[int, int], list[Picture]]) -> bool:
    order, pictures = drawn
    when = order.get(thing)
    return when is not None and any(picture.order > when and picture.holds(word) for picture in pictures)


def _unseen(page: pdfium.PdfPage, suspects: Sequence[tuple[Word, int]], pictures: Sequence[Picture], frame: Frame) -> set[Word]:
    """Return the suspects that leave no mark on the page and are not the text of a scan."""
    suspects = _not_on_dark(page, suspects)
    if not suspects:
        return set()
    things = {thing for _, thing in suspects}
    before = drawn_page(page)
    for thing in things:
        pdf_calls.activate(thing, 0)
    after = drawn_page(page)
    for thing in things:
        pdf_calls.activate(thing, 1)
    scans = [picture for picture in pictures if _share(picture, frame) > 0.5]
    unseen = set()
    for word, _ in suspects:
        over = pictures if word.ink is Ink.NONE else scans if word.ink is Ink.COVERED else ()
        if not any(picture.holds(word) for picture in over) and not differ(before, after, word, frame):
            unseen.add(word)
    return unseen


def shows_more(page: pdfium.PdfPage, *, has_letters: bool) -> bool:
    """Tell whether letters may stand on the page as a picture or as shapes; `has_letters`: then only a picture of most of it counts."""
    order, pictures = _drawing_order(page)
    if any(_share(picture, page.get_bbox()) > 0.5 for picture in pictures):
        return True
    forms = sum(pdf_calls.object_type(thing) == raw.FPDF_PAGEOBJ_FORM for thing in order)
    return not has_letters and (bool(pictures) or forms > 0 or len(order) > _SHAPES)


def _not_on_dark(page: pdfium.PdfPage, suspects: Sequence[tuple[Word, int]]) -> list[tuple[Word, int]]:
    """Leave out the light words that stand on a dark rectangle: the usual sidebar, for which the page need not be drawn."""
    order: dict[int, int] = {}
    plates = []
    handle = pdf_calls.address(page)
    for number in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        thing = pdf_calls.page_object(handle, number)
        kind = pdf_calls.object_type(thing) if thing else 0
        if kind == _TEXT:
            order[thing] = number
        elif thing and (plate := _plate(thing, kind, number)):
            plates.append(plate)
    plates.reverse()
    opacities: dict[int, int] = {}
    left = []
    for word, thing in suspects:
        when = order.get(thing)
        if word.ink is Ink.FAINT and when is not None:
            if thing not in opacities:
                opacities[thing] = _opacity(thing)
            if opacities[thing] >= CLEAR:
                under = next((plate for plate in plates if plate.order < when and _holds(plate.box, word)), None)
                if under is not None and under.is_dark:
                    continue
        left.append((word, thing))
    return left


def _plate(thing: int, kind: int, number: int) -> Plate | None:
    """Return what a page object is as a ground for letters; a shape that is no rectangle is none to rely on."""
    memory = (ctypes.c_float * 4)()
    place = ctypes.addressof(memory)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        modes = (ctypes.c_int * 2)()
        pdf_calls.path_mode(thing, ctypes.addressof(modes), ctypes.addressof(modes) + 4)
        if not modes[0] or pdf_calls.path_segments(thing) > _RECTANGLE:
            return None
    if not pdf_calls.bounds(thing, place, place + 4, place + 8, place + 12):
        return None
    red, green, blue, opacity = _fill(thing) or (255, 255, 255, 0)
    is_dark = kind == raw.FPDF_PAGEOBJ_PATH and opacity > 200 and min(red, green, blue) < LIGHT - 60
    left, bottom, right, top = memory
    return Plate(number, (left, bottom, right, top), is_dark)


def _holds(box: tuple[float, float, float, float], word: Word) -> bool:
    left, bottom, right, top = box
    return left <= word.left and word.right <= right and bottom <= word.bottom and word.top <= top


def _fill(thing: int) -> tuple[int, int, int, int] | None:
    """Return an object's fill: red, green, blue and opacity, each up to 255."""
    if not pdf_calls.fill_colour(thing, *_PLACES):
        return None
    red, green, blue, opacity = _PARTS
    return red, green, blue, opacity


def _opacity(thing: int) -> int:
    fill = _fill(thing)
    return fill[3] if fill else 255


def _share(picture: Picture, frame: Frame) -> float:
    """Return how much of the page a picture covers."""
    left, bottom, right, top = frame
    across = min(picture.right, right) - max(picture.left, left)
    up = min(picture.top, top) - max(picture.bottom, bottom)
    return max(across, 0) * max(up, 0) / max((right - left) * (top - bottom), 1)
