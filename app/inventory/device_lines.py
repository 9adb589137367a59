"""Things from a table: found by any number they bear, written down or changed by the rules of people's own acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.db import gathered
from app.imports import kinds
from app.imports.kinds import Change, Field, Line, OfCentre, Step
from app.inventory import (
    care,
    custody,
    device_facts,
    devices,
    happened,
    kit_lines,
    model_lines,
    movements,
    own_columns,
    recalls,
    search,
)
from app.inventory.care_forms import Move
from app.inventory.device_facts import PLAIN
from app.inventory.device_fields import FIELDS, FREE, OUT, TO_CHECK
from app.inventory.device_register import Register
from app.inventory.forms import BroughtAlong, DeviceFacts, PlaceHold
from app.inventory.models import Device
from app.inventory.moved import LEADS_TO
from app.inventory.states import LOOKS
from app.people.roles import Me
from app.times import day_of
from app.words import Sentence, _, bare, fold, spoken
from labels import codes

WORDS = {one.name: one.words for one in FIELDS}


@dataclass
class Plan(model_lines.Plan):
    """What is known of a line: the thing it means and its facts, beside the model it is of."""

    device: Device | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    wish: BroughtAlong | None = None  # the facts, checked
    code: str = ""
    held: str = ""  # why it stays here, in the words of the file
    lacks: bool = False  # it need not be held if the line said with whom it is
    happened: Mapping[str, Any] | None = None  # where it is or what became of it: the movement it is still to make
    edited: bool = False  # whether its card changes
    kit: kit_lines.Told | None = None  # the one it is to be put in


def _looked(line: Line, register: Register, by: Me, today: date) -> Step:
    plan = Plan(register=register)
    step = Step(line, "same", line.says("name"), plan=plan)
    model_lines.choose(step, register)
    register.find(step, plan)
    _check_here(step, plan, register, by)
    more = _read_facts(step, plan, register, by)
    if plan.device is None:
        plan.happened = happened.told(line, register, by, today)
        plan.held = "" if plan.happened or plan.facts.get("to_check") else _held(line)
        plan.lacks = bool(plan.held) and happened.lacks(line, by)
    step.title = str(plan.facts.get("name") or step.title)
    plan.kit, moves = kit_lines.read(step, register.kits, plan.device, plan.model)
    if not step.faults:
        _compare(step, plan, more, moves)
    step.what = "fault" if step.faults else step.what
    return step


def _check_here(step: Step, plan: Plan, register: Register, by: Me) -> None:
    """What is another centre's is not touched, and a line that tells of another centre is not taken over here."""
    device = plan.device
    if device is not None and device.centre_id != by.centre_id:
        step.faults["line"] = custody.answers_for(device)
    elif (other := register.other_centre(step.line.says("centre"))) is not None:
        step.faults["centre"] = of_another(other)


def of_another(centre: str) -> Sentence:
    return _("This line is of %(centre)s. Only things of your own centre are taken over here.", centre=centre)


def _read_facts(step: Step, plan: Plan, register: Register, by: Me) -> list[Change]:
    """The facts on its card: those of the line, else those that are there, else what is usual.

    Answers what changes in the house's own fields and the further numbers.
    """
    line, device = step.line, plan.device
    plan.facts = device_facts.as_it_is(device) if device else {"owner": by.centre.organisation_id if by.centre else 0}
    plan.facts |= {name: line.says(name) for name in PLAIN if line.says(name)}
    device_facts.read_typed(step, plan.facts)
    if not register.knows(line.says("replaced_by")):
        step.faults["replaced_by"] = _("One other thing must bear this number.")
    for name in ("owner", "payer"):
        found = register.organisation(line.says(name))
        if found:
            plan.facts[name] = found
        elif line.says(name) and name == "payer":
            step.notes.append(_("“%(name)s” is no organisation known here: left out.", name=line.says(name)))
    _name_and_number(step, plan, by)
    more = register.extras.read(step, plan, _kind_of(plan))
    if device is None and fold(line.says("state")) in TO_CHECK:
        plan.facts["to_check"] = True
    told = {"model": plan.model.id if plan.model else 0, "code": plan.code}
    plan.wish = kinds.checked(BroughtAlong, plan.facts | told, step, {})
    return more


def _kind_of(plan: Plan) -> str:
    """The code of the kind of thing it is."""
    return plan.model.category_code if plan.model else str((plan.new_model or {}).get("category", ""))


