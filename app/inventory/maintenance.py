"""Maintenance: what is done to a thing again and again, by the calendar or by its meter, and when it is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Moment, Ref, insert_only, note, one_of, put, session, walk
from app.errors import NotThere, Refused
from app.history import count_of, of_kind
from app.history.models import Act, canonical
from app.history.seals import digest
from app.inventory import custody
from app.inventory.care_forms import EndPlan, NewPlan, PlanDone, ReadMeter
from app.inventory.models import Device
from app.inventory.told import bearers
from app.people.roles import Me, is_coordinator
from app.times import day_of
from app.words import _

UNITS = ("hours", "prints")
OVER = ("gone", "retired", "lost", "stolen")  # nobody maintains what is not there


class Plan(Base):
    """One maintenance of one thing: every so many days or units of its meter, whichever comes first."""

    __tablename__ = "maintenance_plan"
    __table_args__ = (
        one_of("unit", *UNITS),
        CheckConstraint("every_days IS NOT NULL OR every IS NOT NULL", name="every_something"),
    )

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    name: Mapped[str]
    every_days: Mapped[int | None]
    every: Mapped[int | None]
    unit: Mapped[str]
    ended_at: Mapped[Moment | None]


class Service(Base):
    """The maintenance was done: that day, at that reading of the meter. The first row is the start of the plan."""

    __tablename__ = "maintenance_done"
    __table_args__ = (Index("ix_maintenance_done_plan_id_id", "plan_id", "id"),)

    id: Mapped[Id]
    plan_id: Mapped[Ref] = mapped_column(ForeignKey("maintenance_plan.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    day: Mapped[date]
    value: Mapped[int]


class Reading(Base):
    """What the meter of a thing said."""

    __tablename__ = "meter_reading"
    __table_args__ = (one_of("unit", *UNITS), Index("ix_meter_reading_device_id_unit_id", "device_id", "unit", "id"))

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    unit: Mapped[str]
    value: Mapped[int]


@dataclass(frozen=True)
class Due:
    """How a plan stands. `on`: the day it is due, `at`: the reading at which it is; each only where the plan has it."""

    plan: Plan
    last: date
    on: date | None
    at: int | None
    value: int
    is_due: bool


def new(device: Device, wish: NewPlan, *, by: Me, at: datetime) -> Device:
    device = _mine(device, by)
    if wish.every_days is None and wish.every is None:
        words = _("Write after how many days, or after how many hours or prints.")
        raise Refused("invalid", words, status=422, fields={"every_days": words})
    row = {"name": wish.name, "every_days": wish.every_days, "every": wish.every, "unit": wish.unit}
    facts = {"said": digest(canonical(row)), "value": reading(device.id, wish.unit)}
    act = history.record("plan_new", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    plan = put(Plan(device_id=device.id, act_id=act.id, ended_at=None, **row))
    note(Service, plan_id=plan.id, act_id=act.id, day=day_of(wish.happened(at)), value=facts["value"])
    return device


def read_meter(device: Device, wish: ReadMeter, *, by: Me, at: datetime) -> Device:
    device = _mine(device, by)
    if wish.meter < reading(device.id, wish.unit):
        words = _("The meter said more before. Read it again.")
        raise Refused("meter_back", words, fields={"meter": words})
    facts = {"unit": wish.unit, "value": wish.meter}
    act = history.record("meter", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    note(Reading, device_id=device.id, act_id=act.id, unit=wish.unit, value=wish.meter)
    return device


def done(device: Device, number: int, wish: PlanDone, *, by: Me, at: datetime) -> Device:
    device = _mine(device, by)
    plan = _running(device, number)
    facts = {"plan": plan_act(plan), "value": reading(device.id, plan.unit)}
    act = history.record("plan_done", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    note(Service, plan_id=plan.id, act_id=act.id, day=day_of(wish.happened(at)), value=facts["value"])
    return device


def end(device: Device, number: int, wish: EndPlan, *, by: Me, at: datetime) -> Device:
    device = _mine(device, by)
    plan = _running(device, number)
    facts = {"plan": plan_act(plan)}
    history.record("plan_end", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    plan.ended_at = at
    return device


def plan_act(plan: Plan) -> str:
    """A plan is named by the act that made it."""
    return session().get_one(Act, plan.act_id).uuid.hex


def reading(device_id: int, unit: str) -> int:
    """What its meter said last; a meter nobody read stands at nought."""
    query = select(func.max(Reading.value)).where(Reading.device_id == device_id, Reading.unit == unit)
    return session().scalar(query) or 0


def _mine(device: Device, by: Me) -> Device:
    device = custody.locked([device.code])[device.code]
    if not is_coordinator(by):
        custody.check_here(device, by)
    return device


def _running(device: Device, number: int) -> Plan:
    plan = session().get(Plan, number) if number < 2**31 else None
    if plan is None or plan.device_id != device.id or plan.ended_at is not None:
        raise NotThere(_("There is no such maintenance on this thing."))
    return plan


def plans_of(device_id: int, day: date) -> list[Due]:
    """The running plans of a thing, what is due first."""
    return _standing(select(Plan).where(Plan.device_id == device_id), day)


def due_here(me: Me, day: date) -> list[tuple[Device, Due]]:
    """What is due in this centre."""
    here = (Device.centre_id == me.centre_id) & Device.state.not_in(OVER)
    plans = select(Plan).join(Device, Device.id == Plan.device_id).where(here)
    due = [one for one in _standing(plans, day) if one.is_due]
    things = {d.id: d for d in session().scalars(select(Device).where(Device.id.in_({o.plan.device_id for o in due})))}
    return [(things[one.plan.device_id], one) for one in due]


def _standing(plans: Any, day: date) -> list[Due]:
    rows = session().scalars(plans.where(Plan.ended_at.is_(None)).order_by(Plan.id)).all()
    newest = select(func.max(Service.id)).where(Service.plan_id.in_([p.id for p in rows])).group_by(Service.plan_id)
    last = {s.plan_id: s for s in session().scalars(select(Service).where(Service.id.in_(newest)))}
    meters = _meters([p.device_id for p in rows])
    found = [_due(p, last[p.id], meters.get((p.device_id, p.unit), 0), day) for p in rows]
    return sorted(found, key=lambda one: not one.is_due)


def _meters(devices: Sequence[int]) -> dict[tuple[int, str], int]:
    query = select(Reading.device_id, Reading.unit, func.max(Reading.value)).where(Reading.device_id.in_(devices))
    return {(d, unit): value for d, unit, value in session().execute(query.group_by(Reading.device_id, Reading.unit))}


def _due(plan: Plan, last: Service, value: int, day: date) -> Due:
    on = last.day + timedelta(days=plan.every_days) if plan.every_days else None
    at = last.value + plan.every if plan.every else None
    return Due(plan, last.day, on, at, value, (on is not None and on <= day) or (at is not None and at <= value))


def check_maintenance() -> Iterator[str]:
    """Plans, services and readings are what their acts tell of, and each such act has its row."""
    given = bearers()
    yield from _check_plans(given)
    yield from _check_readings(given)
    yield from _check_services()
    for table, kinds in ((Plan, {"plan_new"}), (Reading, {"meter"}), (Service, {"plan_new", "plan_done"})):
        if session().scalar(select(func.count()).select_from(table)) != count_of(*kinds):
            yield f"{table.__tablename__}: a row for each act was due"


def _check_plans(given: Mapping[str, int | None]) -> Iterator[str]:
    ended = {act.told.get("plan"): act.recorded_at for act in of_kind("plan_end")}
    for plan, act in walk(select(Plan, Act).outerjoin(Act, Act.id == Plan.act_id)):
        row = {"name": plan.name, "every_days": plan.every_days, "every": plan.every, "unit": plan.unit}
        told = act and (act.kind, act.told.get("said"), given.get(act.subject), ended.get(act.uuid.hex))
        if told != ("plan_new", digest(canonical(row)), plan.device_id, plan.ended_at):
            yield f"maintenance_plan {plan.id}: not what its acts tell of"


def _check_readings(given: Mapping[str, int | None]) -> Iterator[str]:
    for row, act in walk(select(Reading, Act).outerjoin(Act, Act.id == Reading.act_id)):
        told = act and (act.kind, act.told.get("unit"), act.told.get("value"), given.get(act.subject))
        if told != ("meter", row.unit, row.value, row.device_id):
            yield f"meter_reading {row.id}: not what its act tells of"


def _check_services() -> Iterator[str]:
    """The first service of a plan is its beginning, by the plan's own act."""
    makers = select(Plan.id, Act.uuid).join(Act, Act.id == Plan.act_id)
    made = {number: uuid.hex for number, uuid in walk(makers)}
    for row, act in walk(select(Service, Act).outerjoin(Act, Act.id == Service.act_id)):
        plan = act and (act.uuid.hex if act.kind == "plan_new" else act.told.get("plan"))
        told = act and (plan, act.told.get("value"), day_of(act.occurred_at))
        if told != (made.get(row.plan_id), row.value, row.day):
            yield f"maintenance_done {row.id}: not what its act tells of"


insert_only("maintenance_done", "meter_reading")
