"""Pictures of a CV (scanned, photographed, several pages of fax): opened under limits, set upright, read by OCR if the caller lends it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps, ImageSequence
from pillow_heif import register_heif_opener

from parsing.documents.document import MAX_PAGES, Problem, Reading, Tools, Unreadable
from parsing.documents.ocr import read_picture

MAX_DOTS = 80_000_000
"""Of a picture that is opened; a telephone's camera has 12 to 50 million."""
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF", "GIF", "BMP", "MPO")
_LONG, _SHORT = 3500, 2480
"""Dots of the sides of A4 at 300 to the inch: a larger picture is made smaller, a smaller one larger."""
_LEAST = 150
"""Dots of a side below which no page can be read."""
_FRAMES = 20
_MOST_COUNTED = 1000


def read_image(data: bytes, tools: Tools) -> Reading:
    """Read a picture; raises Unreadable (`no_text` where nothing reads pictures, `too_large`)."""
    if tools.ocr is None:
        raise Unreadable(Problem.NO_TEXT)
    register_heif_opener(thumbnails=False)
    texts: list[str] = []
    late = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged tags; the sizes are looked at here
        try:
            with Image.open(BytesIO(data), formats=_FORMATS) as picture:
                pages = _count(picture) if picture.format == "TIFF" else 1
                texts.extend(read_picture(frame, tools) for frame in _frames(picture, pages))
        except Image.DecompressionBombError:
            raise Unreadable(Problem.TOO_LARGE) from None
        except Unreadable as trouble:  # the time for pictures is used up
            if trouble.problem is not Problem.TIMEOUT:
                raise
            late = True
    problems = [Problem.OCR_USED] if any(texts) else []
    problems += [Problem.TIMEOUT] if late else []
    return Reading(tuple(texts) or ("",), max(pages, 1), problems=tuple(problems), engines=("ocr",) * len(texts))


def _count(picture: Image.Image) -> int:
    """Return how many pages a fax has, `_MOST_COUNTED` at most: Pillow's own count takes minutes for a hundred thousand."""
    pages = 1
    try:
        while pages < _MOST_COUNTED:
            picture.seek(pages)
            pages += 1
    except EOFError:
        pass
    picture.seek(0)
    return pages


def _frames(picture: Image.Image, pages: int) -> Iterator[Image.Image]:
    """Yield the pages of a picture in grey, upright, of the size that is read best; raises Unreadable (`too_large`)."""
    if picture.width * picture.height > MAX_DOTS:
        raise Unreadable(Problem.TOO_LARGE)
    if picture.format == "JPEG":
        picture.draft("L", (_LONG, _LONG))
    if pages <= 1:
        yield from _ready(picture)
        return
    for number, frame in enumerate(ImageSequence.Iterator(picture)):
        if number >= min(_FRAMES, MAX_PAGES):
            return
        if frame.width * frame.height <= MAX_DOTS:
            yield from _ready(frame)


def _ready(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield one page, or none when it is too small."""
    if min(picture.size) < _LEAST:
        return
    grey = ImageOps.exif_transpose(_on_paper(picture))
    scale = min(_LONG / max(grey.size), max(1.0, min(_SHORT / min(grey.size), 3.0)))
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    yield grey if size == grey.size else grey.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return a picture in grey; what can be seen through is white behind."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        grey = picture.convert("L")
    else:
        seen = picture.convert("LA")
        grey = Image.new("L", picture.size, 255)
        grey.paste(seen.getchannel("L"), mask=seen.getchannel("A"))
    grey.info["exif"] = picture.info.get("exif", b"")
    return grey