def _name_and_number(step: Step, plan: Plan, by: Me) -> None:
    line = step.line
    if plan.model is None and plan.new_model is None and not step.faults:
        step.faults["model"] = _("Write its model.")
    kind = plan.model.name if plan.model else line.says("model")
    plan.facts["name"] = plan.facts.get("name") or " ".join(w for w in (kind, line.says("inventory_number")) if w)
    if bare(plan.facts.get("serial_number", "")):
        plan.facts["no_serial_reason"] = ""
    elif not plan.facts.get("no_serial_reason"):
        plan.facts["no_serial_reason"] = spoken(_("Not in the file it came from"))
    if plan.device is None and line.says("code"):
        plan.code = codes.parse(line.says("code")) or ""
        if not plan.code.startswith("D"):
            step.faults["code"] = _("This is not one of our codes. Check the letters on the label.")


def _held(line: Line) -> str:
    """Why a new thing must not leave, in the words of the file: it is out, broken, lost there."""
    said = line.says("state")
    return said if said and fold(said) not in FREE else ""


def is_out(line: Line) -> bool:
    return fold(line.says("state")) in OUT


def _compare(step: Step, plan: Plan, more: Sequence[Change], moves: Sequence[Change]) -> None:
    if plan.device is None:
        step.what = "new"
        if plan.happened or plan.facts.get("to_check"):
            word = LOOKS[LEADS_TO[plan.happened["what"]] if plan.happened else "to_check"].word
            step.notes.append(_("It is written down as “%(state)s”.", state=word))
        if plan.held:
            step.notes.append(_("It stays here: “%(why)s” in the file.", why=plan.held[:60]))
        if plan.lacks:
            step.notes.append(_("Say with whom it is, and until when: it is then written down so."))
        return
    before = device_facts.as_it_is(plan.device) | {"model": plan.device.model.name}
    after = plan.facts | {"model": plan.model.name if plan.model else step.line.says("model") or plan.device.model.name}
    step.changes = [
        Change(WORDS[name], device_facts.shown(name, before[name]), device_facts.shown(name, after.get(name)))
        for name in before
        if (before[name] or "") != (after.get(name) or "") and name in WORDS
    ]
    step.changes += more
    plan.edited = bool(step.changes)
    step.changes += moves
    step.what = "change" if step.changes else "same"


def done(step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime, since: datetime | None = None) -> Device:
    """Do what the step says to its thing; answers the thing."""
    plan: Plan = step.plan
    device = plan.device or _new(step, plan, ids, by=by, at=at, since=since)
    if plan.edited:
        model = model_lines.written(plan, ids("model"), by=by, at=at)
        wish = DeviceFacts.model_validate(plan.facts | {"id": ids("thing"), "model": model.id})
        kinds.act(devices.edit, wish, device, by=by, at=at)
    if plan.kit:
        kit_lines.done(plan.kit, device, ids, by=by, at=at)
    return device


def _new(
    step: Step,
    plan: Plan,
    ids: Callable[[str], UUID],
    *,
    by: Me,
    at: datetime,
    since: datetime | None,
) -> Device:
    wish, movement = plan.wish, plan.happened or {}
    assert wish
    model = model_lines.written(plan, ids("model"), by=by, at=at)
    since = since or movement.get("occurred_at")
    wish.id, wish.occurred_at, wish.model = ids("thing"), since, model.id
    device = kinds.act(devices.add, wish, by=by, at=at)
    if movement:
        words = spoken(_("In the file it came from: %(why)s", why=step.line.says("state")))
        wish_of_it = Move.model_validate({**movement, "id": ids("became"), "reason": words, "occurred_at": since})
        kinds.act(movements.move, wish_of_it, device, by=by, at=at)
    if plan.held:
        words = spoken(_("In the file it came from: %(why)s", why=plan.held[:100]))
        kinds.act(care.place_hold, PlaceHold(id=ids("hold"), reason=words), device, by=by, at=at)
    return device


class Things(OfCentre):
    code, right = "things", "equip"

    @property
    def fields(self) -> Sequence[Field]:
        return (*FIELDS, *own_columns.columns())

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        if code := codes.parse(line.says("code")):
            yield ("code", code)
        if serial := bare(line.says("serial_number")):
            yield ("serial", fold(line.says("maker")), serial)
        if number := bare(line.says("inventory_number")):
            yield ("inventory", number)

    def told_by(self, line: Line) -> Sequence[str]:
        return ("thing", "kit") if kit_lines.says(line) else ("thing",)

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:
        register, today = Register(lines, by), day_of(at)
        return [_looked(line, register, by, today) for line in lines]

    @contextmanager
    def together(self, numbers: Sequence[UUID]) -> Iterator[None]:
        with search.together(), gathered(), recalls.together(), devices.together(numbers):
            yield

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        done(step, ids, by=by, at=at)


OF_THINGS = Things()
