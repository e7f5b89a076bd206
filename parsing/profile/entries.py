"""The entries of a part of a CV, jobs or studies: what stands around each date, whichever way round it is written.

Dates may stand behind, before, above or below what they date; what is done in a job (bullets, sentences) is in no entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from parsing.languages import words
from parsing.profile.dates import Period
from parsing.profile.entry_rows import LONGEST_HEAD, Row, rows_of
from parsing.profile.facts import fold
from parsing.profile.sections import heading_kind

_MOST_ABOVE = 3
"""Lines of an entry above its date."""
_MOST_BELOW = 3
_LONGEST_PART = 6
"""Words of a title, a firm or a town."""
_LONGEST_QUOTE = 400
_PARTED = re.compile(r"[,\t|(·@]| [–—-] ")
"""What divides a title from a firm on one line."""
_FOOTER = re.compile(r"page \d{1,3}|.{0,60}\d{1,3} ?[/–-] ?\d{1,3}\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands around one date."""

    head: tuple[str, ...]
    """The lines that say what it is, without the date."""
    period: Period | None
    at: int
    to: int


def find_entries(text: str, start: int, end: int, tells: Callable[[str], bool]) -> tuple[Entry, ...]:
    """Return the entries between two offsets of `text`; `tells` says whether words name one ("Développeuse", "Master"). Never raises."""
    rows = [_untitled(row, tells) for row in rows_of(text, start, end)]
    dated = _anchors(rows, tells)
    if not dated:
        return tuple(_undated(rows, tells))
    if (tops := _tops(rows, dated, tells)) is not None:
        return tuple(_entry_over(rows, top, anchor, tells) for top, anchor in zip(tops, dated, strict=True))
    above = _above_first(rows, dated[0])
    begins = [_begin(rows, dated, number, above, tells) for number in range(len(dated))]
    found = [
        _entry(rows, begins[number], anchor, begins[number + 1] if number + 1 < len(begins) else len(rows), tells)
        for number, anchor in enumerate(dated)
    ]
    found = [entry for entry in found if not _is_placeholder(" ".join(entry.head))]
    bare = [entry for entry in found if not entry.head]
    return tuple(entry for entry in found if entry.head or len(bare) != 1 or len(found) < 3)  # one lone date was read out of its place


def _untitled(row: Row, tells: Callable[[str], bool]) -> Row:
    """Return a row that is no sentence when it is a title, a firm and a town with a full stop behind them."""
    parts = row.text.split(", ")
    if not row.sentence or row.bullet or len(parts) < 2 or len(row.text) > LONGEST_HEAD or not tells(parts[0]):
        return row
    return replace(row, sentence=not all(part[:1].isupper() and len(part.split()) <= _LONGEST_PART for part in parts))


def find_undated(text: str, start: int, end: int, tells: Callable[[str], bool]) -> tuple[Entry, ...]:
    """Return the entries between two offsets as if there were no dates. Never raises."""
    return tuple(_undated(list(rows_of(text, start, end)), tells))


def _anchors(rows: Sequence[Row], tells: Callable[[str], bool]) -> list[int]:
    """Return the numbers of the rows whose dates are those of entries."""
    dated = [number for number, row in enumerate(rows) if row.period and not row.bullet and not _FOOTER.fullmatch(row.text)]
    if not dated:
        dated = [number for number, row in enumerate(rows) if row.period and (row.period.spans or tells(row.text))]
    if any(_period(rows[number]).spans for number in dated):
        return [
            number
            for number in dated
            if _period(rows[number]).spans
            or not rows[number].text
            or rows[number].leads
            or (tells(rows[number].text) and not rows[number].sentence)
        ]
    return dated


def _period(row: Row) -> Period:
    assert row.period is not None
    return row.period


def _above_first(rows: Sequence[Row], first: int) -> int:
    """Return how many lines of an entry stand above its date, as the first entry shows."""
    above = 0
    for row in reversed(rows[:first]):
        if row.bullet or row.sentence or above == _MOST_ABOVE or heading_kind(row.text):
            break
        above += 1
        if row.blank_above:
            break
    return above


def _begin(rows: Sequence[Row], dated: Sequence[int], number: int, above: int, tells: Callable[[str], bool]) -> int:
    """Return the row with which an entry begins."""
    anchor = dated[number]
    lowest = dated[number - 1] + 1 if number else 0
    begin = anchor
    if not above:
        return anchor
    while begin > lowest and anchor - begin < _MOST_ABOVE:
        row = rows[begin - 1]
        if row.bullet or row.sentence or heading_kind(row.text) or (rows[begin].blank_above and (begin != anchor or rows[anchor].text)):
            break
        if anchor - begin >= above and not _bounded(rows, begin - 1, lowest):
            break
        begin -= 1
    named = any(tells(row.text) for row in rows[begin : anchor + 1])
    if not named and rows[begin].blank_above:
        for step in range(1, min(2, begin - lowest) + 1):
            if _is_title(rows[begin - step], tells):
                return begin - step
            if rows[begin - step].bullet or rows[begin - step].sentence or rows[begin - step].blank_above:
                break
    return begin


def _is_title(row: Row, tells: Callable[[str], bool]) -> bool:
    return not (row.bullet or row.sentence or row.period) and len(row.text.split()) <= 8 and row.text[:1].isupper() and tells(row.text)


