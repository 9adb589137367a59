"""The gate after a return (wiped or checked, and recorded), and the holds that keep a thing from leaving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select

from app import history
from app.db import put, session
from app.errors import NotThere, Refused
from app.history import FRESH
from app.inventory import custody, faults, preparing, wipes
from app.inventory.forms import CheckDone, LiftHold, PlaceHold, UndoIt
from app.inventory.models import OF_AN_OPERATION, Check, CustodyLink, Device, Hold
from app.people.roles import Me
from app.words import _

LIFTED_HERE = ("safety", "recall")  # the kinds of holds that a centre lifts itself, thing by thing


def check(device: Device, wish: CheckDone, *, by: Me, at: datetime) -> Device:
    """Record the wipe or the return check; a thing found fit is free again, one found unfit stays and says why."""
    device = _mine(device, by)
    gate = device.model.category.gate
    if device.state != "to_check":
        raise Refused("not_to_check", _("Nothing has to be checked here: it was not just brought back."))
    if wish.result == "fit":
        preparing.check_prepared(device)
    if gate == "wipe" and wish.result == "fit" and not wish.method:
        words = _("Write how the data were wiped.")
        raise Refused("method_missing", words, status=422, fields={"method": words})
    wiped = gate == "wipe" and bool(wish.method)
    if wiped:
        wipes.check_waited(device, wish, at)
        wipes.check_verifier(wish)
    result = "unfit" if wiped and wish.verified_by == wipes.NOBODY_YET else wish.result
    wipe = wipes.facts_of(wish, by) if wiped else {}
    mended = faults.mended_at_check(device, wish.mended) if wish.mended else faults.Change()
    facts = {"gate": gate, "result": result, "method": wish.method} | wipe | faults.facts_of({device.code: mended})
    act = history.record("check", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    row = Check(
        device_id=device.id,
        act_id=act.id,
        kind=gate,
        method=wish.method,
        result=result,
        note=wish.note,
        at=wish.happened(at),
        by=by.id,
    )
    put(row)
    faults.keep(device, mended, act)
    if wiped:
        wipes.keep(device, wipe, act=act)
    if result == "fit":
        custody.move(device, "available", act=act, by=by, at=wish.happened(at), why=gate)
    return device


def undo_check(device: Device, wish: UndoIt, *, by: Me, at: datetime) -> Device:
    """The check just recorded was a mistake: the thing waits again."""
    device = _mine(device, by)
    last = custody.last_link(device)
    check_fresh(last, at, "wipe", "check")
    undoing = faults.undoing([device], last.act_id)
    facts = undoing.facts
    act = history.record("check_undo", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    undoing.write(act)
    custody.step_back(device, act=act, by=by, at=at, why="undo")
    return device


def check_fresh(link: CustodyLink, at: datetime, *why: str) -> None:
    """Refuse an undo of anything but the last step, written down less than two hours ago."""
    written = session().get_one(history.Act, link.act_id).recorded_at  # a paper form may be typed days later
    if link.why not in why or written < at - FRESH:
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))


def _mine(device: Device, by: Me) -> Device:
    device = custody.locked([device.code])[device.code]
    custody.check_here(device, by)
    return device


_HOLDS = (
    select(Hold)
    .where(Hold.device_id == bindparam("device"), Hold.lifted_at.is_(None), Hold.kind.not_in(OF_AN_OPERATION))
    .where(or_(Hold.until.is_(None), Hold.until >= bindparam("day")))
    .order_by(Hold.id)
)


def holds_on(device: Device, day: date) -> list[Hold]:
    """What keeps the thing from leaving on that day."""
    return list(session().scalars(_HOLDS, {"device": device.id, "day": day}))


def held_among(devices: Sequence[Device], day: date) -> set[int]:
    """The numbers of those that something keeps from leaving on that day."""
    standing = (
        Hold.lifted_at.is_(None),
        Hold.kind.not_in(OF_AN_OPERATION),
        or_(Hold.until.is_(None), Hold.until >= day),
    )
    query = select(Hold.device_id).where(Hold.device_id.in_([d.id for d in devices]), *standing)
    return set(session().scalars(query))


_OF_OPERATIONS = (
    select(Hold)
    .where(Hold.device_id == bindparam("device"), Hold.lifted_at.is_(None), Hold.kind == bindparam("kind"))
    .where(or_(Hold.until.is_(None), Hold.until >= bindparam("day")))
    .order_by(Hold.until.is_not(None), Hold.until.desc(), Hold.id)
)


def of_operations(device: Device, kind: str, day: date) -> Sequence[Hold]:
    """What operations that paid for it ask on that day, the longest first; one without an end yet before all."""
    return session().scalars(_OF_OPERATIONS, {"device": device.id, "kind": kind, "day": day}).all()


def place_hold(device: Device, wish: PlaceHold, *, by: Me, at: datetime) -> Device:
    """Keep a thing here: a swollen battery, a recall by the maker."""
    device = _mine(device, by)
    facts = {"until": wish.until and wish.until.isoformat()}
    act = history.record("hold", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    hold(device, "safety", wish.reason, until=wish.until, act=act)
    return device


def hold(device: Device, kind: str, reason: str, *, until: date | None, act: history.Act) -> Hold:
    """For this wing and those above: write a hold, of which inventory needs to know no more."""
    return put(Hold(device_id=device.id, kind=kind, reason=reason, until=until, act_id=act.id))


def lift_hold(device: Device, number: int, wish: LiftHold, *, by: Me, at: datetime) -> Device:
    device = _mine(device, by)
    row = session().get(Hold, number)
    if row is None or row.device_id != device.id or row.kind not in LIFTED_HERE or row.lifted_at is not None:
        raise NotThere(_("There is no such hold on this thing."))
    row.lifted_at = at
    history.record("hold_lift", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, hold=number)
    return device
