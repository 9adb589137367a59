"""A thing just delivered is prepared before its first check: step by step, each ticked by somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Moment, Ref, insert_only, one_of, put, session
from app.errors import Refused
from app.history import Act
from app.inventory import arrivals, custody, printed
from app.inventory.models import Device
from app.inventory.stock_forms import TickStep
from app.inventory.told import bearers, check_told
from app.people.models import Person
from app.people.roles import Me
from app.words import _

# The label is the step nobody ticks here: it is done once somebody said that it is in place.
STEPS: Mapping[str, Any] = {
    "install": _("Installed and up to date"),
    "accounts": _("Accounts and settings made"),
    "charger": _("Charger and what goes with it are there, and marked"),
    "label": _("Label in place, with a photo"),
}
OF_SIMPLE_THINGS = ("charger", "label")  # of what holds no data


class PreparationTick(Base):
    """Somebody ticked a step, or took the tick away; the newest counts."""

    __tablename__ = "preparation_tick"
    __table_args__ = (
        one_of("step", "install", "accounts", "charger"),
        Index("ix_preparation_tick_device_id_id", "device_id", "id"),
    )

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    step: Mapped[str]
    done: Mapped[bool]
    at: Mapped[Moment]
    by: Mapped[Ref]


@dataclass(frozen=True)
class Step:
    """A step as it stands: done by whom, when."""

    key: str
    words: Any
    done: bool
    by: str
    at: datetime | None


def steps(device: Device) -> Sequence[Step]:
    """What is to be done before this thing is lent for the first time; nothing for what came without a delivery."""
    if arrivals.item_of(device.id) is None:
        return []
    wanted = list(STEPS) if device.model.category.gate == "wipe" else OF_SIMPLE_THINGS
    ticks = _ticks(device)
    return [_label(device) if key == "label" else _step(key, ticks.get(key)) for key in wanted]


def _ticks(device: Device) -> Mapping[str, tuple[PreparationTick, str]]:
    query = select(PreparationTick, Person.name).outerjoin(Person, Person.id == PreparationTick.by)
    rows = session().execute(query.where(PreparationTick.device_id == device.id).order_by(PreparationTick.id))
    return {row.step: (row, name or "") for row, name in rows}


def _step(key: str, tick: tuple[PreparationTick, str] | None) -> Step:
    row, name = tick or (None, "")
    return Step(key, STEPS[key], True, name, row.at) if row and row.done else Step(key, STEPS[key], False, "", None)


def _label(device: Device) -> Step:
    seen = printed.placed(device.id)
    if seen is None or seen.file_id is None:
        return Step("label", STEPS["label"], False, "", None)
    act = session().get_one(Act, seen.act_id)
    person = session().get(Person, act.author)
    return Step("label", STEPS["label"], True, person.name if person else "", act.occurred_at)


def tick(device: Device, wish: TickStep, *, by: Me, at: datetime) -> Device:
    device = custody.locked([device.code])[device.code]
    custody.check_here(device, by)
    if wish.step not in {one.key for one in steps(device)}:
        raise Refused("nothing_to_prepare", _("This is no step of its preparation."))
    facts = {"step": wish.step, "done": wish.done}
    act = history.record("prepare", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    put(PreparationTick(device_id=device.id, act_id=act.id, at=act.occurred_at, by=by.id, **facts))
    return device


def check_prepared(device: Device) -> None:
    """Before the gate opens for the first time. Raises `Refused` with what is left to do."""
    left = [one.words for one in steps(device) if not one.done]
    if left:
        raise Refused("not_prepared", _("Its preparation is not complete: %(step)s.", step=left[0]))


def check_preparations() -> Iterator[str]:
    given = bearers()

    def same(row: PreparationTick, act: Act) -> bool:
        mine = (row.at, row.by) == (act.occurred_at, act.author)
        return mine and act.told == {"step": row.step, "done": row.done} and given.get(act.subject) == row.device_id

    yield from check_told(PreparationTick, {"prepare"}, same)


insert_only("preparation_tick")
