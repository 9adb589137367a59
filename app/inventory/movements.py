"""Custody other than loans: a bag, an outing, a partner, a repair, another centre, lost and found, retired, gone.

Each movement is one act and one link of custody; its row here keeps the words that go with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import history
from app.db import note, put, session
from app.errors import Refused
from app.inventory import care, custody, outside
from app.inventory.care_forms import Move
from app.inventory.forms import UndoIt
from app.inventory.models import CustodyLink, Device
from app.inventory.moved import LEADS_TO, WORDS, Movement, Partner, digest_of
from app.inventory.states import LOOKS
from app.people.models import Centre, Person
from app.people.roles import Me, is_coordinator
from app.times import day_of
from app.words import _, fold

ASK_THE_DESK = _("This loan is another desk's: ask the centre that made it.")
# What may be chosen from where; the first is the likely one.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "available": ("bag", "outing", "partner", "send", "repair", "lost", "stolen", "retire", "give", "sell", "scrap"),
    "to_check": ("repair", "send", "lost", "stolen", "retire", "give", "sell", "scrap"),
    "on_loan": ("lost", "stolen"),
    "with_staff": ("back", "lost", "stolen"),
    "on_outing": ("back", "lost", "stolen"),
    "with_partner": ("back", "lost", "stolen"),
    "in_repair": ("back", "lost", "stolen", "scrap"),
    "in_transit": ("accept", "call_back", "lost", "stolen"),
    "lost": ("found", "stolen"),
    "stolen": ("found",),
    "retired": ("restore", "give", "sell", "scrap"),
    "gone": (),
}
BACK = {
    "with_staff": "bag_back",
    "on_outing": "outing_back",
    "with_partner": "partner_back",
    "in_repair": "repair_back",
}
DUE = frozenset({"outing", "partner", "repair"})
GRAVE = frozenset({"retire", "restore", "scrap", "give", "sell"})  # of the manager or the coordinator


@dataclass(frozen=True)
class Going:
    """Where a movement leads beside its state: to whom, and which centre answers from then on."""

    place_id: int | None = None
    centre_id: int | None = None
    due: bool = False


def move(device: Device, wish: Move, *, by: Me, at: datetime) -> Device:
    """Any movement of a thing that is not on loan."""
    device = custody.locked([device.code])[device.code]
    check_may(device, wish, by)
    if device.state == "on_loan":
        raise Refused("not_available", _("%(name)s is on loan: take it back first.", name=device.name))
    step(device, wish, by=by, at=at)
    return device


def step(device: Device, wish: Move, *, by: Me, at: datetime, **facts: Any) -> history.Act:
    """The movement itself, of a thing that is locked: looked at, recorded, done. `facts` are told with it."""
    why = _why(device, wish)
    going = _WHERE[wish.what](device, wish, by)
    _check_fields(wish, at)
    outside.check(device, wish, by=by, at=at)
    due = wish.due_on if wish.what in DUE else None
    row = {name: getattr(wish, name) for name in WORDS}
    facts |= {"place": going.place_id, "cost": wish.cents, "said": digest_of(row)}
    facts |= {"due_on": due.isoformat()} if due else {}
    centre_id = going.centre_id or device.centre_id
    act = history.record(why, wish, by=by, at=at, subject=device.code, centre_id=centre_id, **facts)
    where: dict[str, Any] = {"place_id": going.place_id, "centre_id": going.centre_id, "due_back_on": due}
    custody.move(device, LEADS_TO[why], act=act, by=by, at=wish.happened(at), why=why, **where)
    note(Movement, device_id=device.id, act_id=act.id, cost_cents=wish.cents, **row)
    return act


def undo(device: Device, wish: UndoIt, *, by: Me, at: datetime) -> history.Act:
    """The movement just made was a mistake: the thing, which is locked, is where it was before."""
    last, before = custody.last_two(device)
    _check_here(device, by)
    care.check_fresh(last, at, *LEADS_TO)
    _check_grave(last.why, by)
    act = history.record("move_undo", wish, by=by, at=at, subject=device.code, centre_id=before.centre_id)
    custody.step_back(device, act=act, by=by, at=at, why="undo")
    return act


def choices(device: Any, by: Me) -> list[str]:
    """What this person may choose for this thing now. `device`: its row, or the card of its page."""
    if not by.may("move"):
        return []
    offered = [what for what in CHOICES[device.state] if what not in GRAVE or by.may("hold")]
    if device.state == "in_transit":
        mine = "accept" if destination(device) == by.centre_id else "call_back"
        offered = [what for what in offered if what == mine or (what not in {"accept", "call_back"})]
        return offered if _answers(device, by) else [what for what in offered if what == "accept"]
    return offered if _answers(device, by) else []


def destination(device: Any) -> int | None:
    """The centre a thing is on its way to."""
    here = (CustodyLink.device_id == device.id) & (CustodyLink.number == device.link_number)
    return session().scalar(select(CustodyLink.place_id).where(here, CustodyLink.place == "transit"))


def _answers(device: Any, by: Me) -> bool:
    return device.centre_id == by.centre_id or is_coordinator(by)


def _check_here(device: Device, by: Me) -> None:
    if not is_coordinator(by):
        custody.check_here(device, by)


def check_may(device: Device, wish: Move, by: Me) -> None:
    """Whoever answers for a thing moves it; what is on its way is accepted by those it is for."""
    if wish.what not in CHOICES[device.state]:
        words = _("%(name)s is “%(state)s”: this cannot be done now.", name=device.name, state=LOOKS[device.state].word)
        raise Refused("not_available", words)
    if wish.what == "accept" and device.state == "in_transit":
        if destination(device) != by.centre_id:
            raise Refused("not_here", _("It is on its way to another centre: they accept it."))
        return
    _check_here(device, by)
    _check_grave(wish.what, by)


def _check_grave(what: str, by: Me) -> None:
    if what in GRAVE and not by.may("hold"):
        raise Refused("forbidden", _("The manager decides that. Ask them."), status=403)


def _why(device: Device, wish: Move) -> str:
    if wish.what == "back":
        return BACK[device.state]
    if wish.what == "accept" and wish.ready and custody.last_two(device)[1].state == "available":
        return "accept_ready"
    return wish.what


def _check_fields(wish: Move, at: datetime) -> None:
    """What this movement cannot do without."""
    needed = {
        "repair": ("supplier", "reason"), "outing": ("due_on",), "partner": ("due_on",),
        "scrap": ("reason", "document"), "give": ("reason", "document"), "sell": ("reason", "document"),
        "retire": ("reason",),
    }  # fmt: skip
    missing = {name: _("Please fill this in.") for name in needed.get(wish.what, ()) if not getattr(wish, name)}
    if missing:
        raise Refused("invalid", _("Something is missing or not right."), status=422, fields=missing)
    if wish.what in DUE and wish.due_on and wish.due_on < day_of(wish.happened(at)):
        words = _("The day it is due back must not be over.")
        raise Refused("due_in_past", words, fields={"due_on": words})


def _nowhere(_device: Device, _wish: Move, _by: Me) -> Going:
    return Going()


def _into_bag(_device: Device, wish: Move, by: Me) -> Going:
    person = session().get(Person, wish.person) if wish.person else None
    if wish.person and (person is None or person.left_at is not None):
        raise _choose("person")
    return Going(place_id=wish.person or by.id)


def _to_partner(_device: Device, wish: Move, _by: Me) -> Going:
    if not fold(wish.partner):
        words = _("Please fill this in.")
        raise Refused("invalid", _("Something is missing or not right."), status=422, fields={"partner": words})
    found = session().scalar(select(Partner).where(Partner.folded == fold(wish.partner)))
    partner = found or put(Partner(name=wish.partner, folded=fold(wish.partner)))
    return Going(place_id=partner.id)


def _to_centre(device: Device, wish: Move, _by: Me) -> Going:
    to = session().scalar(select(Centre).where(Centre.code == wish.centre.replace(" ", "").upper()))
    if to is None or to.id == device.centre_id:
        raise _choose("centre")
    return Going(place_id=to.id)


def _accepted(_device: Device, _wish: Move, by: Me) -> Going:
    return Going(centre_id=by.centre_id)


def _choose(field: str) -> Refused:
    words = _("Please choose one of the answers offered.")
    return Refused("invalid", words, status=422, fields={field: words})


_WHERE: Mapping[str, Callable[[Device, Move, Me], Going]] = {
    **dict.fromkeys(
        (
            "outing",
            "repair",
            "back",
            "call_back",
            "lost",
            "stolen",
            "found",
            "retire",
            "restore",
            "scrap",
            "give",
            "sell",
        ),
        _nowhere,
    ),
    "bag": _into_bag,
    "partner": _to_partner,
    "send": _to_centre,
    "accept": _accepted,
}
