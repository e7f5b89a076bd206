"""The words of which dates are made, in the languages pli knows, and the patterns that find them. Called by `dates.py`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from parsing.languages import words

GAP = r"[ \t\u00a0\u2009\u202f]{0,4}\n?[ \t\u00a0\u2009\u202f]{0,4}"
"""Between the words of a date: a line may end within it."""
YEAR = r"(?:1[89]\d\d|20[0-4]\d)(?!\d)"
DASH = "[-–—−‒‐‑~→>]"
_LIKE = {"a": "[aàâáä]", "e": "[eéèêë]", "i": "[iîïí]", "o": "[oôóö]", "u": "[uûùüú]", "c": "[cç]", "'": "['’]"}


@cache
def token_pattern() -> re.Pattern[str]:
    """Return what finds the parts of dates, where a word or number begins, in a text in small letters."""
    return re.compile(rf"(?<![^\W_])(?:{bare_pattern().pattern})")


@cache
def bare_pattern() -> re.Pattern[str]:
    """Return the same for the place at which a word ends that was glued to a date."""
    named, seasonal, since = any_of(months()), any_of(seasons()).replace(r"\ ", r"[ \t\n\u00a0-]{1,3}"), any_of(said("date_since"))
    units = any_of([*said("date_years"), *said("date_months"), *said("date_weeks")])
    parts = {
        "iso": r"(?<![/.-])(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01])(?!\d)",
        "turn": rf"(?<![/.-])(?:1[89]\d\d|20[0-4]\d)(?:[-/.]\d\d(?![\d%€]|[/.-]\d)|/{YEAR})",
        "full": rf"(?<![/.-])(?:[0-2]?\d|3[01])[ ]?[/.-][ ]?(?:0?\d|1[0-2])[ ]?[/.-][ ]?(?:{YEAR}|\d\d(?![\d/.-]))",
        "half": rf"(?<![/.-])(?:0?[1-9]|1[0-2])[ ]?[/.-][ ]?(?:{YEAR}|\d\d(?![\d%/.-]))",
        "length": rf"(?<![.,])(?P<count>\d{{1,2}}(?:[.,]\d)?)[ \t\n\u00a0]{{0,2}}(?P<unit>{units})(?![a-z])",
        "season": rf"(?P<part>{seasonal})[ \t\n\u00a0-]{{1,3}}{YEAR}",
        "plain": rf"(?<!\d[.,/])(?<![€$£+#]){YEAR}(?![.,]\d|[%€])",
        "named": rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)?[ \t\u00a0.]{{1,3}}(?:de[ \t])?)?(?P<month>{named})(?![^\W\d_])"
        rf"(?:\.?,?{GAP}(?:\d{{1,2}}(?:st|nd|rd|th)?,[ \t]{{0,2}})?(?:d[ei][ \t]|of[ \t])?"
        rf"(?:(?P<year>{YEAR})|(?P<mark>['’])?(?P<yy>\d\d)(?![\d%/:]|[ \t\u00a0]?[a-z%€])))?",
        "since": rf"(?:{since})(?={GAP}(?:[\d'’]|(?:{named}|{seasonal})(?![a-z])))",
        "today": rf"(?:{any_of(said('date_today'))})(?![a-z])",
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in parts.items()))


@cache
def joint_pattern() -> re.Pattern[str]:
    """Return what stands between the two ends of a span."""
    return re.compile(
        rf"[\s.,]{{0,4}}(?:{DASH}{{1,3}}|(?<=\s)/(?=\s)|{any_of(said('date_until'))})[\s:]{{0,4}}(?:(?:{any_of(said('date_article'))})\s{{0,2}})?"
    )


@cache
def leading_pattern() -> re.Pattern[str]:
    """Return what finds the word before a span, at the end of what stands before it ("de 2018 à 2020")."""
    return re.compile(rf"(?<![^\W_])((?:{any_of(said('date_from'))})[ \t\u00a0]{{0,2}})\Z")


@cache
def months() -> Mapping[str, str]:
    """Return the number of each month by its plain name."""
    return _pairs("month")


@cache
def seasons() -> Mapping[str, str]:
    """Return the first and the last month of parts of a year ("1 3")."""
    return _pairs("date_season")


def _pairs(key: str) -> Mapping[str, str]:
    entries = (entry.partition("=") for entry in words("cv", key))
    return {plain(word.strip()): value.strip() for word, _, value in entries}


@cache
def said(key: str) -> tuple[str, ...]:
    """Return the words of one vocabulary, plain."""
    return tuple(dict.fromkeys(map(plain, words("cv", key))))


def plain(word: str) -> str:
    """Return a word without accents and with a straight apostrophe."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word.replace("’", "'")) if not unicodedata.combining(sign))


def any_of(chosen: Iterable[str]) -> str:
    """Return a pattern for any of some plain words, longer ones first, with or without accents."""
    ordered = sorted(set(chosen), key=lambda word: (-len(word), word))
    return "|".join("".join(_LIKE.get(sign, re.escape(sign)) for sign in word) for word in ordered)
