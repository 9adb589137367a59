"""Inputs of what was spent."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from app.finance.forms import Change, Code, Number, Percent
from app.inputs import FILLED, Act, AnyCode, Day, DeviceCode, Input, Line, Name, SaidName, SaidText, Whole
from app.inventory.stock_forms import Price
from app.web import Listing

Procedure = Literal["direct", "quotes", "adapted", "framework", "other"]
ExpenseKind = Literal["invoice", "credit_note", "personnel"]
Means = Literal["transfer", "card", "cheque", "direct_debit", "cash", "payroll"]
Proof = Literal["bank_statement", "receipted_invoice", "certified_list"]
PaperKind = Literal["quote", "order", "delivery_note", "invoice", "payment_proof", "payslip", "other"]
Quantity = Annotated[int, Field(ge=1, le=100_000)]


class ExpenseLineWish(Input):
    """Amounts of the whole line, as they stand on the paper. `eligible_cents`: less than all of it, where it is less.

    Below zero is what the paper takes off, such as a discount. `line`: the budget line that the whole of it is put
    down to at once.
    """

    words: SaidName
    quantity: Quantity = 1
    net_cents: Change
    vat_cents: Change = 0
    eligible_cents: Change | None = None
    line: Code | None = None


class ExpenseCard(Act):
    """`vat_recoverable`: the share of the tax that comes back. Amounts of a credit note are written as it prints them.

    `from_day`, `to_day`: the period it is for, if it is for one (salaries, subscriptions).
    """

    kind: ExpenseKind = "invoice"
    supplier: Line = ""
    number: Line = ""
    issued_on: Day
    from_day: Day | None = None
    to_day: Day | None = None
    purchase: UUID | None = None
    credits: UUID | None = None
    vat_recoverable: Percent = 0
    words: SaidText = ""
    lines: Annotated[list[ExpenseLineWish], Field(min_length=1, max_length=100), FILLED]


class NewExpense(ExpenseCard):
    """`operation`: that of the budget lines named. `paid_on`: the day its debit stands on the statement, if it does.

    `draft`: the file that a draft was read from, and that goes with it; or one beside, as the part `paper` of a form.
    """

    organisation: Whole | None = None
    draft: UUID | None = None
    operation: Number | None = None
    paid_on: Day | None = None
    means: Means = "transfer"


def _unseen(value: object) -> object:
    """Text of a table: tabs and ends of lines mean something in it, other signs of control do not."""
    if not isinstance(value, str):
        return value
    return "".join(one for one in value if one in "\t\n" or unicodedata.category(one) not in {"Cc", "Cs"})


class DraftWish(Input):
    """`text`: the lines of a table, as they were copied; or a file beside, as the part `file` of a form."""

    text: Annotated[str, StringConstraints(max_length=200_000, strip_whitespace=False), BeforeValidator(_unseen)] = ""
    operation: Number | None = None


class Withdraw(Act):
    """It was written down by mistake; or that was the mistake."""


class Pay(Act):
    """`debited_on`: the day of the debit, not of the order. Empty `cents`: all that is left to pay."""

    debited_on: Day
    cents: Price | None = None
    means: Means = "transfer"
    proof: Proof | None = None
    certified_by: Line = ""


class ProvePayment(Act):
    """What proves a payment that is written down already."""

    proof: Proof
    certified_by: Line = ""


class AddPaper(Act):
    kind: PaperKind
    title: Line = ""


class TieThings(Act):
    """The things that this line paid, in the order of their places."""

    line: Whole
    devices: Annotated[list[DeviceCode], Field(min_length=1, max_length=500)]


class UntieThing(Act):
    pass


class Allocate(Act):
    """Put down to a budget line: so much, such a percentage of what is eligible, or (neither) all that is left.

    `device`: of that thing's own part. `basis`: what it cost, or what of that became a charge from `from_day` to
    `to_day` (then the amount follows from its depreciation, and nothing else may have paid for the thing).
    """

    operation: Number
    budget_line: Code
    line: Whole
    device: DeviceCode | None = None
    cents: Price | None = None
    percent: Percent | None = None
    basis: Literal["purchase", "depreciation"] = "purchase"
    from_day: Day | None = None
    to_day: Day | None = None


class TakeBackAllocation(Act):
    pass


class ExpenseList(Listing):
    """`show`: only what is not wholly put down, not paid, or lacks a paper."""

    show: Literal["outside", "unpaid", "unproven", "gone"] | None = None


class AssetList(Listing):
    """`centre`: things that the centre of that code answers for."""

    centre: AnyCode = ""


class CommitmentWish(Input):
    """How much of a budget line the order binds."""

    operation: Number
    line: Code
    cents: Price


class PurchaseCard(Act):
    """`reason`: why this supplier; `deliveries`: those in which it came."""

    title: Name
    procedure: Procedure = "direct"
    market_number: Line = ""
    reason: SaidText = ""
    supplier: Line = ""
    order_number: Line = ""
    ordered_on: Day | None = None
    commitments: Annotated[list[CommitmentWish], Field(max_length=40), FILLED] = Field(default_factory=list)
    deliveries: Annotated[list[Whole], Field(max_length=50)] = Field(default_factory=list)


class NewPurchase(PurchaseCard):
    organisation: Whole | None = None


class ClosePurchase(Act):
    """Nothing more is to come; or something is, after all."""


class SettleAsset(Act):
    """How the accounts treat a thing. `no_grant`: no public grant helped to buy it (then depreciation is claimed)."""

    in_service_on: Day | None = None
    months: Annotated[int, Field(ge=1, le=600)] | None = None
    treatment: Literal["fixed_asset", "charge"] | None = None
    account: Annotated[Line, Field(max_length=20)] = ""
    no_grant: bool = False
