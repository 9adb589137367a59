"""The register of what an operation bought, a line a thing, with the columns an auditor asks for: one list of them.

Who has a thing is told by the number of the agreement: it finds the paper and names nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select

from app.finance import assets, traces
from app.finance.assets import Held
from app.finance.models import Operation
from app.finance.shares import rate
from app.finance.spending import Expense
from app.finance.traces import Trace
from app.finance.wording import PROOFS
from app.inventory import places
from app.inventory.models import Device
from app.inventory.states import LOOKS
from app.sheets.writing import Cell
from app.times import day_of
from app.web.looks import money, percent, plain_date
from app.web.tables import parts
from app.words import Sentence, _, spoken
from labels import codes

WITH_A_FIRM = ("with_partner", "in_transit", "in_repair")


@dataclass(frozen=True)
class Entry:
    """One thing of the register of an operation, as it stands on `day`. `firm`: who it is with, unless a person."""

    operation: Operation
    one: Held
    trace: Trace
    firm: str
    day: date

    @property
    def bills(self) -> Sequence[Expense]:
        return list({asset.line.expense_id: asset.line.expense for asset in self.one.paid}.values())

    @property
    def net_cents(self) -> int:
        return sum(asset.line.part(asset.line.net_cents, asset.place) for asset in self.one.paid)

    @property
    def union_cents(self) -> int:
        return sum(share.cents for share in self.one.shares if share.kind == "eu")


@dataclass(frozen=True)
class Column:
    """`group`: what stands together on paper. `cents`: money, which adds up."""

    word: Sentence
    group: str
    cell: Callable[[Entry], Cell]
    cents: Callable[[Entry], int | None] | None = None


def entries(row: Operation, query: Select[Device], day: date) -> Iterator[Entry]:
    """Of these things of the operation, a thousand read together, in the order of their names."""
    for some in parts(query, by=(Device.folded, Device.id), key=lambda one: (one.folded, one.id)):
        known, firms = traces.of(some), _firms(some)
        for one in assets.held(some, row):
            yield Entry(row, one, known[one.device.id], firms.get(one.device.id, ""), day)


def _firms(some: Sequence[Device]) -> Mapping[int, str]:
    return places.names([one for one in some if one.state in WITH_A_FIRM])


def head() -> list[str]:
    return [spoken(column.word) for column in COLUMNS]


def cells(entry: Entry) -> list[Cell]:
    return [column.cell(entry) for column in COLUMNS]


def table(found: Iterator[Entry]) -> Iterator[list[Cell]]:
    """A line a thing, then the sums of what is money; euros, as a spreadsheet adds them."""
    sums = [0] * len(COLUMNS)
    for entry in found:
        sums = [total + _cents(column, entry) for total, column in zip(sums, COLUMNS, strict=True)]
        yield cells(entry)
    totals = [total / 100 if column.cents else None for total, column in zip(sums, COLUMNS, strict=True)]
    yield [spoken(_("Total")), *totals[1:]]


def _cents(column: Column, entry: Entry) -> int:
    return column.cents(entry) or 0 if column.cents else 0


def _joined(words: Iterator[str]) -> str:
    return "; ".join(dict.fromkeys(word for word in words if word))


def _euros(word: Sentence, group: str, cents: Callable[[Entry], int | None]) -> Column:
    def cell(entry: Entry) -> Cell:
        found = cents(entry)
        return None if found is None else found / 100

    return Column(word, group, cell, cents)


def _of_bills(word: Sentence, group: str, told: Callable[[Expense], str]) -> Column:
    return Column(word, group, lambda entry: _joined(told(bill) for bill in entry.bills))


def _day(value: date | None) -> str:
    return plain_date(value) if value else ""


def _proofs(bill: Expense) -> str:
    return _joined(spoken(PROOFS[payment.proof]) for payment in bill.payments if payment.proof)


def _lines(entry: Entry) -> str:
    """Each budget line with its cents, and how much of what is eligible that is."""
    sums: dict[str, int] = {}
    for put in entry.one.put_down:
        code = put.allocation.budget_line.code
        sums[code] = sums.get(code, 0) + put.cents
    whole = entry.one.eligible_cents
    told = (f"{code}: {money(cents)} ({percent(rate(cents, whole))})" for code, cents in sums.items() if whole)
    return "; ".join(told)


def _where(entry: Entry) -> str:
    device = entry.one.device
    if device.state == "on_loan":
        return spoken(_("A household (%(centre)s)", centre=device.centre.name))
    return f"{entry.firm} ({device.centre.name})" if entry.firm else device.centre.name


def _photos(entry: Entry) -> int:
    label = entry.trace.label
    return len(entry.trace.photos) + (label is not None and label.photo is not None)


def _seen(entry: Entry) -> str:
    return spoken(entry.trace.seen.words) if entry.trace.seen else ""


def _left(entry: Entry) -> str:
    left = entry.trace.left
    return spoken(LOOKS[left.state].word) if left else ""


COLUMNS: Sequence[Column] = (
    Column(_("Code"), "thing", lambda e: codes.grouped(e.one.device.code)),
    Column(_("Inventory number"), "thing", lambda e: e.one.device.inventory_number),
    Column(_("Thing"), "thing", lambda e: e.one.device.name),
    Column(_("Category"), "thing", lambda e: spoken(e.one.device.model.category.called)),
    Column(_("Maker"), "thing", lambda e: e.one.device.model.maker.name),
    Column(_("Model"), "thing", lambda e: e.one.device.model.name),
    Column(_("Serial number"), "thing", lambda e: e.one.device.serial_number or e.one.device.no_serial_reason),
    Column(_("Owner"), "thing", lambda e: e.one.device.owner.name),
    _of_bills(_("Supplier"), "bought", lambda bill: bill.supplier),
    _of_bills(_("Invoice"), "bought", lambda bill: bill.number),
    _of_bills(_("Date of the invoice"), "bought", lambda bill: _day(bill.issued_on)),
    _of_bills(_("Paid on"), "bought", lambda bill: _day(bill.paid_on)),
    _of_bills(_("Proof of payment"), "bought", _proofs),
    _euros(_("Without tax"), "amounts", lambda e: e.net_cents),
    _euros(_("Tax"), "amounts", lambda e: e.one.cost_cents - e.net_cents),
    _euros(_("Tax included"), "amounts", lambda e: e.one.cost_cents),
    _euros(_("Eligible"), "amounts", lambda e: e.one.eligible_cents),
    _euros(_("In this operation"), "amounts", lambda e: e.one.allocated_cents),
    _euros(_("Of that, the Union"), "amounts", lambda e: e.union_cents),
    Column(_("Budget lines"), "amounts", _lines),
    Column(_("Delivered on"), "accounts", lambda e: day_of(e.trace.delivered) if e.trace.delivered else None),
    Column(_("In service since"), "accounts", lambda e: e.one.account.in_service_on if e.one.account else None),
    Column(_("Account"), "accounts", lambda e: e.one.account.account if e.one.account else None),
    Column(_("Months of use"), "accounts", lambda e: e.one.account.months if e.one.account else None),
    _euros(_("Worth in the books"), "accounts", lambda e: e.one.book_value(e.operation.basis, e.day)),
    Column(_("Place"), "today", _where),
    Column(_("State"), "today", lambda e: spoken(LOOKS[e.one.device.state].word)),
    Column(_("Agreement of the loan"), "today", lambda e: e.trace.loan.agreement if e.trace.loan else None),
    Column(_("Label seen on it on"), "proof", lambda e: day_of(e.trace.label.at) if e.trace.label else None),
    Column(_("Photos"), "proof", _photos),
    Column(_("Last seen on"), "proof", lambda e: e.trace.seen.day if e.trace.seen else None),
    Column(_("How it was seen"), "proof", _seen),
    Column(_("Left on"), "gone", lambda e: day_of(e.trace.left.since) if e.trace.left else None),
    Column(_("Why it left"), "gone", _left),
    Column(_("Complaint"), "gone", lambda e: e.trace.left.reference if e.trace.left else None),
)
