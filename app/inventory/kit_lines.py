"""The kit that a thing of a table lies in: known by its code or its name, written down when it is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select

from app.db import session
from app.imports import kinds
from app.imports.kinds import Change, Line, Step
from app.inventory import kits
from app.inventory.device_fields import KIT
from app.inventory.kits import Kit, KitThing
from app.inventory.models import Device, DeviceModel
from app.inventory.stock_forms import KitBrought, KitThingIn, KitThingOut
from app.people.roles import Me
from app.words import _, fold
from labels import codes


@dataclass(frozen=True)
class Told:
    """The kit a line means: one that is there, or the name and code of a new one."""

    kit: Kit | None
    name: str
    code: str = ""


class Known:
    """The kits there are, and which of them each thing lies in."""

    def __init__(self, by: Me) -> None:
        self._centre = by.centre_id

    @cached_property
    def _all(self) -> dict[str, Kit]:
        return {kit.code: kit for kit in session().scalars(select(Kit).order_by(Kit.id))}

    @cached_property
    def _around(self) -> dict[int, int]:
        rows = session().execute(select(KitThing.device_id, KitThing.kit_id).where(KitThing.left_at.is_(None)))
        return {row.device_id: row.kit_id for row in rows}

    def around(self, device: Device | None) -> Kit | None:
        number = self._around.get(device.id) if device else None
        return session().get_one(Kit, number) if number else None

    def find(self, step: Step) -> Told | None:
        """What the line means; None when it says nothing of a kit, or has its faults."""
        name, text = step.line.says("kit"), step.line.says("kit_code")
        if text:
            return self._of_code(step, codes.parse(text) or "", name)
        return self._named(step, name) if name else None

    def _of_code(self, step: Step, code: str, name: str) -> Told | None:
        kit = self._all.get(code)
        if not code.startswith("K"):
            step.faults["kit_code"] = _("This is not one of our codes. Check the letters on the label.")
        elif kit is not None and kit.centre_id != self._centre:
            step.faults["kit_code"] = _("This kit is that of %(centre)s.", centre=kit.centre.name)
        elif kit is not None and kit.ended_at is not None:
            step.faults["kit_code"] = _("This kit is no more. Put it back first.")
        elif kit is None and not name:
            step.faults["kit"] = _("Please fill this in.")
        else:
            return Told(kit, kit.name if kit else name, code)
        return None

    def _named(self, step: Step, name: str) -> Told | None:
        here = [kit for kit in self._all.values() if kit.centre_id == self._centre and kit.ended_at is None]
        found = [kit for kit in here if kit.folded == fold(name)]
        if len(found) > 1:
            step.faults["kit"] = _("Several kits bear this name. Write the code of the right one.")
            return None
        return Told(found[0] if found else None, name)


def says(line: Line) -> bool:
    return bool(line.says("kit") or line.says("kit_code"))


def read(
    step: Step, known: Known, device: Device | None, model: DeviceModel | None
) -> tuple[Told | None, list[Change]]:
    """The kit it is to be put in, and what changes by that. None when it lies there, or says nothing of one."""
    told = known.find(step)
    before = known.around(device)
    if told is None or (before is not None and told.kit is before):
        return None, []
    if model is not None and model.category.lent_to == "never":
        step.faults["kit"] = _("%(name)s is not lent to households.", name=step.line.says("name") or model.name)
    kinds.checked(KitBrought, {"name": told.name}, step, {"name": "kit"})
    if told.kit is None:
        step.notes.append(_("New kit: %(name)s", name=told.name))
    elif device is None:
        step.notes.append(_("It goes into: %(name)s", name=told.name))
    return told, [Change(KIT.words, before.name if before else "", told.name)]


def done(told: Told, device: Device, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
    """Put it in, and out of the one it lay in."""
    if before := kits.kit_of(device.id):
        out = KitThingOut(id=ids("kit_out"), thing=device.code)
        kinds.act(kits.take_out, out, before, by=by, at=at)
    kit = told.kit or _now(told, ids("kit_new"), by=by, at=at)
    kinds.act(kits.put_in, KitThingIn(id=ids("kit"), thing=device.code), kit, by=by, at=at)


def _now(told: Told, number: UUID, *, by: Me, at: datetime) -> Kit:
    """The new kit, written down now unless an earlier line of the file did."""
    meant = Kit.code == told.code if told.code else Kit.folded == fold(told.name)
    query = select(Kit).where(Kit.centre_id == by.centre_id, Kit.ended_at.is_(None), meant)
    there = session().scalars(query.limit(1)).first()
    wish = KitBrought(id=number, name=told.name, code=told.code)
    return there or kinds.act(kits.add, wish, by=by, at=at)
