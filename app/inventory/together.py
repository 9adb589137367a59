"""One act on many things: each of them does it by the rule for one, or none does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy import select

from app import history
from app.db import session
from app.errors import NotThere, Refused
from app.inputs import Act
from app.inventory import custody, maintenance, movements
from app.inventory.care_forms import Move, MoveMany, NewPlan, PlanMany
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from app.people.roles import Me
from app.words import _

A = TypeVar("A", bound=Act)
ALONE = {"stolen"}  # a checklist of its own follows


def move_all(wish: MoveMany, *, by: Me, at: datetime, rule: Callable[..., object] = movements.move) -> list[Device]:
    """`rule`: of a wing above, which knows more of such a movement."""
    return _each(rule, Move, wish, by=by, at=at, what=wish.what)


def plan_all(wish: PlanMany, *, by: Me, at: datetime) -> list[Device]:
    return _each(maintenance.new, NewPlan, wish, by=by, at=at, name=wish.name)


def undo_all(
    act: history.Act, wish: UndoIt, *, by: Me, at: datetime, rule: Callable[..., object] = movements.undo
) -> list[Device]:
    """The movement of all of them was a mistake."""
    things = list(custody.locked(things_told(act)).values())
    facts = {"devices": things_told(act), "of": act.uuid.hex}
    history.record("together_undo", wish, by=by, at=at, subject=act.subject, centre_id=by.centre_id or None, **facts)
    for device in things:
        rule(device, UndoIt(id=uuid5(wish.id, device.code)), by=by, at=at)
    return things


def choices(devices: Sequence[Device], by: Me) -> list[str]:
    """What may be chosen for every one of them, in the order of the first."""
    offered = [movements.choices(device, by) for device in devices]
    return [what for what in (offered[0] if offered else []) if what not in ALONE and all(what in o for o in offered)]


def get(uuid: str) -> history.Act:
    """The act on many things that bears this number. Raises `NotThere`."""
    try:
        act = history.by_uuid(UUID(uuid))
    except ValueError:
        act = None
    if act is None or act.kind != "together":
        raise NotThere(_("There is nothing to undo."))
    return act


def of_act(act: history.Act) -> list[Device]:
    found = session().scalars(select(Device).where(Device.code.in_(things_told(act)))).all()
    return sorted(found, key=lambda device: things_told(act).index(device.code))


def things_told(act: history.Act) -> list[str]:
    return list(act.told["devices"])


def _each(
    rule: Callable[..., object], one: type[A], wish: MoveMany | PlanMany, *, by: Me, at: datetime, **facts: object
) -> list[Device]:
    things = _all_of(wish.codes)
    told = {"devices": [device.code for device in things], "rule": rule.__name__}
    subject, centre_id = things[0].code, by.centre_id or None
    history.record("together", wish, by=by, at=at, subject=subject, centre_id=centre_id, **told, **facts)
    said = wish.model_dump(exclude={"codes", "id"})
    for place, device in enumerate(things):
        this = one.model_validate(said | {"id": uuid5(wish.id, device.code)})
        this.aim(rule.__name__, device)
        try:
            rule(device, this, by=by, at=at)
        except Refused as no:
            raise Refused(no.code, no.words, status=no.status, fields=no.fields or {f"codes.{place}": no.words}) from no
    return things


def _all_of(wanted: Sequence[str]) -> list[Device]:
    """These things, locked, each once, in the order they were named."""
    found = custody.locked(wanted)
    for place, code in enumerate(wanted):
        if code not in found:
            words = _("No thing bears this code.")
            raise Refused("device_unknown", words, fields={f"codes.{place}": words})
    return list(dict.fromkeys(found[code] for code in wanted))
