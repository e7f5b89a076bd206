"""A file's name as its sender gives it, into one that is safe to show, to search and to save under. Called by `parsing/unpack.py`."""

from __future__ import annotations

import re
import unicodedata

from parsing.header import clean

MAX_NAME = 200
"""Characters."""
_MAX_SUFFIX = 12
_DRIVE = re.compile(r"^\s*(?:[A-Za-z]:\s*)+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)[ .]*(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever suffix it has."""
_JOINERS = "\u200c\u200d"
"""Invisible, and needed to write Persian or Hindi."""


def safe_name(given: str) -> str:
    """Return the last component of a name, at most 200 characters, or nothing when nothing is left.

    Folders, drives and marks that hide or turn letters (`CV_fdp.exe`) go, as do the blanks and dots that Windows drops at the end; a
    device's name gets a sign before it; a name that is too long keeps its suffix.
    """
    visible = "".join(letter for letter in given[: 40 * MAX_NAME] if letter in _JOINERS or unicodedata.category(letter) != "Cf")
    last = clean(visible.replace("\\", "/").rstrip("/ .").rpartition("/")[2], 4 * MAX_NAME)
    name = _DRIVE.sub("", last).rstrip(". ")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    if len(name) <= MAX_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _MAX_SUFFIX:
        return name[:MAX_NAME].rstrip(". ")
    return f"{stem[: MAX_NAME - len(suffix) - 1].rstrip('. ')}.{suffix}"
