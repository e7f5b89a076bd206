"""Working days: when a digest is due, and how many of them somebody has been waiting.

Everything is reckoned in the zone of the configuration and compared in UTC, so that a day of 23 or 25 hours neither loses nor
doubles a digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_FAR_BACK = 31
"""Days to look back for a working day: no working month is without one."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When digests are due."""

    at: time
    timezone: ZoneInfo
    days: frozenset[int] = frozenset(range(5))
    """Weekdays, 0 is Monday."""
    country: str | None = "FR"
    """ISO 3166-1 code whose public holidays are no working days, with a subdivision if wanted (`DE-BY`); None: none are."""


def due_period(now: datetime, calendar: Calendar) -> date | None:
    """Return the latest working day whose digest time has passed, in the zone of `calendar`; None when there are no working days.

    `now` is aware. The digest of that day is due until it is written, so one that was missed is caught up later, on the same day or
    the next ones. A time that the clocks skip counts as the moment they were put forward to; one that comes twice, as the first.
    Raises ValueError for an unknown country or zone.
    """
    today = now.astimezone(calendar.timezone).date()
    for back in range(_FAR_BACK):
        day = today - timedelta(days=back)
        if is_working_day(day, calendar) and _moment(day, calendar) <= now.astimezone(UTC):
            return day
    return None


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Tell whether `day` is one of the configured weekdays and no public holiday; raises ValueError for an unknown country."""
    return day.weekday() in calendar.days and day not in _public_holidays(calendar.country, day.year)


def working_days_since(since: datetime, now: datetime, calendar: Calendar) -> int:
    """Return how many working days began after the day of `since`, today included (0: came today); both aware."""
    zone = calendar.timezone
    first, last = since.astimezone(zone).date(), now.astimezone(zone).date()
    return sum(is_working_day(first + timedelta(days=number), calendar) for number in range(1, (last - first).days + 1))


def _moment(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, calendar.at, tzinfo=calendar.timezone).astimezone(UTC)


@cache
def _public_holidays(country: str | None, year: int) -> frozenset[date]:
    if country is None:
        return frozenset()
    code, _, subdivision = country.partition("-")
    try:
        import holidays  # noqa: PLC0415 - takes half a second, which only what asks for a working day should wait for

        return frozenset(holidays.country_holidays(code, subdiv=subdivision or None, years=year))
    except NotImplementedError as error:
        raise ValueError(f'[digest] country = "{country}": no such country is known; write an ISO 3166 code such as "FR"') from error
