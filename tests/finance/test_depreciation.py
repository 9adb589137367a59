"""The worked example of the accounts, and what holds for every cost, life and day."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from app.finance.depreciation import Plan

OCTOBER = date(2020, 10, 15)
PLANS = st.builds(
    Plan,
    in_service=st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    months=st.integers(1, 120),
    basis=st.sampled_from(["30/360", "actual/365"]),
)
COSTS = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("cents", "charges"),
    [(82_680, [5818, 27_560, 27_560, 21_742]), (49_608, [3491, 16_536, 16_536, 13_045])],
    ids=["the laptop", "what FEDER paid of it"],
)
def test_a_laptop_of_october_2020_is_a_charge_until_2023(cents: int, charges: list[int]):
    assert Plan(OCTOBER, 36).years(cents) == list(zip(range(2020, 2024), charges, strict=True))


def test_by_the_calendar_its_first_year_is_a_little_more():
    assert Plan(OCTOBER, 36, "actual/365").years(82_680)[0] == (2020, 5890)


def test_what_begins_on_the_first_of_january_ends_with_a_year():
    for basis in ("30/360", "actual/365"):
        assert Plan(date(2020, 1, 1), 36, basis).years(90_000) == [(2020, 30_000), (2021, 30_000), (2022, 30_000)]


def test_nothing_is_a_charge_before_it_is_in_service():
    assert Plan(OCTOBER, 36).until(82_680, OCTOBER - timedelta(days=1)) == 0
    assert Plan(OCTOBER, 36).until(82_680, date(2023, 10, 13)) < 82_680
    assert Plan(OCTOBER, 36).until(82_680, date(2023, 10, 14)) == 82_680


@given(PLANS, COSTS)
def test_the_years_add_up_to_the_cost_and_none_takes_back(plan: Plan, cents: int):
    years = plan.years(cents)
    assert sum(charge for _year, charge in years) == cents
    assert all(charge >= 0 for _year, charge in years)
    assert [year for year, _charge in years] == list(range(plan.in_service.year, years[-1][0] + 1))


@given(PLANS, COSTS, st.integers(0, 4000))
def test_a_day_later_never_less_has_become_a_charge(plan: Plan, cents: int, days: int):
    day = plan.in_service + timedelta(days=days)
    assert plan.until(cents, day) <= plan.until(cents, day + timedelta(days=1)) <= cents
