"""What no fact may say, wherever it stands in a CV: birth, age, sex, nationality, family and health (Code du travail, L1221-6, L1132-1).

The finders look for other things; this is the net under them, for a line that says both.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from functools import cache
from typing import TypeVar

from parsing.languages import words
from parsing.profile.facts import Education, Fact, Language, Work, fold

_CLAUSE = re.compile(r"[,;|()\[\]\n\t·•]")
_MOST_CUTS = 20
_READ = frozenset({"name", "position", "location", "institution", "area", "study_type", "fluency"})
"""What an entry says in words of the CV."""
_Entry = TypeVar("_Entry", Work, Education, Language)


def public_entries(items: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    """Return entries without what is private in them; one that says nothing else is left out."""
    return tuple(public for item in items if (public := _public(item)) is not None)


def public_facts(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return the facts whose value is not private."""
    wide = _patterns("personal", "personal_aside")
    return tuple(fact for fact in facts if not wide.search(fact.value) and fold(fact.value) not in _traits())


def public_name(name: Fact | None) -> Fact | None:
    """Return a name without the label of a private thing that stands behind it."""
    if name is None:
        return None
    parts = name.value.split()
    end = next((number for number, part in enumerate(parts) if number and fold(part) in _labels()), len(parts))
    return name if end == len(parts) else replace(name, value=" ".join(parts[:end]))


def _public(item: _Entry) -> _Entry | None:
    pattern = _patterns("personal", "personal_aside") if isinstance(item, Language) else _patterns("personal")
    if not pattern.search(item.quote) and not any(pattern.search(said) for said in _said(item).values()):
        return item
    quote, offset = _cut(item.quote, pattern)
    said = {key: _cut(value, pattern)[0].rstrip(" –—-") or None for key, value in _said(item).items()}
    public = replace(item, quote=quote, start=item.start + offset if item.start is not None else None, **said)  # type: ignore[arg-type]
    return public if quote and (isinstance(item, Language) or any(said.values())) else None


def _said(item: Work | Education | Language) -> dict[str, str]:
    values = {field.name: getattr(item, field.name) for field in fields(item) if field.name in _READ}
    return {key: value for key, value in values.items() if value}


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[str, int]:
    """Return what stands before the first private clause of `text`, else behind it, and where that begins; nothing for nothing else."""
    begin = 0
    for _ in range(_MOST_CUTS):
        found = pattern.search(text, begin)
        if found is None:
            return text[begin:], begin
        start = max((sign.start() for sign in _CLAUSE.finditer(text, begin, found.start())), default=begin)
        before = text[begin:start].rstrip()
        if any(map(str.isalnum, before)):
            return before, begin
        following = _CLAUSE.search(text, found.end())
        if following is None:
            break
        begin = following.end() + len(text[following.end() :]) - len(text[following.end() :].lstrip())
    return "", begin


@cache
def _patterns(*keys: str) -> re.Pattern[str]:
    said = "|".join(pattern for key in keys for pattern in words("cv", key))
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE)


@cache
def _traits() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "personal_trait"))


@cache
def _labels() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "personal_label"))
