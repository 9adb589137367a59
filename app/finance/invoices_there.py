"""Invoices that are there already, as a table tells them: to compare one with, and to take along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from app.db import session
from app.finance import allocations
from app.finance.allocation_models import Allocation
from app.finance.invoice_fields import FIELDS, KINDS, MEANS_OF
from app.finance.spending import Expense, ExpenseLine
from app.sheets.writing import Cell
from app.web.looks import typed
from app.web.tables import parts
from app.words import bare, spoken

AT_ONCE = 500
Key = tuple[int, str, str]
_MONEY = ("net_cents", "vat_cents", "gross_cents", "eligible_cents")


class There:
    """Those in force that some lines of a table may mean, looked up together: of these payers alone."""

    def __init__(self, payers: Iterable[int], keys: Iterable[Key], days: Iterable[Any]) -> None:
        self._query = select(Expense).where(Expense.organisation_id.in_(set(payers)), Expense.gone_act_id.is_(None))
        self._numbered: dict[Key, Expense] = {}
        for row in self._some(Expense.number_key, {number for _payer, _supplier, number in keys}):
            self._numbered[row.organisation_id, row.supplier_key, row.number_key] = row
        unnumbered = self._query.where(Expense.kind == "personnel")
        self._plain = [row for row in self._some(Expense.issued_on, set(days), unnumbered) if not bare(row.number)]
        every = [*self._numbered.values(), *self._plain]
        self._stands = standing(every)

    def _some(self, column: Any, wanted: Iterable[Any], query: Select[Expense] | None = None) -> Iterator[Expense]:
        words = sorted(wanted)
        for first in range(0, len(words), AT_ONCE):
            some = column.in_(words[first : first + AT_ONCE])
            yield from session().scalars((self._query if query is None else query).where(some))

    def numbered(self, key: Key) -> Expense | None:
        return self._numbered.get(key)

    def unnumbered(self, whose: tuple[int, str], day: Any) -> list[Expense]:
        """Personnel costs of that day that bear no number, by the organisation and whoever was paid."""
        some = [row for row in self._plain if (row.organisation_id, row.supplier_key) == whose]
        return [row for row in some if row.issued_on == day]

    def facts(self, row: Expense, line: ExpenseLine) -> dict[str, Any]:
        return facts(row, line, self._stands.get(line.id, ()))


def standing(rows: Sequence[Expense]) -> Mapping[int, Sequence[Allocation]]:
    """What their lines are put down to, by the number of the line."""
    numbers = [line.id for row in rows for line in row.lines]
    found: dict[int, Sequence[Allocation]] = {}
    for first in range(0, len(numbers), AT_ONCE):
        found |= allocations.of_these(numbers[first : first + AT_ONCE])
    return found


def facts(row: Expense, line: ExpenseLine, stands: Sequence[Allocation]) -> dict[str, Any]:
    """By our fields what a table says of a line: of a credit note as it prints its amounts."""
    sign, means = (-1 if row.kind == "credit_note" else 1), {one.means for one in row.payments}
    plain = ("supplier", "number", "issued_on", "vat_recoverable", "kind", "from_day", "to_day", "paid_on")
    told: dict[str, Any] = {name: getattr(row, name) for name in plain}
    told |= {name: sign * getattr(line, name) for name in _MONEY}
    told |= {"words": line.words, "quantity": line.quantity, "payer": row.organisation.short_name}
    told["means"] = means.pop() if row.paid_on and len(means) == 1 else None
    told["budget_line"] = _joined(one.budget_line.code for one in stands)
    return told | {"operation": _joined(one.budget_line.operation.number for one in stands)}


def _joined(words: Iterable[str]) -> str:
    """`L3.1`, or `L3.1; L4` where a line is put down to several."""
    return "; ".join(dict.fromkeys(words))


def shown(told: Mapping[str, Any]) -> dict[str, Cell]:
    """The same as cells."""
    cells: dict[str, Cell] = dict(told)
    cells |= {name: told[name] / 100 for name in _MONEY}
    cells["vat_recoverable"] = f"{typed(told['vat_recoverable'])} %" if told["vat_recoverable"] else None
    cells["kind"] = KINDS.told(told["kind"])
    cells["means"] = MEANS_OF.told(told["means"]) if told["means"] else None
    return cells


def head() -> list[str]:
    return [spoken(one.words) for one in FIELDS]


def table(query: Select[Expense]) -> Iterator[Sequence[Cell]]:
    """A line of a table for each line of these expenses, the oldest first."""
    by = (Expense.issued_on, Expense.id)
    for some in parts(query, by=by, key=lambda one: (one.issued_on, one.id)):
        stands = standing(some)
        for row in some:
            for line in row.lines:
                cells = shown(facts(row, line, stands.get(line.id, ())))
                yield [cells[one.name] for one in FIELDS]
