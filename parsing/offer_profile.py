"""Whom an ad looks for, quoted as it stands: skills, years of experience, degree; called by `parsing/offer_facts.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsing.offer_body import Block
from parsing.offer_sentences import Sentence, alternatives, cut, patterns, stands_under

_MOST_SKILLS = 30
_LONGEST_SKILL = 300
_QUOTED_SKILL = 200
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
