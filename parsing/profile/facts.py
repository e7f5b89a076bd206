"""The words of this room, named as in JSON Resume: a person's professional facts, each with the words it was read from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


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
    start_date: str | None = None
    end_date: str | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Education:
    """JSON Resume `education[]`."""

    institution: str | None = None
    area: str | None = None
    study_type: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    quote: str = ""


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
    languages: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, stripped, and where it begins."""

    text: str
    start: int


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text` that are not blank."""
    found: list[Line] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Line(line.strip(), start + len(line) - len(line.lstrip())))
        start += len(line) + 1
    return found


_NO_LETTERS = {number: " " for number in range(128) if not chr(number).isalpha()}
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ð": "d", "þ": "th", "ı": "i"})


def fold(text: str) -> str:
    """Return `text` in lower case without accents and signs: letters and single blanks only, to compare words written in many ways."""
    if text.isascii():
        return " ".join(text.lower().translate(_NO_LETTERS).split())
    flat = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return " ".join("".join(sign if sign.isalpha() else " " for sign in flat if not unicodedata.combining(sign)).split())
