"""A recalled model stays: all of it, wherever, until somebody says that it may leave again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.errors import Refused
from app.inventory import care, catalogue, devices, recalls
from app.inventory.catalogue_forms import LiftRecall, ModelFacts, RecallModel
from app.inventory.forms import CheckDone, DeviceFacts, LiftHold
from app.inventory.models import Device
from app.inventory.recalls import Recall
from app.lending import loans, returns
from app.lending.forms import TakeBack
from tests.asking import person, program
from tests.inventory.test_arrivals import expect, receive
from tests.make import TODAY, World, do, make_device, make_loan


def recall(world: World, model: str = "laptop") -> Recall:
    wish = RecallModel(reason="Rappel : batterie")
    return do(recalls.recall, wish, devices.model(world.models[model]), by=world.me("mia"))


def held(*things: Device) -> list[int]:
    return [len(care.holds_on(one, TODAY)) for one in things]


def test_every_thing_of_the_model_stays_in_every_centre_and_no_other(inside: World):
    mine, theirs, other = make_device(inside), make_device(inside, by="zoe"), make_device(inside, model="tablet")
    recall(inside)
    assert held(mine, theirs, other) == [1, 1, 0]
    with pytest.raises(Refused) as no:
        make_loan(inside, mine)
    assert no.value.code == "not_available"
    assert "batterie" in str(no.value.words)
    make_loan(inside, other)


def test_a_thing_that_was_out_is_held_once_it_is_back(inside: World):
    device = make_device(inside)
    make_loan(inside, device)
    recall(inside)
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=inside.me())
    do(care.check, CheckDone(method="usine"), device, by=inside.me())
    with pytest.raises(Refused):
        make_loan(inside, device)


def test_a_thing_written_down_later_is_held_too_but_once(inside: World):
    row = recall(inside)
    later, was_tablet = make_device(inside), make_device(inside, model="tablet")
    facts = {"name": "A", "serial_number": "S1", "owner": later.owner_id}
    for device in (later, was_tablet, was_tablet):
        wish = DeviceFacts(**facts | {"serial_number": f"S{device.id}"}, model=inside.models["laptop"])
        do(devices.edit, wish, device, by=inside.me())
    assert held(later, was_tablet) == [1, 1]
    assert recalls.still_held(row) == 2


def test_it_is_lifted_thing_by_thing_or_for_the_whole_model(inside: World):
    one, other, later = make_device(inside), make_device(inside), None
    row = recall(inside)
    hold = care.holds_on(one, TODAY)[0]
    do(care.lift_hold, LiftHold(), one, hold.id, by=inside.me("mia"))
    assert held(one, other) == [0, 1]
    later = make_device(inside)
    do(recalls.lift, LiftRecall(), row, by=inside.me("coco"))
    assert (held(one, other, later), recalls.of_model(devices.model(inside.models["laptop"]))) == ([0, 0, 0], [])
    assert held(make_device(inside)) == [0]
    with pytest.raises(Refused) as no:
        do(recalls.lift, LiftRecall(), row, by=inside.me("mia"))
    assert no.value.code == "recall_lifted"


def test_another_hold_and_another_recall_stand_when_one_is_lifted(inside: World):
    device = make_device(inside)
    first, _second = recall(inside), recall(inside)
    do(recalls.lift, LiftRecall(), first, by=inside.me("mia"))
    assert held(device) == [1]


def test_verify_is_silent_after_all_of_it(app: Flask, world: World):
    with app.app_context():
        test_it_is_lifted_thing_by_thing_or_for_the_whole_model(world)
        recall(world, "tablet")
        make_device(world, model="tablet")
        devices.session().rollback()
        assert list(all_faults(app.config["SETTINGS"])) == []


def test_it_is_a_manager_who_recalls_and_the_page_says_how_many(app: Flask, world: World):
    with app.app_context():
        code, _other = (make_device(world).code for _n in range(2))
        number = world.models["laptop"]
    assert person(app, world, "ada").get(f"/models/{number}/recalls").status_code == 403
    mia = person(app, world, "mia")
    assert "2 matériels" in mia.get(f"/models/{number}/recalls").text
    assert mia.post(f"/models/{number}/recalls", form={"reason": "Rappel : chargeur"}).status_code == 303
    assert "Rappel : chargeur" in mia.get(f"/models/{number}").text
    for address in (f"/devices/{code}", "/devices"):
        assert "Reste ici" in person(app, world, "ada").get(address).text


def test_past_the_end_of_security_updates_a_thing_is_lent_with_a_warning(app: Flask, world: World):
    with app.app_context():
        device = make_device(world)
        code, model = device.code, device.model
        told = {key: value for key, value in catalogue.facts_of_model(model).items() if value != ""}
        ended = ModelFacts(**told | {"updates_until": TODAY - timedelta(days=400), "safety": "Buse brûlante"})
        do(catalogue.edit_model, ended, model, by=world.me("mia"))
        assert loans.why_not(device, world.me(), TODAY) == ""
    ada = person(app, world)
    for page in (f"/lend?device={code}", f"/devices/{code}"):
        text = ada.get(page).text
        assert "lus de mises à jour de sécurité" in text
        assert "Buse brûlante" in text
    assert program(app, world).get(f"/devices/{code}").json["card"]["updates_until"] < str(TODAY)


def test_verify_is_silent_when_a_thing_of_a_recalled_model_is_delivered(app: Flask, world: World):
    with app.app_context():
        recall(world)
        device = receive(world, expect(world), "SN1")
        assert held(device) == [1]
        assert list(all_faults(app.config["SETTINGS"])) == []
