"""The only place that reads the clock. Moments are aware and in UTC; days are the centres' (Europe/Paris)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present moment, UTC, to the microsecond."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day on the calendars of the centres at that moment."""
    return moment.astimezone(HOME).date()


def today() -> date:
    return day_of(now())


def start_of(day: date) -> datetime:
    """The moment at which that day begins in the centres, in UTC."""
    return datetime.combine(day, time(), HOME).astimezone(UTC)


def noon_of(day: date) -> datetime:
    """The middle of that day in the centres, in UTC: for what happened on a day of which nobody knows the hour."""
    return start_of(day) + timedelta(hours=12)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004 - December
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@lru_cache(100)  # what is written together bears one moment
def rfc3339(moment: datetime) -> str:
    """`2026-11-22T10:00:00.000000Z`: always UTC, always six decimals, so that equal moments are equal texts."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
