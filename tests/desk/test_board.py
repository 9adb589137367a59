"""What the board tells of the day, to the centre whose day it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from app.desk import board
from app.inventory import care
from app.inventory.forms import CheckDone, UndoIt
from app.lending import loans, returns
from app.lending.forms import TakeBack, UndoLoan
from tests.asking import person
from tests.make import NOW, TODAY, World, do, make_device, make_household, make_loan

LATER = NOW + timedelta(days=40)


def lent_until(world: World, days: int, name: str = "", by: str = "ada") -> str:
    """The code of a thing due that many days after TODAY."""
    thing = make_device(world, name, by=by)
    make_loan(world, thing, by=by, due_on=TODAY + timedelta(days=days))
    return thing.code


def test_late_is_what_was_due_before_today_the_longest_first(inside: World):
    two, ten, on_the_day, ahead = (lent_until(inside, days) for days in (38, 30, 40, 41))
    found = board.due(inside.me(), LATER.date(), late=True)
    assert [(one.code, one.days) for one in found] == [(ten, 10), (two, 2)]
    assert [one.code for one in board.due(inside.me(), LATER.date(), late=False)] == [on_the_day]
    assert ahead not in {one.code for one in found}


def test_late_comes_with_the_name_and_the_way_to_reach_them(inside: World):
    make_loan(inside, household=make_household(inside, "Famille Dupont-Test"), due_on=TODAY + timedelta(days=1))
    [one] = board.due(inside.me(), LATER.date(), late=True)
    assert (one.household, one.contact_kind, one.contact) == ("Famille Dupont-Test", "phone", "0639980142")


def test_what_came_back_is_late_no_more_though_its_loan_goes_on(inside: World):
    first, second = make_device(inside), make_device(inside)
    make_loan(inside, first, second, due_on=TODAY + timedelta(days=1))
    do(returns.take_back, TakeBack(devices=[{"code": first.code}]), by=inside.me(), at=NOW + timedelta(hours=1))
    assert [one.code for one in board.due(inside.me(), LATER.date(), late=True)] == [second.code]


@pytest.mark.parametrize("other", ["zoe", "finn", "adam"])
def test_the_day_of_one_centre_is_not_told_to_another(inside: World, other: str):
    code = lent_until(inside, 1)
    do(returns.take_back, TakeBack(devices=[{"code": code}]), by=inside.me(), at=NOW + timedelta(hours=1))
    lent_until(inside, 1)
    me = inside.me(other)
    assert board.due(me, LATER.date(), late=True) == board.last_deeds(me, NOW) == []


def test_free_is_counted_by_kind_of_what_is_here(inside: World):
    for _n in range(3):
        make_device(inside)
    tablet = make_device(inside, model="tablet")
    lent_until(inside, 9)
    make_loan(inside, tablet)
    make_device(inside, by="zoe", owner=inside.organisations["mqcv"])
    told = {category.code: (free, total) for category, free, total in board.free_here(inside.me())}
    assert told == {"laptop": (3, 4), "tablet": (0, 1)}


def test_what_waits_for_its_check_stands_in_the_order_of_names(inside: World):
    codes = [lent_until(inside, 9, name) for name in ("Zèbre", "abeille", "Écureuil")]
    wish = TakeBack(devices=[{"code": code} for code in codes])
    do(returns.take_back, wish, by=inside.me(), at=NOW + timedelta(hours=1))
    assert [device.name for device in board.to_check(inside.me())] == ["abeille", "Écureuil", "Zèbre"]


def test_the_last_deeds_are_told_newest_first_with_their_things_and_who_did_them(inside: World):
    loan = make_loan(inside, make_device(inside, "Portable A"), by="odile")
    code = loan.lines[0].device.code
    do(returns.take_back, TakeBack(devices=[{"code": code}]), by=inside.me(), at=NOW + timedelta(hours=1))
    back, lent, *_rest = board.last_deeds(inside.me(), NOW + timedelta(hours=1))
    assert (str(back.word), back.what, back.by) == (str(board.WORDS["take_back"]), "Portable A", "Ada")
    assert (str(lent.word), lent.what, lent.by) == (str(board.WORDS["lend"]), "Portable A", "Odile")


def test_an_undo_is_offered_while_the_act_is_fresh(inside: World):
    loan = make_loan(inside)
    for minutes, offered in ((5, True), (119, True), (121, False)):
        deed = board.last_deeds(inside.me(), NOW + timedelta(minutes=minutes))[0]
        assert (deed.undo == ("lending.undo", {"uuid": loan.uuid})) is offered, minutes
    do(loans.undo, UndoLoan(id=uuid4()), loan, by=inside.me(), at=NOW + timedelta(minutes=9))
    assert board.last_deeds(inside.me(), NOW + timedelta(minutes=9))[0].undo is None


def test_a_check_can_be_undone_from_the_board(inside: World):
    code = lent_until(inside, 9)
    do(returns.take_back, TakeBack(devices=[{"code": code}]), by=inside.me(), at=NOW + timedelta(hours=1))
    device = board.to_check(inside.me())[0]
    do(care.check, CheckDone(method="effacé"), device, by=inside.me(), at=NOW + timedelta(hours=2))
    deed = board.last_deeds(inside.me(), NOW + timedelta(hours=2))[0]
    assert deed.undo == ("inventory.undo_check", {"code": code})
    do(care.undo_check, UndoIt(), device, by=inside.me(), at=NOW + timedelta(hours=2))
    assert [one.code for one in board.to_check(inside.me())] == [code]


def test_the_board_opens_for_a_house_without_anything(app: Flask, world: World):
    assert person(app, world).get("/").status_code == 200
