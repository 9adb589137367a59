"""What became of each budget line: planned, committed, invoiced, paid, left. Each figure is the sum of its parts.

A state is of euros, not of lines. An order counts until its invoice takes its place, so that nothing counts twice; what
was paid of an expense in part is split over what it is put down to, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, func, select

from app.db import session
from app.finance import budget, purse, spent
from app.finance.allocation_models import Allocation
from app.finance.claim_models import Claim, Piece
from app.finance.models import BudgetLine, Operation
from app.finance.purchase_models import Commitment, Purchase
from app.finance.shares import share, split
from app.finance.spending import Expense, ExpenseLine, Payment
from app.people.roles import Me

Sums = dict[int, int]  # cents by the number of a budget line


@dataclass(frozen=True)
class Figures:
    """In cents. `committed` is what is ordered or invoiced; `left` is what may still be bound.

    `declared`: in claims that are filed; `accepted`: of that, by the authority.
    """

    planned: int = 0
    committed: int = 0
    invoiced: int = 0
    paid: int = 0
    declared: int = 0
    accepted: int = 0

    @property
    def left(self) -> int:
        return self.planned - self.committed

    @property
    def is_over(self) -> bool:
        return self.committed > self.planned

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def of_lines(row: Operation, me: Me) -> list[tuple[BudgetLine, Figures]]:
    """Each line with its figures: of everybody's money, or of that of this person's organisation alone."""
    lines = [line for line in budget.of(row) if purse.sees_all(row, me) or _is_ours(line, me)]
    invoiced, paid = _spent(row, me)
    ordered, claimed = _ordered(row, me), _claimed(row, me)
    known: dict[int, Figures] = {}
    for line in sorted(lines, key=lambda one: one.is_flat):
        told = claimed.get(line.id, (0, 0))
        if line.is_flat:
            known[line.id] = _flat(line, [known[base.id] for base in line.bases if base.id in known], told)
            continue
        bill = invoiced.get(line.id, 0)
        known[line.id] = Figures(line.planned_cents, bill + ordered.get(line.id, 0), bill, paid.get(line.id, 0), *told)
    return [(line, known[line.id]) for line in lines]


def _is_ours(line: BudgetLine, me: Me) -> bool:
    return line.beneficiary_id is None or line.beneficiary_id in purse.own(me)


def _claimed(row: Operation, me: Me) -> dict[int, tuple[int, int]]:
    """What was declared of each budget line, and what of that was accepted."""
    query = (
        select(Piece.budget_line_id, func.sum(Piece.cents), func.sum(func.coalesce(Piece.accepted_cents, 0)))
        .join(Claim, Claim.id == Piece.claim_id)
        .where(Claim.operation_id == row.id, purse.mine_in(row, Claim.organisation_id, me))
        .group_by(Piece.budget_line_id)
    )
    return {line: (int(declared), int(accepted)) for line, declared, accepted in session().execute(query)}


def _flat(line: BudgetLine, bases: Iterable[Figures], claimed: tuple[int, int]) -> Figures:
    """A percentage of what its bases come to: when they are cut, so is it."""
    whole = total(bases)
    rate = line.flat_rate or 0
    declared, accepted = claimed
    return Figures(
        line.planned_cents,
        share(whole.committed, rate),
        share(whole.invoiced, rate),
        share(whole.paid, rate),
        declared,
        accepted,
    )


def total(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


def of_line(line: BudgetLine, me: Me) -> Figures:
    return next(figures for one, figures in of_lines(line.operation, me) if one.id == line.id)


def _spent(row: Operation, me: Me) -> tuple[Sums, Sums]:
    """What is invoiced and what is paid, by budget line."""
    put_down = (
        select(Allocation.id, Allocation.budget_line_id, Allocation.cents)
        .join(ExpenseLine, ExpenseLine.id == Allocation.line_id)
        .join(Expense, Expense.id == ExpenseLine.expense_id)
        .join(BudgetLine, BudgetLine.id == Allocation.budget_line_id)
        .where(Allocation.gone_act_id.is_(None), BudgetLine.operation_id == row.id)
        .where(purse.mine_in(row, Expense.organisation_id, me))
    )
    rows = session().execute(put_down).all()
    paid = paid_parts(spent.put_down_to([row.id]))
    return _added((r.budget_line_id, r.cents) for r in rows), _added((r.budget_line_id, paid[r.id]) for r in rows)


def paid_parts(these: Select[int]) -> dict[int, int]:
    """What is paid of each allocation of these expenses (their numbers), over all operations, by its number."""
    standing = select(Payment.expense_id, func.sum(Payment.cents)).where(Payment.gone_act_id.is_(None))
    paid = _sums(standing, Payment.expense_id, these)
    gross = func.sum(ExpenseLine.net_cents + ExpenseLine.vat_cents)
    whole = _sums(select(ExpenseLine.expense_id, gross), ExpenseLine.expense_id, these)
    told: dict[int, int] = {}
    for number, parts in _allocated(these).items():
        told |= _paid_of(parts, whole.get(number, 0), paid.get(number, 0))
    return told


def _sums(query: Any, expense: Any, these: Select[int]) -> Sums:
    return {
        number: int(cents) for number, cents in session().execute(query.where(expense.in_(these)).group_by(expense))
    }


def _allocated(these: Select[int]) -> dict[int, list[tuple[int, int]]]:
    """What stands of each expense: numbers of its allocations and their cents, the oldest first."""
    query = (
        select(ExpenseLine.expense_id, Allocation.id, Allocation.cents)
        .join(ExpenseLine, ExpenseLine.id == Allocation.line_id)
        .where(Allocation.gone_act_id.is_(None), ExpenseLine.expense_id.in_(these))
        .order_by(Allocation.id)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for expense, number, cents in session().execute(query):
        found.setdefault(expense, []).append((number, cents))
    return found


def _paid_of(parts: Sequence[tuple[int, int]], whole: int, paid: int) -> dict[int, int]:
    """The part of each in what was paid; what is outside of any operation has its part too."""
    if paid == whole:
        return dict(parts)
    if not whole:
        return {number: 0 for number, _cents in parts}
    weights = [abs(cents) for _number, cents in parts]
    if any(cents * whole < 0 for _number, cents in parts) or sum(weights) > abs(whole):
        return _running(parts, whole, paid)
    shares = split(paid, [*weights, abs(whole) - sum(weights)])
    return {number: part for (number, _cents), part in zip(parts, shares, strict=False)}


def _running(parts: Sequence[tuple[int, int]], whole: int, paid: int) -> dict[int, int]:
    """The same where a discount takes off: the sum so far has its part of what was paid, half up to a cent.

    So each is within a cent of its share, and together with what is outside they add up to what was paid.
    """
    told, sums, before = {}, 0, 0
    for number, cents in parts:
        sums += cents if whole > 0 else -cents
        now = (2 * paid * sums + abs(whole)) // (2 * abs(whole))
        told[number], before = now - before, now
    return told


def _ordered(row: Operation, me: Me) -> Sums:
    """What orders still bind beyond what was invoiced of them, by budget line."""
    bound = (
        select(Commitment.purchase_id, Commitment.line_id, Commitment.cents)
        .join(Purchase, Purchase.id == Commitment.purchase_id)
        .join(BudgetLine, BudgetLine.id == Commitment.line_id)
        .where(BudgetLine.operation_id == row.id, Purchase.closed_act_id.is_(None))
        .where(purse.mine_in(row, Purchase.organisation_id, me))
    )
    billed = (
        select(Expense.purchase_id, Allocation.budget_line_id, func.sum(Allocation.cents))
        .join(ExpenseLine, ExpenseLine.id == Allocation.line_id)
        .join(Expense, Expense.id == ExpenseLine.expense_id)
        .where(Allocation.gone_act_id.is_(None), Expense.purchase_id.is_not(None))
        .group_by(Expense.purchase_id, Allocation.budget_line_id)
    )
    came = {(purchase, line): int(cents) for purchase, line, cents in session().execute(billed)}
    rows = session().execute(bound)
    return _added((line, max(0, cents - came.get((purchase, line), 0))) for purchase, line, cents in rows)


def _added(pairs: Iterable[tuple[int, int]]) -> Sums:
    sums: Sums = {}
    for number, cents in pairs:
        sums[number] = sums.get(number, 0) + cents
    return sums
