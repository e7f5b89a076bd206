"""Degrees and their French level, as years after the baccalauréat. Called by `education.py` and `work.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from parsing.languages import words
from parsing.profile.date_words import any_of, plain
from parsing.profile.dates import same_length_lower

_YEARS = re.compile(r"bac\s{0,2}\+\s{0,2}([1-8])(?:\s?[/-]\s?\+?([1-8]))?", re.IGNORECASE)
_LEVEL = re.compile(
    r"(?:rncp|titre|certification|dipl[oô]me|cec|eqf)[^\n.;]{0,40}?niv(?:eau|\.)?\s{0,2}([3-8]|i{1,3}|iv|v)\b|niveau\s([5-8])\b",
    re.IGNORECASE,
)
_SHORT = 3
"""Letters of a degree that is written in capitals, because in small letters it is a word ("BUT", "MA")."""
_STATE = re.compile(r"\s{0,2}(?:[\t\n)–—-]|\Z)")
"""What stands behind "Boston, MA"."""
_OF_LEVEL = {"3": "cap", "4": "bac", "5": "bac+2", "6": "bac+3", "7": "bac+5", "8": "bac+8"}
_OF_OLD_LEVEL = {"i": "bac+5", "ii": "bac+3", "iii": "bac+2", "iv": "bac", "v": "cap"}
"""The nomenclature of 1969."""


_LONGEST_KEPT = 200
"""Characters of a text whose degree is remembered."""


@dataclass(frozen=True, slots=True)
class Degree:
    """The words of a degree in a text."""

    level: str | None
    """`cap`, `bac`, `bac+1` to `bac+8`, or None where the words do not say it."""
    at: int
    to: int


def find_degree(text: str) -> Degree | None:
    """Return the first degree that `text` names, with the level that is said beside it ("Titre RNCP niveau 6", "Bac +5")."""
    return _find_short(text) if len(text) <= _LONGEST_KEPT else _find(text)


def _find(text: str) -> Degree | None:
    said = _said_level(text)
    for match in _degree().finditer(same_length_lower(text)):
        written = text[match.start(1) : match.end(1)]
        if len(written) == 2 and _STATE.match(text, match.end(1)) and text[: match.start(1)].endswith(", "):
            continue
        if len(written) > _SHORT or sum(sign.isupper() or sign.isdigit() for sign in written) > 1:
            level = _levels()[plain(re.sub(r"[\s\u00a0]+", " ", match[1]))] or None
            return Degree(said or level, *match.span(1))
    where = _YEARS.search(text) or _LEVEL.search(text)
    return Degree(said, *where.span()) if where else None


_find_short = lru_cache(maxsize=512)(_find)
"""The lines of an entry are asked about several times."""


def names_degree(said: str) -> bool:
    """Tell whether words name a degree."""
    return len(said) <= 300 and find_degree(said) is not None


def _said_level(text: str) -> str | None:
    if years := _YEARS.search(text):
        return f"bac+{years[2] or years[1]}"
    if level := _LEVEL.search(text):
        said = (level[1] or level[2]).lower()
        return _OF_LEVEL.get(said) or _OF_OLD_LEVEL.get(said)
    return None


@cache
def _degree() -> re.Pattern[str]:
    said = any_of(_levels()).replace(r"\ ", r"[ \u00a0]{1,2}")
    return re.compile(rf"(?<![^\W_])({said})(?![^\W_]|\.?[a-z])")


@cache
def _levels() -> Mapping[str, str]:
    """Return the level of each degree by its plain name, empty where the name does not say one."""
    entries = (entry.partition("=") for entry in words("cv", "degree_level"))
    return {plain(name.strip()): level.strip() for name, _, level in entries}
