"""The clocks of an operation: until when it must be as it was, and its papers at hand, by its period's rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.finance import receipts
from app.finance.clocks import documents_end, durability_ends
from app.finance.models import Operation
from app.inventory import programmes
from app.inventory.programmes import Period


@dataclass(frozen=True)
class Terms:
    """None: not known yet, since the day it is counted from is not."""

    period: Period
    final_payment_on: date | None
    durability_until: date | None
    documents_from: date | None
    documents_years: int
    documents_until: date | None
    paid_by: date


def of(row: Operation) -> Terms:
    period = programmes.get(row.programme)
    final = receipts.final_payment_on(row)
    counted = row.accounts_on if period.counted_from == "accounts" else final
    years = period.years_for(row.total_cents)
    return Terms(
        period=period,
        final_payment_on=final,
        durability_until=durability_ends(final, period.durability_years),
        documents_from=counted,
        documents_years=years,
        documents_until=documents_end(counted, years),
        paid_by=min(row.paid_until or period.paid_by, period.paid_by),
    )
