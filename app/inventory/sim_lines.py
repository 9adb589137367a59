"""SIM cards from a table: known by their number, written down or changed by the rules of people's own acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.imports import kinds
from app.imports.kinds import Change, Field, Line, LineByLine, Step
from app.imports.texts import read_day
from app.inventory import device_facts, devices, sims
from app.inventory.device_fields import CENTRE, NOTE
from app.inventory.sims import Sim
from app.inventory.stock_forms import ChangeSim, NewSim
from app.people.roles import Me
from app.words import _
from labels import codes

OF = _("SIM cards")
NUMBER = Field("sim", _("SIM card"), ("sim", "sim card", "carte sim"), OF)
OPERATOR = Field("operator", _("Operator"), ("operator", "operateur"), OF)
ENDS = Field("plan_ends_on", _("The plan ends on"), ("plan_ends_on", "the plan ends on", "le forfait finit le"), OF)
THING = Field("inside", _("In which thing"), ("inside", "in which thing", "dans quel materiel"), OF)
FIELDS = (NUMBER, OPERATOR, ENDS, THING)
WORDS = {one.name: one.words for one in (*FIELDS, NOTE)}
COLUMNS = {"iccid": "sim", "thing": "inside"}


@dataclass
class Plan:
    """The card that is there, and what it is to be."""

    sim: Sim | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class Sims(LineByLine):
    code, right = "sims", "equip"
    acts = ("sim",)
    fields = (*FIELDS, NOTE, CENTRE)

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        return [("sim", _figures(line))]

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:  # noqa: ARG002 - other kinds need the day
        numbers = {_figures(line) for line in lines}
        known = {row.iccid: row for row in session().scalars(select(Sim).where(Sim.iccid.in_(numbers)))}
        return [_looked(line, known.get(_figures(line)), by) for line in lines]

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        plan: Plan = step.plan
        facts = plan.facts | {"id": ids("sim")}
        if plan.sim is None:
            kinds.act(sims.add, NewSim.model_validate(facts), by=by, at=at)
        else:
            kinds.act(sims.edit, ChangeSim.model_validate(facts), plan.sim, by=by, at=at)


def _figures(line: Line) -> str:
    return "".join(sign for sign in line.says("sim") if not sign.isspace() and sign != "-")


def _looked(line: Line, sim: Sim | None, by: Me) -> Step:
    plan = Plan(sim, _as_it_is(sim) if sim else {"iccid": line.says("sim")})
    step = Step(line, "same", line.says("sim"), plan=plan)
    before = dict(plan.facts)
    plan.facts |= {name: text for name in ("operator", "note") if (text := line.says(name))}
    if text := line.says("inside"):
        plan.facts["thing"] = _thing(step, text)
    if line.says("plan_ends_on"):
        plan.facts["plan_ends_on"] = read_day(step, "plan_ends_on")
    if sim is not None and sim.centre_id != by.centre_id:
        step.faults["line"] = _("This card is that of %(centre)s.", centre=sim.centre.name)
    elif sim is not None:
        kinds.checked(ChangeSim, plan.facts, step, COLUMNS)
        step.changes = _changes(before, plan.facts)
    else:
        kinds.checked(NewSim, plan.facts, step, COLUMNS)
        _check_number(step)
    step.what = "fault" if step.faults else "new" if sim is None else "change" if step.changes else "same"
    return step


def _thing(step: Step, text: str) -> str:
    """The code of the thing that bears this number; it may also be one that this very file brings."""
    found = devices.find(text)
    code = found[0].code if len(found) == 1 else codes.parse(text)
    if code is None:
        step.faults["inside"] = _("One thing must bear this number.")
    return codes.grouped(code) if code else text


def _check_number(step: Step) -> None:
    try:
        sims.iccid_of(step.line.says("sim"))
    except Refused as no:
        step.faults["sim"] = no.words


def _as_it_is(sim: Sim) -> dict[str, Any]:
    return {
        "operator": sim.operator,
        "plan_ends_on": sim.plan_ends_on,
        "thing": codes.grouped(sim.device.code) if sim.device else "",
        "note": sim.note,
        "ended": sim.ended_at is not None,
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    return [
        Change(
            WORDS[COLUMNS.get(name, name)],
            device_facts.shown(name, before[name]),
            device_facts.shown(name, after[name]),
        )
        for name in ("operator", "plan_ends_on", "thing", "note")
        if before[name] != after[name]
    ]


OF_SIMS = Sims()
