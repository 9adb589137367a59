"""What programs are told of reservations, the waiting list and the calendar of a model."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from app.inputs import Answer
from app.lending import reservations
from app.lending.booking_models import Reservation, Waiting
from app.lending.calendar import DayOfThings, Kept
from app.web.listing import ListAnswer


class PromisedAnswer(Answer):
    """A thing that is kept. `trouble`: why it may not be there on the day, or nothing. `out`: it left."""

    device: str
    name: str
    any_of_model: bool
    ending: str | None
    trouble: str
    out: bool


class ReservationAnswer(Answer):
    id: UUID
    purpose: str
    household: str | None
    household_name: str | None
    title: str
    from_day: date
    to_day: date
    state: str
    ending: str | None
    things: list[PromisedAnswer]


class WaitingAnswer(Answer):
    id: UUID
    household: str
    household_name: str
    model: int
    model_name: str
    since: datetime
    kept_until: date | None
    ending: str | None


class DayAnswer(Answer):
    day: date
    open: bool
    free: int
    total: int


class KeptAnswer(Answer):
    device: str
    from_day: date
    last_day: date
    on_loan: bool
    reservation: UUID | None
    buffer_days: int


class CalendarAnswer(Answer):
    model: int
    name: str
    days: list[DayAnswer]
    kept: list[KeptAnswer]


Reservations = ListAnswer[ReservationAnswer]
WaitingRows = ListAnswer[WaitingAnswer]


def reservation(row: Reservation, day: date) -> ReservationAnswer:
    troubles = reservations.troubles(row, day)
    return ReservationAnswer(
        id=row.uuid,
        purpose=row.purpose,
        household=row.household.code if row.household else None,
        household_name=row.household.name if row.household else None,
        title=row.title,
        from_day=row.from_day,
        to_day=row.to_day,
        state="closed" if row.closed_at else "open",
        ending=row.ending,
        things=[
            PromisedAnswer(
                device=line.device.code,
                name=line.device.name,
                any_of_model=line.loose,
                ending=line.ending,
                trouble=troubles.get(line.id, ""),
                out=line in row.out_lines,
            )
            for line in row.lines
        ],
    )


def waiting(row: Waiting) -> WaitingAnswer:
    return WaitingAnswer(
        id=row.uuid,
        household=row.household.code,
        household_name=row.household.name,
        model=row.model_id,
        model_name=row.model.name,
        since=row.since,
        kept_until=row.reservation.to_day if row.reservation and row.closed_at is None else None,
        ending=row.ending,
    )


def day_of_things(one: DayOfThings) -> DayAnswer:
    return DayAnswer(day=one.day, open=one.open, free=one.free, total=one.total)


def kept(one: Kept) -> KeptAnswer:
    uuid = one.reservation.uuid if one.reservation else None
    return KeptAnswer(
        device=one.device.code,
        from_day=one.from_day,
        last_day=one.last_day,
        on_loan=one.on_loan,
        reservation=uuid,
        buffer_days=one.buffer_days,
    )
