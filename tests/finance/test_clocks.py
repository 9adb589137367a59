"""The clocks of the law, by the worked examples of the specification."""

from __future__ import annotations

from datetime import date

import pytest

from app.finance import clocks


@pytest.mark.parametrize(
    ("counted_from", "years", "ends"),
    [
        (date(2023, 2, 15), 2, date(2025, 12, 31)),  # accounts of 15 February 2023, an operation above a million
        (date(2026, 2, 15), 2, date(2028, 12, 31)),  # accounts at the closure of the programme
        (date(2023, 12, 31), 3, date(2026, 12, 31)),  # below a million, on the last day of a year
        (date(2027, 6, 1), 5, date(2032, 12, 31)),  # 2021-2027, from the last payment
        (None, 2, None),
    ],
)
def test_papers_stay_from_the_end_of_the_year(counted_from: date | None, years: int, ends: date | None):
    assert clocks.documents_end(counted_from, years) == ends


def test_durability_runs_from_the_final_payment_and_is_unknown_until_then():
    assert clocks.durability_ends(None, 5) is None
    assert clocks.durability_ends(date(2022, 9, 30), 5) == date(2027, 9, 30)
    assert clocks.durability_ends(date(2024, 2, 29), 5) == date(2029, 2, 28)


def test_accounts_stay_ten_years_from_the_end_of_theirs():
    assert clocks.accounting_ends(date(2020, 12, 31)) == date(2030, 12, 31)
