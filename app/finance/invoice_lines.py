"""Invoices from a table: a line of it is a line of an invoice, and those of one supplier and number are one invoice.

An invoice that is there is never written again: what the table says otherwise is told beside its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.errors import Refused
from app.finance import allocations, expenses, invoice_cells, purse
from app.finance.budget_lines import differs
from app.finance.invoice_cells import Payers, Row
from app.finance.invoice_fields import FIELDS
from app.finance.invoices_there import There, shown
from app.finance.spending import Expense
from app.finance.spending_forms import NewExpense
from app.imports import kinds
from app.imports.kinds import Line, LineByLine, Step
from app.inputs import faults_of
from app.people.roles import Me
from app.words import _, bare

# Where a fault of the input stands in the table.
_COLUMNS = {"organisation": "payer", "line": "budget_line", "lines": "net_cents"}
_OF_LINE = ("words", "quantity", "net_cents", "vat_cents", "eligible_cents")
_BY_KEY = {"supplier", "number"}  # equal as numbers are: F-12 is f 12


class Invoices(LineByLine):
    """The first line of an invoice does it; the others go with it (their plan is empty)."""

    code, right = "invoices", "spend"
    of_centre = False
    weight = 10
    acts = ("invoice",)
    fields = FIELDS

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:  # noqa: ARG002 - two lines of an invoice may be alike
        return ()

    def bundled(self, lines: Sequence[Line]) -> Sequence[Sequence[Line]]:
        found: dict[tuple[str, ...], list[Line]] = {}
        for line in lines:
            found.setdefault(_together(line), []).append(line)
        return list(found.values())

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:  # noqa: ARG002 - other kinds need the day
        payers, wanted = Payers(by), [line for line in lines if line.do != "skip"]
        rows = {line.place: invoice_cells.read(line, payers) for line in wanted}
        there = _there(list(rows.values()))
        for bundle in self.bundled(wanted):
            some = [rows[line.place] for line in bundle]
            _numbered(some, there, by) if some[0].is_numbered else _unnumbered(some, there, by)
        steps = {place: row.step for place, row in rows.items()}
        return [steps.get(line.place) or Step(line, "skip", invoice_cells.title(line)) for line in lines]

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        if step.plan:
            wish = NewExpense.model_validate(step.plan | {"id": ids("invoice")})
            kinds.act(expenses.enter, wish, by=by, at=at)


def _together(line: Line) -> tuple[str, ...]:
    """One invoice; or, where no number tells, one piece that may stand in the table more than once."""
    if bare(line.says("number")):
        return invoice_cells.key_of(line)
    return tuple(f"{name}={text}" for name, text in sorted(line.values.items()))


def _there(rows: Sequence[Row]) -> There:
    plain = {row.head["issued_on"] for row in rows if not row.is_numbered and "issued_on" in row.head}
    return There({row.payer for row in rows}, {row.key for row in rows if row.is_numbered}, plain)


def _numbered(rows: Sequence[Row], there: There, by: Me) -> None:
    if one := there.numbered(rows[0].key):
        _compare(rows, one, there)
    else:
        _check_new(rows, _head_of(rows), by)
    _settle(rows)


def _unnumbered(rows: Sequence[Row], there: There, by: Me) -> None:
    """Lines alike that bear no number: as many as are there are those; of the rest one is new, in doubt."""
    found = there.unnumbered(rows[0].key[:2], rows[0].head.get("issued_on"))
    alike = sum(not _differences(rows[0], one, place, there) for one in found for place in range(len(one.lines)))
    for place, row in enumerate(rows):
        if place < alike:
            row.step.what = "same"
        elif place == 0:
            _check_new([row], dict(row.head), by)
            row.step.double = _("Personnel costs of the same day, without a number, are there.") if found else ""
        else:
            first = rows[0].step.line.number
            row.step.faults["number"] = _("Line %(n)s says the same thing. Write a number on each.", n=first)
        _settle([row])


def _head_of(rows: Sequence[Row]) -> dict[str, Any]:
    """What the lines say of their invoice together; where two disagree, the later one has a fault."""
    head: dict[str, Any] = {}
    said: dict[str, int] = {}
    for row in rows:
        for name, value in row.head.items():
            if name not in head:
                head[name], said[name] = value, row.step.line.number
            elif head[name] != value and name not in _BY_KEY:
                words = _("Line %(n)s of the same invoice says otherwise.", n=said[name])
                row.step.faults.setdefault(name, words)
    return head


def _compare(rows: Sequence[Row], there: Expense, known: There) -> None:
    if len(rows) != len(there.lines):
        words = _("Here this invoice has %(n)s lines, in the table %(m)s.", n=len(there.lines), m=len(rows))
        rows[0].step.faults.setdefault("line", words)
        return
    sign = _sign_of(rows, there.kind)
    for place, row in enumerate(rows):
        row.step.what = "same"
        for name, words in _differences(row, there, place, known, sign).items():
            row.step.faults.setdefault(name, words)


def _sign_of(rows: Sequence[Row], kind: str | None) -> int:
    """A table may write the amounts of a credit note below zero; the input wants them as the paper prints them."""
    return -1 if kind in {None, "credit_note"} and sum(row.cents for row in rows) < 0 else 1


def _differences(row: Row, there: Expense, place: int, known: There, sign: int = 1) -> dict[str, Any]:
    """The cells that say otherwise than the line of that place; empty ones say nothing."""
    facts = known.facts(there, there.lines[place])
    cells, said = shown(facts), row.head | row.told
    said |= {name: sign * value for name, value in row.told.items() if name.endswith("_cents")}
    if facts["paid_on"] is None:
        said.pop("means", None)
    return {name: differs(cells[name]) for name, value in said.items() if value != facts[name] and name not in _BY_KEY}


def _check_new(rows: Sequence[Row], head: dict[str, Any], by: Me) -> None:
    """What the rule would refuse is said before: it looks at the same wish."""
    told = _wish(rows, head)
    _check_amounts(rows)
    try:
        wish = NewExpense.model_validate(told)
    except ValidationError as wrong:
        _beside(rows, faults_of(wrong))
        return
    if any(row.step.faults for row in rows):
        return
    try:
        drawn, _lines = expenses.drawn(wish, by=by)
        operation = purse.operation(wish.operation, by) if wish.operation else None
        for place, line in enumerate(wish.lines):
            if line.line and operation:
                allocations.target_of(operation, line.line, drawn, f"lines.{place}.line")
    except Refused as no:
        _beside(rows, no.fields or {"operation": no.words})
        return
    rows[0].step.plan = told


def _wish(rows: Sequence[Row], head: dict[str, Any]) -> dict[str, Any]:
    sign = _sign_of(rows, head.get("kind"))
    kind = "credit_note" if sign < 0 else head.get("kind", "invoice")
    lines = [_line(row, sign) for row in rows]
    usual = rows[0].step.line.says("usual_operation")
    if any("line" in line for line in lines) and usual:
        head.setdefault("operation", usual)
    return head | {"kind": kind, "organisation": rows[0].payer, "lines": lines}


def _line(row: Row, sign: int) -> dict[str, Any]:
    told = {name: row.told[name] for name in _OF_LINE if name in row.told}
    told |= {name: sign * value for name, value in told.items() if name.endswith("_cents")}
    return told | ({"line": row.told["budget_line"]} if "budget_line" in row.told else {})


def _check_amounts(rows: Sequence[Row]) -> None:
    put_down = any("budget_line" in row.told for row in rows)
    for row in rows:
        if "budget_line" in row.told and not (row.head.get("operation") or row.step.line.says("usual_operation")):
            row.step.faults.setdefault("operation", _("Say of which operation this budget line is."))
        if "operation" in row.head and not put_down:
            row.step.faults.setdefault("budget_line", _("Say to which line of the operation it is put down."))
        if "net_cents" not in row.told and "gross_cents" in row.told:
            words = _("Write the amount without tax too, or the tax: one of them alone does not tell the other.")
            row.step.faults.setdefault("net_cents", words)


def _beside(rows: Sequence[Row], faults: Mapping[str, Any]) -> None:
    """Each fault of the wish beside the cell of the line that it comes from."""
    for path, words in faults.items():
        place, name = (path.split(".")[1], path.rpartition(".")[2]) if path.count(".") > 1 else ("0", path)
        step = rows[int(place)].step
        step.faults.setdefault(_COLUMNS.get(name, name), words)


def _settle(rows: Sequence[Row]) -> None:
    """An invoice is taken over whole or not at all."""
    wrong = next((row.step.line.number for row in rows if row.step.faults), None)
    for row in rows:
        if wrong is not None:
            row.step.what, row.step.plan = "fault", None
            if not row.step.faults:
                row.step.faults["line"] = _("Line %(n)s of the same invoice has a fault.", n=wrong)


INVOICES = kinds.known(Invoices())
