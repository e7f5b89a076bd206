"""Whom an ad looks for, quoted as it stands: skills, years, degree, languages, clearance; called by `parsing/offer_facts.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from parsing.languages import words
from parsing.offer_body import Block
from parsing.offer_sentences import Sentence, alternatives, cut, patterns, stands_under

_MOST_SKILLS = 30
_LONGEST_SKILL = 300
_QUOTED_SKILL = 200
_MOST_LANGUAGES = 5
_NUMBER = rf"(?:\d{{1,2}}|{alternatives('number_words')})"
_YEARS = (
    rf"(?:(?:{alternatives('at_least')})\s+|\+\s?(?:de\s)?)?{_NUMBER}\s?\+?(?:\s?(?:à|-|–|ou|to|or)\s?{_NUMBER})?"
    rf"\s?(?:{alternatives('year_words')})"
)
_EXPERIENCE = rf"(?:{alternatives('experience_words')})"
_EXPERIENCED = re.compile(
    rf"(?<!\w)(?:{_YEARS}\W{{1,3}}[^\n.;:]{{0,40}}?{_EXPERIENCE}(?:\s(?:professionnelles?\s)?minimum)?"
    rf"|{_EXPERIENCE}[^\n.;]{{0,40}}?\W{_YEARS}(?:\sminimum|(?=\W))(?:[^\n.;()]{{0,60}})?)",
    re.IGNORECASE,
)


def read_skills(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the lines that stand under a heading about skills."""
    items = [
        cut(block.text.strip(" ;.,"), _QUOTED_SKILL)
        for block in blocks
        if not block.level
        and len(block.text) < _LONGEST_SKILL
        and not _announces(block)
        and stands_under(block, "skills_heading", "not_skills")
    ]
    return tuple(dict.fromkeys(item for item in items if item))[:_MOST_SKILLS]


def _announces(block: Block) -> bool:
    return not block.item and block.text.rstrip(" \n").endswith(":")


def read_years(sentences: Sequence[Sentence]) -> str | None:
    """Return how much experience is asked for; None when the ad does not say it."""
    for sentence in sentences:
        if not patterns("about_pay").search(sentence.text) and (found := _EXPERIENCED.search(sentence.text)):
            return cut(found[0])
    return None


def read_degree(sentences: Sequence[Sentence]) -> str | None:
    """Return the sentence that names the degree asked for; None when there is none."""
    for sentence in sentences:
        text = sentence.text
        if len(text) < _LONGEST_SKILL and patterns("degree").search(text) and not patterns("about_pay").search(text):
            return cut(text, _QUOTED_SKILL)
    return None


def read_languages(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return the sentences that ask for a spoken language; those that only name one ("le territoire français") are none."""
    found = [cut(one.text, _QUOTED_SKILL) for one in sentences if len(one.text) < _LONGEST_SKILL and languages_asked(one.text)]
    return tuple(dict.fromkeys(found))[:_MOST_LANGUAGES]


def languages_asked(sentence: str) -> tuple[str, ...]:
    """Return the languages that a sentence asks for, as it writes them."""
    if not patterns("language_asked").search(sentence):
        return ()
    return tuple(dict.fromkeys(match[1] for match in _tongue().finditer(sentence)))


def read_clearance(sentences: Sequence[Sentence]) -> str | None:
    """Return the sentence that asks for a security clearance; None when there is none."""
    return next((cut(one.text, _QUOTED_SKILL) for one in sentences if patterns("clearance").search(one.text)), None)


@cache
def _tongue() -> re.Pattern[str]:
    """Return what finds a language by its name and by what stands before and after: "l'anglais courant", not "the English team"."""
    names = "|".join(sorted({re.escape(entry.partition(" = ")[0]) for entry in words("cv", "tongue")}, key=len, reverse=True))
    before, after = "|".join(words("ad", "language_before")), "|".join(words("ad", "language_after"))
    return re.compile(
        rf"(?:^|[,;:(/«“\"–-]\s?|\b(?:{before}))({names})(?!\w)(?=\s{{0,3}}(?:$|[,;.:!?()/»”\"–-]|(?:{after})(?!\w)))",
        re.IGNORECASE | re.MULTILINE,
    )