def _bounded(rows: Sequence[Row], number: int, lowest: int) -> bool:
    """Tell whether a row, or the one above it, begins a paragraph, so that it belongs to what is below."""
    return rows[number].blank_above or (number > lowest and rows[number - 1].bullet and rows[number].text[:1].isupper())


def _entry(rows: Sequence[Row], begin: int, anchor: int, until: int, tells: Callable[[str], bool]) -> Entry:
    head = [row.text for row in rows[begin : anchor + 1] if row.text]
    if rows[anchor].leads and len(head) > 1 and rows[anchor].done and not tells(head[-1]):
        head.pop()
    last = anchor
    for number in range(anchor + 1, min(until, anchor + 1 + _MOST_BELOW)):
        row = rows[number]
        if row.bullet or row.sentence or row.period or heading_kind(row.text) or (row.blank_above and head):
            break
        if head and not _goes_on(head, rows, number, until, tells):
            break
        head.append(row.text)
        last = number
    to = max(rows[last].to, rows[anchor].to)
    at = rows[begin].at
    if to - at > _LONGEST_QUOTE:
        at, to = rows[anchor].at, min(rows[anchor].to, rows[anchor].at + _LONGEST_QUOTE)
    return Entry(tuple(head), rows[anchor].period, at, to)


def _tops(rows: Sequence[Row], dated: Sequence[int], tells: Callable[[str], bool]) -> list[int] | None:
    """Return the rows with which entries begin whose dates stand alone below all that was done; None where dates stand elsewhere."""
    tops, lowest = [], 0
    for anchor in dated:
        if rows[anchor].text or not rows[anchor].blank_above or lowest >= anchor:
            return None
        if not any(_is_title(row, tells) for row in rows[lowest : min(lowest + 2, anchor)]) or rows[lowest].bullet or rows[lowest].sentence:
            return None
        tops.append(lowest)
        lowest = anchor + 1
    below = any(_is_title(row, tells) for row in rows[lowest:])
    done = any(row.bullet or row.sentence for top, anchor in zip(tops, dated, strict=True) for row in rows[top:anchor])
    return tops if done and not below else None


def _entry_over(rows: Sequence[Row], top: int, anchor: int, tells: Callable[[str], bool]) -> Entry:
    head, last = [rows[top].text], top
    for number in range(top + 1, min(anchor, top + _MOST_BELOW)):
        if rows[number].bullet or rows[number].sentence or not _goes_on(head, rows, number, anchor, tells):
            break
        head.append(rows[number].text)
        last = number
    to = rows[anchor].to if rows[anchor].to - rows[top].at <= _LONGEST_QUOTE else rows[last].to
    return Entry(tuple(head), rows[anchor].period, rows[top].at, to)


def _goes_on(head: Sequence[str], rows: Sequence[Row], number: int, until: int, tells: Callable[[str], bool]) -> bool:
    """Tell whether a line below the date still says what an entry is, not what was done."""
    text = rows[number].text
    if len(head) >= _MOST_BELOW or len(text) > 80:
        return False
    if _place_line().match(text):
        return True
    if text[:1].islower() or head[-1].endswith((",", " –", " -")):
        return len(text.split()) <= 4 and len(head) == 1
    named = sum(map(tells, head))
    if tells(text):
        return not named
    follows = rows[number + 1] if number + 1 < until else None
    if (
        named
        and len(head) == 1
        and (_PARTED.search(_without_contract(head[0])) or any(f" {word} " in head[0] for word in words("cv", "employer_follows")))
    ):
        return False
    ends = follows is None or follows.bullet or follows.blank_above or follows.sentence
    place = "," in text or "(" in text or "\t" in text
    return (place or len(head) == 1 or (ends and not named)) and len(text.split()) <= 9


def _without_contract(line: str) -> str:
    """Return a line without a kind of job in brackets at its end ("Vendeur (job d'été)")."""
    title, bracket, inside = line.rstrip(")").rpartition("(")
    return title.rstrip() if bracket and fold(inside) in _contracts() else line


def _undated(rows: Sequence[Row], tells: Callable[[str], bool]) -> Iterator[Entry]:
    """Yield the lines that name an entry and begin a paragraph or stand above bullets, in a part without dates."""
    for number, row in enumerate(rows):
        if row.bullet or row.sentence or not tells(row.text) or len(row.text.split()) > 12 or _is_placeholder(row.text):
            continue
        first = number == 0 or row.blank_above or rows[number - 1].bullet or rows[number - 1].sentence
        bullets = number + 1 < len(rows) and rows[number + 1].bullet
        if first or bullets:
            until = next((later for later in range(number + 1, min(number + 4, len(rows))) if tells(rows[later].text)), len(rows))
            yield _entry(rows, number, number, until, tells)


def _is_placeholder(said: str) -> bool:
    """Tell whether words are those of a template that nobody filled in ("Nom du diplôme")."""
    folded = fold(said)
    return any(word in folded for word in _placeholders())


@cache
def _place_line() -> re.Pattern[str]:
    """Return what begins a line that says where it was ("Ville : Bayonne")."""
    return re.compile(rf"(?:{'|'.join(words('cv', 'place_label'))})[ \t\u00a0]{{0,3}}:", re.IGNORECASE)


@cache
def _contracts() -> frozenset[str]:
    return frozenset(fold(word) for key in ("contract", "contract_title") for word in words("cv", key))


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "placeholder_phrase"))
