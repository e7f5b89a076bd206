"""The items of a list of skills as it stands in a CV: separated by commas, bullets, tabs or lines, under names of categories, with levels.

A list says what its person counts as a skill, known to the vocabulary or not. Called by `parsing/profile/skills.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from parsing.languages import words
from parsing.profile.skill_names import canonical, find_all, plain

_MOST_SIGNS = 12_000
"""Characters of one list that are read."""
_MOST_WORDS = 6
_LONGEST = 60
_LONGEST_LABEL = 48
_PROSE = 9
"""Words from which a line without commas is a sentence."""
_LABEL = re.compile(r"([^:,;\t\n]{2,48}?)[ \u00a0]{0,3}(?::|[ \u00a0][–—-][ \u00a0](?=[^,\n]{1,80},))[ \u00a0\t]{0,9}")
_BULLET = re.compile(r"\s{0,40}(?:(?:[^\w\s.(#+]|o\s){1,4}|\d{1,2}(?:[.)]|(?=\s)))\s{0,9}(?=\S)")
_BREAKS = re.compile(r"[,;|•·▪■●◦‣∙⋅►➢✓✔\t]|\s[–—-]\s|[ \u00a0]{3,20}|\s/\s(?=[^/\n]{1,60}\s/\s)")
_MARKS = "★☆●○◉◯■□▪▫▮▯⬤◆◇✦✧⚫⚪🞄◼◻█░▓▒"
_RATED = re.compile(
    rf"\s{{0,9}}(?:(?:[{_MARKS}*✶✷✭]\s{{0,2}}){{2,12}}|[:(–-]?\s?\d{{1,3}}\s?%\)?|[:(–-]?\s?\d{{1,2}}\s?/\s?(?:5|10|20)\)?)$"
)
_ASIDE = re.compile(r"\s{0,3}\(([^()]{0,200})\)\s{0,3}$")
_AND = re.compile(r"\s(?:et|and|&|ou|or|\+)\s")
_LEADING = re.compile(r"(?:et|and|&|ou|or)\s{1,4}", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ADDRESS = re.compile(r"@|://|www\.|\.(?:com|fr|org)\b|(?:\d[ .-]?){8}")
_LAST_WORD = re.compile(
    r"(?<![^\s,(])(?:de|des|du|d'|la|le|les|l'|of|the|and|et|à|au|aux|en|in|for|pour|with|avec|&|/|-|to|par|sur|on|un|une|a)$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, in characters."""

    start: int
    end: int


