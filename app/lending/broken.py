"""Which reservations break when a thing leaves, is lost or must stay: whose, on which days, what is free instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.db import session
from app.inventory.models import Device
from app.lending import bookings, choosing
from app.lending.booking_models import Reservation, ReservationLine
from app.people.models import Centre
from app.people.roles import Me

# What may happen to a thing so that it is not there for those it was promised to.
BREAKS = frozenset(
    {"bag", "outing", "partner", "repair", "send", "lost", "stolen", "retire", "give", "sell", "scrap", "hold"}
)
SHOWN = 3  # things that are free instead


@dataclass(frozen=True)
class Broken:
    """One promise of one thing. `reservation`: if of this person's centre; of others one knows the days."""

    device: Device
    from_day: date
    to_day: date
    centre: Centre
    reservation: Reservation | None
    others: Sequence[Device]


def by(things: Sequence[Device], me: Me, day: date) -> list[Broken]:
    """What was promised of these things and did not leave yet, the next first."""
    query = select(ReservationLine).join(Reservation, Reservation.id == ReservationLine.reservation_id)
    query = query.where(ReservationLine.device_id.in_([thing.id for thing in things]))
    query = query.where(ReservationLine.closed_at.is_(None), ReservationLine.out_act_id.is_(None)).order_by(
        Reservation.from_day, ReservationLine.id
    )
    return [_broken(line, things, me, day) for line in session().scalars(query)]


def _broken(line: ReservationLine, things: Sequence[Device], me: Me, day: date) -> Broken:
    row = line.reservation
    mine = row.centre_id == me.people_of
    others = [thing for thing in instead_of(line, day) if thing not in things][:SHOWN] if mine else []
    return Broken(line.device, row.from_day, row.to_day, row.centre, row if mine else None, others)


def instead_of(line: ReservationLine, day: date) -> Sequence[Device]:
    """Things of the same model that are free on all the days of this promise."""
    row = line.reservation
    span = row.from_day, bookings.end_of(row.to_day, bookings.buffer_of(line.booking_id))
    return choosing.free(choosing.candidates(line.device.model_id, row.centre_id), span, day)
