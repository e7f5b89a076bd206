"""The languages a person says they speak, with the level as written and its CEFR level where the words say one.

A CV that has no part about languages is read where a line is a language and its level; nationality is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from parsing.languages import words
from parsing.profile.date_words import any_of, plain
from parsing.profile.dates import same_length_lower
from parsing.profile.facts import Language
from parsing.profile.sections import Section

_MOST = 20
_MOST_CHARACTERS = 4000
_LONGEST_FLUENCY = 60
_NEAR = 16
"""Characters between the beginnings of two words about one level ("C1 proficient user")."""
_SIGNS = " \t\n\u00a0,;:|–—-·•■▪●./*>[]()=•"
_CEFR = re.compile(r"(?<![^\W_])([ABC][12])(?:\+|\b)", re.IGNORECASE)
_SCORE = re.compile(r"(?<![^\W_])(?:TOEIC|TOEFL|IELTS|TCF|DELF|DALF|BULATS|Linguaskill|Cambridge|CECRL?)\b[^\n,;|]{0,24}", re.IGNORECASE)
_ENDS = re.compile(r"\n[ \t]*\n|[;|•●▪]")
_DIVIDES = re.compile(r"[ \t\u00a0]*[:–—·,(\t-][ \t\u00a0]*|[ \t\u00a0]+|\n")


def find_languages(text: str, sections: Sequence[Section]) -> tuple[Language, ...]:
    """Return the languages of a CV's `text`, each once, in its order; `sections` are its parts. Never raises."""
    parts = [(section.start, min(section.end, section.start + _MOST_CHARACTERS)) for section in sections if section.kind == "languages"]
    found = [language for start, end in parts for language in _languages(text, start, end)]
    if not parts:
        found = [language for language in _on_lines(text) if language.fluency]
    once: dict[str, Language] = {}
    for language in found:
        key = language.code or plain(language.language.lower())
        if key not in once or (once[key].fluency is None and language.fluency):
            once[key] = language
    return tuple(once.values())[:_MOST]


def _languages(text: str, start: int, end: int) -> Iterator[Language]:
    """Yield the languages named between two offsets, each with the words up to the next one."""
    small = same_length_lower(text[start:end])
    names = [match for match in _tongue().finditer(small) if not _is_of_something(small, match)]
    for number, name in enumerate(names[: 3 * _MOST]):
        until = names[number + 1].start() if number + 1 < len(names) else len(small)
        behind = small[name.end() : until]
        ended = _ENDS.search(behind)
        last = name.end() + (ended.start() if ended else len(behind))
        yield _language(text, start + name.start(), start + name.end(), start + min(last, name.end() + _LONGEST_FLUENCY + 20))


def _is_of_something(small: str, name: re.Match[str]) -> bool:
    """Tell whether a language is no item of its own: "licence d'anglais", "cours d'espagnol"."""
    return small[max(0, name.start() - 2) : name.start()] in {"d'", "d’"} or small[max(0, name.start() - 3) : name.start()] in {
        "de ",
        "en ",
        "of ",
    }


def _on_lines(text: str) -> Iterator[Language]:
    """Yield the languages of lines that are a language and its level and little else."""
    start = 0
    for line in text[:100_000].split("\n")[:2000]:
        if 4 < len(line) <= 90 and (name := _tongue().match(same_length_lower(line.lstrip(_SIGNS)))):
            at = start + len(line) - len(line.lstrip(_SIGNS))
            rest = line[at - start + name.end() :]
            if _level_words().match(same_length_lower(rest).lstrip(_SIGNS)) or _CEFR.match(rest.lstrip(_SIGNS)):
                yield _language(text, at, at + name.end(), start + len(line))
        start += len(line) + 1


def _language(text: str, at: int, to: int, until: int) -> Language:
    name = text[at:to]
    said = _fluency(text[to:until])
    end = text.index(said, to) + len(said) if said is not None else to
    before = _before(text, at) if said is None else None
    fluency = " ".join(said.split()) if said else before
    begin = text.rindex(before, max(0, at - 60), at) if before else at
    end += text[begin:end].count("(") > text[begin:end].count(")") and text[end : end + 1] == ")"
    return Language(
        language=name, code=_codes().get(plain(name.lower())), fluency=fluency, level=_level(fluency), quote=text[begin:end], start=begin
    )


def _fluency(behind: str) -> str | None:
    """Return the words of a level that stand behind a language, as written: its line's, where they hold one; a level may be wrapped."""
    stripped = behind.lstrip(_SIGNS)
    if not stripped or behind[: len(behind) - len(stripped)].count("\n") > 1:
        return None
    small = same_length_lower(stripped[: 2 * _LONGEST_FLUENCY])
    begins = _level_words().match(small)
    line = stripped.split("\n", 1)[0]
    if begins and "\n" in begins[0]:
        return stripped[: begins.end()]
    found = [match for pattern in (_level_words(), _CEFR, _SCORE) if (match := pattern.search(small, 0, len(line)))]
    if not found:
        return None
    first = min(match.start() for match in found)
    last = max(match.end() for match in found if match.start() - first <= _NEAR)
    said = (line if len(line) <= _LONGEST_FLUENCY else line[first:last]).rstrip(_SIGNS)
    return said + stripped[len(said) : len(said) + 1] if said.count("(") > said.count(")") else said


def _before(text: str, at: int) -> str | None:
    """Return the words of a level that stand before a language on its line ("Mother tongue: Greek")."""
    line = text[max(0, at - 60) : at].rpartition("\n")[2].strip(_SIGNS)
    return line if line and len(line) <= 40 and _level_words().fullmatch(same_length_lower(line)) else None


def _level(fluency: str | None) -> str | None:
    """Return the CEFR level, or `native`, where the words say it."""
    if fluency is None:
        return None
    if cefr := _CEFR.search(fluency):
        return cefr[1].upper()
    folded = same_length_lower(" ".join(fluency.split()))
    natives = [match for match in _level_words().finditer(folded) if _fluencies().get(plain(" ".join(match[0].split()))) == "native"]
    return "native" if natives else None


@cache
def _tongue() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{any_of(_codes())})(?![^\W_]|-[a-z])")


@cache
def _level_words() -> re.Pattern[str]:
    levels = any_of(_fluencies()).replace(r"\ ", r"[ \t\u00a0]{0,2}[ \n][ \t]{0,2}")
    return re.compile(rf"(?<![^\W_])(?:{levels})(?![^\W_])")


@cache
def _codes() -> Mapping[str, str | None]:
    """Return the ISO 639-1 code of each language by its plain name, None for those that have none."""
    entries = (entry.partition("=") for entry in words("cv", "tongue"))
    return {plain(name.strip()): code.strip() or None for name, _, code in entries}


@cache
def _fluencies() -> Mapping[str, str]:
    entries = (entry.partition("=") for entry in words("cv", "fluency"))
    return {plain(said.strip()): level.strip() for said, _, level in entries}
