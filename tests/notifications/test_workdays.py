"""When a digest is due, and how long somebody has been waiting: weekends, public holidays, and days of 23 and 25 hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.workdays import Calendar, due_period, is_working_day, working_days_since

PARIS = ZoneInfo("Europe/Paris")
EIGHT = Calendar(time(8), PARIS)


def paris(day: int, hour: int = 12, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (paris(24, 8, 0), date(2026, 11, 24)),
        (paris(24, 7, 59), date(2026, 11, 23)),
        (paris(24, 23, 59), date(2026, 11, 24)),
        (paris(23, 7, 0), date(2026, 11, 20)),  # Monday before eight: Friday's
        (paris(22), date(2026, 11, 20)),  # Sunday
        (paris(11, 9), date(2026, 11, 10)),  # Armistice: Wednesday 11 November
        (paris(12, 8), date(2026, 11, 12)),
        (paris(1, 9, month=5), date(2026, 4, 30)),  # Labour Day is a Friday; and a month back
    ],
)
def test_the_latest_working_day_whose_time_has_passed(now: datetime, due: date) -> None:
    assert due_period(now, EIGHT) == due
    assert due_period(now.astimezone(UTC), EIGHT) == due, "whatever zone the clock speaks"


def test_a_time_that_the_clocks_skip_is_the_moment_they_are_put_forward_to() -> None:
    # Sunday 29 March 2026: 02:00 becomes 03:00, which is 01:00 UTC
    sundays = Calendar(time(2, 30), PARIS, days=frozenset(range(7)))
    assert due_period(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), sundays) == date(2026, 3, 28)
    assert due_period(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), sundays) == date(2026, 3, 29)


def test_a_time_that_comes_twice_is_due_once_from_the_first_on() -> None:
    # Sunday 25 October 2026: 03:00 becomes 02:00; 02:30 is 00:30 UTC and again 01:30 UTC
    sundays = Calendar(time(2, 30), PARIS, days=frozenset(range(7)))
    assert due_period(datetime(2026, 10, 25, 0, 29, tzinfo=UTC), sundays) == date(2026, 10, 24)
    for minute in (30, 89, 90, 120):
        assert due_period(datetime(2026, 10, 25, tzinfo=UTC) + timedelta(minutes=minute), sundays) == date(2026, 10, 25)


@given(st.integers(0, 2 * 365 * 24 * 60), st.times())
def test_what_is_due_is_a_working_day_and_never_goes_back(minute: int, at: time) -> None:
    now, calendar = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute), Calendar(at, PARIS)
    due, later = due_period(now, calendar), due_period(now + timedelta(hours=1), calendar)
    assert due is not None
    assert later is not None
    assert is_working_day(due, calendar)
    assert due <= now.astimezone(PARIS).date()
    assert due <= later


def test_without_working_days_nothing_is_ever_due() -> None:
    assert due_period(paris(24), replace(EIGHT, days=frozenset())) is None


def test_holidays_are_those_of_the_country_or_none_at_all() -> None:
    assert not is_working_day(date(2026, 7, 14), EIGHT)
    assert is_working_day(date(2026, 7, 14), replace(EIGHT, country=None))
    assert is_working_day(date(2026, 7, 14), replace(EIGHT, country="DE"))
    assert not is_working_day(date(2026, 1, 6), replace(EIGHT, country="DE-BY"))
    assert is_working_day(date(2026, 1, 6), replace(EIGHT, country="DE"))


def test_an_unknown_country_is_told_with_its_remedy() -> None:
    with pytest.raises(ValueError, match='country = "XX": no such country is known; write an ISO 3166 code such as "FR"'):
        is_working_day(date(2026, 11, 24), replace(EIGHT, country="XX"))


@pytest.mark.parametrize(
    ("since", "days"),
    [
        (paris(24, 7), 0),
        (paris(23, 23, 59), 1),
        (paris(20), 2),  # over a weekend
        (paris(21), 2),  # came on a Saturday
        (paris(3), 14),  # with Armistice between
        (paris(30), 0),  # in the future: nobody has waited
    ],
)
def test_waiting_is_counted_in_working_days(since: datetime, days: int) -> None:
    assert working_days_since(since, paris(24), EIGHT) == days
