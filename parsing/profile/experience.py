"""How long a person has worked: what the dates of their jobs add up to, and what they say of it in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice

from parsing.languages import words
from parsing.profile.date_words import any_of, plain, said
from parsing.profile.dates import find_periods, same_length_lower
from parsing.profile.facts import Fact, Work
from parsing.profile.trades import names_trade

_LONGEST_JOB = 60 * 12
"""Months; what is longer is a wrong date."""
_MOST_CHARACTERS = 50_000
_MOST_STATED = 20


def experience_months(jobs: Sequence[Work], today: str | None) -> int | None:
    """Return the months in which at least one of the dated `jobs` was held; None without any.

    `today` (`YYYY-MM`) ends what goes on; None: the latest month that the jobs name. A year alone as end counts up to its beginning,
    so that "2019-2022" is three years; one year alone counts as twelve months unless the words say how long it was.
    """
    named = [date for job in jobs for date in (job.start_date, job.end_date) if date]
    if not named:
        return None
    now = _month(today) + 1 if today else max(_end(date, None) for date in named)
    spans = sorted(span for job in jobs if (span := _span(job, now)) is not None)
    total, reached = 0, 0
    for start, end in spans:
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total if spans else None


def _span(job: Work, now: int) -> tuple[int, int] | None:
    """Return the first month of a job, and the one after its last, counted from year 0."""
    if job.start_date is None:
        return None
    start = _month(job.start_date)
    if job.end_date is None:
        end = now if job.current else 0
    else:
        end = min(_end(job.end_date, job.start_date), now)
        if job.start_date == job.end_date:
            lasted = next((period.months for period in find_periods(job.quote) if period.start == job.start_date), None)
            end = start + lasted if lasted else end
    return (start, end) if start < end <= start + _LONGEST_JOB else None


def _month(date: str) -> int:
    return int(date[:4]) * 12 + (int(date[5:7]) - 1 if len(date) > 4 else 0)


def _end(date: str, start: str | None) -> int:
    """Return the month after the last one of a date."""
    if len(date) > 4:
        return _month(date) + 1
    return _month(date) + (12 if start is None or start[:4] == date else 0)


def find_stated_experience(text: str) -> Fact | None:
    """Return what a CV's `text` says of its person's experience in words ("8 ans d'expérience"), None where it says nothing."""
    small = same_length_lower(text[:_MOST_CHARACTERS])
    for match in islice(_stated().finditer(small), _MOST_STATED):
        line = small[max(0, match.start() - 120) : match.start()].rpartition("\n")[2]
        if match["since"] and not names_trade(line):  # a hobby, or worse
            continue
        quote = text[match.start() : match.end()]
        return Fact(" ".join(quote.split()), quote, "cv", match.start())
    return None


@cache
def _stated() -> re.Pattern[str]:
    number = rf"(?:\d{{1,2}}|{any_of(map(plain, words('ad', 'number_words')))})"
    years = rf"{number}[ \u00a0]{{0,2}}\+?[ \u00a0\n]{{1,2}}(?:{any_of(said('date_years'))})['’]?"
    of = any_of(said("experience_word"))
    return re.compile(
        rf"(?<![^\W_])(?:{years}[ \u00a0\n](?:(?:d['’]|de |of |en |in )[^\W\d_]{{0,14}}[ \u00a0\n]{{0,2}}){{0,2}}(?:{of})(?![^\W_])"
        rf"|(?:{of})[ \u00a0\n](?:de |of |: )(?:plus de |over |more than )?{years}(?![^\W_])"
        rf"|(?P<since>{any_of(said('date_since'))})[ \u00a0\n](?:plus de )?{years}(?![^\W_]))"
    )