def read_list(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the items of the list between two offsets of `text`, in order; headings, levels, sentences and spoken languages are none."""
    end = min(end, start + _MOST_SIGNS)
    lines = list(_joined(text, list(_lines(text, start, end))))
    found: list[Span] = []
    skipping = False
    for at, line in enumerate(lines):
        label, body = _label(text, line)
        said = _said(text, label) if label else ""
        if label and _is_in(said, "skill_soft"):
            skipping = body.start >= body.end
            continue
        if not label and _is_in(_said(text, body), "skill_soft"):
            skipping = True
            continue
        if label or _is_category(text, body, lines[at + 1 :]):
            skipping = False
            if label and canonical(said):
                found.append(label)
            if not label:
                continue
        if skipping or body.start >= body.end:
            continue
        if found and _ends_the_list(text, body):
            break
        if not _is_prose(text, body):
            found += _items(text, body)
    return tuple(found)


def _lines(text: str, start: int, end: int) -> Iterator[Span | None]:
    """Yield the lines without their bullets; None for a blank one."""
    at = start
    for raw in text[start:end].split("\n"):
        yield _stripped(text, Span(at, at + len(raw))) if raw.strip() else None
        at += len(raw) + 1


def _joined(text: str, lines: Sequence[Span | None]) -> Iterator[Span]:
    """Yield the lines, those that go on in the next one together with it."""
    widest = max((line.end - line.start for line in lines if line), default=0)
    held: Span | None = None
    for line in lines:
        if held is not None and line is not None and _goes_on(text, held, line, widest):
            held = Span(held.start, line.end)
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _goes_on(text: str, held: Span, line: Span, widest: int) -> bool:
    """Tell whether an item of a list begins in one line and ends in the next, or the list does."""
    between = text[held.end : line.start]
    said, after = text[held.start : held.end], text[line.start : line.end]
    if between.strip() or held.end - held.start > 2000 or _LABEL.match(after):
        return False
    if said.count("(") > said.count(")") or said.endswith((",", ";")) or _LAST_WORD.search(said[-12:]):
        return True
    last, first = _BREAKS.split(said)[-1], _BREAKS.split(after)[0]
    if canonical(f"{last} {first}") and not (canonical(last) and canonical(first)):
        return True
    if canonical(first) or "\t" in said or "\t" in after:
        return False
    listed = "," in said or ";" in said
    if listed and (canonical(last) is None or "," in after):
        own_line = text[text.rfind("\n", 0, held.end) + 1 : held.end]
        return after[0].islower() or ("," in after and len(own_line) * 4 >= widest * 3 and canonical(last) is None)
    return after[0].islower() and not listed and len(said) * 4 >= widest * 3


def _label(text: str, line: Span) -> tuple[Span | None, Span]:
    """Return the name of a category that stands before a line's items, if any, and the items."""
    found = _LABEL.match(text, line.start, line.end)
    if found:
        label, body = Span(found.start(1), found.end(1)), _stripped(text, Span(found.end(), line.end))
        if len(_said(text, label).split()) > _MOST_WORDS or _is_level(_said(text, body)):
            return None, line
        return label, body
    tab = text.find("\t", line.start, line.end)
    if tab > 0 and "," not in text[line.start : tab] and "," in text[tab : line.end]:
        return _stripped(text, Span(line.start, tab)), _stripped(text, Span(tab, line.end))
    return None, line


def _is_category(text: str, body: Span, after: Sequence[Span]) -> bool:
    """Tell whether a line only names what the next one lists."""
    said = _said(text, body)
    if _is_in(said, "skill_category"):
        return True
    plain_line = not _BREAKS.search(said) and canonical(said) is None and len(said) <= _LONGEST_LABEL
    return plain_line and bool(after) and "," in (following := _said(text, after[0])) and not _LABEL.match(following)


def _ends_the_list(text: str, body: Span) -> bool:
    """Tell whether a line is of a job or a school: the heading above it was missed."""
    said = _said(text, body)
    if canonical(said) or find_all(said):
        return False
    named = plain(said).split()
    return bool(_YEAR.search(said)) or (len(named) <= 5 and bool(_trades().intersection(named)))


def _is_prose(text: str, body: Span) -> bool:
    said = _said(text, body)
    count = len(said.split())
    if said.endswith((".", "!", "?")) and count >= _PROSE:
        return True
    parts = [part for part in _BREAKS.split(said) if part.strip()]
    return count >= _PROSE and sum(len(part.split()) > _MOST_WORDS for part in parts) * 2 >= len(parts)


def _items(text: str, body: Span) -> Iterator[Span]:
    for raw in _pieces(text, body):
        piece = _without_level(text, raw)
        aside = _ASIDE.search(text, piece.start, piece.end)
        if aside is None:
            yield from _accepted(text, piece)
            continue
        main = _without_level(text, Span(piece.start, aside.start()))
        inner = [part for part in _pieces(text, Span(aside.start(1), aside.end(1)), slashes=True) if canonical(_said(text, part))]
        if canonical(_said(text, main)) or not inner:
            yield from _accepted(text, main)
        yield from inner


def _pieces(text: str, body: Span, *, slashes: bool = False) -> Iterator[Span]:
    """Yield what stands between the separators that are outside of brackets."""
    depth, at = 0, body.start
    breaks = {match.start(): match.end() for match in _BREAKS.finditer(text, body.start, body.end)}
    for place in range(body.start, body.end):
        sign = text[place]
        depth = depth + 1 if sign == "(" else max(0, depth - 1) if sign == ")" else depth
        if place >= at and depth == 0 and (place in breaks or (slashes and sign == "/")):
            yield _stripped(text, Span(at, place))
            at = breaks.get(place, place + 1)
    if at < body.end:
        yield _stripped(text, Span(at, body.end))


def _accepted(text: str, piece: Span) -> Iterator[Span]:
    """Yield a piece that is an item, or the two that "and" joins, or the many between slashes."""
    lead = _LEADING.match(text, piece.start, piece.end)
    piece = _stripped(text, Span(lead.end(), piece.end)) if lead else piece
    said = _said(text, piece)
    if canonical(said) is None:
        for parts in (_split(text, piece, _AND), _split(text, piece, re.compile("/"))):
            many = len(parts) > (2 if "/" in said else 1)
            if many and all(canonical(_said(text, part)) for part in parts):
                yield from parts
                return
        if len(row := _row(text, piece)) > 1:
            yield from row
            return
    if _is_item(said):
        yield piece


def _split(text: str, piece: Span, separator: re.Pattern[str]) -> list[Span]:
    found, at = [], piece.start
    for match in separator.finditer(text, piece.start, piece.end):
        found.append(_stripped(text, Span(at, match.start())))
        at = match.end()
    return [*found, _stripped(text, Span(at, piece.end))]


def _row(text: str, piece: Span) -> list[Span]:
    """Return the names that stand in a row with nothing but blanks between them."""
    hits = find_all(text[piece.start : piece.end])
    between = [piece.start, *(piece.start + at for hit in hits for at in (hit.start, hit.end)), piece.end]
    if any(text[start:end].strip() for start, end in zip(between[::2], between[1::2], strict=True)):
        return []
    return [Span(piece.start + hit.start, piece.start + hit.end) for hit in hits]


def _without_level(text: str, piece: Span) -> Span:
    """Return an item without what says how well it is known."""
    for _ in range(3):
        said = text[piece.start : piece.end]
        if rated := _RATED.search(said):
            piece = _stripped(text, Span(piece.start, piece.start + rated.start()))
        elif (mark := said.rfind(":")) > 0 and _is_level(said[mark + 1 :]):
            piece = _stripped(text, Span(piece.start, piece.start + mark))
        elif (aside := _ASIDE.search(said)) and aside.start() > 0 and _is_level(aside[1]):
            piece = _stripped(text, Span(piece.start, piece.start + aside.start()))
        elif (blank := said.rfind(" ")) > 0 and canonical(said) is None and _is_level(said[blank:]) and canonical(said[:blank]):
            piece = _stripped(text, Span(piece.start, piece.start + blank))
    return piece


def _is_item(said: str) -> bool:
    if canonical(said):
        return True
    count = len(said.split())
    letters = sum(sign.isalpha() for sign in said)
    if not 2 <= len(said) <= _LONGEST or count > _MOST_WORDS or letters < 2 or letters * 2 < len(said) or _ADDRESS.search(said):
        return False
    named = _WORDS.findall(plain(said))
    if not named or _LAST_WORD.search(said[-12:]) or _YEAR.search(said):
        return False
    whole = " ".join(named)
    return not (
        named[0] in _tongues()
        or whole in _known("skill_category")
        or whole in _known("skill_soft")
        or _is_level(said)
        or _sentence().intersection(named)
        or _trades().intersection(named)
    )


def _is_level(said: str) -> bool:
    named = _WORDS.findall(plain(said[:80]))
    rest = [word for word in named if not word.isdigit()]
    return bool(rest) and (" ".join(rest) in _known("skill_level") or (len(rest) <= 4 and all(word in _level_words() for word in rest)))


def _is_in(said: str, key: str) -> bool:
    return " ".join(_WORDS.findall(plain(said[:80]))) in _known(key)


def _said(text: str, span: Span) -> str:
    return " ".join(text[span.start : span.end].split())


def _stripped(text: str, span: Span) -> Span:
    """Return a span without bullets, blanks and the signs that end a line."""
    start, end = span.start, max(span.start, span.end)
    if bullet := _BULLET.match(text, start, end):
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
def _level_words() -> frozenset[str]:
    return frozenset(word for said in _known("skill_level") for word in said.split())


@cache
def _tongues() -> frozenset[str]:
    return frozenset(_WORDS.findall(plain(entry))[0] for entry in words("cv", "tongue"))


@cache
def _trades() -> frozenset[str]:
    return frozenset(plain(word) for word in set(words("cv", "trades")) - set(words("cv", "trade_modifiers")) if len(word) > 3)


@cache
def _sentence() -> frozenset[str]:
    return frozenset(plain(word) for word in words("cv", "sentence"))
