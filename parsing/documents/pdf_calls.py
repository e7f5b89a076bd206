"""pdfium's cheapest calls, for those that are made once or more a word.

pypdfium2 types every pointer, and ctypes checks and wraps them on each call; with plain addresses a call costs half a microsecond, a third.
Each takes addresses (of a handle, of memory for the answer) as integers; each handle must be alive.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

_ADDRESS = ctypes.c_void_p


def _light(function: Any, *arguments: Any, result: Any = ctypes.c_int) -> Callable[..., Any]:
    place = ctypes.cast(function, _ADDRESS).value
    if place is None:
        raise OSError(f"pdfium lacks {function}")
    return ctypes.PYFUNCTYPE(result, *arguments)(place)


def address(handle: Any) -> int:
    """Return the address that one of pdfium's handles is."""
    return ctypes.cast(handle, _ADDRESS).value or 0


loose_box = _light(raw.FPDFText_GetLooseCharBox, _ADDRESS, ctypes.c_int, _ADDRESS)
"""Text page, character, four floats: left, top, right, bottom."""
text_object = _light(raw.FPDFText_GetTextObject, _ADDRESS, ctypes.c_int, result=_ADDRESS)
"""Text page, character; returns the text object's address or None."""
fill_colour = _light(raw.FPDFPageObj_GetFillColor, *[_ADDRESS] * 5)
"""Page object, four unsigned integers: red, green, blue, alpha."""
render_mode = _light(raw.FPDFTextObj_GetTextRenderMode, _ADDRESS)
"""Text object; returns its render mode (ISO 32000-1, 9.3.6)."""
unmapped = _light(raw.FPDFText_HasUnicodeMapError, _ADDRESS, ctypes.c_int)
"""Text page, character; returns 1 for a glyph that the font gives no character for."""
angle = _light(raw.FPDFText_GetCharAngle, _ADDRESS, ctypes.c_int, result=ctypes.c_float)
"""Text page, character; returns by how much it is turned, in radians clockwise."""
page_object = _light(raw.FPDFPage_GetObject, _ADDRESS, ctypes.c_int, result=_ADDRESS)
"""Page, number in drawing order; returns the object's address or None."""
object_type = _light(raw.FPDFPageObj_GetType, _ADDRESS)
"""Page object; returns one of `FPDF_PAGEOBJ_*`."""
bounds = _light(raw.FPDFPageObj_GetBounds, *[_ADDRESS] * 5)
"""Page object, four floats: left, bottom, right, top."""
path_segments = _light(raw.FPDFPath_CountSegments, _ADDRESS)
"""Path object; returns how many points and curves it has."""
path_mode = _light(raw.FPDFPath_GetDrawMode, _ADDRESS, _ADDRESS, _ADDRESS)
"""Path object, two integers: how it is filled (0: not at all), whether it is stroked."""
activate = _light(raw.FPDFPageObj_SetIsActive, _ADDRESS, ctypes.c_int)
"""Page object, 0 or 1: whether it is drawn."""
