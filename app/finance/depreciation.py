"""How a thing's cost becomes a charge: linear, from the day it is put into service, in proportion to the days.

Not from the day it was bought. What a grant paid of it is released at the same pace (Plan comptable général, accounts
28 and 139). The whole is reached on the last day, so that the last year takes the remainder.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Basis = Literal["30/360", "actual/365"]


@dataclass(frozen=True)
class Plan:
    """`months`: how long it is used; `basis`: how days are counted, the French custom or those of the calendar."""

    in_service: date
    months: int
    basis: Basis = "30/360"

    def until(self, cents: int, day: date) -> int:
        """What of `cents` has become a charge by the end of `day`, half up to a cent."""
        days, whole = min(self._days_to(day), self._whole), self._whole
        return (2 * cents * days + whole) // (2 * whole) if days > 0 else 0

    def years(self, cents: int) -> list[tuple[int, int]]:
        """The charge of each calendar year, (year, cents): they add up to `cents`."""
        told: list[tuple[int, int]] = []
        done, year = 0, self.in_service.year
        while not told or self._days_to(date(year - 1, 12, 31)) < self._whole:
            by_then = self.until(cents, date(year, 12, 31))
            told.append((year, by_then - done))
            done, year = by_then, year + 1
        return told

    @property
    def _whole(self) -> int:
        """All the days, times twelve, so that they are whole whatever the months."""
        return self.months * (360 if self.basis == "30/360" else 365)

    def _days_to(self, day: date) -> int:
        """Days of use by the end of that day, times twelve; none before it is in service."""
        if day < self.in_service:
            return 0
        if self.basis == "actual/365":
            return 12 * ((day - self.in_service).days + 1 - _leap_days(self.in_service, day))
        months = (day.year - self.in_service.year) * 12 + day.month - self.in_service.month
        return 12 * (months * 30 + _thirtieth(day) - min(self.in_service.day, 30) + 1)


def _thirtieth(day: date) -> int:
    """The day of a month of thirty: the last of any month is the thirtieth."""
    return 30 if day.day == monthrange(day.year, day.month)[1] else min(day.day, 30)


def _leap_days(first: date, last: date) -> int:
    """A year is 365 days: the 29th of February counts for nothing."""
    years = filter(isleap, range(first.year, last.year + 1))
    return sum(first <= date(year, 2, 29) <= last for year in years)
