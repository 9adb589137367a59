from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.db import session
from app.errors import NotThere
from app.history.models import Act, Seal
from app.inventory import care, custody, devices
from app.inventory.forms import CheckDone, NewCodes, TieCode
from app.inventory.models import CustodyLink, Device
from app.lending import loans, returns
from app.lending.forms import Extend, TakeBack, UndoReturn
from app.lending.models import HandOver, HandOverItem, Loan
from app.privacy import rights
from app.privacy.rights import Erase, Merge
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

HOUR = timedelta(hours=1)


def wish(*things: Device, **over: object) -> TakeBack:
    return TakeBack(devices=[{"code": d.code} for d in things], **over)


def back(world: World, *things: Device, by: str = "ada", at: datetime = NOW) -> HandOver:
    return do(returns.take_back, wish(*things), by=world.me(by), at=at, again=returns.of_act)


def undo(world: World, event: HandOver, *, by: str = "ada", at: datetime = NOW) -> HandOver:
    return do(returns.undo, UndoReturn(), event, by=world.me(by), at=at, again=returns.of_act)


@pytest.mark.parametrize("model", ["laptop", "tablet", "router"])
def test_a_thing_that_came_back_waits_and_is_not_free(inside: World, model: str):
    loan = make_loan(inside, device := make_device(inside, model=model))
    back(inside, device)
    assert (device.state, device.due_back_on) == ("to_check", None)
    assert (loan.ending, loan.closed_at) == ("returned", NOW)


def test_a_return_happened_when_its_act_did(inside: World):
    loan = make_loan(inside, device := make_device(inside), at=NOW - 5 * HOUR)
    event = do(returns.take_back, wish(device, occurred_at=NOW - HOUR), by=inside.me(), at=NOW)
    assert {event.at, loan.closed_at, loan.lines[0].closed_at, custody.last_link(device).at} == {NOW - HOUR}


def test_things_of_several_households_come_back_in_one_act(inside: World):
    one, two = make_device(inside), make_device(inside)
    both = [make_loan(inside, one), make_loan(inside, two)]
    event = back(inside, one, two)
    assert [item.line.device_id for item in event.items] == [one.id, two.id]
    assert [fresh(loan).ending for loan in both] == ["returned", "returned"]


def test_a_loan_is_over_when_its_last_thing_came_back(inside: World):
    loan = make_loan(inside, one := make_device(inside), two := make_device(inside))
    back(inside, one)
    assert fresh(loan).closed_at is None
    back(inside, two, at=NOW + HOUR)
    assert fresh(loan).closed_at == NOW + HOUR


def test_the_loan_is_due_when_the_first_of_what_is_out_is_due(inside: World):
    loan = make_loan(inside, one := make_device(inside), make_device(inside))
    back(inside, one)
    later = loan.due_on + timedelta(days=9)
    do(loans.extend, Extend(due_on=later), loan, by=inside.me())
    assert (loan.due_on, loan.lines[0].due_on) == (later, later - timedelta(days=9))


def test_condition_and_missing_parts_are_written_down(inside: World):
    make_loan(inside, device := make_device(inside))
    said = TakeBack(devices=[{"code": device.code, "condition": "incomplete", "missing": ["chargeur"]}])
    event = do(returns.take_back, said, by=inside.me())
    [item] = event.items
    assert (item.condition, item.missing) == ("incomplete", ["chargeur"])
    assert session().get_one(Act, event.act_id).told["devices"] == [
        {"code": device.code, "condition": "incomplete", "missing": ["chargeur"]}
    ]


