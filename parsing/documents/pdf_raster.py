"""A PDF's page as a small picture, and whether two of them differ where a word stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from parsing.documents.pdf_layout import Word

Frame = tuple[float, float, float, float]
"""The page's box: left, bottom, right, top."""
_SCALE = 0.7
"""Pixels a point of the two pictures."""
_DIFFERENCE = 24
"""Of 255: by less no eye tells two pixels apart on paper."""


class Raster(NamedTuple):
    """A picture of the page: its rows, three octets a pixel."""

    pixels: bytes
    width: int
    height: int
    stride: int


def drawn_page(page: pdfium.PdfPage) -> Raster:
    """Return the page as people see it, small."""
    width, height = page.get_size()
    bitmap = page.render(scale=min(_SCALE, 2000 / max(width, height, 1)))
    raster = Raster(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
    bitmap.close()
    return raster


def differ(one: Raster, other: Raster, word: Word, frame: Frame) -> bool:
    """Tell whether the two pictures differ visibly within the word's box."""
    left, bottom, right, top = frame
    across, up = one.width / max(right - left, 1), one.height / max(top - bottom, 1)
    first, last = int((word.left - left) * across), int((word.right - left) * across) + 1
    above, below = int((top - word.top) * up), int((top - word.bottom) * up) + 1
    channels = one.stride // max(one.width, 1)
    for row in range(max(above, 0), min(below, one.height)):
        start = row * one.stride + channels * max(first, 0)
        end = row * one.stride + channels * min(last, one.width)
        mine, yours = one.pixels[start:end], other.pixels[start:end]
        if mine != yours and _furthest(zip(mine, yours, strict=True)) >= _DIFFERENCE:
            return True
    return False


def _furthest(pairs: Iterable[tuple[int, int]]) -> int:
    return max(abs(one - other) for one, other in pairs)
