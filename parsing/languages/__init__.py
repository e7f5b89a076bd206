"""The words of each language pli reads: one TOML file a language, shipped with the code.

A language is a vocabulary, nothing else: `[detect]` for telling languages apart, `[ad]` for job ads, `[mail]` for mails
and their robots, `[cv]` for CVs, `[papers]` for telling letters, portfolios, certificates and other papers apart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CODES = ("fr", "en")
_MACHINES = "machines"
"""The file of the words that programs write, in whatever language."""
_OTHERS = "other"
"""The file of the words that mails bring in further languages; nothing is read or written in these."""

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
    papers: Mapping[str, tuple[str, ...]]


@cache
def language(code: str) -> Language:
    """Return the vocabulary of `code` (`fr` or `en`); KeyError for another."""
    if code not in CODES:
        raise KeyError(code)
    tables = _read(code)

    def table(name: str) -> Mapping[str, tuple[str, ...]]:
        return {key: tuple(words) for key, words in tables.get(name, {}).items()}

    return Language(code, frozenset(tables["detect"]["words"]), table("ad"), table("mail"), table("cv"), table("papers"))


def words(table: str, key: str) -> tuple[str, ...]:
    """Return the words of `key` in the table `ad`, `mail`, `cv` or `papers`, of all languages together, those in `other.toml` included."""
    return _gathered(table, key)


@cache
def _gathered(table: str, key: str) -> tuple[str, ...]:
    found = [word for code in CODES for word in getattr(language(code), table).get(key, ())]
    return tuple(dict.fromkeys((*found, *_read(_OTHERS).get(table, {}).get(key, ()))))


@cache
def machine_table(table: str) -> Mapping[str, tuple[str, ...]]:
    """Return a table of the words that programs write, in all languages: `delivery`, `receipt`, `automatic` or `mailing`."""
    return {key: tuple(words) for key, words in _read(_MACHINES)[table].items()}


def _read(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def detect(text: str, minimum: int = 3) -> str | None:
    """Return `fr` or `en`, or None when fewer than `minimum` telling words stand in `text`."""
    seen = [match.group().lower() for match in _WORD.finditer(text[:20_000])]
    scores = {code: sum(word in language(code).detect for word in seen) for code in CODES}
    best = max(CODES, key=lambda code: scores[code])
    return best if scores[best] >= minimum else None
