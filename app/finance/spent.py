"""What was spent, found through what a person may see, and held while somebody writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import for_update, session, walk
from app.errors import NotThere, Refused
from app.finance import purse, records
from app.finance.allocation_models import Allocation
from app.finance.claim_models import Claim, Piece
from app.finance.models import BudgetLine, Operation
from app.finance.spending import Expense, ExpenseLine, Paper, Payment
from app.finance.spending_forms import ExpenseList
from app.history import Act
from app.people.roles import Me, is_coordinator
from app.words import _, bare, fold

_LOCKED = for_update(select(Expense), of=Expense)


def seen_by(me: Me) -> Select[Expense]:
    """Those whose money is theirs to see: their organisation's, or put down to an operation they see whole."""
    query = select(Expense)
    if is_coordinator(me):
        return query
    whole = [row.id for row in session().scalars(purse.operations(me)) if purse.sees_all(row, me)]
    return query.where(or_(Expense.organisation_id.in_(purse.own(me)), Expense.id.in_(put_down_to(whole))))


def put_down_to(operations: Sequence[int]) -> Select[int]:
    """The numbers of the expenses of which something is put down to these operations."""
    return (
        select(ExpenseLine.expense_id)
        .join(Allocation, Allocation.line_id == ExpenseLine.id)
        .join(BudgetLine, BudgetLine.id == Allocation.budget_line_id)
        .where(BudgetLine.operation_id.in_(operations), Allocation.gone_act_id.is_(None))
    )


def listed(row: Operation | None, wish: ExpenseList, me: Me) -> Select[Expense]:
    """Those of a list: all, or those of which something is put down to that operation."""
    query = shown(seen_by(me), wish)
    if row is None:
        return query
    return query.where(Expense.id.in_(put_down_to([row.id])), purse.mine_in(row, Expense.organisation_id, me))


def shown(query: Select[Expense], wish: ExpenseList) -> Select[Expense]:
    """Those that a list asks for: by words of the supplier or number, and by what is still to do."""
    gone = Expense.gone_act_id.is_not(None)
    query = query.where(gone if wish.show == "gone" else ~gone)
    if wish.q:
        named = Expense.supplier_key.contains(fold(wish.q), autoescape=True)
        query = query.where(
            named | Expense.number_key.contains(bare(wish.q), autoescape=True) if bare(wish.q) else named
        )
    if wish.show == "outside":
        left = ExpenseLine.allocated_cents != ExpenseLine.eligible_cents
        query = query.where(exists().where(ExpenseLine.expense_id == Expense.id, left))
    if wish.show == "unpaid":
        query = query.where(unpaid())
    return query.where(unproven()) if wish.show == "unproven" else query


def gross(of: Any) -> Any:
    """What all its lines come to, tax included."""
    lines = aliased(ExpenseLine)
    summed = select(func.coalesce(func.sum(lines.net_cents + lines.vat_cents), 0))
    return summed.where(lines.expense_id == of.id).scalar_subquery()


def unpaid() -> ColumnElement[bool]:
    """Not all of it left the account."""
    standing = (Payment.expense_id == Expense.id, Payment.gone_act_id.is_(None))
    paid = select(func.coalesce(func.sum(Payment.cents), 0)).where(*standing).scalar_subquery()
    whole: ColumnElement[bool] = paid != gross(Expense)
    return whole


def unproven() -> ColumnElement[bool]:
    """A payment is proved by what it says of its proof together with a paper."""
    paid = (Payment.expense_id == Expense.id, Payment.gone_act_id.is_(None))
    unsaid = exists().where(*paid, Payment.proof.is_(None))
    return and_(exists().where(*paid), or_(unsaid, ~has_paper("payment_proof")))


def has_paper(*kinds: str) -> ColumnElement[bool]:
    """A paper of such a kind hangs on the expense, or on its purchase."""
    own = or_(Paper.expense_id == Expense.id, Paper.purchase_id == Expense.purchase_id)
    return exists().where(own, Paper.kind.in_(kinds), Paper.gone_act_id.is_(None))


def get(uuid: str, me: Me) -> Expense:
    found = session().scalars(seen_by(me).where(Expense.uuid == records.number(uuid))).first()
    if found is None:
        raise NotThere(_("There is no such expense."))
    return found


def creditable(organisations: Sequence[int]) -> list[tuple[str, str]]:
    """Invoices that a credit note may be for, the newest first, as a form offers them."""
    query = select(Expense).where(Expense.kind == "invoice", Expense.gone_act_id.is_(None))
    newest = query.where(Expense.organisation_id.in_(organisations)).order_by(Expense.id.desc()).limit(100)
    return [(str(one.uuid), f"{one.supplier} {one.number}") for one in session().scalars(newest)]


def locked(row: Expense, by: Me) -> Expense:
    """An expense whose money is theirs to keep; it stays as it is until the write ends."""
    row = session().scalars(_LOCKED.where(Expense.id == row.id)).one()
    purse.check_spends(row.organisation_id, by)
    session().expire(row, ["lines", "payments"])
    return row


def in_force(row: Expense, by: Me) -> Expense:
    row = locked(row, by)
    if row.gone_act_id is not None:
        raise Refused("expense_withdrawn", _("This expense was taken back. Put it in force again first."))
    return row


def undeclared(row: Expense, by: Me) -> Expense:
    """An expense in force of which nothing was declared to the funders yet."""
    row = in_force(row, by)
    lines = [line.id for line in row.lines]
    query = select(Claim.number).join(Piece, Piece.claim_id == Claim.id)
    query = query.join(Allocation, Allocation.id == Piece.allocation_id).where(Allocation.line_id.in_(lines))
    if number := session().scalar(query.limit(1)):
        words = _("It is declared in claim %(number)s: correct it in the next one.", number=number)
        raise Refused("declared", words)
    return row


def of_act(act: Act) -> Expense:
    """The expense an act was about."""
    return session().scalars(select(Expense).where(Expense.uuid == UUID(act.subject.partition(":")[2]))).one()


def on_line(line: BudgetLine, me: Me, limit: int = 200) -> Sequence[tuple[Expense, int]]:
    """What is put down to a budget line: each expense with its cents, the newest first."""
    query = (
        select(Expense, func.sum(Allocation.cents))
        .join(ExpenseLine, ExpenseLine.expense_id == Expense.id)
        .join(Allocation, Allocation.line_id == ExpenseLine.id)
        .where(Allocation.budget_line_id == line.id, Allocation.gone_act_id.is_(None))
        .where(purse.mine_in(line.operation, Expense.organisation_id, me))
        .group_by(Expense.id)
        .order_by(Expense.issued_on.desc(), Expense.id.desc())
    )
    return [(expense, int(cents)) for expense, cents in session().execute(query.limit(limit))]


def names() -> dict[int, str]:
    """What the journal calls each expense, by its number."""
    return {number: f"expense:{uuid.hex}" for number, uuid in walk(select(Expense.id, Expense.uuid))}
