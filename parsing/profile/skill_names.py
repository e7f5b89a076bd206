"""What people can do, by name: the vocabulary of `vocabulary/skills.toml`, found in a text in one pass over its words.

Called by `parsing/profile/skills.py` for CVs and by `parsing/requirements.py` for what ads ask.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from parsing.languages import words

Level = Literal["anywhere", "beside", "listed", "practice"]
_LEVELS: tuple[Level, ...] = ("anywhere", "beside", "listed", "practice")
_TOKEN = re.compile(r"(?<![a-z0-9])\.net(?![a-z0-9])|[a-z0-9]{1,40}(?:\+\+|#)?")
_LONGEST_GAP = 3
"""Signs between two words of one name."""
_JOINS = re.compile(r"[,;:|()\[\]{}•·…]|\n\s*\n|\n\s*[-*]|\s-\s")
"""What ends a name."""
_LIST = re.compile(r"\s*(?:[,;/|&+•·(\t]|(?:[,;]\s?)?\b(?:et|ou|and|or)\b)\s*")
_LONGEST_SEPARATOR = 8
_SHORTEST_JOINED = 5
_ALPHABETS = 0x3000
"""Above are the scripts of East Asia."""


@dataclass(frozen=True, slots=True)
class Name:
    """One entry of the vocabulary."""

    canonical: str
    level: Level
    """How much it takes to be sure that the words mean it; see the vocabulary."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name and where it stands, in characters."""

    name: Name
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def canonical(said: str) -> str | None:
    """Return the vocabulary's name for what is said ("nodejs", "Vue 3", "k8s"); None for what it does not have."""
    tokens = _tokens(plain(said[:200]))
    while tokens:
        if name := _keys().get(" ".join(token.text for token in tokens)):
            return name.canonical
        if len(tokens) == 1 and (found := _without_version(tokens[0].text)):
            return found.canonical
        if len(tokens) == 1 or not tokens[-1].text[0].isdigit():
            return None
        tokens = tokens[:-1]
    return None


def find_all(text: str) -> tuple[Hit, ...]:
    """Return everything that may be a name of the vocabulary, in order, in whatever capitals; for lists of skills."""
    return tuple(_hits(plain(text)))


def find_sure(text: str) -> tuple[Hit, ...]:
    """Return the names that the words of a running text can only mean, in order; practices among them."""
    flat = plain(text)
    hits = list(_hits(flat))
    sure = [hit.name.level in {"anywhere", "practice"} or _is_introduced(hit, text, flat) for hit in hits]
    beside = [_are_listed(text, before, after) for before, after in pairwise(hits)]
    for order in (range(len(beside)), reversed(range(len(beside)))):
        for at in order:
            if beside[at]:
                first, second = hits[at], hits[at + 1]
                sure[at + 1] |= _vouches(first, sure[at], text) and _is_written_so(second, text)
                sure[at] |= _vouches(second, sure[at + 1], text) and _is_written_so(first, text)
    return tuple(hit for hit, certain in zip(hits, sure, strict=True) if certain)


def plain(text: str) -> str:
    """Return `text` in lower case without accents, sign by sign: offsets stay the same."""
    return text.translate(_FLAT)


def _hits(flat: str) -> Iterator[Hit]:
    """Yield the names in a plain text, the longest at each place."""
    index, tokens = _index(), _tokens(flat)
    at = 0
    while at < len(tokens):
        first = tokens[at]
        entry = next((entry for entry in index.get(first.text, ()) if _stands(entry[0], tokens, at, flat)), None)
        if entry is not None:
            last = tokens[at + len(entry[0]) - 1]
            yield Hit(entry[1], first.start, last.end)
            at += len(entry[0])
            continue
        if name := _without_version(first.text):
            yield Hit(name, first.start, first.end)
        at += 1


def _stands(wanted: Sequence[str], tokens: Sequence[_Token], at: int, flat: str) -> bool:
    if at + len(wanted) > len(tokens):
        return False
    for offset in range(1, len(wanted)):
        before, token = tokens[at + offset - 1], tokens[at + offset]
        if token.text != wanted[offset] or token.start - before.end > _LONGEST_GAP or _JOINS.search(flat, before.end, token.start):
            return False
    return True


