"""Searching a text for the words of the vocabularies in `parsing/languages`. Called by everything that looks at what people wrote."""

from __future__ import annotations

import re
from functools import cache

from parsing.languages import words


def find(text: str, key: str) -> list[str]:
    """Return the words of the vocabulary `key` that stand in a plain text, as whole words."""
    return [word for word in words("mail", key) if word in text and _whole(word).search(text)]


@cache
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def hints(text: str) -> list[str]:
    """Return the words of a plain text that have to do with being hired; `bureau de poste` and `offre de prix` have not."""
    return find(without(text, "hint_elsewhere_pattern"), "hint")


def without(text: str, key: str) -> str:
    """Return a plain text without what the patterns of the vocabulary `key` take."""
    return _pattern(key).sub(" ", text)


def match(text: str, key: str) -> str | None:
    """Return the first words of a plain text that one of the patterns of the vocabulary `key` takes, as whole words."""
    found = _pattern(key).search(text)
    return found.group() if found else None


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words('mail', key))})(?!\w)")


def plain(text: str) -> str:
    """Return a text ready to be searched: lower case, straight apostrophes, single blanks."""
    return " ".join(text.replace("’", "'").lower().split())
