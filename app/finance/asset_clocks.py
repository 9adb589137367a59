"""Until when a thing and what proves it must stay: each clock with its rule, its day, and what it keeps from happening.

Of several that run the longest counts, and each is told by its own name (Code de commerce L123-22 beside the rules of
the programme).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.db import session
from app.finance import terms
from app.finance.assets import Held, operations_of
from app.finance.clocks import ACCOUNTING_YEARS, accounting_ends
from app.finance.models import Operation
from app.inventory.models import Device
from app.lending.agreements import KEPT_MONTHS
from app.lending.models import Agreement, Loan, LoanLine
from app.words import Sentence, _


@dataclass(frozen=True)
class Clock:
    """`until`: the last day, None as long as it is not known. `keeps`: what is not done before its end."""

    kind: str
    title: Sentence
    until: date | None
    rule: Sentence
    keeps: Sentence


def of(one: Held) -> list[Clock]:
    """Those of the thing, the programme's first."""
    paying = [clock for row in operations_of(one) for clock in _of_operation(row)]
    return [*paying, *_accounting(one), *_warranty(one.device), *_agreements(one.device)]


def _of_operation(row: Operation) -> Iterator[Clock]:
    clocks, number = terms.of(row), row.number
    yield Clock(
        "durability",
        _("It stays, for %(number)s", number=number),
        clocks.durability_until,
        _("%(n)s years after the final payment", n=clocks.period.durability_years),
        _("Given away, sold or scrapped only if the coordinator decides so."),
    )
    after_accounts = _("%(n)s years after the end of the year of the accounts", n=clocks.documents_years)
    after_payment = _("%(n)s years after the end of the year of the last payment", n=clocks.documents_years)
    yield Clock(
        "documents",
        _("Its papers stay, for %(number)s", number=number),
        clocks.documents_until,
        after_accounts if clocks.period.counted_from == "accounts" else after_payment,
        _("A paper that is taken off keeps its bytes."),
    )


def _accounting(one: Held) -> Iterator[Clock]:
    """The latest of its invoices counts."""
    if one.paid:
        year = max(asset.line.expense.issued_on.year for asset in one.paid)
        yield Clock(
            "accounting",
            _("Its papers stay, for the accounts"),
            accounting_ends(date(year, 12, 31)),
            _("%(n)s years after the end of the year (Code de commerce L123-22)", n=ACCOUNTING_YEARS),
            _("A paper that is taken off keeps its bytes."),
        )


def _warranty(device: Device) -> Iterator[Clock]:
    yield Clock(
        "warranty",
        _("Warranty"),
        device.warranty_until,
        _("As written on its card"),
        _("A failure is the maker's to mend."),
    )


def _agreements(device: Device) -> Iterator[Clock]:
    """The words of the last agreement; of one that runs, counted from a return that is still to come."""
    mine = select(Loan.id).join(LoanLine, LoanLine.loan_id == Loan.id).where(LoanLine.device_id == device.id)
    query = select(func.count(), func.count(Agreement.keep_until), func.max(Agreement.keep_until))
    count, ended, last = session().execute(query.where(Agreement.loan_id.in_(mine))).one()
    if count:
        yield Clock(
            "agreements",
            _("The agreements of its loans"),
            last if ended == count else None,
            _("%(n)s years after the return, as the agreement says; its seal stays", n=KEPT_MONTHS // 12),
            _("Erasing a household leaves them until then."),
        )
