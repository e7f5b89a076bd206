"""Pages of a PDF that show letters without having any (scans, outlines): drawn, and read as pictures.

Called by `parsing/documents/pdf.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image

from parsing.documents.document import Tools, Unreadable
from parsing.documents.ocr import DPI, MAX_PIXELS, read_picture

_POINTS = 72
"""To the inch (ISO 32000-1, 8.3.2.3)."""


def read_scans(data: bytes, numbers: Iterable[int], tools: Tools) -> dict[int, str]:
    """Return the text of the pages `numbers` (counted from 0) as OCR reads it, nothing without OCR.

    A page that is missing from the answer could not be read in the time that OCR has; an empty text means that nothing stands there.
    """
    found: dict[int, str] = {}
    if tools.ocr is None:
        return found
    with pdfium.PdfDocument(data) as document:
        for number in sorted(numbers):
            try:
                found[number] = read_picture(_drawn(document, number), tools)
            except Unreadable:  # its time is used up, for the other pages too
                break
    return found


def _drawn(document: pdfium.PdfDocument, number: int) -> Image.Image:
    """Return a page as people see it, in grey, of at most `MAX_PIXELS`."""
    page = document[number]
    try:
        width, height = page.get_size()
        scale = DPI / _POINTS
        if width * height * scale**2 > MAX_PIXELS:
            scale = (MAX_PIXELS / (width * height)) ** 0.5
        bitmap = page.render(scale=scale, grayscale=True)
        try:
            picture: Image.Image = bitmap.to_pil().copy()
        finally:
            bitmap.close()
    finally:
        page.close()
    return picture
