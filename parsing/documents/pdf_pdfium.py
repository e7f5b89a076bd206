"""PDF through pdfium: words with boxes in content order, and link annotations.

pdfium must not be entered by two threads of one process at a time; pli reads documents in child processes.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from unicodedata import normalize

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from parsing.documents.document import Problem, Unreadable
from parsing.documents.pdf_layout import Word

_WORD = re.compile(r"[^\s\x00]+")
_LOOSE = re.compile("[´`¨ˆ˜¸]")
_MOST_ACCENTS = 3000
"""Of a page; each is looked for around its place."""


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
    page.set_rotation(0)
    textpage = page.get_textpage()
    try:
        text = _accented(textpage, _text(textpage))
        return [Word(match[0], *box) for match in _WORD.finditer(text) if (box := _box(textpage, match.start(), match.end())) is not None]
    finally:
        textpage.close()


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


_ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327"}


def _accented(textpage: pdfium.PdfTextPage, text: str) -> str:
    """Put accents that are glyphs of their own (TeX's OT1 fonts) on the letter whose box they stand over.

    pdfium places such an accent anywhere on its line; beside its letter it is found by the text alone, later.
    """
    signs = list(text)
    for match in islice(_LOOSE.finditer(text), _MOST_ACCENTS):
        place = match.start()
        box = _box(textpage, place, place + 1)
        if box is None:
            continue
        middle = (box[0] + box[2]) / 2
        for index in range(max(0, place - 120), min(len(text), place + 120)):
            composed = normalize("NFC", text[index] + _ACCENTS[match[0]])
            if len(composed) > 1 or not text[index].isalpha():
                continue
            other = _box(textpage, index, index + 1)
            if other and other[0] <= middle <= other[2] and abs(other[1] - box[1]) < other[3] - other[1]:
                signs[index], signs[place] = composed, "\x00"
                break
    return "".join(signs)


def _box(textpage: pdfium.PdfTextPage, start: int, end: int) -> tuple[float, float, float, float] | None:
    """Return the box around the characters `start` to `end`: their width, and the middle of their line's height.

    pdfium's loose box has the font's whole height, whatever the letters; without its outer fifths neighbouring lines do not overlap.
    """
    boxes = []
    rect = raw.FS_RECTF()
    for index in {start, end - 1}:
        if raw.FPDFText_GetLooseCharBox(textpage, index, rect):
            fifth = (rect.top - rect.bottom) / 5
            boxes.append((rect.left, rect.bottom + fifth, rect.right, rect.top - fifth))
    if not boxes:
        return None
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


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
