"""The parts of a CV by their headings: work, education, skills and so on, in French and English and, as far as it is cheap, others.

A heading is a short line that is nothing else than one, or stands before what it heads on the same line ("Langues : anglais").
It may be in capitals, letter-spaced, numbered, framed or with an icon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from typing import Literal, get_args

from parsing.languages import words
from parsing.profile.facts import Line, fold

Kind = Literal[
    "work",
    "education",
    "skills",
    "languages",
    "certificates",
    "summary",
    "interests",
    "contact",
    "projects",
    "referees",
    "publications",
    "other",
]

_KEYS = {"referees": "references"}
"""Kinds whose vocabulary has another name."""
_MOST_LINES = 10_000
_LONGEST = 64
"""Characters of a heading, blanks between letters included."""
_MOST_LETTERS = 48
_GLUED = re.compile(r"^([^:\t|]{3,48}?)[ \u00a0]{0,3}(?:[:\t]|[|–—-](?=[ \u00a0]))[ \u00a0\t]{0,9}(?=\S)")
_DIVIDED = re.compile(r"[:\t|]| [–—-]")
_DIGIT = re.compile(r"\d")
_ASIDE = re.compile(r"\([^()]{0,40}\)")
_NUMBER = re.compile(r"^\W{0,6}(?:\d{1,2}|[IVX]{1,4})[.)°/ ]\s{0,4}")
_PARTS = re.compile(r"\s*(?:[&/|,+]|\b(?:et|and|und|y|e|en)\b)\s*", re.IGNORECASE)
_SHORT: frozenset[str] = frozenset({"skills", "languages", "certificates", "interests"})
_STRONG: frozenset[str] = frozenset({"work", "education", "projects"})
"""Parts whose entries may have little headings of their own, that end nothing ("Outils", "Missions")."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a text, from behind its heading to the next one."""

    kind: Kind
    heading: str
    """The heading's words as they stand, stripped."""
    start: int
    """Offset in the text of what follows the heading, in characters."""
    end: int


@dataclass(frozen=True, slots=True)
class _Heading:
    """A line that may be a heading."""

    kind: Kind
    line: Line
    words: str
    content: int
    """Offset of what it heads."""
    glued: bool
    """What it heads stands on the same line."""
    alone: bool
    """A blank line stands above it."""

    @property
    def shape(self) -> tuple[bool, bool]:
        """Return how it is written, to compare it with others."""
        return self.words.isupper(), self.words.endswith(":")


def find_sections(text: str) -> tuple[Section, ...]:
    """Return the parts of a CV's `text` in its order; none where it has no headings. What stands above the first is in none.

    Two parts of one kind may follow each other ("Langages", "Outils"). Never raises.
    """
    candidates = list(_candidates(text))
    if all(candidate.kind != "work" for candidate in candidates):
        candidates = sorted([*candidates, *_run_in(text)], key=lambda candidate: candidate.line.start)
    headings = list(_chosen(candidates, text))
    ends = [heading.line.start for heading in headings[1:]] + [len(text)]
    return tuple(
        Section(heading.kind, heading.words.strip(" \t:"), min(heading.content, end), end)
        for heading, end in zip(headings, ends[: len(headings)], strict=True)
    )


def cut_at(sections: Sequence[Section], offset: int | None) -> tuple[Section, ...]:
    """End the short part in which a person's name stands: behind a side column that is read first comes the name, not a heading."""
    if offset is None:
        return tuple(sections)
    return tuple(
        replace(section, end=offset) if section.kind in _SHORT and section.start < offset < section.end else section for section in sections
    )


def heading_kind(line: str) -> Kind | None:
    """Return what a line heads when it is a heading and nothing else ("COMPÉTENCES TECHNIQUES", "2. Langues :")."""
    said = line.strip()
    if not 3 <= len(said) <= _LONGEST or said[-1] in ",;.!?" or "@" in said:
        return None
    return _heading_kind(said)


@lru_cache(maxsize=1024)
def _heading_kind(said: str) -> Kind | None:
    found = _kind(said)
    if found is None and said[-1] == ")":
        found = _kind(_ASIDE.sub("", said))
    if found is None and said[0] in "0123456789IVX" and (number := _NUMBER.match(said)):
        found = _kind(said[number.end() :])
    return found


def _kind(said: str) -> Kind | None:
    folded = fold(said)
    squeezed = folded.replace(" ", "")
    if not 3 <= len(squeezed) <= _MOST_LETTERS or _DIGIT.search(said):
        return None
    known = _kinds().get(squeezed)
    if known is not None:
        return known
    first = folded.split(" ", 1)[0]
    return _kind_of_parts(said) if first in _first_words() and folded.count(" ") <= 7 else None


def _kind_of_parts(said: str) -> Kind | None:
    """Return what "Langues et centres d'intérêt" or "Principales expériences" heads: the first part known, when each is one."""
    kinds: list[Kind] = []
    for part in _PARTS.split(said)[:4]:
        kind = _kinds().get(fold(part).replace(" ", "")) or _kinds().get(_without_qualifiers(part).replace(" ", ""))
        if kind is not None:
            kinds.append(kind)
        elif set(fold(part).split()) - _qualifiers():
            return None
    return kinds[0] if kinds else None


