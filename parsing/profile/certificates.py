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
from parsing.profile.skill_names import find_all
from parsing.profile.trades import names_trade

_MOST = 40
_LONGEST = 120
_MOST_WRAPPED = 2
"""Words of a certificate's name on the line below."""
_SIGNS = " \t\u00a0,;:|–—-·•■▪●◦*>=~"


def find_certificates(text: str, sections: Sequence[Section]) -> tuple[Fact, ...]:
    """Return the certificates of a CV's `text`, in its order; `sections` are its parts. Never raises."""
    parts = [section for section in sections if section.kind == "certificates"]
    found = [fact for section in parts for fact in _unwrapped(list(_lines(text, section.start, section.end)), text)]
    for section in sections:
        if section.kind in {"education", "skills", "other"}:
            found += [
                fact
                for fact in _lines(text, section.start, section.end, _may_name_one)
                if _names_one(fact.value) and (section.kind != "skills" or not _is_skill(fact.value))
            ]
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


def _unwrapped(facts: Sequence[Fact], text: str) -> Iterator[Fact]:
    """Yield certificates, those in one piece whose name goes on with a trade on the next line ("Certified Application / Developer")."""
    before: Fact | None = None
    for fact in facts:
        if before is not None and before.start is not None and fact.start is not None and _goes_on(before, fact, text):
            quote = text[before.start : fact.start + len(fact.quote)]
            before = Fact(f"{before.value} {fact.value}", quote, "cv", before.start)
            continue
        if before is not None:
            yield before
        before = fact
    if before is not None:
        yield before


def _goes_on(before: Fact, fact: Fact, text: str) -> bool:
    between = text[(before.start or 0) + len(before.quote) : fact.start]
    wrapped = between.count("\n") == 1 and not between.strip()
    short = len(fact.value.split()) <= _MOST_WRAPPED and names_trade(fact.value) and not _may_name_one(fact.value)
    return wrapped and short and _may_name_one(before.value) and not names_trade(before.value)


def _is_skill(value: str) -> bool:
    """Tell whether words are nothing else than the names of skills: among these a certificate's name is that of what one can do."""
    rest = value
    for hit in reversed(find_all(value)):
        rest = rest[: hit.start] + rest[hit.end :]
    return rest != value and not any(map(str.isalnum, rest))


def _may_name_one(said: str) -> bool:
    return _word().search(same_length_lower(said)) is not None


def _names_one(value: str) -> bool:
    """Tell whether a line elsewhere is about a certificate: it begins with such words and is no degree."""
    degree = find_degree(value)
    return _word().match(same_length_lower(value)) is not None and (degree is None or degree.level is None)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:[^\W\d_]{{2,12}} )?(?:{any_of(words('cv', 'certificate'))})(?![^\W_])")
