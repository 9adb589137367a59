"""What somebody must see to today beside loans: arrivals, thefts, what should be back, maintenance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.db import session
from app.inventory import maintenance, places, thefts, transfers
from app.inventory.models import Device
from app.lending import calls, reservations
from app.lending.booking_models import Reservation
from app.people.roles import Me
from app.web.looks import short_day as said
from app.words import _

AWAY = ("with_staff", "on_outing", "with_partner", "in_repair")
SHOWN = 20


@dataclass(frozen=True)
class Matter:
    """One line: whose thing, what about it, and the page on which it is dealt with."""

    icon: str
    name: str
    words: Any
    page: str
    code: str = ""
    what: str = ""
    uuid: str = ""


def matters(me: Me, day: date) -> list[Matter]:
    if not me.may("move"):
        return []
    people = _promised(me, day) if me.people_of else ()
    return [
        *people,
        *_on_their_way(me),
        *_thefts(me, day),
        *_should_be_back(me, day),
        *_undecided(me),
        *_maintenance(me, day),
    ]


def _soon(me: Me, day: date) -> Sequence[Reservation]:
    """What is kept and begins within a few days, or has begun."""
    near = Reservation.from_day <= day + timedelta(days=reservations.NEAR)
    query = reservations.seen_by(me).where(Reservation.closed_at.is_(None), near)
    return session().scalars(query.order_by(Reservation.from_day, Reservation.id).limit(SHOWN)).all()


def _promised(me: Me, day: date) -> Iterator[Matter]:
    """What is not ready days before it is wanted, so that another can be found; and what nobody fetched."""
    for row in _soon(me, day):
        if reservations.troubles(row, day):
            words = _("Kept for %(who)s from %(day)s, and not ready.", who=_whose(row), day=said(row.from_day))
            yield Matter("warn", _things(row), words, "bookings.show", uuid=row.uuid.hex)
        elif row.from_day <= day and row.kept_lines:
            words = _("Kept for %(who)s until %(day)s: not fetched yet.", who=_whose(row), day=said(row.to_day))
            yield Matter("calendar", _things(row), words, "bookings.show", uuid=row.uuid.hex)


def _things(row: Reservation) -> str:
    return ", ".join(line.device.name for line in row.kept_lines)


def _whose(row: Reservation) -> str:
    return row.household.name if row.household else row.title


def _on_their_way(me: Me) -> Iterator[Matter]:
    for device, link, to in transfers.waiting(me):
        if to.id == me.centre_id:
            words = _("Sent by %(centre)s on %(day)s. Has it arrived?", centre=device.centre.name, day=said(link.at))
            yield Matter("transit", device.name, words, "moves.move", device.code, "accept")
        else:
            words = _("Sent to %(centre)s on %(day)s, not accepted yet.", centre=to.name, day=said(link.at))
            yield Matter("transit", device.name, words, "desk.thing", device.code)


def _thefts(me: Me, day: date) -> Iterator[Matter]:
    if me.may("hold"):
        for device, at in thefts.undeclared(me, day):
            words = _("Stolen on %(day)s, no complaint written down yet.", day=said(at))
            yield Matter("warn", device.name, words, "care.theft", device.code)


def _should_be_back(me: Me, day: date) -> Iterator[Matter]:
    here = (Device.centre_id == me.centre_id) & Device.state.in_(AWAY)
    query = select(Device).where(here, Device.due_back_on < day).order_by(Device.due_back_on, Device.id).limit(SHOWN)
    found = session().scalars(query).all()
    known = places.of(found)
    for device in found:
        due, who = said(device.due_back_on or day), known[device.id].name if device.id in known else ""
        words = _("With %(who)s, due back on %(day)s.", who=who, day=due) if who else _("Due back on %(day)s.", day=due)
        yield Matter("late", device.name, words, "moves.move", device.code, "back")


def _undecided(me: Me) -> Iterator[Matter]:
    """For whoever answers for things and sees no people; others find the household on the board."""
    if me.may("hold") and not me.may("households"):
        for device in calls.undecided(me):
            words = _("On loan and late for long: its centre has to decide.")
            yield Matter("late", device.name, words, "desk.thing", device.code)


def _maintenance(me: Me, day: date) -> Iterator[Matter]:
    for device, one in maintenance.due_here(me, day)[:SHOWN]:
        yield Matter("repair", device.name, _("Maintenance: %(what)s", what=one.plan.name), "care.plans", device.code)
