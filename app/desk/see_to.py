"""What somebody must see to today beside loans: arrivals, thefts, what should be back, maintenance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.db import session
from app.inventory import maintenance, places, thefts, transfers
from app.inventory.models import Device
from app.lending import calls
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
    code: str
    what: str = ""


def matters(me: Me, day: date) -> list[Matter]:
    if not me.may("move"):
        return []
    return [*_on_their_way(me), *_thefts(me, day), *_should_be_back(me, day), *_undecided(me), *_maintenance(me, day)]


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
