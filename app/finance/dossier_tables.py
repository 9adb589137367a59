"""The tables of the auditors' file: who pays, the budget lines, what was spent, the agreements by their hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import session
from app.finance import allocations, evidence, figures, spot_findings, traces, wording
from app.finance.models import Operation
from app.finance.publicity import Publicity
from app.finance.shares import rate
from app.finance.spending import Expense
from app.finance.spot_check_models import SpotCheck
from app.inventory.models import Device
from app.lending.models import Loan, LoanLine
from app.people.models import Centre, Household, HouseholdIdentity
from app.people.roles import Me
from app.sheets.writing import Cell
from app.web.looks import percent
from app.words import Sentence, _, spoken
from labels import codes


@dataclass(frozen=True)
class Table:
    """`name`: where it lies in the file, without its ending."""

    name: str
    title: Sentence
    head: Sequence[Sentence]
    rows: Sequence[Sequence[Cell]]


def plan(row: Operation) -> Table:
    """Amounts as they were signed, rates as they follow and as the plan prints them; then the sum."""
    whole = row.total_cents
    told: list[list[Cell]] = [
        [
            one.code,
            one.name,
            one.amount_cents / 100,
            percent(rate(one.amount_cents, whole)) if whole else None,
            None if one.printed_rate is None else percent(one.printed_rate),
        ]
        for one in row.funders
    ]
    head = (_("Code"), _("Funder"), _("Amount"), _("Rate"), _("Printed rate"))
    told.append([spoken(_("Total")), None, whole / 100, None, None])
    return Table("operation/plan", _("financing plan"), head, told)


def lines(row: Operation, by: Me) -> Table:
    names = ("planned", "committed", "invoiced", "paid", "declared", "accepted", "left")
    found = figures.of_lines(row, by)
    sums = figures.total(one for _line, one in found)
    told: list[list[Cell]] = [
        [line.code, line.heading, line.label, *(getattr(one, name) / 100 for name in names)] for line, one in found
    ]
    last: list[Cell] = [spoken(_("Total")), None, None, *(getattr(sums, name) / 100 for name in names)]
    head = (
        _("Budget line"), _("Heading"), _("What it is"), _("Planned"), _("Committed"), _("Invoiced"), _("Paid"),
        _("Declared"), _("Accepted"), _("Left"),
    )  # fmt: skip
    return Table("operation/lignes", _("budget lines"), head, [*told, last])


def expenses(row: Operation, bills: Sequence[Expense], names: Mapping[int, Sequence[str]]) -> Table:
    """A line an expense. `names`: where its papers lie, by its number."""
    told = list(_expenses(row, bills, names))
    head = (
        _("Kind"), _("Supplier"), _("Invoice number"), _("Date"), _("Paid on"), _("Without tax"), _("Tax"),
        _("Tax included"), _("Eligible"), _("In this operation"), _("Budget lines"), _("Paid by"), _("Papers"),
    )  # fmt: skip
    return Table("operation/depenses", _("expenses"), head, told)


def _expenses(row: Operation, bills: Sequence[Expense], names: Mapping[int, Sequence[str]]) -> Iterator[list[Cell]]:
    total = 0
    stands = allocations.of_these({line.id for bill in bills for line in bill.lines})
    for bill in bills:
        mine = [one for line in bill.lines for one in stands.get(line.id, ()) if one.budget_line.operation_id == row.id]
        cents = sum(one.cents for one in mine)
        total += cents
        yield [
            spoken(wording.KINDS[bill.kind]), bill.supplier, bill.number, bill.issued_on, bill.paid_on,
            bill.net_cents / 100, bill.vat_cents / 100, bill.gross_cents / 100, bill.eligible_cents / 100, cents / 100,
            ", ".join(dict.fromkeys(one.budget_line.code for one in mine)), bill.organisation.short_name,
            ", ".join(names.get(bill.id, ())),
        ]  # fmt: skip
    blanks: list[Cell] = [None] * 8
    yield [spoken(_("Total")), *blanks, total / 100, None, None, None]


def findings(found: Sequence[SpotCheck]) -> Table:
    """What on-the-spot checks found, what was answered, and the euros taken back; then their sum."""
    rows: list[list[Cell]] = []
    total = 0
    for check in found:
        for one in spot_findings.of(check):
            total += one.correction_cents or 0
            cents = None if one.correction_cents is None else one.correction_cents / 100
            line = one.budget_line.code if one.budget_line else None
            rows.append([check.checked_on, check.body, one.number, one.words, line, one.answer, one.answered_on, cents])
    blanks: list[Cell] = [None] * 6
    head = (
        _("Date"), _("Body"), _("Finding"), _("What it is"), _("Budget line"), _("Answer"), _("Answered on"),
        _("Correction"),
    )  # fmt: skip
    return Table("controles/constats", _("findings"), head, [*rows, [spoken(_("Total")), *blanks, total / 100]])


def agreements(found: Sequence[Device]) -> Table:
    code = {device.id: codes.grouped(device.code) for device in found}
    rows = [
        [code[one.device_id], one.number, one.lent_on, one.ended_on, one.sha256] for one in evidence.agreements_of(code)
    ]
    head = (_("Code"), _("Agreement"), _("Lent on"), _("Brought back on"), _("SHA-256 of its words"))
    return Table("registre/conventions", _("agreements"), head, rows)


def names(found: Sequence[Device]) -> Table:
    """Who borrowed what: of loans whose household is still known by name."""
    code = {device.id: codes.grouped(device.code) for device in found}
    query = (
        select(LoanLine.device_id, Loan.uuid, Household.code, HouseholdIdentity.name, Centre.name)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(Household, Household.id == Loan.household_id)
        .join(Centre, Centre.id == Loan.centre_id)
        .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
        .where(LoanLine.device_id.in_(code))
        .order_by(LoanLine.id)
    )
    rows = [
        [code[device], traces.agreement_number(uuid), codes.grouped(home), name, centre]
        for device, uuid, home, name, centre in session().execute(query)
    ]
    head = (_("Code"), _("Agreement"), _("Household"), _("Name"), _("Centre"))
    return Table("noms", _("names"), head, rows)


def publicity(found: Sequence[tuple[Publicity, str]]) -> Table:
    """Each with where its photo lies."""
    rows: list[list[Cell]] = [
        [spoken(wording.PUBLICITY[one.kind]), one.centre.name if one.centre else None, one.seen_on, one.words, where]
        for one, where in found
    ]
    head = (_("Kind"), _("Centre"), _("Seen on"), _("Note"), _("Photo"))
    return Table("publicite/publicite", _("European publicity"), head, rows)
