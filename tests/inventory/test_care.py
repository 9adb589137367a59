from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.db import session
from app.errors import NotThere
from app.history import Act
from app.inventory import care, custody, devices
from app.inventory.forms import CheckDone, LiftHold, PlaceHold, UndoIt
from app.inventory.models import Check, Device, Hold
from app.lending import returns
from app.lending.forms import TakeBack
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_loan

HOUR = timedelta(hours=1)


def brought_back(world: World, model: str = "laptop") -> Device:
    make_loan(world, device := make_device(world, model=model))
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=world.me())
    return device


def check(world: World, device: Device, *, by: str = "ada", at: object = NOW, **facts: object) -> Device:
    return do(
        care.check, CheckDone(**({"method": "usine"} | facts)), device, by=world.me(by), at=at, again=devices.of_act
    )


@pytest.mark.parametrize(("model", "kind"), [("laptop", "wipe"), ("tablet", "wipe"), ("router", "check")])
def test_a_thing_is_free_once_its_gate_is_recorded(inside: World, model: str, kind: str):
    device = brought_back(inside, model)
    check(inside, device, by="odile", note="coque rayée")
    [row] = session().query(Check).all()
    assert (device.state, row.kind, row.result, row.method, row.note) == (
        "available",
        kind,
        "fit",
        "usine",
        "coque rayée",
    )
    assert (row.by, row.at, custody.last_link(device).why) == (inside.people["odile"], NOW, kind)


@pytest.mark.parametrize(("model", "needed"), [("laptop", True), ("tablet", True), ("router", False)])
def test_a_wipe_says_how(inside: World, model: str, needed: bool):
    device = brought_back(inside, model)
    if needed:
        with refused("method_missing", "method"):
            check(inside, device, method="")
        assert fresh(device).state == "to_check"
    else:
        assert check(inside, device, method="").state == "available"


def test_a_thing_found_unfit_stays_and_says_why(inside: World):
    device = brought_back(inside)
    assert check(inside, device, result="unfit", method="", note="écran cassé").state == "to_check"
    assert session().query(Check).one().note == "écran cassé"
    assert check(inside, device).state == "available", "once mended, it is checked again"


@pytest.mark.parametrize("state", ["available", "on_loan"])
def test_only_what_was_brought_back_is_checked(inside: World, state: str):
    device = make_device(inside)
    if state == "on_loan":
        make_loan(inside, device)
    with refused("not_to_check"):
        check(inside, device)


def test_another_centre_checks_and_holds_nothing_of_ours(inside: World):
    device = brought_back(inside)
    with refused("not_here"):
        check(inside, device, by="zoe")
    with refused("not_here"):
        do(care.place_hold, PlaceHold(reason="x"), device, by=inside.me("zoe"))


def test_a_check_recorded_later_happened_when_it_did(inside: World):
    device = brought_back(inside)
    check(inside, device, at=NOW + 5 * HOUR, occurred_at=NOW + HOUR)
    assert session().query(Check).one().at == custody.last_link(device).at == NOW + HOUR


def test_undoing_a_fresh_check_makes_the_thing_wait_again(inside: World):
    device = check(inside, brought_back(inside))
    do(care.undo_check, UndoIt(), device, by=inside.me(), at=NOW + HOUR)
    assert device.state == "to_check"
    assert check(inside, device).state == "available"


def test_a_check_of_more_than_two_hours_is_no_fresh_mistake(inside: World):
    device = check(inside, brought_back(inside))
    with refused("too_late_to_undo"):
        do(care.undo_check, UndoIt(), device, by=inside.me(), at=NOW + 2 * HOUR + timedelta(seconds=1))


def test_a_check_is_not_undone_twice_nor_before_there_is_one(inside: World):
    waiting = brought_back(inside)
    with refused("too_late_to_undo"):
        do(care.undo_check, UndoIt(), waiting, by=inside.me())
    device = check(inside, waiting)
    do(care.undo_check, UndoIt(), device, by=inside.me())
    with refused("too_late_to_undo"):
        do(care.undo_check, UndoIt(), device, by=inside.me())


def test_a_check_is_not_undone_once_the_thing_left_again(inside: World):
    device = check(inside, brought_back(inside))
    make_loan(inside, device)
    with refused("too_late_to_undo"):
        do(care.undo_check, UndoIt(), device, by=inside.me())


def test_repeating_a_check_records_it_once(inside: World):
    device, done = brought_back(inside), CheckDone(method="usine")
    for _ in range(2):
        assert do(care.check, done, device, by=inside.me(), again=devices.of_act).id == device.id
    assert session().query(Check).count() == 1


@pytest.mark.parametrize(
    ("until", "day", "holds"),
    [(None, TODAY, 1), (TODAY, TODAY, 1), (TODAY, TODAY + timedelta(days=1), 0), (TODAY + timedelta(days=9), TODAY, 1)],
)
def test_a_hold_holds_until_its_day_is_over(inside: World, until: date | None, day: date, holds: int):
    device = make_device(inside)
    do(care.place_hold, PlaceHold(reason="rappel", until=until), device, by=inside.me("mia"))
    assert len(care.holds_on(device, day)) == holds


def test_a_hold_that_is_lifted_holds_no_more(inside: World):
    device = make_device(inside)
    for reason in ("rappel", "batterie"):
        do(care.place_hold, PlaceHold(reason=reason), device, by=inside.me("mia"))
    first = care.holds_on(device, TODAY)[0]
    do(care.lift_hold, LiftHold(), device, first.id, by=inside.me("mia"), at=NOW + HOUR)
    assert [hold.reason for hold in care.holds_on(device, TODAY)] == ["batterie"]
    assert session().get_one(Hold, first.id).lifted_at == NOW + HOUR


def test_a_hold_is_lifted_once_and_says_when(inside: World):
    device = make_device(inside)
    do(care.place_hold, PlaceHold(reason="rappel"), device, by=inside.me("mia"))
    [hold] = care.holds_on(device, TODAY)
    do(care.lift_hold, LiftHold(), device, hold.id, by=inside.me("mia"))
    with pytest.raises(NotThere):
        do(care.lift_hold, LiftHold(), device, hold.id, by=inside.me("mia"), at=NOW + HOUR)
    assert session().get_one(Hold, hold.id).lifted_at == NOW
    assert session().query(Act).filter_by(kind="hold_lift").count() == 1


def test_only_this_things_own_safety_hold_is_lifted_here(inside: World):
    device, other = make_device(inside), make_device(inside)
    do(care.place_hold, PlaceHold(reason="rappel"), other, by=inside.me("mia"))
    numbers = [session().query(Hold).one().id, 0, -1, 2**40]
    for number in numbers:
        with pytest.raises(NotThere):
            do(care.lift_hold, LiftHold(), device, number, by=inside.me("mia"))
    assert care.holds_on(other, TODAY)
