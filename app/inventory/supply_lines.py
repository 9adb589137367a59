"""Supplies from a table: what is counted and bears no label, and how much of it a centre has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import session
from app.imports import kinds
from app.imports.kinds import Change, Field, Line, LineByLine, Step
from app.imports.texts import read_cents
from app.inventory import supplies
from app.inventory.device_fields import CENTRE
from app.inventory.stock_forms import NewSupply, SupplyCount, SupplyIn, SupplyMinimum
from app.inventory.supplies import UNITS, Supply
from app.people.roles import Me
from app.words import _, fold, spoken

OF = _("Supplies")
NAME = Field("supply", _("Supply"), ("supply", "fourniture", "consommable", "consommables", "consumable"), OF)
KIND = Field("becomes", _("What becomes of it?"), ("becomes", "what becomes of it?", "que devient-elle ?"), OF)
ON_HAND = Field("on_hand", _("How much there is"), ("on_hand", "how much there is", "combien il y en a"), OF)
UNIT = Field("unit", _("Counted in"), ("unit", "counted in", "on compte en", "unite"), OF)
WORTH = Field("worth", _("What all of it cost"), ("worth", "what all of it cost", "ce que le tout a coute"), OF)
MINIMUM = Field(
    "minimum", _("Minimum"), ("minimum", "stock minimum", "seuil d'alerte", "seuil", "min. qty", "quantite min."), OF
)
MOST = 10**7
FIELDS = (NAME, KIND, ON_HAND, UNIT, WORTH, MINIMUM)
BECOMES = {"consumable": _("It is used up"), "accessory": _("It goes out and comes back")}
# What may stand in a cell for a unit, and how many of ours it is.
_UNITS: Mapping[str, tuple[str, int]] = {
    "": ("piece", 1), "piece": ("piece", 1), "pieces": ("piece", 1), "unite": ("piece", 1), "g": ("g", 1),
    "gramme": ("g", 1), "grammes": ("g", 1), "kg": ("g", 1000), "ml": ("ml", 1), "l": ("ml", 1000), "m": ("m", 1),
    "metre": ("m", 1), "metres": ("m", 1), "sheet": ("sheet", 1), "sheets": ("sheet", 1), "feuille": ("sheet", 1),
    "feuilles": ("sheet", 1),
}  # fmt: skip
_ACCESSORY = frozenset({"accessory", "accessoire", "accessoires", "it goes out and comes back", "elle sort et revient"})


@dataclass
class Plan:
    """The supply that is there, and what the line says."""

    supply: Supply | None = None
    told: dict[str, Any] = field(default_factory=dict)


class Supplies(LineByLine):
    code, right = "supplies", "equip"
    acts = ("supply", "in", "count", "minimum")
    fields = (*FIELDS, CENTRE)

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        return [("supply", fold(line.says("supply")), fold(line.says("centre")))]

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:  # noqa: ARG002 - other kinds need the day
        names = {fold(line.says("supply")) for line in lines}
        known = {row.folded: row for row in session().scalars(select(Supply).where(Supply.folded.in_(names)))}
        return [_looked(line, known, by) for line in lines]

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        plan: Plan = step.plan
        supply = plan.supply or kinds.act(supplies.add, _new(plan, ids("supply")), by=by, at=at)
        stock, told = supplies.stock_of(supply, by), plan.told
        if told.get("minimum", stock.minimum) != stock.minimum:
            wish = SupplyMinimum(id=ids("minimum"), minimum=told["minimum"])
            kinds.act(supplies.set_minimum, wish, supply, by=by, at=at)
        if (so_many := told.get("on_hand", stock.on_hand)) == stock.on_hand:
            return
        if stock.moves:
            kinds.act(supplies.count, SupplyCount(id=ids("count"), counted=so_many), supply, by=by, at=at)
        else:
            came = SupplyIn(id=ids("in"), quantity=so_many, cost_cents=told["worth"], note=_from_file())
            kinds.act(supplies.bring, came, supply, by=by, at=at)


def _looked(line: Line, known: Mapping[str, Supply], by: Me) -> Step:
    plan = Plan(known.get(fold(line.says("supply"))))
    step = Step(line, "same", line.says("supply"), plan=plan)
    _read(step, plan)
    if plan.supply is None:
        kinds.checked(NewSupply, _facts(plan), step, {"name": "supply", "kind": "becomes"})
        step.what = "new"
    else:
        _compare(step, plan, plan.supply, by)
    step.what = "fault" if step.faults else step.what
    return step


def _read(step: Step, plan: Plan) -> None:
    line, told = step.line, plan.told
    told["name"] = line.says("supply")
    told["kind"] = "accessory" if fold(line.says("becomes")) in _ACCESSORY else "consumable"
    told["unit"], times = _UNITS.get(fold(line.says("unit")).rstrip("."), ("", 1))
    if not told["unit"]:
        text = line.says("unit")[:40]
        step.faults["unit"] = _("“%(text)s” is no unit known here. Write pieces, g, kg, ml, l, m or sheets.", text=text)
    for name in ("on_hand", "minimum"):
        if text := line.says(name):
            told[name] = _whole(text, times)
            if told[name] is None:
                step.faults[name] = _("“%(text)s” is no quantity. Write it like 750.", text=text[:40])
    told["worth"] = read_cents(step, "worth")


def _whole(text: str, times: int) -> int | None:
    """So many of our unit; None when that is no whole number of them, or is more than a shelf holds."""
    try:
        said = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation:
        return None
    if not (said.is_finite() and 0 <= said <= MOST):  # before it is reckoned with: a cell may say 9e999999
        return None
    found = said * times
    return int(found) if found == int(found) and found <= MOST else None


def _compare(step: Step, plan: Plan, supply: Supply, by: Me) -> None:
    stock = supplies.stock_of(supply, by)
    if step.line.says("unit") and plan.told["unit"] != supply.unit:
        step.faults["unit"] = _("It is counted in “%(unit)s” here.", unit=UNITS[supply.unit])
    for one, before in ((ON_HAND, stock.on_hand), (MINIMUM, stock.minimum)):
        after = plan.told.get(one.name, before)
        if after != before:
            step.changes.append(Change(one.words, str(before), str(after)))
    step.what = "change" if step.changes else "same"


def _facts(plan: Plan) -> dict[str, Any]:
    told = {name: plan.told[name] for name in ("name", "kind", "unit")}
    return told | {"minimum": plan.told.get("minimum") or 0}


def _new(plan: Plan, number: UUID) -> NewSupply:
    return NewSupply.model_validate(_facts(plan) | {"id": number})


def _from_file() -> str:
    return spoken(_("As in the file it came from"))


OF_SUPPLIES = Supplies()
