"""Tables of money in the small world: read, looked at, taken over, and taken along again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app import sheets
from app.finance import budget, budget_lines, invoices_there
from app.finance.brought import KINDS
from app.finance.models import Operation
from app.finance.spending import Expense
from app.history.seals import digest
from app.imports import columns, kinds, running
from app.imports.kinds import Step
from app.imports.running import Report, Task
from app.people.roles import Me
from tests.make import AUDITED, NOW, World

assert KINDS


def task_of(world: World, content: str | bytes, kind: str, operation: str = AUDITED, payer: str = "acsm") -> Task:
    content = content.encode() if isinstance(content, str) else content
    one = kinds.of(kind)
    heads = columns.heads(sheets.opened(content), one)
    lines = columns.lines_of(heads, columns.proposed(heads, one), {}, one)
    usual = {"usual_operation": operation, "usual_payer": str(world.organisations[payer])}
    return Task(one, running.with_usual(lines, usual), digest(content), f"{payer}:{operation}")


def look(world: World, content: str | bytes, kind: str = "invoices", by: Me | None = None, **over: Any) -> list[Step]:
    return running.look(task_of(world, content, kind, **over), by=by or world.me("finn"), at=NOW)


def take_over(
    world: World, content: str | bytes, kind: str = "invoices", by: Me | None = None, **over: Any
) -> dict[str, int]:
    report: Report = running.run(task_of(world, content, kind, **over), by=by or world.me("finn"), at=lambda: NOW)
    return {name: n for name, n in report.counts.items() if n}


def faults(steps: Iterable[Step]) -> list[list[str]]:
    """The columns with a fault, line by line."""
    return [list(step.faults) for step in steps]


def invoices(ending: str = "csv") -> bytes:
    return _file(
        ending, invoices_there.head(), invoices_there.table(select(Expense).where(Expense.gone_act_id.is_(None)))
    )


def lines(row: Operation, ending: str = "csv") -> bytes:
    return _file(ending, budget_lines.head(), [budget_lines.cells(one) for one in budget.of(row)])


def _file(ending: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    write = sheets.as_csv(head, rows) if ending == "csv" else sheets.as_xlsx("x", head, rows)
    return b"".join(write)
