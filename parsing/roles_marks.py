"""What is seen of a document: headings and dates of a CV, titles, phrases, who speaks. Called by `parsing/roles_by_content.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from parsing.languages import words
from parsing.profile.facts import fold

_HEAD, _TAIL = 14_000, 3_000
"""Characters at the beginning and at the end of a text that are looked at."""
_LONGEST_LINE = 1_000
_LONGEST_HEADING = 60
_LONGEST_SHORT = 110
_TITLE_LINES, _FIRST_LINES = 25, 8
_LAST_WORDS = 250
"""Where a letter takes leave."""
_EMAIL = re.compile(r"[\w.+-]@[\w-]{1,63}\.\w")
_PHONE = re.compile(r"(?:\d[ .-]?){9}")
_YEAR = re.compile(r"(?<!\d)(?:19[6-9]\d|20[0-4]\d)(?!\d)")
_SPACED = re.compile(r"(?<!\S)(\w) (?=\w(?:\s|$))")
_ENOUGH = 3
_TITLES = ("certificate_title", "recommends_title", "other_title", "portfolio_title")
_PHRASES = ("applies", "recommends", "certifies", "other_said", "ad_said", "case_study", "farewell")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text; `said`: as `fold` writes it, up to a tabulator, empty for a long one."""

    text: str
    said: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What a text has of a CV."""

    kinds: frozenset[str]
    """Which kinds of headings stand in it: `work`, `education`, `skills`, `languages`, `other`, `title`."""
    headings: int
    """How many different lines are headings word for word."""
    dated: int
    """Short lines with a year."""
    years: int
    """Different years."""
    email: bool
    phone: bool

    @property
    def complete(self) -> bool:
        """Both main parts of a CV, with dates."""
        return {"work", "education"} <= self.kinds and max(self.dated, self.years) >= _ENOUGH

    @property
    def likely(self) -> bool:
        """One main part of a CV, and much more."""
        return self._weight > _ENOUGH

    @property
    def possible(self) -> bool:
        """One main part of a CV, and something more."""
        return self._weight >= _ENOUGH

    @property
    def _weight(self) -> int:
        dates = self.dated > 1 or self.years >= _ENOUGH
        main = bool(self.kinds & {"work", "education", "title"})
        return main * (len(self.kinds) + dates + (self.email or self.phone))

    @property
    def marks(self) -> int:
        """How much is typical of a CV: its headings, an address, years."""
        return self.headings + self.email + (self.years >= _ENOUGH)


@dataclass(frozen=True, slots=True)
class Title:
    """What the title of a document tells."""

    says: str
    """`certificate`, `recommends`, `other` or `portfolio`."""
    clear: bool
    """It stands at the beginning, and is no single word among others."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a text says: `said` holds the phrases of each vocabulary that stand in it."""

    count: int
    said: Mapping[str, frozenset[str]]
    first_person: float
    """Share of the words by which an author speaks of herself, between 0 and 1."""
    third_person: int
    """How often it speaks of a person."""
    leaves: bool
    """It ends as letters do."""


