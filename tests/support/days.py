"""Days that a digest may be for, seen from today: `pli digest --date` takes none to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.workdays import Calendar, is_working_day

_CALENDAR = Calendar(datetime.min.time(), ZoneInfo("Europe/Paris"))


def today() -> date:
    """Return the day it is where the tests' organisation is."""
    return datetime.now(_CALENDAR.timezone).date()


def working_days() -> tuple[str, str]:
    """Return the last two working days before today, the earlier one first."""
    past = (today() - timedelta(days=back) for back in range(1, 31))
    latest, earlier = [day.isoformat() for day in past if is_working_day(day, _CALENDAR)][:2]
    return earlier, latest


def free_day() -> date:
    """Return the last day before today that was no working day."""
    return next(day for back in range(1, 31) if not is_working_day(day := today() - timedelta(days=back), _CALENDAR))
