"""Another thing on the same loan, two things swapped, a loan to the wrong people: put right, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app.cli.verifying import all_faults
from app.db import session
from app.inventory import devices
from app.lending import agreements, corrections, exchanges, extensions, loans, recalling, returns, swaps
from app.lending.booking_forms import Reserve
from app.lending.forms import (
    CorrectLoan,
    Exchange,
    Extend,
    RecallLoan,
    Swap,
    TakeBack,
    UndoExtension,
    UndoReturn,
)
from app.lending.models import Loan
from app.lending.reservations import reserve
from app.privacy import rights
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

DAY = timedelta(days=1)


def silent(app: Flask) -> bool:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"])) == []


def out_with(loan: Loan) -> list[str]:
    return [line.device.code for line in fresh(loan).open_lines]


def test_another_thing_leaves_on_the_same_loan_in_one_act(app: Flask, inside: World):
    old, kept, new = make_device(inside), make_device(inside), make_device(inside)
    loan = make_loan(inside, old, kept)
    wish = Exchange(device=old.code, instead=new.code, condition="damaged", missing=["chargeur"])
    assert do(exchanges.exchange, wish, loan, by=inside.me(), at=NOW + DAY).id == loan.id
    assert out_with(loan) == [kept.code, new.code]
    assert {line.due_on for line in fresh(loan).lines} == {loan.due_on}
    assert (fresh(old).state, fresh(new).state) == ("to_check", "on_loan")
    assert fresh(loan).closed_at is None
    assert silent(app)


def test_the_only_thing_of_a_loan_is_exchanged_and_the_loan_runs_on(app: Flask, inside: World):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    do(exchanges.exchange, Exchange(device=old.code, instead=new.code), loan, by=inside.me())
    assert out_with(loan) == [new.code]
    do(loans.extend, Extend(due_on=loan.due_on + 7 * DAY), fresh(loan), by=inside.me())
    do(returns.take_back, TakeBack(devices=[{"code": new.code}]), by=inside.me())
    assert fresh(loan).ending == "returned"
    assert silent(app)


def test_what_left_instead_of_a_thing_kept_longer_is_kept_longer_again(app: Flask, inside: World):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    due = loan.due_on
    do(loans.extend, Extend(due_on=due + 7 * DAY), fresh(loan), by=inside.me())
    do(exchanges.exchange, Exchange(device=old.code, instead=new.code), fresh(loan), by=inside.me())
    do(loans.extend, Extend(due_on=due + 14 * DAY), fresh(loan), by=inside.me())
    assert [line.due_on for line in fresh(loan).open_lines] == [due + 14 * DAY]
    assert silent(app)


def test_what_is_not_free_or_not_out_is_not_exchanged(inside: World):
    old, other, taken = make_device(inside), make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    make_loan(inside, taken)
    with refused("already_on_loan", "instead"):
        do(exchanges.exchange, Exchange(device=old.code, instead=taken.code), loan, by=inside.me())
    with refused("not_on_loan", "device"):
        do(exchanges.exchange, Exchange(device=taken.code, instead=other.code), loan, by=inside.me())
    with refused("not_found"):
        do(exchanges.exchange, Exchange(device=old.code, instead=other.code), loan, by=inside.me("zoe"))
    wish = Reserve(
        purpose="outing", title="Sortie", devices=[other.code], from_day=TODAY + 7 * DAY, to_day=TODAY + 8 * DAY
    )
    do(reserve, wish, by=inside.me())
    with refused("promised", "instead"):
        do(exchanges.exchange, Exchange(device=old.code, instead=other.code), loan, by=inside.me())


def test_swapped_things_are_put_right_for_both_households(app: Flask, inside: World):
    one, other = make_device(inside), make_device(inside)
    first, second = make_loan(inside, one), make_loan(inside, other, due_on=TODAY + 20 * DAY)
    made = do(swaps.swap, Swap(device=one.code, other=other.code), by=inside.me(), at=NOW + DAY)
    assert [(loan.household_id, loan.due_on, out_with(loan)) for loan in made] == [
        (first.household_id, first.due_on, [other.code]),
        (second.household_id, second.due_on, [one.code]),
    ]
    assert {fresh(first).ending, fresh(second).ending} == {"swapped"}
    assert {fresh(one).state, fresh(other).state} == {"on_loan"}
    assert all(other.serial_number in agreements.of_loan(loan).words for loan in made[:1])
    do(returns.take_back, TakeBack(devices=[{"code": one.code}]), by=inside.me(), at=NOW + 2 * DAY)
    assert fresh(made[1]).ending == "returned"
    assert silent(app)


def test_a_repeated_swap_is_one_swap(inside: World):
    one, other = make_device(inside), make_device(inside)
    make_loan(inside, one)
    make_loan(inside, other)
    wish = Swap(device=one.code, other=other.code)
    made = do(swaps.swap, wish, by=inside.me())
    again = do(swaps.swap, wish, by=inside.me(), again=swaps.of_act)
    assert [loan.id for loan in again] == [loan.id for loan in made]


def test_only_what_others_of_the_centre_have_can_be_swapped(inside: World):
    one, mine, free, theirs = (
        make_device(inside),
        make_device(inside),
        make_device(inside),
        make_device(inside, by="zoe"),
    )
    loan = make_loan(inside, one, mine)
    make_loan(inside, theirs, by="zoe")
    for code, other, field in (
        ("same_household", mine, "other"),
        ("not_on_loan", free, "other"),
        ("not_here", theirs, "other"),
    ):
        with refused(code, field):
            do(swaps.swap, Swap(device=one.code, other=other.code), by=inside.me())
    assert swaps.others(one, inside.me()) == []
    there = make_loan(inside)
    assert [line.loan_id for line in swaps.others(one, inside.me())] == [there.id]
    assert fresh(loan).closed_at is None


def test_a_loan_to_the_wrong_people_goes_on_with_the_right_ones(app: Flask, inside: World):
    loan, right = make_loan(inside, make_device(inside), make_device(inside)), make_household(inside)
    codes = out_with(loan)
    wish = CorrectLoan(household=right.code, reason="même nom de famille")
    made = do(corrections.correct, wish, loan, by=inside.me("mia"), at=NOW + DAY)
    assert (made.household_id, made.due_on, out_with(made)) == (right.id, loan.due_on, codes)
    assert fresh(loan).ending == "corrected"
    assert agreements.of_loan(fresh(loan)).keep_until is not None
    assert silent(app)


def test_what_never_left_waits_for_its_check(app: Flask, inside: World):
    thing = make_device(inside)
    loan = make_loan(inside, thing)
    do(corrections.correct, CorrectLoan(reason="mauvais code scanné"), loan, by=inside.me("mia"), at=NOW + DAY)
    assert (fresh(loan).ending, fresh(thing).state) == ("corrected", "to_check")
    with refused("loan_closed"):
        do(corrections.correct, CorrectLoan(reason="encore"), loan, by=inside.me("mia"))
    assert silent(app)


def test_a_loan_is_not_corrected_to_its_own_household_nor_to_another_centres(inside: World):
    loan, theirs = make_loan(inside), make_household(inside, by="zoe")
    for home, code in ((loan.household, "same_household"), (theirs, "household_unknown")):
        with refused(code, "household"):
            do(corrections.correct, CorrectLoan(household=home.code, reason="x"), loan, by=inside.me("mia"))


def test_why_a_loan_was_corrected_goes_with_the_household(app: Flask, inside: World):
    loan = make_loan(inside, thing := make_device(inside))
    do(corrections.correct, CorrectLoan(reason="mauvais code scanné"), loan, by=inside.me("mia"))
    assert devices.get(thing.code, inside.me()).state == "to_check"
    do(rights.erase, rights.Erase(), loan.household, by=inside.me("mia"))
    assert corrections.of_loan(fresh(loan)).reason is None
    assert silent(app)


def test_what_was_reserved_for_them_may_be_what_leaves_instead(app: Flask, inside: World):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    days = {"from_day": TODAY + 7 * DAY, "to_day": TODAY + 8 * DAY}
    row = do(reserve, Reserve(household=loan.household.code, devices=[new.code], **days), by=inside.me())
    do(exchanges.exchange, Exchange(device=old.code, instead=new.code), loan, by=inside.me(), at=NOW + DAY)
    assert (fresh(row).ending, fresh(row).closed_at) == ("taken", NOW + DAY)
    assert out_with(loan) == [new.code]
    assert silent(app)


def test_what_went_on_when_it_was_late_already_may_come_back_and_go_out_again(app: Flask, inside: World):
    """It keeps no day any more: nor does it when its return was a mistake."""
    one, other = make_device(inside), make_device(inside)
    late = NOW + 30 * DAY
    for thing in (one, other):
        make_loan(inside, thing, due_on=TODAY + 9 * DAY)
    do(swaps.swap, Swap(device=one.code, other=other.code), by=inside.me(), at=late)
    back = do(returns.take_back, TakeBack(devices=[{"code": one.code}]), by=inside.me(), at=late)
    do(returns.undo, UndoReturn(), back, by=inside.me(), at=late)
    assert fresh(one).state == "on_loan"
    assert silent(app)


def test_a_recall_is_not_taken_back_once_the_thing_is_promised(inside: World):
    thing = make_device(inside)
    loan = make_loan(inside, thing)
    mia = inside.me("mia")
    do(recalling.recall, RecallLoan(reason="dangerous", due_on=TODAY + DAY), loan, by=mia)
    days = {"from_day": TODAY + 7 * DAY, "to_day": TODAY + 8 * DAY}
    do(reserve, Reserve(purpose="outing", title="Sortie", devices=[thing.code], **days), by=inside.me())
    with refused("promised"):
        do(extensions.undo, UndoExtension(), fresh(loan), by=mia)
