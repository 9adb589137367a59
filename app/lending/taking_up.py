"""A loan takes up what was reserved for the same household; what is promised to others does not leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import change, session
from app.errors import Refused
from app.inventory.models import Device
from app.lending import bookings, policy, reservations
from app.lending.booking_models import Booking, Reservation, ReservationLine
from app.lending.forms import Lend
from app.lending.models import Loan
from app.people.models import Household


def lines(
    wish: Lend, household: Household, devices: Sequence[Device], known: Mapping[int, Any], day: date
) -> list[ReservationLine]:
    """What of their reservations this loan takes up. Raises `Refused` for a thing that somebody else waits for.

    Nothing is asked when no thing is promised on those days and no reservation is named.
    """
    buffer = policy.buffer_of(known)
    until = bookings.end_of(wish.due_on, buffer)
    wanted = [d for d in devices if (first := known[d.id].promised_on) is not None and first < until]
    if not wanted and wish.reservation is None:
        return []
    taken = _matched(devices, _theirs(household, until), wish.reservation)
    let_go = [line.booking_id for line in taken]
    for place, device in enumerate(devices):
        if device in wanted and (clash := _first(device, until, let_go)) is not None:
            no = bookings.promised(device, clash, day, buffer)
            raise Refused(no.code, no.words, fields={f"devices.{place}": no.words})
    return taken


def _theirs(household: Household, until: date) -> list[ReservationLine]:
    query = select(ReservationLine).join(Reservation, Reservation.id == ReservationLine.reservation_id)
    query = query.where(Reservation.household_id == household.id, Reservation.centre_id == household.centre_id)
    query = query.where(ReservationLine.closed_at.is_(None), Reservation.from_day < until)
    return list(session().scalars(query.order_by(Reservation.from_day, ReservationLine.id)))


def _matched(devices: Sequence[Device], theirs: Sequence[ReservationLine], named: UUID | None) -> list[ReservationLine]:
    """All the lines that promise these things, for they have them now.

    For a thing that none of them promises, one that any of its model fulfils: of the reservation named, if one is.
    """
    numbers = {device.id for device in devices}
    taken = [line for line in theirs if line.device_id in numbers]
    promised = {line.device_id for line in taken}
    loose = [line for line in theirs if line.loose and line.device_id not in numbers]
    loose = [line for line in loose if named is None or line.reservation.uuid == named]
    for model in [device.model_id for device in devices if device.id not in promised]:
        if (one := next((line for line in loose if line.device.model_id == model), None)) is not None:
            taken.append(one)
            loose.remove(one)
    return taken


def _first(device: Device, until: date, but: Sequence[int]) -> Booking | None:
    return session().scalar(bookings.clashing([device.id], date.min, until, but).limit(1))


def close(taken: Sequence[ReservationLine], loan: Loan, *, at: datetime) -> None:
    """What was kept for them leaves at that moment on this loan."""
    for line in taken:
        change(line, loan_id=loan.id)
        reservations.close(line.reservation, [line], "taken", at=at)


def stand_again(loan: Loan, numbers: Sequence[int] | None = None) -> None:
    """The loan, or one exchange of it, was a mistake: all it took up, or these lines, are kept for them again."""
    query = select(ReservationLine).where(
        ReservationLine.loan_id == loan.id, ReservationLine.centre_id == loan.centre_id
    )
    if numbers is not None:
        query = query.where(ReservationLine.id.in_(numbers))
    for line in session().scalars(query).all():
        reservations.stand(line)
        reservations.open_again(line.reservation)
