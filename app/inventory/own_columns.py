"""The house's own fields as columns of a table of things, and the numbers things bear beside their serial.

Fields of one name are one column, whichever kinds of things they are of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.db import session
from app.imports.kinds import Change, Field, Line, Step
from app.imports.texts import as_day
from app.inputs import SENTENCES
from app.inventory import details, identifiers, numbers
from app.inventory.details import CategoryField
from app.words import _, bare, fold, spoken

OWN, NUMBER = "own:", "number:"
ANSWERS = {"yes": _("Yes"), "no": _("No")}
_YES_NO = {"oui": "yes", "o": "yes", "yes": "yes", "y": "yes", "non": "no", "n": "no", "no": "no"}
_NUMBER_HEADERS = {
    "imei": ("imei", "imei 1", "n° imei"),
    "iccid": (
        "sim number (iccid)",
        "numero de la carte sim (iccid)",
        "numero de carte sim (iccid)",
        "iccid",
        "numero de sim",
        "n° sim",
    ),
    "mac": ("mac address", "adresse mac", "mac"),
    "other": ("another number", "autre numero"),
}


def columns() -> list[Field]:
    """As fields of an import; their words head the columns of an export."""
    borne = [Field(NUMBER + kind, words, _NUMBER_HEADERS[kind]) for kind, words in numbers.KINDS.items()]
    return borne + [Field(OWN + folded, name, (folded,)) for folded, name in _names().items()]


def _names() -> Mapping[str, str]:
    standing = select(CategoryField.folded, CategoryField.name).where(CategoryField.ended_at.is_(None))
    found: dict[str, str] = {}
    for folded, name in session().execute(standing.order_by(CategoryField.id)):
        found.setdefault(folded, name)
    return found


def cells(things: Sequence[Any], fields: Sequence[Field]) -> Mapping[int, list[Any]]:
    """What stands in these columns, by the number of the thing."""
    here = [thing.id for thing in things]
    told: dict[int, dict[str, Any]] = {number: {} for number in here}
    for number, borne in identifiers.exported(here).items():
        for kind, value in borne:
            before = told[number].get(NUMBER + kind)
            told[number][NUMBER + kind] = f"{before}, {value}" if before else value
    kinds = {thing.id: thing.model.category_code for thing in things}
    for number, written in details.exported(here).items():
        mine = ((field, value) for field, value in written if field.category_code == kinds[number])
        told[number] |= {OWN + field.folded: _cell(field, value) for field, value in mine}
    return {number: [there.get(field.name) for field in fields] for number, there in told.items()}


def _cell(field: CategoryField, value: str) -> Any:
    if field.kind == "date":
        return date.fromisoformat(value)
    if field.kind == "number":
        return float(value)
    return spoken(ANSWERS[value]) if field.kind == "yes_no" else value


class Extras:
    """What some lines of a table say in these columns, and what is written there so far."""

    def __init__(self, lines: Iterable[Line]) -> None:
        named = {name for line in lines for name in line.columns if name.startswith((OWN, NUMBER))}
        self._fields: dict[tuple[str, str], CategoryField] = {}
        if any(name.startswith(OWN) for name in named):
            rows = session().scalars(select(CategoryField).where(CategoryField.ended_at.is_(None)))
            self._fields = {(row.category_code, OWN + row.folded): row for row in rows}

    def read(self, step: Step, plan: Any, category: str) -> list[Change]:
        """Into the facts of the plan; answers what changes. Faults stand beside their columns."""
        said = {name: text for name, text in step.line.values.items() if name.startswith((OWN, NUMBER)) and text}
        if not said:
            return []
        owned = {name: text for name, text in said.items() if name.startswith(OWN)}
        borne = {name.removeprefix(NUMBER): text for name, text in said.items() if name.startswith(NUMBER)}
        return self._own(step, plan, category, owned) + _numbers(step, plan, borne)

    def _own(self, step: Step, plan: Any, category: str, said: Mapping[str, str]) -> list[Change]:
        before = details.of(plan.device.id, category) if plan.device and said else {}
        found, changes = [], []
        for name, text in said.items():
            field = self._fields.get((category, name))
            if field is None:
                words = _("“%(name)s” is not asked of things of this kind: left out.", name=name.removeprefix(OWN))
                step.notes.append(words)
                continue
            value, fault = details.checked(field, _as_kept(field, text))
            if fault:
                step.faults[name] = fault
            elif value != before.get(field.id, ""):
                found.append({"field": field.id, "value": value})
                changes.append(Change(field.name, before.get(field.id, ""), value))
        if found:
            plan.facts["details"] = found
        return changes


def _as_kept(field: CategoryField, text: str) -> str:
    if field.kind == "yes_no":
        return _YES_NO.get(fold(text), text)
    day = as_day(text) if field.kind == "date" else None
    return day.isoformat() if day else text


def _numbers(step: Step, plan: Any, said: Mapping[str, str]) -> list[Change]:
    if not said:
        return []
    there = [(row.kind, row.value) for row in identifiers.of(plan.device.id)] if plan.device else []
    kept = [(kind, value) for kind, value in there if kind not in said]
    changes = []
    for kind, text in said.items():
        values = []
        for part in text.split(","):
            try:
                values.append(numbers.tidied(kind, part.strip()))
            except ValueError as wrong:
                step.faults[NUMBER + kind] = SENTENCES[str(wrong)]
        before = [value for one, value in there if one == kind]
        if {bare(value) for value in values} != {bare(value) for value in before}:
            changes.append(Change(numbers.word_of(kind), ", ".join(before), ", ".join(values)))
        kept += [(kind, value) for value in values if value]
    if changes:
        plan.facts["identifiers"] = [{"kind": kind, "value": value} for kind, value in kept]
    return changes
