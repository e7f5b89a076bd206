"""The studies of a CV: degree as written with its French level, field, school and dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from parsing.languages import words
from parsing.profile.degrees import Degree, find_degree
from parsing.profile.entries import Entry, find_entries
from parsing.profile.facts import Education, fold
from parsing.profile.sections import Section

_MOST = 40
_LONGEST = 110
_SIGNS = " \t\u00a0,;:|–—-·•■▪●./*>[]()="
_DIVIDED = re.compile(r"\s*[\t\n|•]\s*|\s{1,3}(?:[·–—→]|-{1,2})\s{1,3}|\s{0,2}[;:]\s{1,3}|,\s{1,3}|\s{0,2}[()]\s{0,2}")
_LINK = re.compile(r"[@]|https?:|www\.|\d{5}")


def find_education(text: str, sections: Sequence[Section]) -> tuple[Education, ...]:
    """Return the studies of a CV's `text`, in its order; `sections` are its parts. Never raises."""
    parts = [section for section in sections if section.kind == "education"]
    found = [
        education
        for section in parts
        for entry in find_entries(text, section.start, section.end, names_degree)
        for education in _read(text, entry)
    ]
    if not any(education.study_type for education in found):
        elsewhere = [section for section in sections if section.kind in {"work", "other", "certificates"}]
        spans = [(section.start, section.end) for section in elsewhere] if sections else [(0, len(text))]
        entries = [entry for start, end in spans for entry in find_entries(text, start, end, names_degree) if any(map(_begins_with_degree, entry.head))]
        found += [education for entry in entries for education in _read(text, entry) if education.study_type]
    return tuple(found[:_MOST])


def names_degree(said: str) -> bool:
    """Tell whether words name a degree."""
    return len(said) <= 300 and find_degree(said) is not None


def _begins_with_degree(said: str) -> bool:
    degree = find_degree(said[:_LONGEST])
    return degree is not None and degree.at <= 3 and degree.level is not None
