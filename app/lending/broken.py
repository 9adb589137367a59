"""Which reservations break when a thing leaves, is lost or must stay: whose, on which days, what is free instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from app.db import session
from app.inventory.models import Device, DeviceModel
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
    return [
        _broken(line, me, [thing for thing in instead_of(line, day) if thing not in things])
        for line in _promised(ReservationLine.device_id.in_([thing.id for thing in things]))
    ]


def by_recall(model: DeviceModel, me: Me) -> list[Broken]:
    """The same of every thing of a model; none of it is free instead."""
    theirs = select(Device.id).where(Device.model_id == model.id)
    return [_broken(line, me, []) for line in _promised(ReservationLine.device_id.in_(theirs))]


def _promised(of: ColumnElement[bool]) -> Sequence[ReservationLine]:
    query = select(ReservationLine).join(Reservation, Reservation.id == ReservationLine.reservation_id)
    query = query.where(of, ReservationLine.closed_at.is_(None), ReservationLine.out_act_id.is_(None))
    return session().scalars(query.order_by(Reservation.from_day, ReservationLine.id)).all()


def _broken(line: ReservationLine, me: Me, others: Sequence[Device]) -> Broken:
    row = line.reservation
    mine = row.centre_id == me.people_of
    return Broken(
        line.device, row.from_day, row.to_day, row.centre, row if mine else None, others[:SHOWN] if mine else []
    )


def instead_of(line: ReservationLine, day: date) -> Sequence[Device]:
    """Things of the same model that are free on all the days of this promise."""
    row = line.reservation
    span = row.from_day, bookings.end_of(row.to_day, bookings.buffer_of(line.booking_id))
    return choosing.free(choosing.candidates(line.device.model_id, row.centre_id), span, day)
