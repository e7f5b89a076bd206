"""The certificates of a CV: the lines of its part about them, and elsewhere those that begin with the name of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from parsing.languages import words
from parsing.profile.date_words import any_of
from parsing.profile.dates import find_periods, same_length_lower
from parsing.profile.degrees import find_degree
from parsing.profile.facts import Fact
from parsing.profile.sections import Section, heading_kind

_MOST = 40
_LONGEST = 120
_SIGNS = " \t\u00a0,;:|–—-·•■▪●◦*>=~"


def find_certificates(text: str, sections: Sequence[Section]) -> tuple[Fact, ...]:
    """Return the certificates of a CV's `text`, in its order; `sections` are its parts. Never raises."""
    found = [fact for section in sections if section.kind == "certificates" for fact in _lines(text, section.start, section.end)]
    for section in sections:
        if section.kind in {"education", "skills", "other"}:
            found += [fact for fact in _lines(text, section.start, section.end, _may_name_one) if _names_one(fact.value)]
    once = {fact.value.lower(): fact for fact in found}
    return tuple(sorted(once.values(), key=lambda fact: fact.start or 0))[:_MOST]


def _lines(text: str, start: int, end: int, may: Callable[[str], bool] = bool) -> Iterator[Fact]:
    at = start
    for line in text[start : min(end, start + 10_000)].split("\n")[:200]:
        here, at = at, at + len(line) + 1
        said = line.strip()
        if not 2 < len(said) <= _LONGEST or not may(said) or heading_kind(said) or (said[-1] in ".!?" and len(said.split()) > 8):
            continue
        dates = find_periods(line)
        begin, stop = 0, len(line)
        if dates and not line[: dates[0].at].strip(_SIGNS + "(["):
            begin = dates[0].to
        elif dates:
            stop = dates[0].at
        value = line[begin:stop].strip(_SIGNS + "([")
        value = value if value.count("(") == value.count(")") else value.rstrip("(").strip(_SIGNS)
        if sum(sign.isalpha() for sign in value) > 2:
            yield Fact(value, value, "cv", here + line.index(value, begin))


def _may_name_one(said: str) -> bool:
    return _word().search(same_length_lower(said)) is not None


def _names_one(value: str) -> bool:
    """Tell whether a line elsewhere is about a certificate: it begins with such words and is no degree."""
    degree = find_degree(value)
    return _word().match(same_length_lower(value)) is not None and (degree is None or degree.level is None)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:[^\W\d_]{{2,12}} )?(?:{any_of(words('cv', 'certificate'))})(?![^\W_])")
