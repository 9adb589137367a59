"""How long a thing and its papers must stay, each clock by its own law. Who knows no day yet knows no end (None)."""

from __future__ import annotations

from datetime import date

ACCOUNTING_YEARS = 10  # Code de commerce L123-22: from the end of the year


def durability_ends(final_payment: date | None, years: int) -> date | None:
    """The last day on which the operation must be as it was: years after the *final payment*, not after buying.

    Regulation (EU) 1303/2013 article 71, and (EU) 2021/1060 article 65: five years, three in some cases.
    """
    return None if final_payment is None else years_after(final_payment, years)


def documents_end(counted_from: date | None, years: int) -> date | None:
    """The last day on which papers must be at hand: years after the 31st of December that follows.

    `counted_from` and `years`: Regulation (EU) 1303/2013 article 140, two years from the accounts with the final
    expenditure of the completed operation, or three from those with the expenditure when the operation is below a
    million euros; (EU) 2021/1060 article 82, five years from the last payment.
    """
    return None if counted_from is None else date(counted_from.year + years, 12, 31)


def accounting_ends(fiscal_year_end: date) -> date:
    """The last day on which papers of the accounts must be at hand."""
    return years_after(fiscal_year_end, ACCOUNTING_YEARS)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the 28th where there is no 29th of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
