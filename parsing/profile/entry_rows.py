"""The lines of a part of a CV, each with the date that stands where those of jobs and studies do. Called by `entries.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from parsing.languages import words
from parsing.profile.dates import Period, find_periods
from parsing.profile.facts import fold

_MOST_ROWS = 1500
LONGEST_HEAD = 110
"""Characters of a line that says what an entry is; what is longer is a sentence."""
_LONGEST_BEHIND = 40
"""Characters behind a title and its date; what is longer is what was done."""
_BULLET = re.compile(r"[•●▪■◦‣∙⁃*·–—‒○►▶➢✓✔❖\u2212\uf000-\uf0ff-]\s{0,4}(?=\S)|o\s(?=\S)|>\s|\[\d{1,3}\]\s")
_SIGNS = " \t\u00a0,;:|–—-·•■▪●()[]./~=_*#>"


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


def rows_of(text: str, start: int, end: int) -> Iterator[Row]:
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
    sentence = len(said) > LONGEST_HEAD or (stripped[-1] in ".!?" and len(said.split()) > 3 and period is None)
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
    if not opened.strip(_SIGNS) or (before[-1] in "\t|([–—-·:•," and len(line) <= 2 * LONGEST_HEAD):
        return True
    words_before = last[-1] if last and before[-1:].isalpha() else ""
    if not period.spans and (words_before in _in_sentences() or len(line) > LONGEST_HEAD):
        return False
    if period.spans and len(before) <= 70 and before[:1].isupper() and not words_before.islower():
        return True
    return not behind or behind[0] in "|–—-·•" or line[period.to - at : period.to - at + 1] == "\t"


@cache
def _tools_line() -> re.Pattern[str]:
    """Return what begins a line that lists the tools of a job."""
    named = "|".join(re.escape(word) for word in sorted(words("cv", "tools_line"), key=len, reverse=True))
    return re.compile(rf"(?:{named})\.?[ \t\u00a0]{{0,3}}:", re.IGNORECASE)


@cache
def _in_sentences() -> frozenset[str]:
    return frozenset(words("cv", "date_sentence")) | frozenset(fold(word) for word in words("cv", "date_sentence"))
