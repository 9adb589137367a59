"""A draft of an invoice: what could be read of a file or of a pasted table, for somebody to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from app.finance.cells import MOST
from app.inputs import Answer
from app.web.looks import typed
from app.words import spoken

MOST_LINES = 100  # that an invoice takes (`ExpenseCard.lines`)
MOST_QUANTITY = 100_000
LONGEST = 200  # letters of what a line is


@dataclass(frozen=True)
class DraftLine:
    words: str
    quantity: int
    net_cents: int
    vat_cents: int


@dataclass
class Draft:
    """Amounts of a credit note as it prints them. `grand_cents`: what the paper says all of it comes to, tax included.

    `due_cents`: what of that it says is left to pay; `notes`: what could not be read, or should be looked at.
    """

    kind: str = "invoice"
    supplier: str = ""
    number: str = ""
    issued_on: date | None = None
    from_day: date | None = None
    to_day: date | None = None
    lines: list[DraftLine] = field(default_factory=list)
    grand_cents: int | None = None
    due_cents: int | None = None
    notes: list[Any] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        return sum(line.net_cents + line.vat_cents for line in self.lines)

    @property
    def differs(self) -> bool:
        """Whether its lines come to another amount than the paper says."""
        return self.grand_cents is not None and self.grand_cents != self.total_cents


class DraftLineAnswer(Answer):
    words: str
    quantity: int
    net_cents: int
    vat_cents: int


class DraftAnswer(Answer):
    """No invoice is written. `total_cents`: what its lines come to; `grand_cents`: what the paper says.

    `notes`: sentences about what could not be read, or should be looked at. `draft`: the file, kept for a day, to be
    named by the invoice that takes it.
    """

    kind: str
    supplier: str
    number: str
    issued_on: date | None
    from_day: date | None
    to_day: date | None
    lines: list[DraftLineAnswer]
    total_cents: int
    grand_cents: int | None
    due_cents: int | None
    differs: bool
    notes: list[str]
    draft: UUID | None


def answer(draft: Draft, paper: UUID | None = None) -> DraftAnswer:
    plain = ("kind", "supplier", "number", "issued_on", "from_day", "to_day", "total_cents", "grand_cents", "due_cents")
    return DraftAnswer(
        **{name: getattr(draft, name) for name in (*plain, "differs")},
        lines=[DraftLineAnswer.model_validate(line) for line in draft.lines],
        notes=[spoken(words) for words in draft.notes],
        draft=paper,
    )


def values(draft: Draft) -> dict[str, Any]:
    """As the form of a new invoice is filled with it."""
    plain = ("kind", "supplier", "number", "issued_on", "from_day", "to_day")
    return {name: getattr(draft, name) or "" for name in plain} | {"lines": [_typed(line) for line in draft.lines]}


def _typed(line: DraftLine) -> dict[str, Any]:
    money = {name: typed(getattr(line, name)) for name in ("net_cents", "vat_cents")}
    return {"words": line.words, "quantity": line.quantity} | money


def rounded(euros: Decimal | None) -> int | None:
    """Whole cents, half up. None when there is no amount, or one that no invoice has."""
    if euros is None or not euros.is_finite() or abs(euros) * 100 > MOST:
        return None
    return int((euros * 100).quantize(Decimal(1), ROUND_HALF_UP))


def line_of(words: str, quantity: Decimal, net: int, vat: int) -> DraftLine:
    """A line; a quantity that is no whole number of pieces stands in its words."""
    whole = (
        int(quantity) if quantity.is_finite() and 1 <= quantity <= MOST_QUANTITY and quantity == int(quantity) else 0
    )
    told = words if whole or quantity in {0, 1} else f"{words} ({_plain(quantity)})"
    return DraftLine(" ".join(told.split())[:LONGEST], whole or 1, net, vat)


def _plain(quantity: Decimal) -> str:
    try:
        return f"{quantity.quantize(Decimal('0.001')).normalize():f}".replace(".", ",")
    except InvalidOperation:
        return "?"


def spread(cents: int, parts: Sequence[int], by: Sequence[int]) -> list[int]:
    """`parts`, which were rounded one by one, come to `cents`: those of the largest `by` take a cent more or less.

    What is farther away than a cent for each is no rounding, and stays as it is.
    """
    told, off = list(parts), cents - sum(parts)
    order = [n for n in sorted(range(len(parts)), key=lambda n: -abs(by[n])) if parts[n]]
    if abs(off) > len(order):
        return told
    for n in order[: abs(off)]:
        told[n] += 1 if off > 0 else -1
    return told
