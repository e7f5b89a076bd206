"""What an ad asks, beside what the CV says of it: quotations of both, in the ad's order. Never a score, never a verdict.

Skills are looked for under every name that the vocabulary has for them. Nationality is never looked at, nor anything else about
the person that is no matter of the work. Called by `cli/` for `pli parse --offer`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from parsing.languages import words
from parsing.offer import Offer
from parsing.offer_profile import languages_asked
from parsing.offer_sentences import patterns
from parsing.profile.facts import Fact, Language, Line, Profile, lines_of
from parsing.profile.skill_names import Hit, find_all, find_sure, plain, shown_by

Kind = Literal["skill", "years", "degree", "language", "clearance"]
_MOST_QUOTES = 3
_QUOTE = 160
"""Characters of a line that are quoted."""
_MOST_LINES = 2000
_SHORT_LINE = 4
"""Words of an ad's line that is nothing else than a name ("Go", "Excel")."""
_CONTENT = 6
"""Letters from which a word may say what is asked."""
_STEM = 7
_FEW = 2
"""Other words in a line about a person's ways ("autonome") that still name nothing which a CV shows."""
_LONGEST_SENTENCE = 2000
_WORDS = re.compile(r"[^\W\d_]{1,40}")
_ADDRESS = re.compile(r"@|://")
"""In a line about applying, which asks for no skill."""
_CLAUSE_ENDS = ",;|\n•\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that an ad asks, and where the CV speaks of it."""

    kind: Kind
    asked: str
    """As the ad writes it: the name of a skill, else the words of the ad."""
    sentence: str
    """The ad's line in which it stands."""
    found: tuple[Fact, ...] = ()
    """Quotations of the CV; empty: not found in the text. It may be there in other words."""
    sought: tuple[str, ...] = ()
    """What was looked for; empty where the words name nothing that a text can show ("Vous êtes curieux")."""


def match(offer: Offer, profile: Profile, text: str, *, page_at: Callable[[int | None], int | None] | None = None) -> tuple[Evidence, ...]:
    """Set what `offer` asks beside what a CV (`text` and the `profile` read from it) says; `page_at` gives the page of an offset.

    Never raises.
    """
    lines = lines_of(text)[:_MOST_LINES]
    evidence = tuple(_evidence(offer, profile, text, lines))
    if page_at is None:
        return evidence
    return tuple(replace(one, found=tuple(replace(fact, page=fact.page or page_at(fact.start)) for fact in one.found)) for one in evidence)


def _evidence(offer: Offer, profile: Profile, text: str, lines: Sequence[Line]) -> Iterator[Evidence]:
    said = _by_name(text)
    seen: set[str] = set()
    others = list(_others(offer, profile, text))
    for sentence in (offer.title, *offer.skills):
        names = [name for name in _asked(sentence) if name[0] not in seen]
        for name, asked in names:
            seen.add(name)
            yield Evidence(kind="skill", asked=asked, sentence=sentence, found=_skill(name, profile, text, said), sought=(name,))
        here = [one for one in others if _is_part(one.sentence, sentence)]
        yield from here
        others = [one for one in others if one not in here]
        if not (names or here or _ADDRESS.search(sentence)) and sentence != offer.title and not _asked(sentence):
            sought = _content(sentence)
            yield Evidence(kind="skill", asked=sentence, sentence=sentence, found=_lines_with(sought, lines), sought=sought)
    yield from others


def _others(offer: Offer, profile: Profile, text: str) -> Iterator[Evidence]:
    """Yield what is asked beside skills."""
    if offer.years:
        yield Evidence(kind="years", asked=offer.years, sentence=offer.years, found=_years(profile), sought=(offer.years,))
    if offer.degree:
        yield Evidence(kind="degree", asked=offer.degree, sentence=offer.degree, found=_degrees(profile), sought=(offer.degree,))
    for sentence in offer.languages:
        for asked in languages_asked(sentence):
            code = _code(asked)
            found = tuple(_spoken(item) for item in profile.languages if code and code == (item.code or _code(item.language)))
            yield Evidence(kind="language", asked=asked, sentence=sentence, found=found, sought=(asked,))
    if offer.clearance:
        named = patterns("clearance").search(offer.clearance)
        words_asked = named[0] if named else offer.clearance
        found = tuple(_clearances(text))[:_MOST_QUOTES]
        yield Evidence(kind="clearance", asked=words_asked, sentence=offer.clearance, found=found, sought=(words_asked,))


def _is_part(said: str, sentence: str) -> bool:
    one, other = plain(said).rstrip("…. "), plain(sentence).rstrip("…. ")
    return bool(one) and (one in other or other in one)


def _asked(sentence: str) -> list[tuple[str, str]]:
    """Return the skills that a line of an ad names: canonical name, and the words of the ad."""
    hits: Iterable[Hit] = find_sure(sentence)
    if len(sentence.split()) <= _SHORT_LINE:
        hits = [hit for hit in find_all(sentence) if hit.name.level != "item"]
    return list({hit.name.canonical: (hit.name.canonical, sentence[hit.start : hit.end]) for hit in hits}.values())


def _by_name(text: str) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {}
    for hit in find_sure(text):
        found.setdefault(hit.name.canonical, []).append(hit)
    return found


