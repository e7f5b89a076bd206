"""PDF through pdfium: words with boxes in content order, and link annotations.

pdfium must not be entered by two threads of one process at a time; pli reads documents in child processes.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from math import pi
from struct import Struct
from unicodedata import normalize

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from parsing.documents import pdf_calls
from parsing.documents.characters import ACCENTS
from parsing.documents.document import Problem, Unreadable
from parsing.documents.pdf_layout import Word

_WORD = re.compile("[^\\s\x00\x02\ufffe]+[\x02\ufffe]?")
"""pdfium writes 0x02 or U+FFFE for the hyphen of a word divided at a line's end: its second half stands on the next line."""
_LOOSE = re.compile("[´`¨ˆ˜¸]")
_GONE = "\u2060"
"""Stands where an accent was that is on its letter now: no word ends there."""
_MOST_ACCENTS = 3000
"""Of a page; each is looked for around its place."""
_LONGEST = 500
"""Letters of one word that are looked at one by one."""
_SAMPLE = 64
"""Glyphs of a page that are asked whether their font names a character for them."""

Box = tuple[float, float, float, float]
Corners = tuple[float, ...]
"""Eight numbers: the boxes (left, top, right, bottom) of a word's first and last letter, as they lie in pdfium's memory."""
_CORNERS = Struct("8f")
Span = tuple[int, int]
"""Where a word begins and ends among pdfium's characters."""


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF; raises Unreadable (`encrypted` when it asks for a password). An owner's password alone hinders nobody from reading."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise Unreadable(Problem.ENCRYPTED if locked else Problem.UNREADABLE) from error
    try:
        yield document
    finally:
        document.close()


def words(page: pdfium.PdfPage) -> list[Word]:
    """Return the page's words in content order, with boxes as if the page were not rotated."""
    return read_words(page)[0]


def read_words(page: pdfium.PdfPage) -> tuple[list[Word], list[int], float]:
    """Return the page's words, for each the address of the object that draws it, and the share of glyphs that no character is known for."""
    page.set_rotation(0)
    textpage = page.get_textpage()
    try:
        text = _accented(textpage, _text(textpage))
        spans = [match.span() for match in _WORD.finditer(text) if match[0] != _GONE]
        handle = pdf_calls.address(textpage)
        found, spans = _placed(handle, text, spans)
        objects = [pdf_calls.text_object(handle, start) or 0 for start, _ in spans]
        return found, objects, _unmapped(handle, spans)
    finally:
        textpage.close()


def _placed(handle: int, text: str, spans: list[Span]) -> tuple[list[Word], list[Span]]:
    """Return a word for each span of `text`, and the spans anew: what pdfium glued together from two lines is divided."""
    corners = _corners(handle, spans)
    askew = [number for number, pair in enumerate(corners) if _is_askew(pair)]
    turns = {number: _turn(handle, spans[number][0]) for number in askew}
    glued = {number for number, turn in turns.items() if not turn}
    if glued:
        parts = [_level(handle, span) if number in glued else [span] for number, span in enumerate(spans)]
        turns = {at: turns[number] for number in turns if turns[number] for at in [sum(map(len, parts[:number]))]}
        spans = [span for part in parts for span in part]
        corners = _corners(handle, spans)
    if turns:
        turns |= {number: _turn(handle, start) for number, (start, end) in enumerate(spans) if end - start == 1}
    said = [text[start:end] for start, end in spans]
    if _GONE in text:
        said = [word.replace(_GONE, "") for word in said]
    if turns:
        return [_boxed(word, pair, turns.get(number, 0)) for number, (word, pair) in enumerate(zip(said, corners, strict=True))], spans
    return list(map(_boxed, said, corners)), spans


def _level(handle: int, span: Span) -> list[Span]:
    """Divide a span where the next letter stands on another line."""
    letters = [(index, index + 1) for index in range(*span)][:_LONGEST]
    corners = _corners(handle, letters)
    starts = [span[0]]
    for number in range(1, len(letters)):
        before, after = corners[number - 1], corners[number]
        if abs(before[1] + before[3] - after[1] - after[3]) > before[1] - before[3]:
            starts.append(letters[number][0])
    return list(zip(starts, [*starts[1:], span[1]], strict=True))


def _corners(handle: int, spans: list[Span]) -> list[Corners]:
    """Return the boxes (left, top, right, bottom) of each span's first and last letter."""
    memory = (ctypes.c_float * (8 * len(spans)))()
    place = ctypes.addressof(memory)
    box = pdf_calls.loose_box
    for start, end in spans:
        box(handle, start, place)
        if end - start > 1:
            box(handle, end - 1, place + 16)
        place += 32
    found: list[Corners] = list(_CORNERS.iter_unpack(memory))
    for number, (start, end) in enumerate(spans):
        if end - start == 1:
            found[number] = (*found[number][:4], *found[number][:4])
    return found