def _without_qualifiers(said: str) -> str:
    return " ".join(word for word in fold(said).split() if word not in _qualifiers())


def _candidates(text: str) -> Iterator[_Heading]:
    """Yield the lines that look like headings."""
    start, blank = 0, True
    for raw in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        said, begin, start = raw.strip(), start, start + len(raw) + 1
        if not said:
            blank = True
            continue
        alone, blank = blank, False
        kind = heading_kind(said)
        divided = kind is None and _DIVIDED.search(said, 0, _LONGEST) is not None
        if kind is None and not divided:
            continue
        line = Line(said, begin + len(raw) - len(raw.lstrip()))
        if kind is not None:
            yield _Heading(kind, line, line.text, min(start, len(text)), glued=False, alone=alone)
        elif (glued := _GLUED.match(line.text)) and (kind := heading_kind(glued[1])):
            yield _Heading(kind, line, glued[1], line.start + glued.end(), glued=True, alone=alone)


def _run_in(text: str) -> Iterator[_Heading]:
    """Yield the line that begins with a heading about work, where a column of headings was read into the next ("Experience Acme Inc")."""
    found = [match for match in islice(_work_before_words().finditer(text), 2) if match.end(1) - match.start(1) <= _LONGEST]
    if len(found) == 1:
        match = found[0]
        line = Line(match[0].strip(), match.start(1))
        yield _Heading("work", line, match[1], match.end(1), glued=False, alone=True)


def _chosen(candidates: Sequence[_Heading], text: str) -> Iterator[_Heading]:
    """Yield the candidates that begin a part, in order."""
    plain = {heading.kind for heading in candidates if not heading.glued}
    often = Counter(fold(heading.words) for heading in candidates)
    last: _Heading | None = None
    shape = (False, False)
    for heading in candidates:
        own = _settled(heading, last, text)
        inside = fold(own.words) in _inside() or _without_qualifiers(own.words) in _inside()
        odd = inside and (often[fold(own.words)] > 1 or own.shape[1] != shape[1] or (own.shape != shape and not own.alone))
        if last is not None and _stands_inside(own, last, inside, odd, plain):
            continue
        yield own
        last = own
        shape = shape if inside else own.shape


def _settled(heading: _Heading, last: _Heading | None, text: str) -> _Heading:
    """Return "Languages" as a part about skills where those of machines follow."""
    if heading.kind != "languages" or fold(heading.words) not in _ambiguous():
        return heading
    said = fold(text[heading.content : heading.content + (80 if heading.glued else 300)]).split()
    if any(word in _tongues() for word in said) or (last is None or last.kind != "skills"):
        return heading
    return _Heading("skills", heading.line, heading.words, heading.content, heading.glued, heading.alone)


def _stands_inside(heading: _Heading, last: _Heading, inside: bool, odd: bool, plain: set[Kind]) -> bool:
    """Tell whether a heading is one of an entry's own ("Outils : Jira" below a job) or of a part's own subdivisions."""
    if heading.glued and heading.kind in plain:
        return True
    if last.kind not in _STRONG:
        return heading.glued and inside and last.kind == "skills" and heading.kind != "skills"
    if heading.glued:
        return inside or not (heading.alone or heading.words.isupper())
    return odd


@cache
def _work_before_words() -> re.Pattern[str]:
    """Return what finds a short line of a capital heading about work and a capital word."""
    headings = sorted((word for word in words("cv", "heading_work") if len(word) >= 8), key=len, reverse=True)
    named = "|".join(re.escape(form) for word in headings for form in (word.capitalize(), word.upper(), word.title()))
    return re.compile(rf"^[ \t]{{0,40}}({named})[ \t]{{1,20}}(?=[A-ZÀ-Ý])[^\n.]{{2,50}}$", re.MULTILINE)


@cache
def _kinds() -> Mapping[str, Kind]:
    """Return what each heading heads, by its letters without blanks, so that "E X P É R I E N C E" is read."""
    found: dict[str, Kind] = {}
    for kind in get_args(Kind):
        for word in words("cv", f"heading_{_KEYS.get(kind, kind)}"):
            found.setdefault(fold(word).replace(" ", ""), kind)
    for word in words("cv", "heading_volunteering"):
        found[fold(word).replace(" ", "")] = "other"
    return found


@cache
def _first_words() -> frozenset[str]:
    """Return the words that headings begin with, to pass over all other lines quickly."""
    kinds = (fold(word) for kind in get_args(Kind) for word in words("cv", f"heading_{_KEYS.get(kind, kind)}"))
    return frozenset(name.split(" ", 1)[0] for name in kinds) | _qualifiers()


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "heading_part"))


@cache
def _inside() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "heading_inside"))


@cache
def _ambiguous() -> frozenset[str]:
    """Headings that head the languages of people and of machines."""
    return frozenset(fold(word) for word in words("cv", "heading_ambiguous"))


@cache
def _tongues() -> frozenset[str]:
    return frozenset(fold(entry.partition("=")[0]) for entry in words("cv", "tongue"))
