"""A stop that runs goes on with the household: under its new loan after a swap or a split, not with other people."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.db import session
from app.history import Act
from app.lending import corrections, loans, reminders, returns, stops, swaps
from app.lending.forms import CorrectLoan, Swap, TakeBack
from app.lending.models import Loan
from app.lending.reminder_forms import ResumeReminders, StopReminders
from app.people.models import Household
from app.privacy import rights, splits
from app.privacy.splits import Split
from app.times import start_of
from tests.asking import person
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

HOUR = timedelta(hours=1)
SIDES = [{"name": "Anne-Test", "contact": "anne@example.org"}, {"name": "Boris-Test", "contact": "b@example.org"}]


def silent(app: Flask) -> bool:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"])) == []


def stop(world: World, loan: Loan, reason: str) -> Loan:
    return do(stops.stop, StopReminders(reason=reason), loan, by=world.me())


def reason_of(loan: Loan) -> str | None:
    row = stops.running(fresh(loan))
    return row.reason if row else None


def swapped(world: World, *reasons: str | None) -> list[Loan]:
    """Two loans with these stops, whose things are then swapped; the two that go on."""
    made = [make_loan(world, household=make_household(world, contact="x@example.org")) for _ in reasons]
    for loan, reason in zip(made, reasons, strict=True):
        if reason:
            stop(world, loan, reason)
    one, other = (loan.lines[0].device.code for loan in made)
    return list(do(swaps.swap, Swap(device=one, other=other), by=world.me(), at=NOW + HOUR))


def parted(world: World, home: Household, *keeps: str) -> list[Household]:
    """The household parts; `keeps`: for each thing, the older loan first, the side that keeps it."""
    out = [line.device.code for line in splits_lines(home)]
    things = [{"code": code, "side": side} for code, side in zip(out, keeps, strict=True)]
    return do(splits.split, Split(sides=SIDES, things=things), home, by=world.me("mia"), at=NOW + HOUR)


def splits_lines(home: Household) -> list[Any]:
    return [line for loan in reversed(loans.at_home_with(home)) for line in loan.open_lines]


@pytest.mark.parametrize("reason", list(stops.REASONS))
def test_after_a_swap_each_household_is_left_in_peace_as_before(app: Flask, inside: World, reason: str):
    """What was said was said by a household of what it has, whatever was written: the other is reminded as before."""
    mine, theirs = swapped(inside, reason, None)
    assert (reason_of(mine), reason_of(theirs)) == (reason, None)
    assert reminders.remind_all(at=start_of(mine.due_on) + 10 * HOUR) == 1
    assert silent(app)


def test_both_stops_go_on_after_a_swap_each_with_its_own_household(app: Flask, inside: World):
    assert [reason_of(loan) for loan in swapped(inside, "theft", "dispute")] == ["theft", "dispute"]
    assert silent(app)


def test_a_stop_that_was_lifted_does_not_go_on(app: Flask, inside: World):
    loan, other = make_loan(inside), make_loan(inside)
    stop(inside, loan, "hospital")
    do(stops.resume, ResumeReminders(), loan, by=inside.me())
    codes = [one.lines[0].device.code for one in (loan, other)]
    made = do(swaps.swap, Swap(device=codes[0], other=codes[1]), by=inside.me())
    assert [reason_of(one) for one in made] == [None, None]
    assert silent(app)


def test_a_stop_that_went_on_is_lifted_like_any_other(app: Flask, inside: World):
    mine, _theirs = swapped(inside, "hospital", None)
    do(stops.resume, ResumeReminders(), mine, by=inside.me(), at=NOW + 2 * HOUR)
    assert reason_of(mine) is None
    assert silent(app)


def test_what_stays_on_the_old_loan_stays_in_peace_there_too(app: Flask, inside: World):
    kept, gone = make_device(inside), make_device(inside)
    old, other = make_loan(inside, kept, gone), make_loan(inside)
    stop(inside, old, "dispute")
    made = do(swaps.swap, Swap(device=gone.code, other=other.lines[0].device.code), by=inside.me())
    assert [reason_of(loan) for loan in (old, *made)] == ["dispute", "dispute", None]
    assert silent(app)


@pytest.mark.parametrize(
    ("reason", "told"),
    [("theft", "theft"), ("dispute", "dispute"), ("death", "other"), ("hospital", "other"), ("other", "other")],
)
def test_after_a_split_both_sides_are_left_in_peace(app: Flask, inside: World, reason: str, told: str):
    """Of whom somebody said that they are in hospital, neither side's page tells again; of the things it does."""
    home = make_household(inside, contact="x@example.org")
    loan = make_loan(inside, make_device(inside), make_device(inside), household=home)
    stop(inside, loan, reason)
    sides = parted(inside, home, "a", "b")
    made = [one for side in sides for one in loans.at_home_with(side)]
    assert [reason_of(one) for one in made] == [told, told]
    assert reminders.remind_all(at=start_of(loan.due_on) + 10 * HOUR) == 0
    assert silent(app)


def test_after_a_split_only_what_was_left_in_peace_is(app: Flask, inside: World):
    """Loans due on one day become one: what was stopped stays so, and the rest with it, until somebody lifts it."""
    home = make_household(inside)
    first = make_loan(inside, household=home, due_on=TODAY + timedelta(days=20))
    make_loan(inside, household=home, due_on=TODAY + timedelta(days=20))
    make_loan(inside, household=home, due_on=TODAY + timedelta(days=50))
    stop(inside, first, "theft")
    anne, _boris = parted(inside, home, "a", "a", "a")
    assert [reason_of(one) for one in reversed(loans.at_home_with(anne))] == ["theft", None]
    assert silent(app)


@pytest.mark.parametrize("reason", list(stops.REASONS))
def test_a_loan_put_right_to_other_people_says_nothing_of_it(app: Flask, inside: World, reason: str):
    """Whatever was said, was said of people who never had the things."""
    loan, right = make_loan(inside), make_household(inside, contact="x@example.org")
    stop(inside, loan, reason)
    wish = CorrectLoan(household=right.code, reason="homonyme")
    made = do(corrections.correct, wish, loan, by=inside.me("mia"), at=NOW + HOUR)
    assert reason_of(made) is None
    assert reminders.remind_all(at=start_of(made.due_on) + 10 * HOUR) == 1
    assert silent(app)


def test_the_journal_tells_that_a_stop_went_on_and_not_why(inside: World):
    mine, _theirs = swapped(inside, "death", None)
    row = stops.running(fresh(mine))
    assert row is not None
    act = session().get_one(Act, row.act_id)
    assert (act.kind, act.told["loan"], "death" in json.dumps(act.told)) == ("reminders_stop", mine.uuid.hex, False)


def test_why_it_went_on_goes_with_the_household(app: Flask, inside: World):
    mine, _theirs = swapped(inside, "dispute", None)
    do(returns.take_back, TakeBack(devices=[{"code": mine.lines[0].device.code}]), by=inside.me(), at=NOW + 2 * HOUR)
    do(rights.erase, rights.Erase(), mine.household, by=inside.me("mia"), at=NOW + 3 * HOUR)
    assert reason_of(mine) is None
    assert silent(app)


def test_the_page_of_the_new_loan_shows_it(app: Flask, world: World):
    with app.app_context():
        mine, theirs = (str(loan.uuid) for loan in swapped(world, "hospital", None))
    ada = person(app, world, "ada")
    assert "Les rappels sont arrêtés" in ada.get(f"/loans/{mine}").text
    assert "Les rappels sont arrêtés" not in ada.get(f"/loans/{theirs}").text
