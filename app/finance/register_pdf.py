"""The register of an operation on paper: what stands together of a thing in one cell, so that all of it fits on A4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.platypus import Flowable, Paragraph

from app.finance import drawn
from app.finance.models import Operation
from app.finance.register import COLUMNS, Entry
from app.web.looks import money
from app.words import _, spoken

GROUPS = {
    "thing": (_("Thing"), 55),
    "bought": (_("Bought"), 45),
    "amounts": (_("In euros"), 47),
    "accounts": (_("In the accounts"), 37),
    "today": (_("Today"), 45),
    "proof": (_("Proofs of use"), 43),
}  # with their widths, mm
WITH = {"gone": "proof"}  # what has no column of its own stands in that of another


def of(row: Operation, found: Iterator[Entry], day: object) -> bytes:
    """`day`: as which it stands."""
    every, total = [], 0
    for entry in found:
        every.append(cells(entry))
        total += entry.one.allocated_cents
    title = spoken(_("Register of the things of %(operation)s", operation=row.number))
    head = _head(row, title, len(every), total, day)
    heads, widths = zip(*GROUPS.values(), strict=True)
    return drawn.document(title, [*head, drawn.table(heads, every, widths)], wide=True)


def _head(row: Operation, title: str, count: int, total: int, day: object) -> Iterator[Flowable]:
    yield drawn.heading(title)
    yield drawn.sentence(row.name)
    told = {"n": count, "sum": money(total), "day": day}
    yield drawn.sentence(_("%(n)s things, together %(sum)s on the lines of this operation. On %(day)s.", **told))
    yield drawn.gap()


def cells(entry: Entry) -> Sequence[Paragraph]:
    told: dict[str, list[str]] = {group: [] for group in GROUPS}
    for column in COLUMNS:
        words = drawn.written(column.cell(entry))
        if words:
            told[WITH.get(column.group, column.group)].append(f"{spoken(column.word)}\u00a0: {words}")
    return [drawn.lines(some) for some in told.values()]