def test_a_thing_comes_back_by_its_old_label_too(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    old = device.code
    [new] = do(devices.print_ahead, NewCodes(count=1), by=inside.me())
    do(devices.tie, TieCode(code=new, thing=old), by=inside.me())
    event = do(returns.take_back, TakeBack(devices=[{"code": old, "condition": "worn"}]), by=inside.me())
    assert [(item.line.loan_id, item.condition) for item in event.items] == [(loan.id, "worn")]


def test_both_labels_of_one_thing_are_that_thing_twice(inside: World):
    make_loan(inside, device := make_device(inside))
    old = device.code
    [new] = do(devices.print_ahead, NewCodes(count=1), by=inside.me())
    do(devices.tie, TieCode(code=new, thing=old), by=inside.me())
    with refused("not_on_loan", "devices.1"):
        do(returns.take_back, TakeBack(devices=[{"code": old}, {"code": new}]), by=inside.me())


def test_what_is_not_on_loan_cannot_come_back(inside: World):
    out, free = make_device(inside), make_device(inside)
    loan = make_loan(inside, out)
    with refused("not_on_loan", "devices.1"):
        back(inside, out, free)
    assert fresh(loan).closed_at is None, "all of them or none"


def test_a_thing_stands_once_in_the_list(inside: World):
    make_loan(inside, device := make_device(inside))
    with refused("not_on_loan", "devices.1"):
        back(inside, device, device)


def test_a_code_that_nothing_bears_is_said(inside: World):
    [code] = do(devices.print_ahead, NewCodes(count=1), by=inside.me())
    with refused("device_unknown", "devices.0"):
        do(returns.take_back, TakeBack(devices=[{"code": code}]), by=inside.me())


def test_what_another_centre_lent_comes_back_there(inside: World):
    make_loan(inside, theirs := make_device(inside, by="zoe"), by="zoe")
    with refused("not_here", "devices.0"):
        back(inside, theirs)
    assert back(inside, theirs, by="zoe").centre_id == inside.centres["mqcv"]


def test_the_same_return_twice_is_one(inside: World):
    make_loan(inside, device := make_device(inside))
    same = wish(device)
    first, second = (do(returns.take_back, same, by=inside.me(), again=returns.of_act) for _ in range(2))
    assert first.id == second.id
    assert session().query(HandOver).filter_by(way="back").count() == 1


def test_a_return_is_seen_by_those_who_lend_here_alone(inside: World):
    make_loan(inside, device := make_device(inside))
    event = back(inside, device)
    assert returns.get(str(event.uuid), inside.me("odile")).id == event.id
    for who in ("zoe", "finn", "coco", "alma", "adam"):
        with pytest.raises(NotThere):
            returns.get(str(event.uuid), inside.me(who))
    for text in ("", "x", str(UUID(int=5))):
        with pytest.raises(NotThere):
            returns.get(text, inside.me())


def test_handing_out_is_no_return(inside: World):
    loan = make_loan(inside)
    with pytest.raises(NotThere):
        returns.get(str(loan.uuid), inside.me())


def test_undoing_a_fresh_return_puts_it_on_the_same_loan_again(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    undo(inside, back(inside, device), at=NOW + HOUR)
    assert (fresh(loan).closed_at, loan.ending, loan.open_lines) == (None, None, loan.lines)
    assert (device.state, device.due_back_on) == ("on_loan", loan.due_on)
    assert back(inside, device, at=NOW + HOUR).items[0].line_id == loan.lines[0].id


def test_undoing_a_return_of_a_part_leaves_the_other_part_as_it_was(inside: World):
    loan = make_loan(inside, one := make_device(inside), two := make_device(inside))
    event = back(inside, one)
    back(inside, two)
    undo(inside, event)
    assert [line.ending for line in fresh(loan).lines] == [None, "returned"]
    assert (loan.closed_at, one.state, two.state) == (None, "on_loan", "to_check")


def test_an_extended_loan_that_came_back_by_mistake_is_due_when_it_was(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    longer = loan.due_on + timedelta(days=20)
    do(loans.extend, Extend(due_on=longer), loan, by=inside.me())
    undo(inside, back(inside, device))
    assert (fresh(loan).due_on, device.due_back_on) == (longer, longer)


def test_a_return_of_more_than_two_hours_is_no_fresh_mistake(inside: World):
    make_loan(inside, device := make_device(inside))
    event = back(inside, device)
    with refused("too_late_to_undo"):
        undo(inside, event, at=NOW + 2 * HOUR + timedelta(seconds=1))
    assert fresh(device).state == "to_check"


def test_a_return_is_not_undone_twice(inside: World):
    make_loan(inside, device := make_device(inside))
    event = back(inside, device)
    undo(inside, event)
    with refused("too_late_to_undo"):
        undo(inside, event)


def test_a_return_is_not_undone_once_the_thing_was_checked(inside: World):
    make_loan(inside, device := make_device(inside))
    event = back(inside, device)
    do(care.check, CheckDone(method="usine"), device, by=inside.me())
    with refused("too_late_to_undo"):
        undo(inside, event)


def test_an_older_return_of_the_same_thing_is_not_undone_for_a_newer_one(inside: World):
    make_loan(inside, device := make_device(inside))
    older = back(inside, device)
    undo(inside, older)
    back(inside, device)
    with refused("too_late_to_undo"):
        undo(inside, older)


def test_another_centre_undoes_no_return_of_ours(inside: World):
    make_loan(inside, device := make_device(inside))
    event = back(inside, device)
    with pytest.raises(NotThere):
        undo(inside, event, by="zoe")


def test_a_return_is_not_undone_once_its_people_were_forgotten(inside: World):
    household = make_household(inside)
    make_loan(inside, device := make_device(inside), household=household)
    event = back(inside, device)
    do(rights.erase, Erase(), household, by=inside.me("mia"))
    with refused("too_late_to_undo"):
        undo(inside, event)
    assert fresh(device).state == "to_check"


def test_a_return_is_undone_for_the_household_the_double_became(inside: World):
    double, kept = make_household(inside), make_household(inside)
    loan = make_loan(inside, device := make_device(inside), household=double)
    event = back(inside, device)
    do(rights.merge, Merge(into=kept.code), double, by=inside.me("mia"))
    undo(inside, event)
    assert (fresh(loan).household_id, loan.closed_at) == (kept.id, None)


def test_repeating_an_undo_changes_nothing(inside: World):
    make_loan(inside, device := make_device(inside))
    event, no = back(inside, device), UndoReturn()
    for _ in range(2):
        assert do(returns.undo, no, event, by=inside.me(), again=returns.of_act).id == event.id
    assert session().query(CustodyLink).filter_by(device_id=device.id).count() == 4


def test_every_hand_over_is_sealed_with_its_things(inside: World):
    make_loan(inside, device := make_device(inside))
    back(inside, device)
    for event in session().query(HandOver):
        sealed = session().get_one(Seal, event.seal_id)
        assert (sealed.act_id, sealed.kind, len(event.items)) == (event.act_id, "hand_over", 1)
    assert session().query(HandOverItem).count() == 2


@pytest.mark.parametrize("round_", range(3))
def test_two_desks_taking_back_the_last_two_things_at_once_close_the_loan(app: Flask, inside: World, round_: int):
    things = [make_device(inside) for _ in range(2)]
    loan = make_loan(inside, *things)
    at_once(app, [(returns.take_back, wish(d), inside.me(who)) for d, who in zip(things, ("ada", "mia"), strict=True)])
    assert session().get_one(Loan, fresh(loan).id).ending == "returned"


def test_extending_while_a_part_comes_back_leaves_no_desk_waiting_for_the_other(app: Flask, inside: World):
    things = [make_device(inside) for _ in range(4)]
    loan = make_loan(inside, *things)
    longer = [Extend(due_on=TODAY + timedelta(days=100 + n)) for n in range(2)]
    did = at_once(
        app,
        [
            (returns.take_back, wish(things[3], things[0]), inside.me()),
            (returns.take_back, wish(things[1]), inside.me("mia")),
        ]
        + [(loans.extend, one, loan.uuid, inside.me("odile")) for one in longer],
    )
    assert [type(one).__name__ for one in did] == ["HandOver", "HandOver", "Loan", "Loan"]
    assert len(fresh(loan).open_lines) == 1


def test_nothing_comes_back_before_it_left(inside: World):
    device = make_device(inside)
    make_loan(inside, device)
    with refused("before_the_loan", "devices.0"):
        do(returns.take_back, wish(device, occurred_at=NOW - timedelta(seconds=1)), by=inside.me(), at=NOW + HOUR)
    assert fresh(device).state == "on_loan"
    assert do(returns.take_back, wish(device, occurred_at=NOW), by=inside.me(), at=NOW + HOUR).way == "back"
