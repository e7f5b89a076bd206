"""A PDF's page as a person sees it: its picture, and where on it each word stands, to highlight what a fact was read from.

Both are in the frame of the page as it is shown: turned as the page asks, cut to its crop box, the origin in the lower left corner.
"""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from parsing.documents import pdf_pdfium
from parsing.documents.pdf_layout import Word

MAX_PIXELS = 12_000_000
"""Of a picture; a larger one is made smaller."""


def word_boxes(data: bytes, page: int) -> list[Word]:
    """Return the words of a page (counted from 0) with their boxes, in points, y upward; nothing for a page that is not there.

    Raises Unreadable for a file that cannot be opened.
    """
    with pdf_pdfium.opened(data) as document:
        if not 0 <= page < len(document):
            return []
        sheet = document[page]
        turned = sheet.get_rotation() // 90
        box = sheet.get_bbox()
        return [shown(word, box, turned) for word in pdf_pdfium.words(sheet)]


def page_size(data: bytes, page: int) -> tuple[float, float]:
    """Return width and height of a page (counted from 0) as shown, in points; raises Unreadable, or IndexError without such a page."""
    with pdf_pdfium.opened(data) as document:
        return _size(document[_there(document, page)])


def render(data: bytes, page: int, width: int = 900) -> bytes:
    """Return a page (counted from 0) as a PNG picture, `width` pixels wide; raises Unreadable, or IndexError without such a page."""
    with pdf_pdfium.opened(data) as document:
        sheet = document[_there(document, page)]
        across, up = _size(sheet)
        scale = min(width / across, (MAX_PIXELS / (across * up)) ** 0.5)
        bitmap = sheet.render(scale=scale)
        out = BytesIO()
        bitmap.to_pil().save(out, "PNG")
        return out.getvalue()


def _there(document: pdfium.PdfDocument, page: int) -> int:
    if not 0 <= page < len(document):
        raise IndexError(page)
    return page


def _size(sheet: pdfium.PdfPage) -> tuple[float, float]:
    across, up = sheet.get_size()
    return max(across, 1.0), max(up, 1.0)


def shown(word: Word, box: tuple[float, float, float, float], turned: int) -> Word:
    """Return `word` of a page with the crop box `box` (left, bottom, right, top) after `turned` quarter turns clockwise."""
    left, bottom, right, top = box
    match turned % 4:
        case 1:
            frame = (word.bottom - bottom, right - word.right, word.top - bottom, right - word.left)
        case 2:
            frame = (right - word.right, top - word.top, right - word.left, top - word.bottom)
        case 3:
            frame = (top - word.top, word.left - left, top - word.bottom, word.right - left)
        case _:
            frame = (word.left - left, word.bottom - bottom, word.right - left, word.top - bottom)
    return word._replace(left=frame[0], bottom=frame[1], right=frame[2], top=frame[3])
