"""The words of each language pli reads: one TOML file a language, shipped with the code.

A language is a vocabulary, nothing else: `[detect]` for telling languages apart, `[ad]` for job ads, `[mail]` for mails
and their robots, `[cv]` for CVs.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CODES = ("fr", "en")
_MACHINES = "machines"
"""The file of the words that programs write, in whatever language."""
_OTHERS = "other"
"""The file of the words that mails bring in further languages; nothing is read or written in these."""

_MOST_TEXT = 20_000
"""Characters of a text that tell its language."""
_SHARE = 0.5
"""Of the words that French or English share with another language, of which they may be all."""
_TOO_FEW = 2
"""Telling words of a CV without sentences."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Language:
    """One vocabulary; each table maps a name to its words or patterns, all in lower case."""

    code: str
    detect: frozenset[str]
    """Frequent short words that hardly occur in the other languages."""
    ad: Mapping[str, tuple[str, ...]]
    mail: Mapping[str, tuple[str, ...]]
    cv: Mapping[str, tuple[str, ...]]


@cache
def language(code: str) -> Language:
    """Return the vocabulary of `code` (`fr` or `en`); KeyError for another."""
    if code not in CODES:
        raise KeyError(code)
    tables = _read(code)

    def table(name: str) -> Mapping[str, tuple[str, ...]]:
        return {key: tuple(words) for key, words in tables.get(name, {}).items()}

    return Language(code, frozenset(tables["detect"]["words"]), table("ad"), table("mail"), table("cv"))


def words(table: str, key: str) -> tuple[str, ...]:
    """Return the words of `key` in the table `ad`, `mail` or `cv`, of all languages together, those in `other.toml` included."""
    return _gathered(table, key)


@cache
def _gathered(table: str, key: str) -> tuple[str, ...]:
    found = [word for code in CODES for word in getattr(language(code), table).get(key, ())]
    return tuple(dict.fromkeys((*found, *_read(_OTHERS).get(table, {}).get(key, ()))))


@cache
def machine_table(table: str) -> Mapping[str, tuple[str, ...]]:
    """Return a table of the words that programs write, in all languages: `delivery`, `receipt`, `automatic` or `mailing`."""
    return {key: tuple(words) for key, words in _read(_MACHINES)[table].items()}


@cache
def _read(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def detect(text: str, minimum: int = 3, *, by_headings: bool = False) -> str | None:
    """Return `fr` or `en`, or None when fewer than `minimum` telling words stand in `text`, or those of another language more often.

    `by_headings`: where a CV has no sentences, its headings and trades tell.
    """
    seen = Counter(match.group().lower() for match in _WORD.finditer(text[:_MOST_TEXT]))
    scores = {code: sum(seen[word] for word in telling & seen.keys()) for code, telling in _telling().items()}
    best = max(CODES, key=lambda code: scores[code])
    if max(score for code, score in scores.items() if code not in CODES) >= max(minimum, scores[best] * _SHARE):
        return None
    if scores[best] >= minimum:
        return best
    return _by_headings(seen, scores) if by_headings else None


def _by_headings(seen: Counter[str], scores: Mapping[str, int]) -> str | None:
    """Return the language of most words of a text that has few, accents or not."""
    said = {code: scores[code] + sum(seen[word] for word in telling & seen.keys()) for code, telling in _telling_cv().items()}
    best, other = sorted(CODES, key=lambda code: -said[code])
    return best if said[best] >= _TOO_FEW and said[best] > said[other] else None


@cache
def _telling() -> Mapping[str, frozenset[str]]:
    """Return the frequent words of each language that is read here, and of those that might be mistaken for it."""
    return {code: language(code).detect for code in CODES} | {
        code: frozenset(words) for code, words in _read(_OTHERS).get("detect", {}).items()
    }


@cache
def _telling_cv() -> Mapping[str, frozenset[str]]:
    """Return the words of each language's headings and trades that the other does not have, also as capitals leave them: unaccented."""
    found: dict[str, set[str]] = {}
    for code in CODES:
        tables = language(code)
        keys = (key for key in tables.cv if key.startswith("heading_") or key in {"trades", "titles", "months", "tongues"})
        said = {word for key in keys for entry in tables.cv[key] for word in _WORD.findall(entry.lower())} | tables.detect
        found[code] = said | {_without_accents(word) for word in said}
    every = frozenset.intersection(*map(frozenset, found.values()))
    return {code: frozenset(said - every) for code, said in found.items()}


def _without_accents(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