def cut(text: str) -> str:
    """Return the parts of a text that are looked at: its beginning and its end."""
    return text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines that say something."""
    return tuple(_line(line.strip()) for line in text.splitlines() if line.strip())


def _line(text: str) -> Line:
    cell = text.partition("\t")[0]  # a heading may stand beside what it heads
    return Line(text[:_LONGEST_LINE], fold(_together(cell)) if len(cell) <= _LONGEST_SHORT else "")


def shape_of(lines: Sequence[Line], text: str) -> Shape:
    """Return what a text has of a CV."""
    named, single = _headings()
    kinds: set[str] = set()
    headings: set[str] = set()
    dated = 0
    if any(line.said in folded("cv_title") for line in lines[:_ENOUGH]):
        kinds.add("title")
    for line in lines:
        dated += len(line.text) <= _LONGEST_SHORT and bool(_YEAR.search(line.text))
        if line.said in named:
            headings.add(line.said)
            kinds.add(named[line.said])
        elif ":" not in line.text[:-1] and len(parts := line.said.split()) <= _ENOUGH:
            kinds.update(single[part] for part in parts if part in single)
    years = len(set(_YEAR.findall(text)))
    return Shape(frozenset(kinds), len(headings), dated, years, email=bool(_EMAIL.search(text)), phone=bool(_PHONE.search(text)))


def title_of(lines: Sequence[Line]) -> Title | None:
    """Return what the first line that is a title of something tells."""
    for number, line in enumerate(lines[:_TITLE_LINES]):
        if found := max(((len(phrase), key) for phrase, key in _titles(line, early=number < _FIRST_LINES)), default=None):
            alone = " " not in line.said
            return Title(found[1].removesuffix("_title"), clear=number < _FIRST_LINES and (found[0] > 1 or alone))
    return None


def words_of(text: str) -> Words:
    """Return what a text says, in one pass over its words."""
    spoken = fold(text).split()
    own = sum(word in folded("first_person") for word in spoken) / len(spoken) if spoken else 0.0
    third = sum(word in folded("third_person") for word in spoken)
    last = frozenset(phrase for phrase, key in _phrases(spoken[-_LAST_WORDS:]) if key == "farewell")
    said: dict[str, set[str]] = {key: set() for key in _PHRASES}
    for phrase, key in _phrases(spoken):
        said[key].add(phrase)
    return Words(len(spoken), {key: frozenset(found) for key, found in said.items()}, own, third, bool(last))


def opens_letter(line: Line) -> bool:
    """Tell whether a line greets, or says what a letter is about."""
    said = f"{line.said} "
    short = len(said) < _LONGEST_HEADING
    calls = line.text.endswith(",") and not any(map(str.isdigit, line.text)) and said.count(" ") <= 2 * _ENOUGH
    greets = short and (calls or any(said.startswith(f"{word} ") for word in folded("greeting")))
    return greets or any(said.startswith(f"{word} ") for word in folded("subject_line"))


def portfolio_weight(lines: Sequence[Line], spoken: Words) -> int:
    """Weigh a portfolio: its title (2), numbered projects (2), cases told one like the other (2 or 3), its phrases (1)."""
    titled = any(key == "portfolio_title" for line in lines[:_FIRST_LINES] for _, key in _titles(line, early=True))
    numbered = sum(line.said != "" and bool(_project().match(line.text)) for line in lines) > 1
    labels = [label for line in lines if (label := _label(line)) in folded("case_label")]
    alike = len(set(labels)) >= _ENOUGH and len(labels) > _ENOUGH
    return 2 * titled + 2 * numbered + 2 * alike + (alike and len(labels) > len(set(labels))) + bool(spoken.said["case_study"])


def _label(line: Line) -> str:
    """Return what stands before a colon, or the whole line."""
    before, colon, _ = line.text[:_LONGEST_HEADING].partition(":")
    return fold(before) if colon else line.said


@cache
def folded(key: str) -> frozenset[str]:
    """Return a vocabulary of `[papers]` as `fold` writes it."""
    return frozenset(fold(word) for word in words("papers", key))


def _titles(line: Line, *, early: bool) -> Iterator[tuple[Phrase, str]]:
    """Yield the titles that a line begins with; in the first lines they may follow a name, and a portfolio's stands there only."""
    said = tuple(line.said.split())
    for at, word in enumerate(said if early else said[:1]):
        for phrase, key in _starting(_TITLES).get(word, ()):
            single, own = len(phrase) == 1, key == "portfolio_title"
            further = _ENOUGH if single and (own or not early) else 2 * _ENOUGH + 2 * single
            fits = said[at : at + len(phrase)] == phrase and len(said) <= len(phrase) + further
            if fits and (at == 0 or not single) and (early or not own):
                yield phrase, key
    if early and 0 < len(said) < 2 * _ENOUGH:  # Product Design Portfolio, Official Score Certificate
        yield from ((phrase, key) for phrase, key in _starting(_TITLES).get(said[-1], ()) if len(phrase) == 1)
        if not _portfolio_names().isdisjoint(said):
            yield ("",), "portfolio_title"


@cache
def _portfolio_names() -> frozenset[str]:
    return frozenset(fold(word) for word in words("mail", "portfolio_name"))


def _phrases(spoken: Sequence[str]) -> Iterator[tuple[str, str]]:
    starting = _starting(_PHRASES)
    for at, word in enumerate(spoken):
        for phrase, key in starting.get(word, ()):
            if len(phrase) == 1 or tuple(spoken[at : at + len(phrase)]) == phrase:
                yield " ".join(phrase), key


@cache
def _starting(keys: tuple[str, ...]) -> dict[str, list[tuple[Phrase, str]]]:
    """Return the phrases of some vocabularies with the names of these, by their first word."""
    found: dict[str, list[tuple[Phrase, str]]] = {}
    for key in keys:
        for phrase in words("papers", key):
            parts = tuple(fold(phrase).split())
            found.setdefault(parts[0], []).append((parts, key))
    return found


@cache
def _headings() -> tuple[dict[str, str], dict[str, str]]:
    """Return the headings of CVs with their kinds, and the single words that are headings of the two main parts."""
    named = {fold(word): "other" for word in (*words("mail", "cv_heading"), *words("cv", "heading_other"))}
    single: dict[str, str] = {}
    for kind in ("work", "education", "skills", "languages"):
        own = {fold(heading): kind for heading in words("cv", f"heading_{kind}")}
        named |= own
        if kind in {"work", "education"}:
            single |= {heading: kind for heading in own if " " not in heading}
    return named, single


@cache
def _project() -> re.Pattern[str]:
    named = "|".join(re.escape(word) for word in words("papers", "project_word"))
    return re.compile(rf"\W{{0,3}}(?:{named})s?\W{{0,3}}(?:n°|no\.?)?\s{{0,2}}(?:\d{{1,2}}|[a-h])\b", re.IGNORECASE)


def _together(line: str) -> str:
    """Return a line whose letters are spaced out as words: `F O R M A T I O N`."""
    return _SPACED.sub(r"\1", line) if line[1:2] == " " else line