def _without_version(token: str) -> Name | None:
    """Return what "python3" or "php8" is a version of."""
    stem = token.rstrip("0123456789")
    if stem == token or len(stem) < 3:
        return None
    name = _keys().get(stem)
    return name if name is not None and name.level == "anywhere" else None


def _is_introduced(hit: Hit, text: str, flat: str) -> bool:
    """Tell whether a word before a name says what it is ("langage Go", "avec Excel"), and none after it ("en Spring 2020")."""
    if hit.name.level != "beside" or not _is_written_so(hit, text):
        return False
    before = flat[max(0, hit.start - 24) : hit.start].split()
    after = text[hit.end : hit.end + 2]
    goes_on = len(after) == 2 and after[0] == " " and (after[1].isupper() or after[1].isdigit())
    return bool(before) and before[-1].strip("(«\"'“:") in _cues() and not goes_on


def _are_listed(text: str, before: Hit, after: Hit) -> bool:
    gap = after.start - before.end
    return 0 < gap <= _LONGEST_SEPARATOR and _LIST.fullmatch(text, before.end, after.start) is not None


def _vouches(hit: Hit, sure: bool, text: str) -> bool:
    """Tell whether a name beside another makes that one sure: it is sure itself, or hardly anything else in these capitals."""
    return (sure and hit.name.level != "practice") or (hit.name.level == "beside" and _is_written_so(hit, text))


def _is_written_so(hit: Hit, text: str) -> bool:
    return hit.name.level in {"anywhere", "practice"} or text[hit.start : hit.end] in _spellings()


def _tokens(flat: str) -> list[_Token]:
    return [_Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(flat)]


class _Flat(dict[int, str]):
    """The plain sign of each sign, one for one; kept for the alphabets of Europe only, so that no text fills the memory."""

    def __missing__(self, code: int) -> str:
        if code >= _ALPHABETS:
            return chr(code)
        sign = unicodedata.normalize("NFKD", chr(code).lower())[:1].lower()
        self[code] = kept = sign if len(sign) == 1 else " "
        return kept


_FLAT = _Flat()


@cache
def _read() -> Mapping[Level, tuple[tuple[str, ...], ...]]:
    """Return the entries of each level: the name, then its other ways to be written."""
    said = files("parsing.profile").joinpath("vocabulary", "skills.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(said)
    found: dict[Level, tuple[tuple[str, ...], ...]] = {}
    for level in _LEVELS:
        entries = (entry.partition(" = ") for group in tables[level].values() for entry in group)
        found[level] = tuple((name, *filter(None, others.split(", "))) for name, _, others in entries)
    return found


@cache
def _keys() -> Mapping[str, Name]:
    """Return the name that each key means, its words in plain letters with blanks between; the surest meaning first."""
    found: dict[str, Name] = {}
    for level, entries in _read().items():
        for spellings in entries:
            name = Name(spellings[0], level)
            for spelling in spellings:
                tokens = [token.text for token in _tokens(plain(spelling))]
                found.setdefault(" ".join(tokens), name)
    for key, name in list(found.items()):
        joined = key.replace(" ", "")
        if len(joined) >= _SHORTEST_JOINED and not joined.startswith("."):
            found.setdefault(joined, name)
    return found


@cache
def _index() -> Mapping[str, tuple[tuple[tuple[str, ...], Name], ...]]:
    """Return what may begin with each word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Name]]] = defaultdict(list)
    for key, name in _keys().items():
        tokens = tuple(key.split(" "))
        found[tokens[0]].append((tokens, name))
    return {first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in found.items()}


@cache
def _spellings() -> frozenset[str]:
    return frozenset(spelling for level in ("beside", "listed") for entry in _read()[level] for spelling in entry)


@cache
def _cues() -> frozenset[str]:
    return frozenset(plain(word) for word in words("cv", "skill_cue"))
