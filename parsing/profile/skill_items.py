"""One line of a list of skills into its items: what stands between the separators, without levels, asides and what is no skill.

Called by `parsing/profile/skill_lists.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from parsing.languages import words
from parsing.profile.skill_names import canonical, find_all, plain

BREAKS = re.compile(r"[,;|•·▪■●◦‣∙⋅►➢✓✔\t]|\s[–—-]\s|[ \u00a0]{3,20}")
"""What stands between two items."""
_BOXES = re.compile(r"[)}\]]\s{0,3}[({\[]")
"""Frames around items, as a picture's reader sees them."""
_SIGNS = re.compile(rf"[()/]|{BREAKS.pattern}")
_BOX_SIGNS = re.compile(rf"[()\[\]{{}}/]|{BREAKS.pattern}")
MOST_WORDS = 6
"""Of an item."""
_LONGEST = 60
_MOST_LEVEL_WORDS = 4
_BULLET = re.compile(r"\s{0,40}(?:(?:[^\w\s.(#+]|o\s){1,4}|\d{1,2}(?:[.)]|(?=\s)))\s{0,9}(?=\S)")
_MARKS = "★☆●○◉◯■□▪▫▮▯⬤◆◇✦✧⚫⚪🞄◼◻█░▓▒"
_RATING_ENDS = frozenset(f"{_MARKS}*✶✷✭%)")
_RATED = re.compile(
    rf"\s{{0,9}}(?:(?:[{_MARKS}*✶✷✭]\s{{0,2}}){{2,12}}|[:(–-]?\s?\d{{1,3}}\s?%\)?|[:(–-]?\s?\d{{1,2}}\s?/\s?(?:5|10|20)\)?)$"
)
_ASIDE = re.compile(r"\s{0,3}\(([^()]{0,200})\)\s{0,3}$")
_AND = re.compile(r"\s(?:et|and|&|ou|or|\+)\s|\.\s")
_LEADING = re.compile(r"(?:et|and|&|ou|or)\s{1,4}", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ADDRESS = re.compile(r"@|://|www\.|\.(?:com|fr|org)\b|(?:\d[ .-]?){8}")
_LAST_WORD = re.compile(
    r"(?<![^\s,(])(?:de|des|du|d'|la|le|les|l'|of|the|and|et|à|au|aux|en|in|for|pour|with|avec|&|/|-|to|par|sur|on|un|une|a)$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+")
_SLASH = re.compile(r"\s?/\s?")
_SPACED_SLASH = re.compile(r"\s/\s")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, in characters."""

    start: int
    end: int


def items_of(text: str, body: Span) -> Iterator[Span]:
    """Yield the items of a line."""
    for raw in pieces(text, body):
        piece = without_level(text, raw)
        aside = _ASIDE.search(text, piece.start, piece.end)
        if aside is None:
            if not _ends_a_sentence(text, piece):
                yield from _accepted(text, piece)
            continue
        main = without_level(text, Span(piece.start, aside.start()))
        inner = [part for part in pieces(text, Span(aside.start(1), aside.end(1)), slashes=True) if canonical(said_at(text, part))]
        if canonical(said_at(text, main)) or not inner:
            yield from _accepted(text, main)
        yield from inner


def _ends_a_sentence(text: str, piece: Span) -> bool:
    return text[piece.end : piece.end + 1] == "." and text[piece.start : piece.start + 1].islower() and not canonical(said_at(text, piece))


def pieces(text: str, body: Span, *, slashes: bool = False) -> Iterator[Span]:
    """Yield what stands between the separators that are outside of brackets."""
    boxed = _BOXES.search(text, body.start, body.end)
    depth, at = 0, body.start
    for mark in (_BOX_SIGNS if boxed else _SIGNS).finditer(text, body.start, body.end):
        sign = mark[0]
        if not boxed and sign in "()":
            depth = depth + 1 if sign == "(" else max(0, depth - 1)
        elif depth == 0 and (slashes or sign != "/"):
            yield stripped(text, Span(at, mark.start()))
            at = mark.end()
    if at < body.end:
        yield stripped(text, Span(at, body.end))


def _accepted(text: str, piece: Span) -> Iterator[Span]:
    """Yield a piece that is an item, or the two that "and" joins, or the many between slashes."""
    lead = _LEADING.match(text, piece.start, piece.end)
    piece = stripped(text, Span(lead.end(), piece.end)) if lead else piece
    said = said_at(text, piece)
    if canonical(said) is None:
        parts = _split(text, piece, _AND)
        if "/" not in said and len(parts) > 1 and all(canonical(said_at(text, part)) for part in parts):
            yield from parts
            return
        parts = _split(text, piece, _SLASH)
        if len(parts) > 2 and (len(_SPACED_SLASH.findall(said)) > 1 or all(canonical(said_at(text, part)) for part in parts)):
            yield from (part for part in parts if _is_item(said_at(text, part)))
            return
        if len(row := _row(text, piece)) > 1:
            yield from row
            return
    if _is_item(said):
        yield piece


def _split(text: str, piece: Span, separator: re.Pattern[str]) -> list[Span]:
    found, at = [], piece.start
    for match in separator.finditer(text, piece.start, piece.end):
        found.append(stripped(text, Span(at, match.start())))
        at = match.end()
    return [*found, stripped(text, Span(at, piece.end))]


def _row(text: str, piece: Span) -> list[Span]:
    """Return the names that stand in a row with nothing but blanks between them."""
    hits = find_all(text[piece.start : piece.end])
    between = [piece.start, *(piece.start + at for hit in hits for at in (hit.start, hit.end)), piece.end]
    if any(text[start:end].strip() for start, end in zip(between[::2], between[1::2], strict=True)):
        return []
    return [Span(piece.start + hit.start, piece.start + hit.end) for hit in hits]


def without_level(text: str, piece: Span) -> Span:
    """Return an item without what says how well it is known."""
    for _ in range(3):
        end = _end_without_level(text[piece.start : piece.end])
        if end is None:
            return piece
        piece = stripped(text, Span(piece.start, piece.start + end))
    return piece


def _end_without_level(said: str) -> int | None:
    """Return where an item's level begins; None when it has none."""
    last = said[-1:]
    if (last in _RATING_ENDS or last.isdigit()) and (rated := _RATED.search(said)):
        return rated.start()
    if (mark := said.rfind(":")) > 0 and is_level(said[mark + 1 :]):
        return mark
    if last == ")" and (aside := _ASIDE.search(said)) and aside.start() > 0 and is_level(aside[1]):
        return aside.start()
    blank = len(said)
    for _ in range(_MOST_LEVEL_WORDS):
        blank = said.rfind(" ", 0, blank)
        if blank <= 0 or not is_level(said[blank:]):
            return None
        if canonical(said[:blank]) and canonical(said) is None:
            return blank
    return None


def _is_item(said: str) -> bool:
    if canonical(said):
        return True
    count = len(said.split())
    letters = sum(sign.isalpha() for sign in said)
    if not 2 <= len(said) <= _LONGEST or count > MOST_WORDS or letters < 2 or letters * 2 < len(said) or _ADDRESS.search(said):
        return False
    named = _WORDS.findall(plain(said))
    if not named or last_word(said) or has_year(said):
        return False
    whole = " ".join(named)
    return not (
        named[0] in _tongues()
        or whole in _known("skill_category")
        or whole in _known("skill_soft")
        or is_level(said)
        or _words_of("skill_never").intersection(named)
        or _words_of("sentence").intersection(named)
        or trades().intersection(named)
    )


def is_level(said: str) -> bool:
    """Tell whether words only say how well something is known."""
    return _is_level(said[:80])


@lru_cache(maxsize=2048)
def _is_level(said: str) -> bool:
    named = _WORDS.findall(plain(said))
    rest = [word for word in named if not word.isdigit()]
    return bool(rest) and (
        " ".join(rest) in _known("skill_level") or (len(rest) <= 4 and all(word in _words_of("skill_level") for word in rest))
    )


def is_in(said: str, key: str) -> bool:
    """Tell whether words are one of a table of the CVs' vocabulary."""
    return " ".join(_WORDS.findall(plain(said[:80]))) in _known(key)


def last_word(said: str) -> bool:
    """Tell whether words end in one that needs another after it ("gestion de")."""
    return _LAST_WORD.search(said[-12:]) is not None


def has_year(said: str) -> bool:
    """Tell whether a year stands in the words."""
    return _YEAR.search(said) is not None


def said_at(text: str, span: Span) -> str:
    """Return the words of a span with single blanks."""
    return " ".join(text[span.start : span.end].split())


def stripped(text: str, span: Span) -> Span:
    """Return a span without bullets, blanks and the signs that end a line."""
    start, end = span.start, max(span.start, span.end)
    # most begin with a letter, which none of the bullets but "o" is
    if start < end and (text[start] == "o" or not text[start].isalpha()) and (bullet := _BULLET.match(text, start, end)):
        start = bullet.end()
    while start < end and (text[start].isspace() or text[start] in "\u200b\ufeff"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".,;:|–—-•\u200b\ufeff"):
        end -= 1
    return Span(start, end)


@cache
def _known(key: str) -> frozenset[str]:
    return frozenset(" ".join(_WORDS.findall(plain(word))) for word in words("cv", key))


@cache
def _tongues() -> frozenset[str]:
    return frozenset(_WORDS.findall(plain(entry))[0] for entry in words("cv", "tongue"))


@cache
def trades() -> frozenset[str]:
    """Return the words that name a job."""
    return frozenset(plain(word) for word in set(words("cv", "trades")) - set(words("cv", "trade_modifiers")) if len(word) > 3)


@cache
def _words_of(key: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(plain(" ".join(words("cv", key)))))
