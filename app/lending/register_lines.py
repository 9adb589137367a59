"""A centre's own table as it is: its things, who has them, since when and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import session
from app.imports import household_lines as people
from app.imports import kinds
from app.imports.household_lines import Finder, Found
from app.imports.kinds import Field, Line, OfCentre, Step
from app.imports.texts import read_day
from app.inputs import EARLIEST, LATEST, SENTENCES
from app.inventory import device_lines, own_columns
from app.inventory import lines as things
from app.inventory.device_fields import UNTIL
from app.inventory.models import Device
from app.lending import loans
from app.lending.forms import Lend
from app.lending.models import Loan, LoanLine
from app.people.models import Centre
from app.people.roles import Me
from app.times import day_of, noon_of
from app.words import _

SINCE = Field(
    "lent_on", _("Lent on"),
    ("lent_on", "prete le", "lent on", "checkout date", "date d'association", "depuis", "depuis le", "since",
     "date de pret",
     "date du pret", "sorti le", "date de sortie", "checked out", "emprunte le", "du"),
)  # fmt: skip
LOAN = (SINCE, UNTIL)


@dataclass
class Plan:
    """The thing's own step, whom it is lent to, and the days."""

    thing: Step
    found: Found | None = None
    since: date | None = None
    until: date | None = None


class RegisterAsItIs(OfCentre):
    code, right = "register", "households"

    @property
    def fields(self) -> Sequence[Field]:
        return (*things.FIELDS, *people.PEOPLE, SINCE, *own_columns.columns())

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        return things.DEVICES.keys(line)

    def told_by(self, line: Line) -> Sequence[str]:
        return (*things.DEVICES.told_by(line), "loan")

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:
        finder = Finder(lines, by)
        steps = things.looked([_thing_of(line) for line in lines], by=by, at=at)
        whose = _out_now(steps)
        return [_looked(step, line, finder, whose, at) for step, line in zip(steps, lines, strict=True)]

    def together(self, numbers: Sequence[UUID]) -> AbstractContextManager[None]:
        return things.DEVICES.together(numbers)

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        plan: Plan = step.plan
        since = noon_of(plan.since) if plan.since and step.lends else None
        device = things.done(plan.thing, ids, by=by, at=at, since=since)
        if step.lends and device is not None and plan.found is not None:
            home = people.written(step, plan.found, ids("household"), by=by, at=at)
            due = plan.until or _due(device, plan.since, by, at)
            wish = Lend(id=ids("loan"), occurred_at=since, household=home.code, devices=[device.code], due_on=due)
            kinds.act(loans.lend, wish, by=by, at=at)


def _names_somebody(line: Line) -> bool:
    return bool(people.name_of(line) or line.says("household_code"))


def _thing_of(line: Line) -> Line:
    """The line without its state when it tells who has the thing: then it is out, and need not be kept here."""
    lent = _names_somebody(line) and device_lines.is_out(line)
    values = {name: text for name, text in line.values.items() if not (lent and name == "state")}
    return Line(line.place, line.sheet, line.number, values, line.columns, line.do)


def _out_now(steps: Sequence[Step]) -> Mapping[int, LoanLine]:
    there = [step.plan.device for step in steps if isinstance(step.plan, device_lines.Plan)]
    known = [device.id for device in there if device is not None and device.state == "on_loan"]
    found: dict[int, LoanLine] = {}
    for first in range(0, len(known), 500):
        part = known[first : first + 500]
        query = select(LoanLine).join(Loan).where(LoanLine.device_id.in_(part), LoanLine.closed_at.is_(None))
        found |= {row.device_id: row for row in session().scalars(query)}
    return found


def _looked(thing: Step, line: Line, finder: Finder, whose: Mapping[int, LoanLine], at: datetime) -> Step:
    plan = Plan(thing)
    step = Step(line, thing.what, thing.title, thing.changes, thing.notes, dict(thing.faults), thing.double, plan=plan)
    if _names_somebody(line) and isinstance(thing.plan, device_lines.Plan):
        _look_at_loan(step, plan, finder, whose, at)
    step.what = "fault" if step.faults else step.what
    return step


def _look_at_loan(step: Step, plan: Plan, finder: Finder, whose: Mapping[int, LoanLine], at: datetime) -> None:
    held = step.double
    plan.found = finder.find(step)
    step.double = held or step.double
    if plan.found:
        people.check(step, plan.found.wish)
    _read_days(step, plan, at)
    _check_may_be_lent(step, plan, whose)
    if step.lends and not step.faults:
        step.what = "new" if step.what == "same" else step.what
        who = plan.found.wish["name"] if plan.found and plan.found.wish["name"] else step.line.says("household_code")
        step.notes.append(_("Lent to %(who)s", who=who))
        if plan.found and plan.found.household is None:
            step.notes.append(_("New household: %(name)s", name=who))


def _read_days(step: Step, plan: Plan, at: datetime) -> None:
    for name in ("lent_on", "due_on"):
        found = read_day(step, name)
        if found and not EARLIEST <= found.year <= LATEST:
            step.faults[name] = SENTENCES["far_away"]
        elif name == "lent_on":
            plan.since = found
        else:
            plan.until = found
    if plan.since and plan.since > day_of(at):
        step.faults["lent_on"] = _("This day lies ahead.")
    if plan.until and plan.until <= (plan.since or day_of(at)):
        step.faults["due_on"] = _("The day it is due back must come after the day it was lent.")


def _check_may_be_lent(step: Step, plan: Plan, whose: Mapping[int, LoanLine]) -> None:
    """Whether it is to be lent: not when it is with these people already."""
    inner: device_lines.Plan = plan.thing.plan
    device: Device | None = inner.device
    line = whose.get(device.id) if device is not None else None
    if line is not None:
        there = plan.found.household if plan.found else None
        if there is None or line.loan.household_id != there.id:
            step.faults["household"] = _(
                "%(name)s is already on loan to somebody else.", name=device.name if device else ""
            )
        return
    if device is not None and device.state != "available":
        step.faults["line"] = _("%(name)s is not free: it can not be lent now.", name=device.name)
    if (inner.held or inner.happened or inner.facts.get("to_check")) and not step.faults:
        step.faults["state"] = _(
            "It is lent to somebody, and “%(state)s” as well. Which of the two?", state=step.line.says("state")[:60]
        )
    step.lends = True


def _due(device: Device, since: date | None, by: Me, at: datetime) -> date:
    """Nobody wrote down a day: the usual length, and not in the past before anybody was told."""
    centre = session().get(Centre, by.centre_id)
    return max(loans.usual_due_day(day, centre, [device]) for day in (since or day_of(at), day_of(at)))


REGISTER: Any = kinds.known(RegisterAsItIs())
