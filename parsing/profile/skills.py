"""The skills that a CV names, each where it stands: what its lists of skills hold, and the technologies that its sentences name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from parsing.languages import words
from parsing.profile.facts import Fact
from parsing.profile.sections import Section
from parsing.profile.skill_lists import Span, read_list
from parsing.profile.skill_names import find_all, find_sure, plain

_MOST_SKILLS = 200
_STACK = re.compile(r"^[^\w\n]{0,8}([^\W\d_][^:\n\t]{2,40}?)[ \u00a0]{0,3}:[ \u00a0\t]{0,9}(?=\S)", re.MULTILINE)
"""A line of a job that lists what was used ("Environnement technique : Java, Oracle")."""
_LONGEST_LINE = 600
_ADDRESS = re.compile(r"@|://|www\.|\.(?:com|fr|org|dev|eu|app)\b|\.(?:io|net)/", re.IGNORECASE)
_AROUND = 80


def find_skills(text: str, sections: Sequence[Section]) -> tuple[Fact, ...]:
    """Return the skills of a CV's `text`: first those of its lists, then others that it names; each once, as it is written. Never raises.

    Names that are also words count only where they can be nothing else; what a person did in prose is not taken for a skill.
    """
    parts = [part for part in sections if part.kind == "skills" and plain(part.heading) not in _soft()]
    lists = [item for part in parts for item in read_list(text, part.start, part.end)]
    lists += [item for line in _stacks(text, parts) for item in read_list(text, line.start, line.end) if _is_short(text, item)]
    found: list[Fact] = []
    seen: set[str] = set()
    for item in lists:
        value = " ".join(text[item.start : item.end].split())
        if plain(value) not in seen:
            found.append(Fact(value, text[item.start : item.end], "cv", item.start))
        seen.update((plain(value), *(hit.name.canonical for hit in find_all(value))))
    for hit in find_sure(text):
        if hit.name.level != "practice" and hit.name.canonical not in seen and not _is_in_address(text, hit.start, hit.end):
            seen.add(hit.name.canonical)
            quote = text[hit.start : hit.end]
            found.append(Fact(" ".join(quote.split()), quote, "cv", hit.start))
    return tuple(found[:_MOST_SKILLS])


def _stacks(text: str, parts: Sequence[Section]) -> Iterator[Span]:
    """Yield what stands behind "Technologies :" and its like outside of the parts about skills."""
    for label in _STACK.finditer(text):
        if plain(label[1]).strip() in _stack_words() and not any(part.start <= label.start() < part.end for part in parts):
            end = text.find("\n", label.end(), label.end() + _LONGEST_LINE)
            yield Span(label.end(), end if end >= 0 else min(len(text), label.end() + _LONGEST_LINE))


def _is_short(text: str, item: Span) -> bool:
    return len(text[item.start : item.end].split()) <= 3


def _is_in_address(text: str, start: int, end: int) -> bool:
    """Tell whether a name is part of an e-mail or web address."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    word = (before.split() or [""])[-1] if before and not before[-1].isspace() else ""
    rest = after.split()[0] if after and not after[0].isspace() else ""
    return _ADDRESS.search(word + text[start:end] + rest) is not None


@cache
def _soft() -> frozenset[str]:
    return frozenset(plain(word) for word in words("cv", "skill_soft"))


@cache
def _stack_words() -> frozenset[str]:
    return frozenset(plain(word) for word in words("cv", "heading_skills"))
