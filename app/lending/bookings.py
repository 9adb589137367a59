"""Bookings: a thing is taken from one day until before another. Loans and reservations write the same table.

What is late is an alert and no breach: a thing that is not back keeps nothing beyond the day it was due.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import Select, bindparam, func, select

from app.db import change, change_where, note, session
from app.errors import Refused
from app.inventory.models import Device
from app.lending.booking_models import LIVE, Booking
from app.web.looks import day as said
from app.words import _

# From which day on a thing is promised to somebody; asked together with what else is known of it before it leaves.
PROMISED = (
    select(func.min(Booking.from_day))
    .where(Booking.device_id == Device.id, LIVE, Booking.to_day > bindparam("day"))
    .scalar_subquery()
    .label("promised_on")
)


def end_of(due_on: date, buffer_days: int) -> date:
    """The first day on which a thing that is due then can leave again: it is wiped and checked in between."""
    return due_on + timedelta(days=1 + buffer_days)


def last_due(wanted: date, buffer_days: int) -> date:
    """The last day a thing may be due that is wanted from that day on."""
    return wanted - timedelta(days=1 + buffer_days)


def take(device: Device, from_day: date, due_on: date, buffer_days: int) -> int:
    """Keep the thing for those days, none when it is overdue already; answers the number of the booking."""
    to_day = max(from_day, end_of(due_on, buffer_days))
    return note(Booking, device_id=device.id, from_day=from_day, to_day=to_day, live=True, buffer_days=buffer_days)


def buffer_of(number: int) -> int:
    """The days to wipe it that were settled when it was taken; they stay its own."""
    return session().get_one(Booking, number).buffer_days


def move(number: int, due_on: date) -> None:
    """It is due on another day."""
    _keep_until(number, due_on)


def hand_on(number: int, device: Device) -> None:
    """Another thing is kept on the same days instead."""
    change_where(Booking, {"id": number}, device_id=device.id)


def let_go(number: int, day: date) -> None:
    """It ended on that day: whoever comes next can have the thing."""
    change_where(Booking, {"id": number}, to_day=day, live=False)


def let_go_early(number: int, day: date) -> None:
    """It ended on that day, or with the last of its days when these are over."""
    row = session().get_one(Booking, number)
    change(row, to_day=max(row.from_day, min(day, row.to_day)), live=False)


def hold_again(number: int, due_on: date) -> None:
    """What ended was a mistake: the booking stands again."""
    _keep_until(number, due_on, live=True)


def _keep_until(number: int, due_on: date, **values: bool) -> None:
    """Until it was wiped after that day; a thing that was overdue when it was taken keeps no day."""
    row = session().get_one(Booking, number)
    change(row, to_day=max(row.from_day, end_of(due_on, row.buffer_days)), **values)


def clashing(devices: Collection[int], from_day: date, to_day: date, but: Sequence[int] = ()) -> Select[Booking]:
    """The live bookings of these things that touch those days, the first first."""
    near = (Booking.from_day < to_day) & (Booking.to_day > from_day)
    query = select(Booking).where(Booking.device_id.in_(devices), LIVE, near, Booking.id.not_in(but))
    return query.order_by(Booking.from_day, Booking.id)


def check_free(device: Device, from_day: date, due_on: date, buffer_days: int) -> None:
    """Raises `Refused` when the thing is promised to somebody else on one of those days."""
    _check(device, from_day, due_on, buffer_days, [])


def check_still_free(number: int, device: Device, from_day: date, due_on: date) -> None:
    """The same for what a booking keeps or kept already, with the days to wipe it that are its own."""
    _check(device, from_day, due_on, buffer_of(number), [number])


def _check(device: Device, from_day: date, due_on: date, buffer_days: int, but: Sequence[int]) -> None:
    clash = session().scalar(clashing([device.id], from_day, end_of(due_on, buffer_days), but).limit(1))
    if clash is not None:
        raise promised(device, clash, from_day, buffer_days)


def wanted_from(devices: Sequence[Device], day: date, but: Sequence[int] = ()) -> date | None:
    """The first day on which one of these things is promised to somebody, looked at from that day on."""
    query = clashing([device.id for device in devices], day, date.max, but).with_only_columns(Booking.from_day)
    return session().scalar(query.limit(1))


def promised(device: Device, clash: Booking, from_day: date, buffer_days: int) -> Refused:
    """How the house says until or from which day a thing is another's; the page shows whose."""
    last = last_due(clash.from_day, buffer_days)
    if clash.from_day <= from_day:
        until = said(clash.to_day - timedelta(days=1))
        words = _(
            "%(name)s is kept until %(day)s, the days to wipe it included. Choose a later day, or another thing.",
            name=device.name, day=until,
        )  # fmt: skip
    elif last > from_day:
        words = _(
            "%(name)s is promised from %(day)s: to be wiped before, it must be back by %(last)s.",
            name=device.name, day=said(clash.from_day), last=said(last),
        )  # fmt: skip
    else:
        words = _(
            "%(name)s is promised from %(day)s. Choose an earlier day, or another thing.",
            name=device.name, day=said(clash.from_day),
        )  # fmt: skip
    return Refused("promised", words)
