"""What programs are told of operations, their lines and the things they paid. Money is whole cents."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.finance import asset_clocks, figures, terms
from app.finance.assets import Held
from app.finance.figures import Figures
from app.finance.models import BudgetLine, Funder, Operation
from app.finance.shares import rate
from app.inputs import Answer
from app.people.roles import Me
from app.web.listing import ListAnswer
from app.words import spoken


class FunderAnswer(Answer):
    """`rate`: hundredths of a percent, from the amounts; `printed_rate`: as the plan prints it."""

    code: str
    name: str
    kind: str
    amount_cents: int
    rate: int
    printed_rate: int | None


class OperationAnswer(Answer):
    """`total_cents`: what the funders pay together. The figures are of the money this person may see."""

    number: str
    name: str
    programme: str
    lead: str
    partners: list[str]
    decided_on: date | None
    eligible_from: date | None
    eligible_to: date | None
    paid_until: date | None
    accounts_on: date | None
    final_payment_on: date | None
    durability_until: date | None
    documents_until: date | None
    total_cents: int
    planned_cents: int
    committed_cents: int
    invoiced_cents: int
    paid_cents: int
    declared_cents: int
    accepted_cents: int
    left_cents: int
    funders: list[FunderAnswer]


class LineAnswer(Answer):
    """`flat_rate`: hundredths of a percent of `bases`, for a line that takes no expense."""

    code: str
    heading: str
    label: str
    packages: list[str]
    cost_mode: str
    flat_rate: int | None
    bases: list[str]
    accepts_assets: bool
    beneficiary: str | None
    funding_key: str
    initial_cents: int
    amended_cents: int
    planned_cents: int
    committed_cents: int
    invoiced_cents: int
    paid_cents: int
    declared_cents: int
    accepted_cents: int
    left_cents: int


class ShareAnswer(Answer):
    funder: str
    name: str
    cents: int


class AssetAnswer(Answer):
    """One thing that money of the operation paid: `allocated_cents` of it fall on the operation's lines.

    `shares` are a theoretical key: funders pay the operation as a whole.
    """

    code: str
    name: str
    serial_number: str | None
    category: str
    owner: str
    supplier: str
    invoice: str
    invoice_id: UUID
    cost_cents: int
    eligible_cents: int
    allocated_cents: int
    lines: list[str]
    shares: list[ShareAnswer]
    in_service_on: date | None
    book_value_cents: int | None
    state: str


class ClockAnswer(Answer):
    """`until`: nothing as long as the day it is counted from is not known."""

    kind: str
    title: str
    until: date | None
    rule: str
    keeps: str


class AssetSheetAnswer(AssetAnswer):
    clocks: list[ClockAnswer]


Operations = ListAnswer[OperationAnswer]
Lines = ListAnswer[LineAnswer]
Assets = ListAnswer[AssetAnswer]


def funder(row: Funder, total: int) -> FunderAnswer:
    known = {name: getattr(row, name) for name in ("code", "name", "kind", "amount_cents", "printed_rate")}
    return FunderAnswer(**known, rate=rate(row.amount_cents, total) if total else 0)


def operation(row: Operation, me: Me) -> OperationAnswer:
    sums = figures.total(one for _line, one in figures.of_lines(row, me))
    clocks = terms.of(row)
    plain = ("number", "name", "programme", "decided_on", "eligible_from", "eligible_to", "paid_until", "accounts_on")
    return OperationAnswer(
        **{name: getattr(row, name) for name in plain},
        **_figures(sums),
        lead=row.lead.short_name,
        partners=[one.organisation.short_name for one in row.partners],
        final_payment_on=clocks.final_payment_on,
        durability_until=clocks.durability_until,
        documents_until=clocks.documents_until,
        total_cents=row.total_cents,
        funders=[funder(one, row.total_cents) for one in row.funders],
    )


def _figures(one: Figures) -> dict[str, int]:
    names = ("planned", "committed", "invoiced", "paid", "declared", "accepted", "left")
    return {f"{name}_cents": getattr(one, name) for name in names}


def line(row: BudgetLine, figures_of_it: Figures) -> LineAnswer:
    plain = (
        "code", "heading", "label", "packages", "cost_mode", "flat_rate", "accepts_assets", "funding_key",
        "initial_cents", "amended_cents",
    )  # fmt: skip
    return LineAnswer(
        **{name: getattr(row, name) for name in plain},
        **_figures(figures_of_it),
        bases=[one.code for one in row.bases],
        beneficiary=row.beneficiary.short_name if row.beneficiary else None,
    )


def asset(one: Held, basis: str, day: date) -> AssetAnswer:
    bill = one.paid[0].line.expense
    return AssetAnswer(
        code=one.device.code,
        name=one.device.name,
        serial_number=one.device.serial_number,
        category=one.device.model.category_code,
        owner=one.device.owner.short_name,
        supplier=bill.supplier,
        invoice=bill.number,
        invoice_id=bill.uuid,
        cost_cents=one.cost_cents,
        eligible_cents=one.eligible_cents,
        allocated_cents=one.allocated_cents,
        lines=sorted({put.allocation.budget_line.code for put in one.put_down}),
        shares=[ShareAnswer(funder=share.code, name=share.name, cents=share.cents) for share in one.shares],
        in_service_on=one.account.in_service_on if one.account else None,
        book_value_cents=one.book_value(basis, day),
        state=one.device.state,
    )


def asset_sheet(one: Held, basis: str, day: date) -> AssetSheetAnswer:
    names = ("title", "rule", "keeps")
    clocks = [
        ClockAnswer(kind=clock.kind, until=clock.until, **{name: spoken(getattr(clock, name)) for name in names})
        for clock in asset_clocks.of(one)
    ]
    return AssetSheetAnswer(**asset(one, basis, day).model_dump(), clocks=clocks)
