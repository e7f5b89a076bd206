"""The words of this room, named as in JSON Resume: a person's professional facts, each with the words it was read from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Fact:
    """One value and its source."""

    value: str
    quote: str
    """The words as they stand in the source."""
    source: str
    """`cv`, `body`, `header` (From) or `link` (a link annotation of the CV)."""
    start: int | None = None
    """Offset of `quote` in the source's text, in characters; None for `header` and `link`."""
    page: int | None = None
    """Page of the CV on which `quote` begins, counted from 1; None where the source has no pages."""
    by_ocr: bool = False
    """Read from a picture, so that letters may be wrong: it is shown, and nobody is written to or recognised by it."""


@dataclass(frozen=True, slots=True)
class NetworkProfile:
    """JSON Resume `basics.profiles[]`."""

    network: str
    username: str
    url: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """JSON Resume `work[]`; dates `YYYY[-MM[-DD]]`, `end_date` None for "today" or unknown."""

    name: str | None = None
    position: str | None = None
    location: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    current: bool = False
    """The text says that it goes on ("depuis", "today")."""
    quote: str = ""
    start: int | None = None
    """Offset of `quote` in the CV's text, in characters."""
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Education:
    """JSON Resume `education[]`."""

    institution: str | None = None
    area: str | None = None
    study_type: str | None = None
    level: str | None = None
    """French level of the degree as years after the baccalauréat: `bac`, `bac+1` ... `bac+8`, `cap` below it (CAP, BEP); None when the
    words do not say it."""
    start_date: str | None = None
    end_date: str | None = None
    quote: str = ""
    start: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """JSON Resume `languages[]`: a language the person speaks."""

    language: str
    """Its name as written."""
    code: str | None = None
    """ISO 639-1."""
    fluency: str | None = None
    """The level as written ("courant", "TOEIC 925")."""
    level: str | None = None
    """CEFR level `A1` to `C2` or `native`, where the words say it."""
    quote: str = ""
    start: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """JSON Resume, as far as the document says it. Unknown is None or empty."""

    name: Fact | None = None
    label: Fact | None = None
    """Current title."""
    email: Fact | None = None
    phone: Fact | None = None
    """E.164."""
    url: Fact | None = None
    location: Fact | None = None
    profiles: tuple[NetworkProfile, ...] = ()
    work: tuple[Work, ...] = ()
    education: tuple[Education, ...] = ()
    skills: tuple[Fact, ...] = ()
    languages: tuple[Language, ...] = ()
    certificates: tuple[Fact, ...] = ()
    experience_months: int | None = None
    """Total of the dated work in months, overlaps counted once; None when no work has dates."""
    stated_experience: Fact | None = None
    """What the person says of it in words ("8 ans d'expérience")."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, stripped, and where it begins."""

    text: str
    start: int


@lru_cache(maxsize=2)
def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of `text` that are not blank; the last two texts are kept, because several look at the same one."""
    found: list[Line] = []
    start = 0
    for line in text.split("\n"):
        if said := line.strip():
            found.append(Line(said, start if line[0] == said[0] else start + len(line) - len(line.lstrip())))
        start += len(line) + 1
    return tuple(found)


_SHORT = 30
_LETTERS = {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ð": "d", "þ": "th", "ı": "i"}


_MOST_SIGNS = 5000
"""Kept in memory."""


class _Folded(dict[int, str]):
    """What each sign is folded to, worked out when it is first met."""

    def __missing__(self, number: int) -> str:
        sign = _LETTERS.get(chr(number), chr(number))
        flat = (part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
        folded = "".join(part if part.isalpha() else " " for part in flat)
        if len(self) < _MOST_SIGNS:
            self[number] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return `text` in lower case without accents and signs: letters and single blanks only, to compare words written in many ways."""
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    return " ".join(text.lower().translate(_FOLDED).split())


_fold_short = lru_cache(maxsize=4096)(_fold)
"""Words return often, in one CV and from one to the next."""
