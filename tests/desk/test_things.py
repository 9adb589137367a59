"""The page of one thing: where it is, its way, and who may read a name there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.desk import things
from app.errors import NotThere
from app.inventory import care, devices, sims
from app.inventory.forms import PlaceHold
from app.inventory.stock_forms import NewSim
from app.lending import loans, returns
from app.lending.forms import Extend, TakeBack
from tests.asking import person, questions
from tests.make import NOW, TODAY, World, do, make_device, make_household, make_loan

NAME = "Famille Dupont-Test"


def test_its_way_is_told_newest_first_and_to_its_centre_by_name(inside: World):
    thing = make_device(inside)
    loan = make_loan(inside, thing, household=make_household(inside, NAME))
    do(loans.extend, Extend(due_on=TODAY + timedelta(days=120)), loan, by=inside.me(), at=NOW + timedelta(hours=1))
    do(returns.take_back, TakeBack(devices=[{"code": thing.code}]), by=inside.me(), at=NOW + timedelta(hours=2))
    told = things.steps(thing.id, inside.me())
    assert [step.link.why for step in told] == ["take_back", "extend", "lend", "new"]
    assert NAME in str(told[2].word)


@pytest.mark.parametrize("other", ["zoe", "finn", "coco", "alma"])
def test_a_new_custodian_sees_that_it_was_lent_never_to_whom(inside: World, other: str):
    thing = make_device(inside)
    make_loan(inside, thing, household=make_household(inside, NAME))
    told = things.steps(thing.id, inside.me(other))
    assert [step.link.why for step in told] == ["lend", "new"]
    assert all(NAME not in str(step.word) for step in told)
    card = things.card(thing.code, inside.me(other))
    assert (card.loan, card.household, card.household_code) == (None, None, None)
    assert things.borrowers(inside.me(other)) == []


def test_a_long_way_is_told_in_pieces(inside: World):
    thing = make_device(inside)
    for n in range(3):
        make_loan(inside, thing, at=NOW + timedelta(days=n))
        at = NOW + timedelta(days=n, hours=1)
        do(returns.take_back, TakeBack(devices=[{"code": thing.code}]), by=inside.me(), at=at)
        device = devices.get(thing.code, inside.me())
        do(care.check, things_check(), device, by=inside.me(), at=at + timedelta(hours=1))
    first = things.steps(thing.id, inside.me())
    assert [step.link.number for step in first] == [10, 9, 8, 7, 6]
    assert [step.link.number for step in things.steps(thing.id, inside.me(), before=6)] == [5, 4, 3, 2, 1]


def things_check() -> care.CheckDone:
    return care.CheckDone(method="effacé")


def test_an_older_code_still_finds_its_card(inside: World):
    thing = make_device(inside)
    assert things.card(thing.code.lower(), inside.me()).id == thing.id
    with pytest.raises(NotThere):
        things.card("DCLBTRXN", inside.me())


def test_a_thing_held_here_does_not_look_free(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    assert "state free" in shown(app, world, code)
    with app.app_context():
        wish = PlaceHold(reason="La batterie gonfle.")
        do(care.place_hold, wish, devices.get(code, world.me()), by=world.me("mia"))
    told = shown(app, world, code)
    assert "state free" not in told
    assert "state alarm" in told
    assert "La batterie gonfle." in told


def shown(app: Flask, world: World, code: str) -> str:
    return person(app, world).get(f"/devices/{code}").text


@pytest.mark.parametrize("out", [False, True])
def test_the_page_asked_for_most_asks_the_least(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, *, out: bool
):
    """Who asks, its card, its way, and to whom it might go: none of it through the unit of work."""
    with app.app_context():
        thing = make_device(world)
        if out:
            make_loan(world, thing)
        code = thing.code
    ada = person(app, world)
    ada.get(f"/devices/{code}")
    with questions(app, monkeypatch) as (ours, rest):
        assert ada.get(f"/devices/{code}").status_code == 200
    assert (len(ours), rest) == (3 if out else 4, [])


def test_the_sim_card_in_a_thing_is_on_its_page(app: Flask, world: World):
    with app.app_context():
        router = make_device(world, "Clé 4G", model="router")
        card = NewSim(iccid="8933010000000000002", operator="Bouygues", plan_ends_on="2027-03-01", thing=router.code)
        do(sims.add, card, by=world.me())
        code = router.code
    page = shown(app, world, code)
    assert "Bouygues, 8933010000000000002" in page
    assert "forfait jusqu’au 1er mars 2027" in page
