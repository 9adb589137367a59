"""Every split adds up to its whole, to the cent; the seed's plan keeps its amounts and its printed rates."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from app.finance.shares import rate, split

# The financing plan of operation NP0022605 as its document prints it: cents, and hundredths of a percent.
PLAN = {
    "UE": (91_059_800, 6000),
    "Région": (1_000_000, 66),
    "Agglomérations": (3_000_000, 198),
    "État": (1_000_000, 66),
    "ACSM": (6_817_000, 449),
    "MQCV": (1_479_400, 97),
    "FCS": (3_686_000, 243),
    "Autofinancement": (43_724_300, 2881),
}
AMOUNTS = [cents for cents, _printed in PLAN.values()]
WHOLE = 151_766_500
WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)


def test_the_plan_is_the_founding_document_s():
    seed = json.loads((Path(__file__).parent / "plan.json").read_text())
    assert [(int(Decimal(row["amount"]) * 100), int(Decimal(row["rate_printed"]) * 100)) for row in seed["plan"]] == [
        *PLAN.values()
    ]
    assert sum(AMOUNTS) == int(Decimal(seed["operation"]["total"]) * 100) == WHOLE


@pytest.mark.parametrize(("cents", "printed"), PLAN.values(), ids=PLAN)
def test_each_printed_rate_is_derived_from_its_amount(cents: int, printed: int):
    assert rate(cents, WHOLE) == printed


def test_the_laptop_of_the_example_is_shared_as_worked_by_hand():
    assert split(82_680, AMOUNTS) == [49_608, 545, 1634, 545, 3714, 806, 2008, 23_820]


def test_of_two_cut_alike_the_first_has_the_cent():
    assert split(101, [1, 1]) == [51, 50]
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_parts_add_up_to_their_whole_and_none_is_a_cent_off(whole: int, weights: list[int]):
    parts = split(whole, weights)
    assert sum(parts) == whole
    pairs = list(zip(parts, weights, strict=True))
    assert all(abs(part * sum(weights) - whole * weight) < sum(weights) for part, weight in pairs)
    assert all(part == 0 for part, weight in pairs if not weight)


@given(st.integers(0, 10**12), WEIGHTS)
def test_who_weighs_more_never_gets_less(whole: int, weights: list[int]):
    parts = [part for _weight, part in sorted(zip(weights, split(whole, weights), strict=True))]
    assert parts == sorted(parts)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [3, -1]])
def test_there_must_be_something_to_go_by(weights: list[int]):
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)
