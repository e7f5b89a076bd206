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
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from parsing.languages import words

Level = Literal["anywhere", "beside", "listed", "item", "practice"]
_LEVELS: tuple[Level, ...] = ("anywhere", "beside", "listed", "item", "practice")
_TOKEN = re.compile(r"(?<![a-z0-9])\.net(?![a-z0-9])|[a-z0-9]{1,40}(?:\+\+|#)?")
_LONGEST_GAP = 3
"""Signs between two words of one name."""
_JOINS = re.compile(r"[,;:|()\[\]{}•·…]|\n\s*\n|\n\s*[-*]|\s-\s")
"""What ends a name."""
_LIST = re.compile(r"\s*(?:[,;/|&+•·(\t]|(?:[,;]\s?)?\b(?:et|ou|and|or)\b)\s*")
_LONGEST_SEPARATOR = 8
_SHORTEST_JOINED = 5
_SHORTEST_STEM = 3
_LONGEST_NAME = 120
"""Characters."""
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


_Token = re.Match[str]
"""A word of a plain text; a match, for most words are only looked at and never placed."""


def canonical(said: str) -> str | None:
    """Return the vocabulary's name for what is said ("nodejs", "Vue 3", "k8s"); None for what it does not have."""
    return _canonical(said[:_LONGEST_NAME])


@lru_cache(maxsize=4096)
def _canonical(said: str) -> str | None:
    words_said = _TOKEN.findall(plain(said))
    while words_said:
        if name := _keys().get(" ".join(words_said)):
            return name.canonical
        if len(words_said) == 1:
            found = _inflected(words_said[0])
            return found[0].canonical if found else None
        if not words_said[-1][0].isdigit():
            return None
        words_said.pop()
    return None


def is_practice(said: str) -> bool:
    """Tell whether words name something that people do rather than use."""
    hits = find_all(said)
    return bool(hits) and all(hit.name.level in {"item", "practice"} for hit in hits)


def is_telling(said: str) -> bool:
    """Tell whether words are a name of the vocabulary that means a skill wherever it stands in a list ("Excel", not "C" or "LinkedIn")."""
    return canonical(said) is not None and all(hit.name.level != "listed" for hit in find_all(said))


def find_all(text: str) -> tuple[Hit, ...]:
    """Return everything that may be a name of the vocabulary, in order, in whatever capitals; for lists of skills."""
    return _find_short(text) if len(text) <= _LONGEST_NAME else tuple(_hits(plain(text)))


@lru_cache(maxsize=4096)
def _find_short(text: str) -> tuple[Hit, ...]:
    """Find the names in an item of a list: the same ones are asked about several times, in every CV."""
    return tuple(_hits(plain(text)))


def find_sure(text: str, hits: Sequence[Hit] | None = None) -> tuple[Hit, ...]:
    """Return the names that the words of a running text can only mean, in order; practices among them.

    `hits`: what `find_all` found there, if that is known already.
    """
    hits = find_all(text) if hits is None else hits
    sure = [hit.name.level in {"anywhere", "practice"} or _is_introduced(hit, text) for hit in hits]
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
    texts = [token.group() for token in tokens]
    behind = 0
    for at, first in enumerate(texts):
        if at < behind:
            continue
        entries = index.get(first)
        if entries is None and first[-1] != "s" and not first[-1].isdigit():
            continue
        entry = next((entry for entry in entries or () if _stands(entry[0], texts, tokens, at, flat)), None)
        if entry is not None:
            behind = at + len(entry[0])
            yield Hit(entry[1], tokens[at].start(), tokens[behind - 1].end())
        elif inflected := _inflected(first):
            start = tokens[at].start()
            yield Hit(inflected[0], start, start + inflected[1])


def _stands(wanted: Sequence[str], texts: Sequence[str], tokens: Sequence[_Token], at: int, flat: str) -> bool:
    if len(wanted) == 1:
        return True
    if tuple(texts[at : at + len(wanted)]) != wanted:
        return False
    for place in range(at, at + len(wanted) - 1):
        end, start = tokens[place].end(), tokens[place + 1].start()
        if start - end > _LONGEST_GAP or _JOINS.search(flat, end, start):
            return False
    return True


def _inflected(word: str) -> tuple[Name, int] | None:
    """Return the name that a word is a version or the plural of ("python3", "OKRs"), and how many signs of the word it takes."""
    if word[-1] == "s":
        stem, length = word[:-1], len(word) - 1
    elif word[-1].isdigit():
        stem, length = word.rstrip("0123456789"), len(word)
    else:
        return None
    name = _keys().get(stem) if len(stem) >= _SHORTEST_STEM else None
    return (name, length) if name is not None and name.level == "anywhere" else None


def _is_introduced(hit: Hit, text: str) -> bool:
    """Tell whether a word before a name says what it is ("langage Go", "avec Excel"), and none after it ("en Spring 2020")."""
    if hit.name.level not in {"beside", "listed"} or not _is_written_so(hit, text):
        return False
    cues = _cues("skill_cue") if hit.name.level == "beside" else _cues("skill_cue_sure")
    before = plain(text[max(0, hit.start - 24) : hit.start]).split()
    after = text[hit.end : hit.end + 2]
    goes_on = len(after) == 2 and after[0] == " " and (after[1].isupper() or after[1].isdigit())
    return bool(before) and before[-1].strip("(«\"'“:") in cues and not goes_on


def _are_listed(text: str, before: Hit, after: Hit) -> bool:
    gap = after.start - before.end
    return 0 < gap <= _LONGEST_SEPARATOR and _LIST.fullmatch(text, before.end, after.start) is not None


def _vouches(hit: Hit, sure: bool, text: str) -> bool:
    """Tell whether a name beside another makes that one sure: it is sure itself, or hardly anything else in these capitals."""
    return (sure and hit.name.level not in {"item", "practice"}) or (hit.name.level == "beside" and _is_written_so(hit, text))


def _is_written_so(hit: Hit, text: str) -> bool:
    return hit.name.level in {"anywhere", "practice"} or text[hit.start : hit.end] in _spellings()


def _tokens(flat: str) -> list[_Token]:
    return list(_TOKEN.finditer(flat))


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
    tables = _tables()
    found: dict[Level, tuple[tuple[str, ...], ...]] = {}
    for level in _LEVELS:
        entries = (entry.partition(" = ") for group in tables[level].values() for entry in group)
        found[level] = tuple((name, *filter(None, others.split(", "))) for name, _, others in entries)
    return found


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("parsing.profile").joinpath("vocabulary", "skills.toml").read_text(encoding="utf-8"))


@cache
def shown_by(name: str) -> frozenset[str]:
    """Return the other names of the vocabulary that show what `name` is ("RGAA" shows "accessibilité numérique")."""
    return _related().get(name, frozenset())


@cache
def _related() -> Mapping[str, frozenset[str]]:
    pairs = (entry.partition(" = ") for entry in _tables()["shown_by"]["names"])
    return {name: frozenset(others.split(", ")) for name, _, others in pairs}


@cache
def _keys() -> Mapping[str, Name]:
    """Return the name that each key means, its words in plain letters with blanks between; the surest meaning first."""
    found: dict[str, Name] = {}
    for level, entries in _read().items():
        for spellings in entries:
            name = Name(spellings[0], level)
            for spelling in spellings:
                found.setdefault(" ".join(_TOKEN.findall(plain(spelling))), name)
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
def _cues(key: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words("cv", key))
