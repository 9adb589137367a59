from __future__ import annotations

from tests.make import World, make_device, make_household, make_loan


def test_a_thing_lent_is_on_loan_until_the_day_it_is_due(inside: World):
    device = make_device(inside)
    loan = make_loan(inside, device, household=make_household(inside))
    assert (device.state, device.due_back_on) == ("on_loan", loan.due_on)
