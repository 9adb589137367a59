"""The days offered at one touch when something is lent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app.inventory.models import Device
from app.lending import bookings, loans, policy
from app.lending.booking_models import Reservation
from app.people.models import Centre


def offered(
    centre: Centre | None, things: Sequence[Device], theirs: Sequence[Reservation], day: date
) -> tuple[list[date], date | None]:
    """Two weeks, a month, the usual length: each an opening day, the one proposed last.

    What is promised to others comes back before; from which day on it is, if it is. `theirs`: what is kept for the
    household itself.
    """
    usual = loans.usual_due_day(day, centre, things)
    days = sorted({usual, *(d for d in loans.other_due_days(day, centre) if d < usual)})
    free = [thing for thing in things if thing.state == "available"]
    own = [line.booking_id for row in theirs for line in row.lines]
    wanted = bookings.wanted_from(free, day, own) if free else None
    buffer = policy.of(centre.id if centre else None).buffer_days
    if wanted is None or (last := bookings.last_due(wanted, buffer)) >= usual:
        return days, None
    return [d for d in days if d < last] + [max(last, day + timedelta(days=1))], wanted
