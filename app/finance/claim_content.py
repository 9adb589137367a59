"""What a claim declares: what is wholly paid and not declared yet, corrections, and the flat rates of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from app.db import session
from app.errors import Refused
from app.finance import budget
from app.finance.allocation_models import Allocation
from app.finance.claim_forms import CorrectionWish
from app.finance.claim_models import Claim, Piece
from app.finance.models import BudgetLine, Operation
from app.finance.shares import share
from app.finance.spending import Expense, ExpenseLine
from app.history import Act
from app.words import _


@dataclass(frozen=True)
class Entry:
    """A piece before it has a number. `put_down_by`: the act that put its allocation down, by which it is left out."""

    kind: str
    line: BudgetLine
    cents: int
    words: str
    allocation: Allocation | None = None
    corrects: Piece | None = None
    put_down_by: str = ""


def waiting(claim: Claim) -> list[Entry]:
    """What is wholly paid by its last day and not declared yet, left out or not."""
    declared = exists().where(Piece.allocation_id == Allocation.id)
    query = (
        select(Allocation, Expense, Act.uuid)
        .join(Act, Act.id == Allocation.act_id)
        .join(ExpenseLine, ExpenseLine.id == Allocation.line_id)
        .join(Expense, Expense.id == ExpenseLine.expense_id)
        .join(BudgetLine, BudgetLine.id == Allocation.budget_line_id)
        .where(BudgetLine.operation_id == claim.operation_id, Expense.organisation_id == claim.organisation_id)
        .where(Allocation.gone_act_id.is_(None), ~declared)
        .order_by(BudgetLine.position, Expense.issued_on, Allocation.id)
    )
    rows = session().execute(query).all()
    return [
        Entry("expense", one.budget_line, one.cents, _called(bill, one), allocation=one, put_down_by=uuid.hex)
        for one, bill, uuid in rows
        if bill.paid_on is not None and max(bill.paid_on, one.to_day or bill.paid_on) <= claim.to_day
    ]


def _called(bill: Expense, one: Allocation) -> str:
    """What the piece is: the paper it stands for."""
    parts = [bill.supplier, bill.number if bill.supplier or bill.kind != "personnel" else "", one.line.words]
    return ", ".join(part for part in parts if part)


def of(claim: Claim) -> list[Entry]:
    """What a draft declares: its expenses, its corrections, and the flat rates of both."""
    taken = [one for one in waiting(claim) if one.put_down_by not in claim.left_out]
    corrections = [_correction(claim, wish) for wish in claim.corrections]
    real = [*taken, *corrections]
    return [*taken, *_flat(claim, real), *corrections]


def _correction(claim: Claim, wish: dict[str, Any]) -> Entry:
    piece = corrected(claim.operation, claim.organisation_id, wish, "corrections")
    return Entry("correction", piece.budget_line, wish["cents"], wish["words"], corrects=piece)


def _flat(claim: Claim, real: Sequence[Entry]) -> Iterable[Entry]:
    """Each flat rate of what is declared with it."""
    for line in budget.of(claim.operation):
        if line.is_flat and line.beneficiary_id in {None, claim.organisation_id}:
            bases = {base.id for base in line.bases}
            cents = share(sum(one.cents for one in real if one.line.id in bases), line.flat_rate or 0)
            if cents:
                yield Entry("flat_rate", line, cents, line.label)


def corrected(row: Operation, organisation: int, wish: CorrectionWish | dict[str, Any], field: str) -> Piece:
    """The piece that is corrected: of this organisation, and not below nothing."""
    one = wish if isinstance(wish, CorrectionWish) else CorrectionWish(**wish)
    query = select(Piece).join(Claim, Claim.id == Piece.claim_id)
    mine = (Claim.operation_id == row.id, Claim.organisation_id == organisation, Claim.number == one.claim)
    found = session().scalars(query.where(*mine, Piece.number == one.piece, Piece.kind == "expense")).first()
    if found is None:
        words = _("No expense of ours bears this number in that claim.")
        raise Refused("invalid", words, status=422, fields={field: words})
    return found
