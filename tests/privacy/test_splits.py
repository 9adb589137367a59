"""A couple parts: each thing stays where it is, and nothing tells one side of the other again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.db import session
from app.errors import NotThere
from app.inventory import custody, devices
from app.inventory.models import CustodyLink, Device
from app.lending import agreements, loans, returns
from app.lending.forms import Extend, Lend, TakeBack, UndoLoan, UndoReturn
from app.lending.models import Loan
from app.people import households, oppositions
from app.people.forms import EditHousehold, Oppose
from app.people.models import Household
from app.privacy import rights, splits, wings
from app.privacy.rights import Erase, Merge
from app.privacy.splits import Split
from tests.asking import person, program
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

HOUR = timedelta(hours=1)
ANNE, BORIS = {"name": "Anne Zqxa-Test", "contact": "06 39 98 11 11"}, {"name": "Boris Zqxb-Test"}


@pytest.fixture
def home(inside: World) -> Household:
    return make_household(inside, "Anne et Boris Zqxo-Test", contact="06 39 98 22 22")


def wish(*keeps: tuple[Device, str], **over: Any) -> Split:
    things = [{"code": device.code, "side": side} for device, side in keeps]
    return Split(**({"sides": [ANNE, BORIS], "things": things} | over))


def part(world: World, home: Household, *keeps: tuple[Device, str], at: Any = NOW, **over: Any) -> list[Household]:
    return do(splits.split, wish(*keeps, **over), home, by=world.me("mia"), at=at, again=splits.of_act)


def silent(app: Flask) -> bool:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"])) == []


def back(world: World, *things: Device, at: Any = NOW) -> Any:
    return do(returns.take_back, TakeBack(devices=[{"code": d.code} for d in things]), by=world.me(), at=at)


def test_each_thing_goes_on_with_its_side_and_nothing_comes_back(app: Flask, inside: World, home: Household):
    laptop, tablet = make_device(inside), make_device(inside, model="tablet")
    old = make_loan(inside, laptop, tablet, household=home)
    anne, boris = part(inside, home, (laptop, "a"), (tablet, "b"), at=NOW + HOUR)
    for one, device in ((anne, laptop), (boris, tablet)):
        [loan] = loans.at_home_with(one)
        assert (loan.household_id, loan.due_on, [line.device_id for line in loan.lines]) == (
            one.id, old.due_on, [device.id],
        )  # fmt: skip
        assert (fresh(device).state, device.due_back_on) == ("on_loan", old.due_on)
        assert (custody.last_link(device).why, custody.last_link(device).state) == ("split", "on_loan")
    assert (fresh(old).ending, {line.ending for line in old.lines}, old.closed_at) == ("split", {"split"}, NOW + HOUR)
    assert silent(app)


def test_each_side_has_an_agreement_of_its_own_and_the_old_one_keeps_its_clock(inside: World, home: Household):
    laptop, tablet = make_device(inside), make_device(inside)
    old = make_loan(inside, laptop, tablet, household=home)
    anne, _boris = part(inside, home, (laptop, "a"), (tablet, "b"))
    words = agreements.of_loan(loans.at_home_with(anne)[0]).words
    assert ANNE["name"] in words
    assert laptop.name in words
    assert not any(text in words for text in (BORIS["name"], home.code, tablet.name, "Zqxo"))
    kept = agreements.of_loan(fresh(old))
    assert (kept.keep_until, "Zqxo" in kept.words) == (agreements.end_of(TODAY), True)


def test_loans_that_are_due_on_different_days_stay_so(app: Flask, inside: World, home: Household):
    one, two, three = (make_device(inside) for _ in range(3))
    make_loan(inside, one, household=home, due_on=TODAY + timedelta(days=10))
    make_loan(inside, two, three, household=home, due_on=TODAY + timedelta(days=20))
    anne, boris = part(inside, home, (one, "a"), (two, "a"), (three, "b"))
    days = [(loan.due_on - TODAY).days for loan in reversed(loans.at_home_with(anne))]
    assert (days, len(loans.at_home_with(boris))) == ([10, 20], 1)
    assert silent(app)


def test_what_is_late_stays_late(app: Flask, inside: World, home: Household):
    device = make_device(inside)
    make_loan(inside, device, household=home, due_on=TODAY + timedelta(days=3), at=NOW)
    later = NOW + timedelta(days=30)
    anne, _boris = part(inside, home, (device, "a"), at=later)
    assert loans.at_home_with(anne)[0].is_late(later.date())
    assert silent(app)


def test_a_household_without_loans_is_split_too(app: Flask, inside: World, home: Household):
    anne, boris = part(inside, home)
    assert (anne.name, boris.name, anne.code == boris.code) == (ANNE["name"], BORIS["name"], False)
    assert {anne.code, boris.code} & {home.code} == set()
    assert silent(app)


def test_what_already_came_back_stays_with_the_old_row(app: Flask, inside: World, home: Household):
    gone, kept = make_device(inside), make_device(inside)
    old = make_loan(inside, gone, kept, household=home)
    event = back(inside, gone)
    anne, boris = part(inside, home, (kept, "b"), at=NOW + HOUR)
    assert loans.at_home_with(anne) == []
    assert {line.ending for line in fresh(old).lines} == {"returned", "split"}
    assert old.ending == "split"
    with refused("too_late_to_undo"):
        do(returns.undo, UndoReturn(), event, by=inside.me(), at=NOW + HOUR)
    assert [line.device_id for line in loans.at_home_with(boris)[0].lines] == [kept.id]
    assert silent(app)


@pytest.mark.parametrize("which", ["none", "one", "twice", "other", "unknown"])
def test_everything_they_have_and_nothing_else_is_shared_out(app: Flask, inside: World, home: Household, which: str):
    one, two, other = (make_device(inside) for _ in range(3))
    make_loan(inside, one, two, household=home)
    make_loan(inside, other)
    keeps = {
        "none": [], "one": [(one, "a")], "twice": [(one, "a"), (one, "b"), (two, "b")],
        "other": [(one, "a"), (two, "b"), (other, "b")], "unknown": [(one, "a"), (two, "b"), (make_device(inside), "a")],
    }  # fmt: skip
    with refused("things_differ", "things"):
        part(inside, home, *keeps[which])
    assert households.get(home.code, inside.me()).name == home.name
    assert silent(app)


def test_the_old_code_finds_neither_side_for_anybody(app: Flask, world: World):
    with app.app_context():
        home = make_household(world, "Anne et Boris Zqxo-Test")
        old, loan = home.code, str(make_loan(world, device := make_device(world), household=home).uuid)
        thing, free = device.code, make_device(world).code
        anne, boris = (one.code for one in part(world, home, (device, "a")))
    for who in ("ada", "mia", "odile"):
        clerk = person(app, world, who)
        seen = clerk.get(f"/households/{old}")
        assert seen.status_code == 404
        assert "a été séparé le" in seen.text
        assert f"/households/{old}" in clerk.get(f"/scan?q={old}").headers["Location"]
        for path in (f"/households/{old}/edit", f"/households?q={old}"):
            assert not any(word in clerk.get(path).text for word in (anne, boris, "Zqxa", "Zqxb"))
    robot = program(app, world, "mia")
    for path in ("copy", "copy.json", "erase", "merge", "split"):
        assert robot.get(f"/households/{old}/{path}").status_code in {404, 406}
        assert person(app, world, "mia").get(f"/households/{old}/{path}").status_code == 404
    body = {"household": old, "devices": [free], "due_on": (TODAY + timedelta(days=400)).isoformat()}
    assert robot.post("/loans", json=body).json["error"] == "household_unknown"
    assert robot.post(f"/households/{anne}/merge", json={"into": old}).status_code == 404
    assert robot.post(f"/households/{old}/merge", json={"into": anne}).status_code == 404
    assert "Zqxa" in robot.get(f"/devices/{thing}").text
    old_loan = robot.get(f"/loans/{loan}")
    assert (old_loan.json["household"], old_loan.json["household_name"]) == (old, old)


def test_neither_side_tells_of_the_other_nor_of_what_was_before(app: Flask, world: World):
    with app.app_context():
        home = make_household(world, "Anne et Boris Zqxo-Test")
        make_loan(world, before := make_device(world, name="Jadis"), household=home)
        back(world, before)
        one, two = make_device(world, name="Première"), make_device(world, name="Seconde")
        make_loan(world, one, two, household=home)
        anne, boris = (home.code for home in part(world, home, (one, "a"), (two, "b")))
    for code, others in (
        (anne, (boris, "Zqxb", "Seconde", "Jadis", "Zqxo")),
        (boris, (anne, "Zqxa", "Première", "Jadis")),
    ):
        mia, robot = person(app, world, "mia"), program(app, world, "mia")
        for text in (
            mia.get(f"/households/{code}").text, mia.get(f"/households/{code}/copy").text,
            robot.get(f"/households/{code}").text, mia.get(f"/households/{code}/copy.json").text,
        ):  # fmt: skip
            assert [word for word in others if word in text] == []


def test_what_they_said_no_to_holds_for_both_and_the_rest_of_the_card_goes(app: Flask, inside: World, home: Household):
    me = inside.me("mia")
    do(
        households.edit,
        EditHousehold(name=home.name, prescriber="École", minors=[{"band": "0-5", "count": 1}]),
        home,
        by=me,
    )
    do(oppositions.oppose, Oppose(what="reminders"), home, by=me)
    for one in part(inside, home):
        assert oppositions.stands(one, "reminders")
        assert "École" not in json.dumps(wings.tell(one), ensure_ascii=False)
        assert one.identity.referent_id == inside.people["ada"]
    assert silent(app)


def test_split_then_kept_longer_then_brought_back(app: Flask, inside: World, home: Household):
    device = make_device(inside)
    make_loan(inside, device, household=home)
    anne, _boris = part(inside, home, (device, "a"))
    [loan] = loans.at_home_with(anne)
    do(loans.extend, Extend(due_on=TODAY + timedelta(days=200)), loan, by=inside.me())
    with refused("too_late_to_undo"):
        do(loans.undo, UndoLoan(), loan, by=inside.me())
    event = back(inside, device)
    assert (fresh(loan).ending, fresh(device).state) == ("returned", "to_check")
    do(returns.undo, UndoReturn(), event, by=inside.me())
    assert (fresh(loan).ending, fresh(device).state) == (None, "on_loan")
    assert silent(app)


def test_split_then_one_side_is_forgotten(app: Flask, inside: World, home: Household):
    one, two = make_device(inside), make_device(inside)
    make_loan(inside, one, two, household=home)
    anne, boris = part(inside, home, (one, "a"), (two, "b"))
    with refused("on_loan"):
        do(rights.erase, Erase(), anne, by=inside.me("mia"))
    back(inside, one)
    do(rights.erase, Erase(), anne, by=inside.me("mia"))
    assert (fresh(anne).name, fresh(boris).name) == (anne.code, BORIS["name"])
    assert silent(app)


def test_a_double_merged_before_the_split_finds_neither_side(app: Flask, inside: World, home: Household):
    double = make_household(inside)
    do(rights.merge, Merge(into=home.code), double, by=inside.me("mia"))
    part(inside, fresh(home))
    with pytest.raises(NotThere):
        households.get(double.code, inside.me())
    assert silent(app)


@pytest.mark.slow("three races, each with two desks")
def test_splitting_and_lending_or_taking_back_at_once_leaves_each_thing_in_one_place(app: Flask, inside: World):
    for _ in range(3):
        home, device, new = make_household(inside), make_device(inside), make_device(inside)
        make_loan(inside, device, household=home)
        lend = Lend(household=home.code, devices=[new.code], due_on=TODAY + timedelta(days=9))
        taken = TakeBack(devices=[{"code": device.code}])
        at_once(
            app,
            [
                (splits.split, wish((device, "a")), home, inside.me("mia")),
                (loans.lend, lend, inside.me()),
                (returns.take_back, taken, inside.me()),
            ],
        )
        if fresh(home).split_at:
            assert loans.at_home_with(home) == [loan for loan in loans.at_home_with(home) if loan.closed_at]
    assert silent(app)


def test_the_same_split_twice_is_one(app: Flask, inside: World, home: Household):
    make_loan(inside, device := make_device(inside), household=home)
    said = wish((device, "a"))
    once, twice = (do(splits.split, said, home, by=inside.me("mia"), again=splits.of_act) for _ in range(2))
    assert [one.id for one in once] == [one.id for one in twice]
    assert session().query(Household).count() == 3
    assert silent(app)


def test_a_household_is_split_once(inside: World, home: Household):
    part(inside, home)
    with pytest.raises(NotThere):
        part(inside, home)


def test_only_managers_of_their_own_centre_split(app: Flask, world: World):
    with app.app_context():
        home = make_household(world, "Anne et Boris Zqxo-Test")
        make_loan(world, device := make_device(world), household=home)
        code, thing = home.code, device.code
    body = {"id": str(uuid4()), "sides": [ANNE, BORIS], "things": [{"code": thing, "side": "b"}]}
    for who, status in (("ada", 403), ("odile", 403), ("zoe", 403), ("coco", 403), ("adam", 403)):
        assert program(app, world, who).post(f"/households/{code}/split", json=body).status_code == status, who
    mia = program(app, world, "mia")
    first, again = (mia.post(f"/households/{code}/split", json=body) for _ in range(2))
    assert (first.status_code, first.json) == (200, again.json)
    assert [one["name"] for one in first.json["households"]] == [ANNE["name"], BORIS["name"]]


def test_the_page_asks_of_each_thing_who_keeps_it(app: Flask, world: World):
    with app.app_context():
        home = make_household(world, "Anne et Boris Zqxo-Test", contact="06 39 98 22 22")
        make_loan(world, device := make_device(world), household=home)
        code, thing = home.code, device.code
    mia = person(app, world, "mia")
    page = mia.get(f"/households/{code}/split").text
    assert thing in page
    assert 'value="Anne et Boris Zqxo-Test"' in page
    adults = {"adults": [{"name": "Boris Zqxb-Test"}]}
    program(app, world).post(f"/households/{code}/edit", json={"name": "Anne Zqxa-Test"} | adults)
    assert 'value="Boris Zqxb-Test"' in mia.get(f"/households/{code}/split").text
    sent = {
        "sides.0.name": "Anne-Test",
        "sides.0.contact": "06 39 98 22 22",
        "things.0.code": thing,
        "things.0.side": "a",
    }
    refused_ = mia.post(f"/households/{code}/split", form=sent)
    assert refused_.status_code == 422
    assert mia.post(f"/households/{code}/split", form=sent | {"sides.1.name": "Boris-Test"}).status_code == 303
    assert "Boris-Test" in mia.get("/households").text


def test_nothing_is_left_on_the_way_when_a_split_is_refused(inside: World, home: Household):
    make_loan(inside, device := make_device(inside), household=home)
    before = (session().query(Household).count(), session().query(CustodyLink).count(), session().query(Loan).count())
    with refused("things_differ", "things"):
        part(inside, home)
    with refused("before_the_loan"):
        part(inside, home, (device, "a"), occurred_at=NOW - 3 * HOUR)
    assert before == (
        session().query(Household).count(), session().query(CustodyLink).count(), session().query(Loan).count(),
    )  # fmt: skip
    wish_ = Lend(household=home.code, devices=[make_device(inside).code], due_on=TODAY + timedelta(days=9))
    assert do(loans.lend, wish_, by=inside.me()).household_id == home.id
    assert devices.get(device.code, inside.me()).state == "on_loan"
