"""What programs are told of what was spent: expenses and purchases. Money is whole cents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.finance import allocations, tied
from app.finance.allocation_models import Allocation
from app.finance.purchase_models import Purchase
from app.finance.spending import Asset, Expense, ExpenseLine, Payment
from app.inputs import Answer
from app.web.listing import ListAnswer


class ExpenseLineAnswer(Answer):
    id: int
    words: str
    quantity: int
    net_cents: int
    vat_cents: int
    eligible_cents: int
    allocated_cents: int
    devices: list[str]


class PaymentAnswer(Answer):
    id: int
    debited_on: date
    cents: int
    means: str
    proof: str | None


class AllocationAnswer(Answer):
    """`line`: the place of the line of the expense, from 1. Without a device it is of the whole line."""

    id: int
    line: int
    device: str | None
    operation: str
    budget_line: str
    basis: str
    cents: int


class ExpenseAnswer(Answer):
    id: UUID
    kind: str
    organisation: str
    supplier: str
    number: str
    issued_on: date
    from_day: date | None
    to_day: date | None
    net_cents: int
    vat_cents: int
    gross_cents: int
    eligible_cents: int
    allocated_cents: int
    paid_cents: int
    paid_on: date | None
    withdrawn: bool


class ExpenseCardAnswer(ExpenseAnswer):
    lines: list[ExpenseLineAnswer]
    payments: list[PaymentAnswer]
    allocations: list[AllocationAnswer]


class PurchaseAnswer(Answer):
    id: UUID
    organisation: str
    title: str
    procedure: str
    supplier: str
    order_number: str
    ordered_on: date | None
    committed_cents: int
    closed: bool


Expenses = ListAnswer[ExpenseAnswer]
Purchases = ListAnswer[PurchaseAnswer]
_EXPENSE = (
    "kind", "supplier", "number", "issued_on", "from_day", "to_day", "net_cents", "vat_cents", "gross_cents",
    "eligible_cents", "allocated_cents", "paid_cents", "paid_on",
)  # fmt: skip


def expense(row: Expense) -> ExpenseAnswer:
    return ExpenseAnswer(**_expense(row))


def _expense(row: Expense) -> dict[str, Any]:
    known = {name: getattr(row, name) for name in _EXPENSE}
    return known | {
        "id": row.uuid,
        "organisation": row.organisation.short_name,
        "withdrawn": row.gone_act_id is not None,
    }


def expense_card(row: Expense) -> ExpenseCardAnswer:
    numbers = [one.id for one in row.lines]
    stands, things = allocations.of_these(numbers), tied.of_these(numbers)
    return ExpenseCardAnswer(
        **_expense(row),
        lines=[_expense_line(one, things.get(one.id, [])) for one in row.lines],
        payments=[_payment(one) for one in row.payments],
        allocations=[_allocation(one, line) for line in row.lines for one in stands.get(line.id, [])],
    )


def _expense_line(row: ExpenseLine, things: Sequence[Asset]) -> ExpenseLineAnswer:
    names = ("id", "words", "quantity", "net_cents", "vat_cents", "eligible_cents", "allocated_cents")
    told = {name: getattr(row, name) for name in names}
    return ExpenseLineAnswer(**told, devices=[asset.device.code for asset in things])


def _payment(row: Payment) -> PaymentAnswer:
    return PaymentAnswer(**{name: getattr(row, name) for name in PaymentAnswer.model_fields})


def _allocation(row: Allocation, line: ExpenseLine) -> AllocationAnswer:
    return AllocationAnswer(
        id=row.id,
        line=line.position,
        device=row.asset.device.code if row.asset else None,
        operation=row.budget_line.operation.number,
        budget_line=row.budget_line.code,
        basis=row.basis,
        cents=row.cents,
    )


def purchase(row: Purchase) -> PurchaseAnswer:
    names = ("title", "procedure", "supplier", "order_number", "ordered_on")
    return PurchaseAnswer(
        **{name: getattr(row, name) for name in names},
        id=row.uuid,
        organisation=row.organisation.short_name,
        committed_cents=sum(one.cents for one in row.commitments),
        closed=row.closed_act_id is not None,
    )
