"""The calendar of a model: day by day how many of its things are free, and who keeps which thing until when."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.db import session
from app.inventory.models import Device, DeviceModel
from app.lending import choosing
from app.lending.booking_models import LIVE, Booking, Reservation, ReservationLine
from app.lending.models import LoanLine
from app.people.models import Centre
from app.people.roles import Me

WEEKS = Calendar()


@dataclass(frozen=True)
class DayOfThings:
    """A day: is the centre open, is it in the month shown, how many of how many are free."""

    day: date
    within: bool
    open: bool
    free: int
    total: int


@dataclass(frozen=True)
class Kept:
    """A thing kept from a day to the last day before another may have it; by a reservation of this centre, if so.

    `buffer_days`: how many of these days, the last ones, are to wipe and check it.
    """

    device: Device
    from_day: date
    last_day: date
    on_loan: bool
    reservation: Reservation | None
    buffer_days: int


def month(model: DeviceModel, centre: Centre, day: date) -> Sequence[Sequence[DayOfThings]]:
    """The weeks of the month that holds this day, Monday first."""
    things = choosing.candidates(model.id, centre.id)
    busy = choosing.busy(things)
    weeks = WEEKS.monthdatescalendar(day.year, day.month)
    return [[_day(one, day, things, busy, centre) for one in week] for week in weeks]


def _day(
    day: date, shown: date, things: Sequence[Device], busy: Mapping[int, list[choosing.Days]], centre: Centre
) -> DayOfThings:
    one = day, day + timedelta(days=1)
    free = sum(not choosing.touches(busy[thing.id], one) for thing in things)
    return DayOfThings(day, day.month == shown.month, centre.is_open(day), free, len(things))


def kept(model: DeviceModel, me: Me, first: date, last: date) -> Sequence[Kept]:
    """What keeps the things of this model in this centre on those days, the first first."""
    things = {thing.id: thing for thing in choosing.candidates(model.id, me.centre_id)}
    query = (
        select(Booking, Reservation, LoanLine.id)
        .outerjoin(ReservationLine, ReservationLine.booking_id == Booking.id)
        .outerjoin(
            Reservation, (Reservation.id == ReservationLine.reservation_id) & (Reservation.centre_id == me.people_of)
        )
        .outerjoin(LoanLine, LoanLine.booking_id == Booking.id)
        .where(Booking.device_id.in_(things), LIVE, Booking.from_day <= last, Booking.to_day > first)
        .where(Booking.from_day < Booking.to_day)
        .order_by(Booking.from_day, Booking.id)
    )
    return [
        Kept(
            device=things[row.device_id],
            from_day=row.from_day,
            last_day=row.to_day - timedelta(days=1),
            on_loan=line is not None,
            reservation=whose,
            buffer_days=min(row.buffer_days, (row.to_day - row.from_day).days),
        )
        for row, whose, line in session().execute(query)
    ]
