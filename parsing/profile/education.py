"""The studies of a CV: degree as written with its French level, field, school and dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from parsing.languages import words
from parsing.profile.degrees import Degree, find_degree, names_degree
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
        entries = [
            entry
            for start, end in spans
            for entry in find_entries(text, start, end, names_degree)
            if any(map(_begins_with_degree, entry.head))
        ]
        found += [education for entry in entries for education in _read(text, entry) if education.study_type]
    return tuple(found[:_MOST])


def _begins_with_degree(said: str) -> bool:
    degree = find_degree(said[:_LONGEST])
    return degree is not None and degree.at <= 3 and degree.level is not None


def _read(text: str, entry: Entry) -> list[Education]:
    """Return the studies of an entry: one for each line that names a degree, one without when none does."""
    lines = _whole(entry.head)
    named = [line for line in lines if names_degree(line)]
    others = [line for line in lines if line not in named]
    if not named:
        school = next((piece for line in lines for piece in _pieces(line) if _is_school(piece)), None)
        return [_education(text, entry, None, school, None, None)] if school and entry.period else []
    if len(named) > 1 and entry.period is not None and len(lines) == len(named) == 2 and not any(map(_begins_with_degree, named[1:])):
        named, others = named[:1], named[1:]
    return [_degree(text, entry, line, others) for line in named]


def _degree(text: str, entry: Entry, line: str, others: Sequence[str]) -> Education:
    pieces = _pieces(line)
    at = next((number for number, piece in enumerate(pieces) if find_degree(piece)), 0)
    said = pieces[at] if pieces else line[:_LONGEST]
    degree = find_degree(said) or find_degree(line)
    rest = [piece for number, piece in enumerate(pieces) if number != at] + [piece for other in others for piece in _pieces(other)]
    study, area = _study(said, degree)
    school = next((piece for piece in rest if _is_school(piece) and not find_degree(piece)), None)
    if area and _is_school(area):
        school, area = area, None
    if (
        area is None
        and study
        and (again := next((piece for piece in rest if (found := find_degree(piece)) and found.level == (degree and degree.level)), None))
    ):
        rest.remove(again)
        area = _study(again, find_degree(again))[1]
    rest = [piece for piece in rest if piece != school and not _LINK.search(piece) and any(sign.isalpha() for sign in piece)]
    rest = [piece for piece in rest if not set(fold(piece).split()) & _grades()]
    if area is None and others and rest and len(rest) > 1 and rest[0] in others[0]:
        area = rest.pop(0)
    if school is None and rest:
        school = rest[0]
    whole = find_degree("\n".join((line, *others))[:400])
    level = (degree.level if degree else None) or (whole.level if whole else None)
    return _education(text, entry, study, school, area, level)


def _education(text: str, entry: Entry, study: str | None, school: str | None, area: str | None, level: str | None) -> Education:
    period = entry.period
    return Education(
        institution=school,
        area=area,
        study_type=study,
        level=level,
        start_date=period.start if period and (period.spans or period.current) else None,
        end_date=period.end if period else None,
        quote=text[entry.at : entry.to],
        start=entry.at,
    )


def _study(said: str, degree: Degree | None) -> tuple[str, str | None]:
    """Divide "Licence de mathématiques" into degree and field; a degree that names no level is all of its words."""
    if degree is None or degree.level is None or degree.at > 3:
        return said, None
    end = degree.to
    if grade := re.match(r"[ \u00a0]{0,2}(?:niveau[ \u00a0]\d|\(bac ?\+ ?\d\))", said[end:], re.IGNORECASE):
        end += grade.end()
    area = said[end:].strip(_SIGNS)
    words_of = area.split(None, 1)
    if len(words_of) == 2 and fold(words_of[0]) in _links():
        area = words_of[1]
    for short in ("d'", "d’"):
        area = area.removeprefix(short)
    return said[:end].strip(_SIGNS), area or None


def _whole(head: Sequence[str]) -> list[str]:
    """Return the lines of an entry, those put together that were one ("BTS Assistant", "manager")."""
    lines: list[str] = []
    for line in head:
        if lines and (line[:1].islower() or lines[-1].endswith((",", "–", "-", "—"))):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return lines


def _pieces(line: str) -> list[str]:
    pieces = (piece.strip(_SIGNS) for piece in _DIVIDED.split(line[:400]))
    return [piece[:_LONGEST] for piece in pieces if len(piece) > 1][:10]


def _is_school(said: str) -> bool:
    return bool(set(fold(said).split()) & _schools())


@cache
def _schools() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "school"))


@cache
def _grades() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "grade"))


@cache
def _links() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "degree_link"))
