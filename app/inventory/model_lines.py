"""The model that a line of a table tells of; and tables of models, which have cards of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.imports import kinds
from app.imports.kinds import Change, Line, LineByLine, Step
from app.imports.texts import read_day
from app.inventory import catalogue, device_facts, devices
from app.inventory.catalogue_forms import ModelFacts
from app.inventory.device_fields import IDENTITY, MODELS
from app.inventory.device_register import Register
from app.inventory.forms import NewModel
from app.inventory.models import DeviceModel
from app.people.roles import Me
from app.words import _

COLUMNS = {"number": "part_number", "name": "model"}  # where an input is called otherwise than its column
WORDS = {one.name: one.words for one in MODELS}


@dataclass
class Plan:
    """The model a line is of, or the wish for a new one; what is to stand on its card when that is another card."""

    model: DeviceModel | None = None
    new_model: dict[str, Any] | None = None
    register: Register | None = None  # keeps at hand what the rule will ask for again
    card: ModelFacts | None = None


def choose(step: Step, register: Register) -> None:
    """The model that maker and name tell; a wish for a new one when there is none so far."""
    line, plan = step.line, step.plan
    plan.model = register.model(line.says("maker"), line.says("model"))
    if plan.model is not None or not (line.says("model") or tells(line)):
        return
    category = register.category(line)
    if not line.says("maker"):
        step.faults["maker"] = _("Write its maker: this model is not known yet.")
    elif not line.says("model"):
        step.faults["model"] = _("Please fill this in.")
    elif not category:
        step.faults["category"] = _("Which kind of thing is this? Choose one for all that tell none.")
    else:
        plan.new_model = {"maker": line.says("maker"), "name": line.says("model"), "category": category}
        plan.new_model |= _card(step)
        step.notes.append(_("New model: %(maker)s %(name)s", maker=line.says("maker"), name=line.says("model")))
        kinds.checked(NewModel, plan.new_model, step, COLUMNS)


def _card(step: Step) -> dict[str, Any]:
    """What the line says of the model's card; an empty cell says nothing."""
    said = {"parts": "parts", "number": "part_number", "loan_days": "loan_days", "safety": "safety"}
    told: dict[str, Any] = {name: text for name, column in said.items() if (text := step.line.says(column))}
    if step.line.says("updates_until"):
        told["updates_until"] = read_day(step, "updates_until")
    return told


def written(plan: Any, number: UUID, *, by: Me, at: datetime) -> DeviceModel:
    """The model; a new one is written down now unless an earlier line of the file did."""
    if plan.model is not None:
        return plan.model  # type: ignore[no-any-return]
    wish = plan.new_model
    known = plan.register and plan.register.model_now(wish["maker"], wish["name"])
    return known or kinds.act(devices.add_model, NewModel.model_validate({**wish, "id": number}), by=by, at=at)


def tells(line: Line) -> bool:
    """Whether it tells of a model alone: nothing in it names a thing."""
    return IDENTITY.isdisjoint(line.columns)


class Models(LineByLine):
    code, right = "models", "equip"
    acts = ("model",)
    fields = MODELS

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:  # noqa: ARG002 - a model may be told of again and again
        return ()

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:  # noqa: ARG002 - other kinds need the day
        register = Register(lines, by)
        return [_looked(line, register, by) for line in lines]

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        plan: Plan = step.plan
        if plan.model is not None and plan.card is not None:
            plan.card.id = ids("model")
            kinds.act(catalogue.edit_model, plan.card, plan.model, by=by, at=at)
        else:
            written(plan, ids("model"), by=by, at=at)


def _looked(line: Line, register: Register, by: Me) -> Step:
    step = Step(line, "same", f"{line.says('maker')} {line.says('model')}".strip(), plan=Plan(register=register))
    choose(step, register)
    if step.plan.model is not None:
        _compare(step, step.plan, register, by)
    step.what = "fault" if step.faults else "new" if step.plan.new_model else "change" if step.changes else "same"
    return step


def _compare(step: Step, plan: Plan, register: Register, by: Me) -> None:
    """What becomes different on the card of a model that is there. The manager decides that."""
    assert plan.model
    before, said = catalogue.facts_of_model(plan.model), _card(step)
    if step.line.says("category"):
        said["category"] = register.category(step.line) or before["category"]
    card = kinds.checked(ModelFacts, {**{k: v for k, v in before.items() if v != ""}, **said}, step, COLUMNS)
    if card is None:
        return
    after = before | {name: getattr(card, name) for name in said}
    changes = [
        Change(WORDS[COLUMNS.get(name, name)], _shown(name, before[name]), _shown(name, after[name]))
        for name in said
        if _shown(name, before[name]) != _shown(name, after[name])
    ]
    if changes and not by.may("hold"):
        step.notes.append(_("Its card says otherwise here. The manager decides that: it stays as it is."))
    elif changes:
        step.changes, plan.card = changes, card


def _shown(name: str, value: Any) -> str:
    if name == "category":
        return catalogue.category(value).called
    return ", ".join(catalogue.words_of(value)) if name == "parts" else device_facts.shown(name, value)


OF_MODELS = Models()
