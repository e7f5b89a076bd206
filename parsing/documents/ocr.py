"""The text in a picture of a page: what is lent (`Tools.ocr`) reads the words, their places give the order in which they are read.

The picture that leaves here is always grey values without compression: no decoder outside Pillow and pdfium sees a hostile file.
"""

from __future__ import annotations

from PIL import Image

from parsing.documents.document import Tools

PGM = "image/x-portable-graymap"
DPI = 200
"""Resolution at which pages are drawn, in dots per inch; more costs time and reads no better."""
MAX_PIXELS = 12_000_000
"""Of a page that is read; a larger one is made smaller. A4 at 300 dpi has 8.7 million."""


def read_picture(picture: Image.Image, tools: Tools) -> str:
    """Return the text in a picture, empty when there is none or nothing to read it with; raises what the tool raises."""
    if tools.ocr is None:
        return ""
    return tools.ocr(_pgm(picture.convert("L")), PGM)


def _pgm(picture: Image.Image) -> bytes:
    """Return a grey picture as a binary portable graymap."""
    return b"P5 %d %d 255\n" % picture.size + picture.tobytes()
