from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import history
from app.db import session, writing
from app.errors import Refused
from app.inputs import Act as Wish
from app.inventory import custody
from app.inventory.models import CustodyLink, Device
from app.inventory.states import LOOKS, NEXT, PLACE_OF, PLACES, STATES
from app.lending import loans
from app.lending.forms import Lend
from app.words import spoken
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, fresh, make_device, make_household, make_loan


def test_every_state_is_in_one_place(app: Flask):
    assert set(PLACE_OF) == set(STATES) == set(LOOKS)
    assert set(PLACE_OF.values()) == set(PLACES)
    assert set().union(*NEXT.values()) <= set(STATES)


def test_the_chain_begins_in_the_store_and_counts_from_one(inside: World):
    link = custody.last_link(make_device(inside))
    assert (link.number, link.state, link.place, link.place_id) == (1, "available", "centre", inside.centres["brebis"])


def test_each_step_is_a_link_that_carries_who_when_why_and_until_when(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    link = custody.last_link(device)
    assert (link.number, link.by, link.at, link.why) == (2, inside.people["ada"], NOW, "lend")
    assert (link.act_id, link.due_back_on, link.centre_id) == (loan.act_id, loan.due_on, inside.centres["brebis"])


def test_a_link_never_names_a_household(inside: World):
    make_loan(inside, device := make_device(inside))
    assert (custody.last_link(device).place, custody.last_link(device).place_id) == ("household", None)


@pytest.mark.parametrize("to", [s for s in STATES if s not in NEXT["available"]])
def test_no_step_leads_where_none_is_drawn(inside: World, to: str):
    device = make_device(inside)
    by = inside.me()
    with refused("not_available") as no, writing():
        act = history.record("try", Wish(), by=by, at=NOW, subject=device.code)
        custody.move(device, to, act=act, by=by, at=NOW, why="try")
    assert spoken(LOOKS["available"].word) in spoken(no.value.words)
    assert custody.last_link(fresh(device)).number == 1


def test_the_first_link_has_nothing_before_it(inside: World):
    device, by = make_device(inside), inside.me()
    with refused("nothing_to_undo"), writing():
        act = history.record("try", Wish(), by=by, at=NOW, subject=device.code)
        custody.step_back(device, act=act, by=by, at=NOW, why="undo")


def test_things_are_locked_by_whatever_code_they_bear(inside: World):
    one, two = make_device(inside), make_device(inside)
    with writing():
        assert custody.locked([two.code, one.code, "DXXXXXXX"]) == {one.code: one, two.code: two}


def test_staff_act_on_what_their_centre_answers_for(inside: World):
    device = make_device(inside)
    custody.check_here(device, inside.me("odile"))
    for who in ("zoe", "finn", "alma"):
        with pytest.raises(Refused):
            custody.check_here(device, inside.me(who))


def test_two_desks_lending_one_thing_collide_and_one_is_told_who_has_it(app: Flask, inside: World):
    device = make_device(inside)
    asked = []
    for who, name in (("ada", "Famille Un-Test"), ("odile", "Famille Deux-Test"), ("mia", "Famille Trois-Test")):
        wish = Lend(
            household=make_household(inside, name).code, devices=[device.code], due_on=TODAY + timedelta(days=9)
        )
        asked.append((loans.lend, wish, inside.me(who)))
    did = at_once(app, asked)
    [won] = [one for one in did if not isinstance(one, Exception)]
    name = fresh(won).household.name
    for no in (one for one in did if isinstance(one, Exception)):
        assert no.code == "already_on_loan"
        assert name in spoken(no.words)
    assert session().query(CustodyLink).filter_by(device_id=fresh(device).id).count() == 2


def test_the_same_wish_sent_at_once_by_an_impatient_hand_is_one_loan(app: Flask, inside: World):
    device, by = make_device(inside), inside.me()
    wish = Lend(household=make_household(inside).code, devices=[device.code], due_on=TODAY + timedelta(days=9))
    did = at_once(app, [(loans.lend, wish, by)] * 4, again=loans.of_act)
    assert {getattr(one, "uuid", one) for one in did} == {wish.id}
    assert session().query(Device).filter_by(state="on_loan").count() == 1
