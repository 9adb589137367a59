"""Supplies never fall below zero, and what they cost is never lost; SIM cards and the end of their plans."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db import writing
from app.inventory import sims, supplies
from app.inventory.stock_forms import (
    ChangeSim,
    NewSim,
    NewSupply,
    SupplyCount,
    SupplyIn,
    SupplyMinimum,
    SupplyOut,
)
from app.inventory.supplies import Supply
from tests.asking import person, program
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import TODAY, World, do, make_device

ICCID = "8933010000000000002"


@pytest.fixture
def spool(inside: World) -> Supply:
    return do(supplies.add, NewSupply(name="Filament PLA noir", unit="g", minimum=200), by=inside.me())


def stock(world: World, supply: Supply, who: str = "ada") -> tuple[int, int]:
    row = supplies.stock_of(supply, world.me(who))
    return row.on_hand, row.value_cents


def test_it_comes_in_and_goes_for_something(inside: World, spool: Supply):
    printer = make_device(inside, model="printer")
    do(supplies.bring, SupplyIn(quantity=1000, cost_cents=2490), spool, by=inside.me())
    do(supplies.use, SupplyOut(quantity=120, thing=printer.code), spool, by=inside.me())
    do(supplies.use, SupplyOut(quantity=80, workshop="porte-clés"), spool, by=inside.me())
    moves = supplies.moves_of(supplies.stock_of(spool, inside.me()))
    assert [(m.change, m.cost_cents, m.device_id, m.words) for m in moves] == [
        (-80, -199, None, "porte-clés"), (-120, -299, printer.id, ""), (1000, 2490, None, ""),
    ]  # fmt: skip
    assert stock(inside, spool) == (800, 1992)
    assert stock(inside, spool, "zoe") == (0, 0), "each centre has its own"


def test_when_all_is_gone_no_cent_is_left(inside: World, spool: Supply):
    do(supplies.bring, SupplyIn(quantity=3, cost_cents=100), spool, by=inside.me())
    for _turn in range(3):
        do(supplies.use, SupplyOut(quantity=1, workshop="essai"), spool, by=inside.me())
    assert stock(inside, spool) == (0, 0)


def test_nobody_takes_more_than_there_is(inside: World, spool: Supply):
    do(supplies.bring, SupplyIn(quantity=5), spool, by=inside.me())
    with refused("not_enough", "quantity"):
        do(supplies.use, SupplyOut(quantity=6, workshop="essai"), spool, by=inside.me())
    with refused("not_enough", "quantity"):
        do(supplies.use, SupplyOut(quantity=1, workshop="essai"), spool, by=inside.me("zoe"))


def test_two_who_take_the_last_one_at_once_take_one(app: Flask, world: World):
    with app.app_context():
        supply = do(supplies.add, NewSupply(name="Cartouche"), by=world.me())
        do(supplies.bring, SupplyIn(quantity=1), supply, by=world.me())
        wish = [(supplies.use, SupplyOut(quantity=1, workshop=w), supply, world.me()) for w in ("un", "deux")]
        met = at_once(app, wish)
        assert sum(isinstance(one, Supply) for one in met) == 1
        assert stock(world, supply)[0] == 0


def test_the_database_itself_knows_no_stock_below_zero(inside: World, spool: Supply):
    with pytest.raises(IntegrityError), writing() as s:
        s.execute(text("UPDATE supply_stock SET on_hand = -1"))


def test_it_is_taken_for_something(inside: World, spool: Supply):
    do(supplies.bring, SupplyIn(quantity=5), spool, by=inside.me())
    with refused("for_what", "workshop"):
        do(supplies.use, SupplyOut(quantity=1), spool, by=inside.me())
    with refused("thing_unknown", "thing"):
        do(supplies.use, SupplyOut(quantity=1, thing="RIEN9"), spool, by=inside.me())


def test_a_count_sets_it_right_and_takes_its_part_of_the_value(inside: World, spool: Supply):
    do(supplies.bring, SupplyIn(quantity=10, cost_cents=1000), spool, by=inside.me())
    do(supplies.count, SupplyCount(counted=7), spool, by=inside.me())
    assert stock(inside, spool) == (7, 700)
    do(supplies.count, SupplyCount(counted=9), spool, by=inside.me())
    assert stock(inside, spool) == (9, 700)


def test_what_is_under_its_minimum_is_to_buy(inside: World, spool: Supply):
    assert [row.supply.name for row in supplies.to_order(inside.me())] == ["Filament PLA noir"]
    do(supplies.set_minimum, SupplyMinimum(minimum=0), spool, by=inside.me())
    assert supplies.to_order(inside.me()) == []
    with refused("supply_there", "name"):
        do(supplies.add, NewSupply(name="filament pla NOIR"), by=inside.me())


def test_amounts_are_typed_in_euros_and_told_in_cents(app: Flask, world: World):
    robot, ada = program(app, world, "ada"), person(app, world, "ada")
    where = robot.post("/supplies", json={"name": "Chargeur USB-C", "kind": "accessory"}).headers["Location"]
    form = {"quantity": "2", "cost_cents": "39,80 €"}
    assert ada.post(f"{where}/in", form=form).status_code == 303
    assert ada.post(f"{where}/in", form=form | {"cost_cents": "cher"}).status_code == 422
    told = robot.get(where).json
    assert (told["on_hand"], told["value_cents"], told["unit_cost_cents"]) == (2, 3980, 1990)
    assert "39,80" in ada.get(where).text
    assert robot.post(f"{where}/out", json={"quantity": 1, "workshop": "prêt"}).json["on_hand"] == 1
    assert robot.post(f"{where}/count", json={"counted": 5}).json["on_hand"] == 5
    assert robot.post(f"{where}/minimum", json={"minimum": 6}).json["under"]
    assert "Chargeur USB-C" in ada.get("/").text, "the board asks for it"
    assert [s["name"] for s in robot.get("/supplies?kind=accessory").json["items"]] == ["Chargeur USB-C"]


def test_a_sim_card_is_known_by_its_number_and_shown_before_its_plan_ends(inside: World):
    tablet = make_device(inside, model="tablet")
    soon, later = TODAY + timedelta(days=20), TODAY + timedelta(days=40)
    wish = NewSim(iccid=f"{ICCID[:10]} {ICCID[10:]}", operator="Orange", plan_ends_on=soon, thing=tablet.code)
    card = do(sims.add, wish, by=inside.me())
    assert (card.iccid, card.device_id) == (ICCID, tablet.id)
    assert list(sims.ending(inside.me(), TODAY)) == [card]
    do(sims.edit, ChangeSim(operator="Orange", plan_ends_on=later), card, by=inside.me())
    assert sims.ending(inside.me(), TODAY) == []
    do(sims.edit, ChangeSim(operator="Orange", plan_ends_on=soon, ended=True), card, by=inside.me())
    assert sims.ending(inside.me(), TODAY) == []
    with refused("sim_there", "iccid"):
        do(sims.add, NewSim(iccid=ICCID, operator="SFR"), by=inside.me())
    with refused("not_here"):
        do(sims.edit, ChangeSim(operator="SFR"), card, by=inside.me("zoe"))


@pytest.mark.parametrize("number", ["8933010000000000003", "893301", "89330100000000000ab", "٨933010000000000002"])
def test_what_is_no_card_number_is_refused(inside: World, number: str):
    with refused("bad_iccid", "iccid"):
        do(sims.add, NewSim(iccid=number, operator="Orange"), by=inside.me())


def test_a_program_writes_cards_down(app: Flask, world: World):
    robot = program(app, world, "ada")
    made = robot.post("/sims", json={"iccid": ICCID, "operator": "Bouygues", "plan_ends_on": "2027-01-31"})
    where = made.headers["Location"]
    assert robot.post(where, json={"operator": "Bouygues", "ended": True}).json["ended_at"]
    assert robot.get(where).json["iccid"] == ICCID
    assert len(robot.get("/sims").json["items"]) == 1
    assert person(app, world, "ada").get("/sims").status_code == 200
