"""What is promised to a household, and what it waits for: told in their copy, moved with a double, let go with them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from app.db import change, session
from app.errors import Refused
from app.lending.booking_models import Reservation, Waiting
from app.people.models import Household
from app.words import _


def reservations_of(household: Household) -> Sequence[Reservation]:
    theirs = (Reservation.household_id == household.id) & (Reservation.centre_id == household.centre_id)
    return session().scalars(select(Reservation).where(theirs).order_by(Reservation.from_day, Reservation.id)).all()


def kept_for(household: Household) -> Sequence[Reservation]:
    """What the desk keeps for them, to be fetched."""
    return [row for row in reservations_of(household) if row.closed_at is None]


def waits_of(household: Household) -> Sequence[Waiting]:
    theirs = (Waiting.household_id == household.id) & (Waiting.centre_id == household.centre_id)
    return session().scalars(select(Waiting).where(theirs).order_by(Waiting.id)).all()


def tell(household: Household) -> dict[str, object]:
    return {
        "reservations": [
            {
                "from_day": row.from_day.isoformat(),
                "to_day": row.to_day.isoformat(),
                "things": [line.device.name for line in row.lines],
                "ending": row.ending,
            }
            for row in reservations_of(household)
        ],
        "waiting": [
            {"model": row.model.name, "since": row.since.isoformat(), "ending": row.ending, "first_why": row.first_why}
            for row in waits_of(household)
        ],
    }


def check_erasable(household: Household) -> None:
    """Nobody is forgotten while the desk keeps something for them: it would stand there for nobody."""
    kept = any(row.closed_at is None for row in reservations_of(household))
    if kept or any(row.closed_at is None for row in waits_of(household)):
        words = _("Something is reserved for this household, or it is on the waiting list. Cancel that first.")
        raise Refused("still_promised", words)


def erase(household: Household) -> list[str]:
    """Why the team put them first goes; that they waited is a row without a name."""
    rows = [row for row in waits_of(household) if row.first_why]
    for row in rows:
        change(row, first_why=None)
    return ["waiting"] if rows else []


def merge(double: Household, kept: Household) -> None:
    """One household waits once for one thing, since the earlier of the two days."""
    waits = {row.model_id: row for row in waits_of(kept) if row.closed_at is None}
    for row in [row for row in waits_of(double) if row.closed_at is None]:
        if (other := waits.get(row.model_id)) is not None:
            later = max(row, other, key=lambda one: (one.reservation_id is None, one.since, one.id))
            change(later, closed_at=later.since, ending="left")
    for table in (Reservation, Waiting):
        session().execute(update(table).where(table.household_id == double.id).values(household_id=kept.id))
