"""What an auditor would ask about: told while there is time to mend it. Nothing here forbids anything.

Each kind of alert is one question to the database, so that a large operation is told as quickly as a small one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, extract, func, or_, select
from sqlalchemy.orm import aliased

from app.db import session
from app.finance import purse, spent, spot_checks, terms
from app.finance.allocation_models import Allocation
from app.finance.models import BudgetLine, Operation
from app.finance.purchase_models import PurchaseDelivery
from app.finance.spending import Asset, Expense, ExpenseLine, Payment
from app.finance.spot_check_models import SpotCheck
from app.people.roles import Me
from app.words import Sentence, _

MOST = 5  # told one by one; the rest are counted
# Rates of the French value added tax, in hundredths of a percent (CGI articles 278 to 281 octies).
VAT_RATES = (0, 210, 550, 1000, 2000)
SOON = timedelta(days=14)  # how long before its day an answer to a check is asked for
ROUNDED = 2  # cents by which the tax of a line may differ from its rate


@dataclass(frozen=True)
class Alert:
    """What is asked about, what to do, and the expenses it is about: the first few, and how many there are."""

    kind: str
    title: Sentence
    advice: Sentence
    found: Sequence[Expense]
    count: int


def of(row: Operation, me: Me) -> list[Alert]:
    """The alerts on what was spent in this operation, those of one kind together."""
    mine = select(Expense).where(Expense.gone_act_id.is_(None), Expense.id.in_(spent.put_down_to([row.id])))
    mine = mine.where(purse.mine_in(row, Expense.organisation_id, me))
    told = (_alert(kind, title, advice, mine.where(such)) for kind, title, advice, such in _kinds(row))
    return [alert for alert in told if alert.count]


def answers_due(row: Operation, day: date) -> Sequence[SpotCheck]:
    """The checks of this operation that wait for our answer, due soon or past its day: the most pressing first."""
    due = (SpotCheck.answered_on.is_(None), SpotCheck.concluded_on.is_(None), SpotCheck.answer_due_on <= day + SOON)
    return session().scalars(spot_checks.of(row).where(*due).order_by(SpotCheck.answer_due_on, SpotCheck.id)).all()


def _alert(kind: str, title: Sentence, advice: Sentence, query: Select[Expense]) -> Alert:
    count = session().scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    found = session().scalars(query.order_by(Expense.issued_on, Expense.id).limit(MOST)).all() if count else ()
    return Alert(kind, title, advice, found, count)


def _kinds(row: Operation) -> list[tuple[str, Sentence, Sentence, ColumnElement[bool]]]:
    return [
        (
            "paid_late",
            _("Paid after the last day"),
            _("What is paid after the last day of the grant agreement is not eligible."),
            _paid_late(row),
        ),
        ("unpaid", _("Not paid yet"), _("Only what is paid can be declared: write down the debit."), spent.unpaid()),
        (
            "unproven",
            _("No proof of payment"),
            _("Add the bank statement, the receipted invoice or the certified list."),
            spent.unproven(),
        ),
        (
            "undelivered",
            _("No proof of delivery"),
            _("Add the signed delivery note, or name the delivery on the purchase."),
            _undelivered(row),
        ),
        (
            "things_missing",
            _("Things not in the register"),
            _("The invoice is for more things than are tied to it."),
            _things_missing(row),
        ),
        (
            "vat_doubtful",
            _("The tax looks odd"),
            _("It is none of the French rates. Read the paper again."),
            _vat_doubtful(),
        ),
        (
            "twice",
            _("Perhaps the same invoice twice"),
            _("Same supplier, and the same number elsewhere or the same amount in the same month."),
            _twice(),
        ),
    ]


def _of_expense(table: Any, *more: Any) -> ColumnElement[bool]:
    return exists().where(table.expense_id == Expense.id, *more)


def _paid_late(row: Operation) -> ColumnElement[bool]:
    return _of_expense(Payment, Payment.gone_act_id.is_(None), Payment.debited_on > terms.of(row).paid_by)


def _on_asset_lines(row: Operation) -> ColumnElement[bool]:
    """Put down to a line of this operation that things of the register belong to."""
    return exists().where(
        Allocation.line_id == ExpenseLine.id,
        Allocation.gone_act_id.is_(None),
        BudgetLine.id == Allocation.budget_line_id,
        BudgetLine.operation_id == row.id,
        BudgetLine.accepts_assets,
    )


def _undelivered(row: Operation) -> ColumnElement[bool]:
    lines = exists().where(ExpenseLine.expense_id == Expense.id, ExpenseLine.net_cents > 0, _on_asset_lines(row))
    came = exists().where(PurchaseDelivery.purchase_id == Expense.purchase_id)
    return and_(Expense.kind == "invoice", lines, ~came, ~spent.has_paper("delivery_note"))


def _things_missing(row: Operation) -> ColumnElement[bool]:
    """Some of its pieces are in the register and some are not: who bought no thing of the register owes none."""
    tied = select(func.count(Asset.id)).where(Asset.line_id == ExpenseLine.id, Asset.gone_act_id.is_(None))
    number = tied.scalar_subquery()
    lines = (ExpenseLine.expense_id == Expense.id, number > 0, number < ExpenseLine.quantity, _on_asset_lines(row))
    return exists().where(*lines)


def _vat_doubtful() -> ColumnElement[bool]:
    off = (
        func.abs(ExpenseLine.vat_cents * 10_000 - ExpenseLine.net_cents * rate) > ROUNDED * 10_000 for rate in VAT_RATES
    )
    return exists().where(ExpenseLine.expense_id == Expense.id, Expense.kind != "personnel", *off)


def _twice() -> ColumnElement[bool]:
    """The number of an invoice at another organisation, or its amount at the same supplier in the same month."""
    other = aliased(Expense)
    alike = (other.id != Expense.id, other.gone_act_id.is_(None), other.supplier_key == Expense.supplier_key)
    numbered = other.number_key == Expense.number_key
    near = and_(*(extract(part, other.issued_on) == extract(part, Expense.issued_on) for part in ("year", "month")))
    same = and_(other.kind == Expense.kind, spent.gross(other) == spent.gross(Expense), near)
    return and_(Expense.kind != "personnel", exists().where(*alike, or_(numbered, same)))