def _skill(name: str, profile: Profile, text: str, said: dict[str, list[Hit]]) -> tuple[Fact, ...]:
    """Return the lines of the CV that name a skill or what shows it: first where it is listed, its own name before others."""
    others = shown_by(name)
    places = [
        *_listed({name}, profile),
        *said.get(name, ()),
        *_listed(others, profile),
        *(hit for other in others for hit in said.get(other, ())),
    ]
    found: dict[int, Fact] = {}
    for place in places:
        if len(found) == _MOST_QUOTES:
            break
        begin, quote = _line_around(text, place.start, place.end)
        value = " ".join(text[place.start : place.end].split())
        found.setdefault(text.rfind("\n", 0, place.start), Fact(value, quote, "cv", begin))
    return tuple(found.values())


def _listed(names: Set[str], profile: Profile) -> Iterator[Hit]:
    """Yield where the profile's skills name one of `names`."""
    for fact in profile.skills:
        if fact.source == "cv" and fact.start is not None:
            for hit in find_all(fact.quote):
                if hit.name.canonical in names:
                    yield Hit(hit.name, fact.start + hit.start, fact.start + hit.end)


def _line_around(text: str, start: int, end: int) -> tuple[int, str]:
    """Return the line in which a place stands, or as much of it as is quoted; only the place where the line tells private things."""
    begin = max(text.rfind("\n", 0, start) + 1, start - _QUOTE // 2)
    stop = text.find("\n", end, end + _QUOTE // 2)
    stop = stop if stop >= 0 else min(len(text), end + _QUOTE // 2)
    if begin > 0 and text[begin - 1] not in "\n ":
        begin = text.find(" ", begin, start) + 1 or start
    if stop < len(text) and text[stop] not in "\n ":
        stop = text.rfind(" ", end, stop) if " " in text[end:stop] else end
    line = text[begin:stop]
    if _private().intersection(_WORDS.findall(plain(line))):
        return start, text[start:end]
    begin += len(line) - len(line.lstrip())
    return begin, line.strip()


def _content(sentence: str) -> tuple[str, ...]:
    """Return the words of an ad's line that say what is asked, as far as they can be looked for: two or more, else none."""
    said, softly = _soft().subn(" ", plain(sentence)[:_LONGEST_SENTENCE])
    named = [word for word in _WORDS.findall(said) if len(word) >= _CONTENT and word not in _generic()]
    found = tuple(dict.fromkeys(named))
    return found if len(found) > (_FEW if softly else 1) else ()


def _lines_with(sought: Sequence[str], lines: Sequence[Line]) -> tuple[Fact, ...]:
    """Return the lines that hold at least two of the words sought and half of them: by their beginnings, so that a plural is found."""
    stems = {word[:_STEM] for word in sought}
    needed = max(2, (len(stems) + 1) // 2)
    found: list[Fact] = []
    if len(stems) < 2:
        return ()
    for line in lines:
        if len(found) == _MOST_QUOTES:
            break
        said = plain(line.text[: _QUOTE * 2])
        here = [word for word in _WORDS.findall(said) if word[:_STEM] in stems]
        if len({word[:_STEM] for word in here}) >= needed and not _private().intersection(_WORDS.findall(said)):
            quote = line.text[:_QUOTE]
            found.append(Fact(" ".join(quote.split()), quote, "cv", line.start))
    return tuple(found)


def _years(profile: Profile) -> tuple[Fact, ...]:
    """Return what the CV says of years in words, then its dated work, each with its dates (ISO 8601)."""
    stated = (profile.stated_experience,) if profile.stated_experience else ()
    dated = tuple(
        Fact(f"{item.start_date}/{item.end_date or '..'}", item.quote, "cv", item.start, item.page)
        for item in profile.work
        if item.start_date
    )
    return stated + dated


def _degrees(profile: Profile) -> tuple[Fact, ...]:
    """Return the degrees of the CV, those whose level is known first."""
    items = sorted((item for item in profile.education if item.study_type or item.level), key=lambda item: item.level is None)
    return tuple(Fact(item.level or item.study_type or "", item.quote, "cv", item.start, item.page) for item in items)


def _spoken(item: Language) -> Fact:
    return Fact(item.level or item.fluency or item.language, item.quote or item.language, "cv", item.start, item.page)


def _clearances(text: str) -> Iterator[Fact]:
    """Yield the clauses that speak of a clearance, without what else stands in their line: nationality is nobody's matter here."""
    for found in patterns("clearance").finditer(text):
        start, end = found.start(), found.end()
        while end < len(text) and end - found.end() < _QUOTE // 2 and text[end] not in _CLAUSE_ENDS + ".":
            end += 1
        clause = text[start:end].rstrip()
        if _private().intersection(_WORDS.findall(plain(clause))):
            clause = found[0]
        yield Fact(found[0], clause, "cv", start)


def _code(tongue: str) -> str | None:
    """Return the ISO 639-1 code of a language by its name."""
    return _codes().get(plain(tongue))


@cache
def _codes() -> dict[str, str]:
    pairs = (entry.partition(" = ") for entry in words("cv", "tongue"))
    return {plain(name): code for name, _, code in pairs if code}


@cache
def _generic() -> frozenset[str]:
    return frozenset(plain(word) for word in words("ad", "skill_generic"))


@cache
def _soft() -> re.Pattern[str]:
    """Return what finds words for a person's ways, in plain words."""
    named = sorted((plain(word) for word in words("ad", "skill_soft")), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, named))})(?![^\W_])")


@cache
def _private() -> frozenset[str]:
    return frozenset(plain(word) for word in words("cv", "born"))
