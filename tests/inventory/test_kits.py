"""Kits: things under one code, lent and taken back as one, and what is missing has its name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.db import session
from app.inventory import custody, devices, kits, printing
from app.inventory.forms import TieCode
from app.inventory.kits import Kit
from app.inventory.models import Device
from app.inventory.stock_forms import KitBack, KitEnd, KitList, KitName, KitThingIn, KitThingOut, NewKit
from app.lending import loans, returns
from app.lending.forms import Lend, TakeBack
from app.lending.models import Loan
from labels import codes
from tests.asking import lend_wish, person, program
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household


def make_kit(world: World, *things: Device, name: str = "Mallette A") -> Kit:
    kit = do(kits.add, NewKit(name=name), by=world.me())
    for thing in things:
        do(kits.put_in, KitThingIn(thing=thing.code), kit, by=world.me())
    return kit


def lend(world: World, *codes: str) -> Loan:
    wish = Lend(household=make_household(world).code, devices=list(codes), due_on=TODAY.replace(year=2027))
    return do(loans.lend, wish, by=world.me())


@pytest.fixture
def pair(inside: World) -> list[Device]:
    return [make_device(inside, "Portable un"), make_device(inside, "Tablette deux", model="tablet")]


def test_a_kit_goes_out_as_one_loan_of_all_its_things(inside: World, pair: list[Device]):
    kit, beside = make_kit(inside, *pair), make_device(inside)
    loan = lend(inside, kit.code, beside.code)
    assert {line.device.code for line in loan.lines} == {*(d.code for d in pair), beside.code}
    assert {custody.last_link(fresh(d)).state for d in pair} == {"on_loan"}


def test_all_of_it_goes_or_nothing(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    lend(inside, pair[1].code)
    with refused("already_on_loan", "devices.0"):
        lend(inside, kit.code)
    assert fresh(pair[0]).state == "available"


def test_a_thing_of_the_kit_beside_it_is_named_by_its_place(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    with refused("not_available", "devices.1"):
        lend(inside, kit.code, pair[0].code)


def test_an_empty_kit_and_an_unknown_one_are_not_lent(inside: World):
    with refused("kit_empty", "devices.0"):
        lend(inside, make_kit(inside).code)
    with refused("device_unknown", "devices.0"):
        lend(inside, codes.make("K", 12345))


def test_it_comes_back_as_one(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    loan = lend(inside, kit.code)
    do(returns.take_back, TakeBack(devices=[{"code": kit.code, "condition": "worn"}]), by=inside.me())
    assert {fresh(d).state for d in pair} == {"to_check"}
    assert fresh(loan).ending == "returned"


def test_what_is_missing_stays_on_loan_and_has_its_name(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    loan = lend(inside, kit.code)
    back = TakeBack(devices=[{"code": kit.code, "missing": ["tablette DEUX"]}])
    event = do(returns.take_back, back, by=inside.me())
    assert [item.line.device.name for item in event.items] == ["Portable un"]
    left = kits.left_behind([item.line.device for item in event.items])
    assert {name: [t.name for t in things] for name, things in left.items()} == {"Mallette A": ["Tablette deux"]}
    assert fresh(loan).closed_at is None
    with refused("not_in_kit", "devices.0.missing"):
        do(returns.take_back, TakeBack(devices=[{"code": kit.code, "missing": ["souris"]}]), by=inside.me())


def test_nothing_of_it_out_is_nothing_to_take_back(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    with refused("not_on_loan", "devices.0"):
        do(returns.take_back, TakeBack(devices=[{"code": kit.code}]), by=inside.me())


def test_a_thing_lies_in_one_kit_at_a_time(inside: World, pair: list[Device]):
    first, second = make_kit(inside, *pair), make_kit(inside, name="Mallette B")
    with refused("in_a_kit", "thing"):
        do(kits.put_in, KitThingIn(thing=pair[0].code), second, by=inside.me())
    do(kits.take_out, KitThingOut(thing=pair[0].code), first, by=inside.me())
    do(kits.put_in, KitThingIn(thing=pair[0].serial_number), second, by=inside.me())
    assert [kits.kit_of(d.id).name for d in pair] == ["Mallette B", "Mallette A"]
    with refused("not_in_kit", "thing"):
        do(kits.take_out, KitThingOut(thing=pair[0].code), first, by=inside.me())


def test_two_who_put_the_same_thing_into_two_kits_make_one(app: Flask, world: World):
    with app.app_context():
        thing = make_device(world)
        wish = [(kits.put_in, KitThingIn(thing=thing.code), make_kit(world, name=name), world.me()) for name in "AB"]
        met = at_once(app, wish)
        assert sum(isinstance(one, Kit) for one in met) == 1
        assert kits.kit_of(thing.id)


def test_another_centre_neither_fills_nor_empties_it(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    with refused("not_here"):
        do(kits.put_in, KitThingIn(thing=make_device(inside, by="zoe").code), kit, by=inside.me("zoe"))
    with refused("not_here"):
        do(kits.put_in, KitThingIn(thing=make_device(inside, by="zoe").code), kit, by=inside.me())


def test_its_label_bears_its_name_and_its_code_is_tied_to_no_thing(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    labels, _things = printing.labels_of([kit.code], public_url="https://pret.example.org", real=True)
    assert (labels[0].code, labels[0].name) == (kit.code, "Mallette A")
    with refused("code_unknown", "code"):
        make_device(inside, code=kit.code)
    with pytest.raises(ValueError, match="code"):
        TieCode(code=kit.code, thing=pair[0].code)
    assert devices.find(kit.code) == []


def test_a_scan_opens_it_and_the_lend_page_shows_all_its_things(app: Flask, world: World):
    with app.app_context():
        things = [make_device(world), make_device(world)]
        code = make_kit(world, *things).code
        names = [d.name for d in things]
        home = make_household(world).code
    ada = person(app, world, "ada")
    assert ada.get(f"/scan?q={code}").location == f"/kits/{code}"
    for path in (f"/lend?device={code}", f"/lend?q={code}", f"/returns?device={code}"):
        text = ada.get(path).text
        assert all(name in text for name in names), path
    robot = program(app, world, "ada")
    loan = robot.post("/loans", json=lend_wish(home, code))
    assert (loan.status_code, len(loan.json["devices"])) == (201, 2)
    back = robot.post("/returns", json={"devices": [{"code": code, "missing": [names[1]]}]})
    assert [out["name"] for out in back.json["still_out"]] == [names[1]]
    assert "Il manque dans la mallette" in ada.get(f"/returns/{back.json['id']}").text
    assert [t["state"] for t in robot.get(f"/kits/{code}").json["things"]] == ["to_check", "on_loan"]


def test_a_program_makes_fills_and_empties_one(app: Flask, world: World):
    with app.app_context():
        thing = make_device(world).code
    robot = program(app, world, "ada")
    made = robot.post("/kits", json={"name": "Mallette d’été"})
    where = made.headers["Location"]
    assert robot.post(f"{where}/things", json={"thing": thing}).json["things"][0]["code"] == thing
    assert [k["name"] for k in robot.get("/kits?q=ete").json["items"]] == ["Mallette d’été"]
    assert robot.post(f"{where}/things/out", json={"thing": thing}).json["things"] == []


def test_a_kit_is_given_another_name(inside: World):
    kit = make_kit(inside, name="Malette A")
    do(kits.rename, KitName(name="Mallette Été"), kit, by=inside.me())
    assert (fresh(kit).name, kit.folded) == ("Mallette Été", "mallette ete")
    with refused("not_here"):
        do(kits.rename, KitName(name="x"), kit, by=inside.me("zoe"))


def listed(world: World) -> list[Kit]:
    return list(session().scalars(kits.listed(KitList(), world.me())))


def test_a_kit_that_is_no_more_finds_nothing_and_its_things_are_lent_one_by_one(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    do(kits.end, KitEnd(), kit, by=inside.me())
    assert (listed(inside), kits.by_code(kit.code), kits.kit_of(pair[0].id)) == ([], None, None)
    with refused("device_unknown", "devices.0"):
        lend(inside, kit.code)
    with refused("kit_ended"):
        do(kits.put_in, KitThingIn(thing=pair[0].code), kit, by=inside.me())
    assert len(lend(inside, pair[0].code).lines) == 1
    assert kits.get(kit.code, inside.me()) == kit  # its page says so


def test_a_kit_is_not_dissolved_while_something_of_it_is_out(inside: World, pair: list[Device]):
    kit = make_kit(inside, *pair)
    lend(inside, kit.code)
    with refused("kit_is_out"):
        do(kits.end, KitEnd(), kit, by=inside.me())


def test_a_kit_put_back_holds_what_it_held_but_for_what_lies_elsewhere_meanwhile(inside: World, pair: list[Device]):
    one, two = pair
    kit = make_kit(inside, one, two)
    do(kits.take_out, KitThingOut(thing=two.code), kit, by=inside.me())
    do(kits.put_in, KitThingIn(thing=two.code), kit, by=inside.me())
    do(kits.end, KitEnd(), kit, by=inside.me(), at=NOW + timedelta(minutes=1))
    other = make_kit(inside, two, name="Mallette B")
    do(kits.put_back, KitBack(), kit, by=inside.me(), at=NOW + timedelta(minutes=2))
    assert [thing.id for thing in kits.things_of(kit)] == [one.id]
    assert [thing.id for thing in kits.things_of(other)] == [two.id]
    assert len(listed(inside)) == 2
    do(kits.put_back, KitBack(), kit, by=inside.me(), at=NOW + timedelta(minutes=3))  # it is there: nothing to do
    assert [thing.id for thing in kits.things_of(kit)] == [one.id]


def test_a_kit_is_renamed_dissolved_and_put_back_on_its_page(app: Flask, world: World):
    with app.app_context():
        kit = make_kit(world, make_device(world, "Portable un"))
        code = kit.code
    ada = person(app, world)
    assert "À remplir." in (nameless := ada.post(f"/kits/{code}/name", form={"name": ""})).text
    assert nameless.status_code == 422
    assert ada.post(f"/kits/{code}/name", form={"name": "Mallette Rouge"}).status_code == 303
    assert "Mallette Rouge" in ada.get("/kits").text
    ended = ada.post(f"/kits/{code}/end", form={})
    assert ended.location.endswith("/kits")
    assert f"/kits/{code}/back" in (page := ada.get("/kits").text), "it can be undone at once"
    assert "Mallette Rouge" not in page
    assert "n’existe plus" in ada.get(f"/kits/{code}").text
    assert ada.post(f"/kits/{code}/back", form={}).status_code == 303
    assert "Portable un" in ada.get(f"/kits/{code}").text
