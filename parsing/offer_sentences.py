"""What the readers of an ad's facts share: its sentences with the headings above them, and its `key: value` lines.

Called by `parsing/offer_facts.py`, `offer_place.py` and `offer_profile.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from parsing.languages import words
from parsing.offer_body import ADDRESS, Block

_KEYED = re.compile(r"^[ \t>*_•-]{0,40}([^\W\d_][^:?\n—–]{1,40}?)\s*(?::|\?|[—–](?=\s))\s*?(\S[^\n]{0,200})$", re.MULTILINE)
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n")
_EDGES = " *_;-•\t"
_LIMIT = 120
_UNDER_HEADING = 300
"""Characters of a paragraph that may be the value of the heading above it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A value and what the ad calls it."""

    key: str
    """Lower case."""
    value: str
    heading: bool = False
    """The key is a heading, which may be a sentence of its own: it counts only as a whole."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an ad, or a line of a list."""

    text: str
    under: tuple[str, ...]
    """The headings above, the outermost first."""
    item: bool
    """Stands in a list."""


def sentences_of(blocks: Sequence[Block]) -> list[Sentence]:
    """Return the sentences of an ad in their order, without its headings."""
    return [
        Sentence(text, block.under, block.item)
        for block in blocks
        if not block.level
        for part in _ENDS.split(block.text)
        if (text := part.strip(_EDGES))
    ]


def keyed_lines(blocks: Sequence[Block], front: Mapping[str, str]) -> list[Line]:
    """Return what an ad says in lines such as `Start: March`, then below headings that are such a key, then in its front matter."""
    lines = [Line(_key(key), value.strip(" .;*_\\")) for block in blocks if not block.level for key, value in _KEYED.findall(block.text)]
    return [*lines, *_below_headings(blocks), *(Line(_key(key), value) for key, value in front.items())]


def _below_headings(blocks: Sequence[Block]) -> Iterator[Line]:
    for heading, below in pairwise(blocks):
        if heading.level and not below.level and len(below.text) <= _UNDER_HEADING:
            value = _ENDS.split(below.text.strip())[0].strip(" .;*_\\")
            yield Line(_key(heading.text.rstrip(" :?")), value, heading=True)


def keyed(lines: Iterable[Line], table: str, must: re.Pattern[str] | None = None) -> str | None:
    """Return the value of the first line whose key is one of a table of the ads' vocabulary and that holds what it `must`."""
    known = words("ad", table)
    for line in lines:
        key, value = line.key, line.value
        fits = key in known or (
            not line.heading and len(key.split()) <= 6 and any(key.startswith((f"{word} ", f"{word}s ")) for word in known)
        )
        sound = value and not ADDRESS.search(value) and not value.startswith(("http://", "https://"))
        if fits and sound and (must is None or must.search(value)):
            return cut(value)
    return None


def _key(text: str) -> str:
    return " ".join(text.strip(" *_#").lower().replace("’", "'").split())


@cache
def alternatives(table: str) -> str:
    """Return the words of a table of the ads' vocabulary as one pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words("ad", table), key=len, reverse=True))


@cache
def patterns(table: str) -> re.Pattern[str]:
    """Return what finds one of the patterns of a table as whole words."""
    return re.compile(rf"(?<![\w.@-])(?:{'|'.join(sorted(words('ad', table), key=len, reverse=True))})(?![\w@])", re.IGNORECASE)


def stands_under(sentence: Sentence | Block, table: str, other: str) -> bool:
    """Tell whether the nearest heading above that is of either table is of the first."""
    for heading in reversed(sentence.under):
        said = heading.replace("’", "'")
        if patterns(table).search(said):
            return True
        if patterns(other).search(said):
            return False
    return False


def cut(text: str, limit: int = _LIMIT) -> str:
    """Return a quotation of at most `limit` characters in one line."""
    flat = " ".join(text.replace("**", "").split()).strip(" *_")
    if flat.endswith(")") and "(" not in flat:
        flat = flat.rstrip(" )")
    return flat if len(flat) <= limit else flat[:limit].rsplit(" ", 1)[0] + "…"