def _is_askew(corners: Corners) -> bool:
    """Tell from the boxes (left, top, right, bottom) of a word's first and last letter that it does not simply run from left to right."""
    left, top, right, bottom, last_left, last_top, last_right, last_bottom = corners
    on = last_left + last_right - left - right
    up = last_top + last_bottom - top - bottom
    return on < 0 or ((up > on or -up > on) and abs(up) > 0.6 * (top - bottom))


def _turn(handle: int, index: int) -> int:
    """Return by how many quarter turns counter-clockwise a character is turned; pdfium measures clockwise."""
    quarters: float = pdf_calls.angle(handle, index) / (pi / 2)
    return -round(quarters) % 4


def _boxed(text: str, corners: Corners, turn: int = 0) -> Word:
    """Return the word with its box: its width, and the middle of its line's height.

    pdfium's loose box has the font's whole height, whatever the letters; without its outer fifths neighbouring lines do not overlap.
    """
    left, top, right, bottom, last_left, last_top, last_right, last_bottom = corners
    if turn in {1, 3}:
        fifth = (right - left) / 5
        return Word(text, left + fifth, min(bottom, last_bottom), right - fifth, max(top, last_top), turn)
    fifth = (top - bottom) / 5
    if last_top == top and last_bottom == bottom and left <= last_left and right <= last_right:  # nearly all words
        return Word(text, left, bottom + fifth, last_right, top - fifth, turn)
    last = (last_top - last_bottom) / 5
    bottom, last_bottom, top, last_top = bottom + fifth, last_bottom + last, top - fifth, last_top - last
    return Word(text, min(left, last_left), min(bottom, last_bottom), max(right, last_right), max(top, last_top), turn)


def _unmapped(handle: int, spans: list[Span]) -> float:
    """Return the share of glyphs without a character, of a sample."""
    sample = spans[:: max(1, len(spans) // _SAMPLE)]
    unknown = sum(int(pdf_calls.unmapped(handle, start) == 1) for start, _ in sample)
    return unknown / max(len(sample), 1)


def _text(textpage: pdfium.PdfTextPage) -> str:
    """Return one character for each of pdfium's, so that offsets in the text are pdfium's indices."""
    count = textpage.count_chars()
    if count <= 0:
        return ""
    buffer = ctypes.create_string_buffer((count + 1) * 2)
    got = raw.FPDFText_GetText(textpage, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    units = buffer.raw[: 2 * max(got - 1, 0)]
    text = units.decode("utf-16-le", "surrogatepass")
    if len(text) == count:
        return text
    codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
    return "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)


def _accented(textpage: pdfium.PdfTextPage, text: str) -> str:
    """Put accents that are glyphs of their own (TeX's OT1 fonts) on the letter whose box they stand over.

    pdfium places such an accent anywhere on its line; beside its letter it is found by the text alone, later.
    """
    accents = list(islice(_LOOSE.finditer(text), _MOST_ACCENTS))
    if not accents:
        return text
    signs = list(text)
    for match in accents:
        place = match.start()
        box = _box(textpage, place)
        if box is None:
            continue
        middle = (box[0] + box[2]) / 2
        for index in range(max(0, place - 120), min(len(text), place + 120)):
            composed = normalize("NFC", text[index] + ACCENTS[match[0]])
            if len(composed) > 1 or not text[index].isalpha():
                continue
            other = _box(textpage, index)
            if other and other[0] <= middle <= other[2] and abs(other[1] - box[1]) < other[3] - other[1]:
                signs[index], signs[place] = composed, _GONE
                break
    return "".join(signs)


def _box(textpage: pdfium.PdfTextPage, index: int) -> Box | None:
    """Return the box (left, bottom, right, top) of a character without its outer fifths."""
    rect = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(textpage, index, rect):
        return None
    fifth = (rect.top - rect.bottom) / 5
    return rect.left, rect.bottom + fifth, rect.right, rect.top - fifth


def links(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> list[str]:
    """Return the addresses behind the page's link annotations (ISO 32000-1, 12.6.4.7), at most 300."""
    found: list[str] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    while len(found) < 300 and raw.FPDFLink_Enumerate(page, position, link):
        action = raw.FPDFLink_GetAction(link)
        if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI:
            size = raw.FPDFAction_GetURIPath(document, action, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document, action, buffer, size)
            found.append(buffer.value.decode("utf-8", "replace").strip())
    return [link for link in found if link]


_VISIBLE_TEXT = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT)
_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


def has_forms(page: pdfium.PdfPage) -> bool:
    """Tell whether form fields or free text stand on the page as annotations, which are no part of its content."""
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) in _VISIBLE_TEXT and not raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                return True
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return False


def flatten(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """Draw the page's annotations into its content, in memory, and return the page anew."""
    page = document[number]
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    page.close()
    return document[number]
