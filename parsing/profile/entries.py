"""The entries of a part of a CV, jobs or studies: what stands around each date, whichever way round it is written.

Dates may stand behind, before, above or below what they date; what is done in a job (bullets, sentences) is in no entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from parsing.languages import words
from parsing.profile.dates import Period, find_periods
from parsing.profile.facts import fold
from parsing.profile.sections import heading_kind

_MOST_ROWS = 1500
_MOST_ABOVE = 3
"""Lines of an entry above its date."""
_MOST_BELOW = 3
_LONGEST_HEAD = 110
"""Characters of a line that says what an entry is; what is longer is a sentence."""
_LONGEST_BEHIND = 40
"""Characters behind a title and its date; what is longer is what was done."""
_LONGEST_PART = 6
"""Words of a title, a firm or a town."""
_LONGEST_QUOTE = 400
_BULLET = re.compile(r"[•●▪■◦‣∙⁃*·–—‒○►▶➢✓✔❖\u2212\uf000-\uf0ff-]\s{0,4}(?=\S)|o\s(?=\S)|>\s|\[\d{1,3}\]\s")
_PARTED = re.compile(r"[,\t|(·@]| [–—-] ")
"""What divides a title from a firm on one line."""
_SIGNS = " \t\u00a0,;:|–—-·•■▪●()[]./~=_*#>"
_FOOTER = re.compile(r"page \d{1,3}|.{0,60}\d{1,3} ?[/–-] ?\d{1,3}\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a part, without its dates."""

    text: str
    """What it says beside the date, stripped of dividing signs."""
    at: int
    """Where the whole line begins in the text, and where it ends."""
    to: int
    bullet: bool
    """It begins with a bullet, or says with which tools the work was done."""
    blank_above: bool
    period: Period | None
    """The date that stands where dates of entries do."""
    leads: bool
    """Its date begins the line."""
    done: bool
    """What stands behind a date that leads is a sentence."""
    sentence: bool


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
    rows = [_untitled(row, tells) for row in _rows(text, start, end)]
    dated = _anchors(rows, tells)
    if not dated:
        return tuple(_undated(rows, tells))
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
    named = row.sentence and not row.bullet and len(parts) > 1 and len(row.text) <= _LONGEST_HEAD and tells(parts[0])
    return replace(row, sentence=False) if named and all(part[:1].isupper() and len(part.split()) <= _LONGEST_PART for part in parts) else row


def find_undated(text: str, start: int, end: int, tells: Callable[[str], bool]) -> tuple[Entry, ...]:
    """Return the entries between two offsets as if there were no dates. Never raises."""
    return tuple(_undated(list(_rows(text, start, end)), tells))


def _rows(text: str, start: int, end: int) -> Iterator[Row]:
    """Yield the lines that are not blank."""
    part = text[start:end]
    periods = find_periods(part)
    masked = list(part[: periods[-1].to]) if periods else []
    for period in periods:
        masked[period.at : period.to] = ["\n" if part[at] == "\n" else "\t" for at in range(period.at, period.to)]
    said = "".join(masked) + part[len(masked) :]
    at, number, blank = 0, 0, True
    for line, rest in zip(part.split("\n", _MOST_ROWS)[:_MOST_ROWS], said.split("\n", _MOST_ROWS)[:_MOST_ROWS], strict=True):
        here, at = at, at + len(line) + 1
        begun = [period for period in periods[number : number + 8] if period.at < at]
        number += len(begun)
        if not line.strip():
            blank = True
            continue
        row = _row(line, rest, here, begun, blank)
        blank = False
        if row.text or row.period:
            yield Row(row.text, start + row.at, start + row.to, row.bullet, row.blank_above, row.period, row.leads, row.done, row.sentence)


def _row(line: str, rest: str, at: int, periods: Sequence[Period], blank: bool) -> Row:
    stripped = line.strip()
    bullet = _BULLET.match(stripped)
    said = rest.strip(_SIGNS)
    begin = at + len(line) - len(line.lstrip()) + (bullet.end() if bullet else 0)
    tools = _tools_line().match(stripped) is not None
    period = next((one for one in reversed(periods) if _dates_the_line(line, one, at, begin)), None)
    if period is not None and len(periods) > 1 and not period.spans:
        period = next((one for one in periods if one.spans and _dates_the_line(line, one, at, begin)), period)
    leads = period is not None and not line[begin - at : period.at - at].strip(_SIGNS)
    if period is not None and not leads and len(behind := rest[period.to - at :].strip(_SIGNS)) > _LONGEST_BEHIND and " " in behind:
        said = rest[begin - at : period.at - at].strip(_SIGNS)  # "Lead designer 2019-2022 Designed all of"
    sentence = len(said) > _LONGEST_HEAD or (stripped[-1] in ".!?" and len(said.split()) > 3 and period is None)
    to = max(at + len(line.rstrip()), period.to if period else 0)
    done = leads and stripped[-1] in ".!?" and len(said.split()) > 3
    is_done = tools or (bullet is not None and not leads)
    return Row(said, at + len(line) - len(line.lstrip()), to, is_done, blank, period, leads, done, sentence)


def _dates_the_line(line: str, period: Period, at: int, begin: int) -> bool:
    """Tell whether a date stands where those of entries do: before or behind all else, or set apart; not within a sentence."""
    before = line[begin - at : period.at - at].rstrip(" \u00a0")
    behind = line[period.to - at :].strip(" \u00a0\t.,;:)]") if period.to - at < len(line) else ""
    last = re.findall(r"[^\W\d_]{1,20}", before[-20:])
    opened = before.rstrip("([ ")
    if not opened.strip(_SIGNS) or (before[-1] in "\t|([–—-·:•," and len(line) <= 2 * _LONGEST_HEAD):
        return True
    words_before = last[-1] if last and before[-1:].isalpha() else ""
    if not period.spans and (words_before in _in_sentences() or len(line) > _LONGEST_HEAD):
        return False
    if period.spans and len(before) <= 70 and before[:1].isupper() and not words_before.islower():
        return True
    return not behind or behind[0] in "|–—-·•" or line[period.to - at : period.to - at + 1] == "\t"


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


def _goes_on(head: Sequence[str], rows: Sequence[Row], number: int, until: int, tells: Callable[[str], bool]) -> bool:
    """Tell whether a line below the date still says what an entry is, not what was done."""
    text = rows[number].text
    if len(head) >= _MOST_BELOW or len(text) > 80:
        return False
    if text[:1].islower() or head[-1].endswith((",", " –", " -")):
        return len(text.split()) <= 4 and len(head) == 1
    named = sum(map(tells, head))
    if tells(text):
        return not named
    follows = rows[number + 1] if number + 1 < until else None
    if named and len(head) == 1 and (_PARTED.search(head[0]) or any(f" {word} " in head[0] for word in words("cv", "employer_follows"))):
        return False
    ends = follows is None or follows.bullet or follows.blank_above or follows.sentence
    place = "," in text or "(" in text or "\t" in text
    return (place or len(head) == 1 or (ends and not named)) and len(text.split()) <= 9


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
def _tools_line() -> re.Pattern[str]:
    """Return what begins a line that lists the tools of a job."""
    named = "|".join(re.escape(word) for word in sorted(words("cv", "tools_line"), key=len, reverse=True))
    return re.compile(rf"(?:{named})\.?[ \t\u00a0]{{0,3}}:", re.IGNORECASE)


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "placeholder_phrase"))


@cache
def _in_sentences() -> frozenset[str]:
    return frozenset(words("cv", "date_sentence")) | frozenset(fold(word) for word in words("cv", "date_sentence"))
