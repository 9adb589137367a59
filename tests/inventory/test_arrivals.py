"""Deliveries: received thing by thing against what was ordered, prepared step by step, then free."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.inventory import arrivals, care, custody, devices, preparing, printed
from app.inventory.arrivals import Delivery
from app.inventory.forms import CheckDone, NewCodes, PlaceLabel
from app.inventory.models import Device
from app.inventory.stock_forms import CloseDelivery, NewDelivery, ReceiveDevice, TickStep
from tests.asking import person, program
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.inventory.test_printed import photo
from tests.make import World, do, fresh, make_device


def expect(world: World, *lines: dict[str, Any], **over: Any) -> Delivery:
    wanted = lines or ({"model": world.models["laptop"], "count": 2, "serials": "SN1\nSN2"},)
    return do(arrivals.expect, NewDelivery(supplier="UGAP", lines=list(wanted), **over), by=world.me())


def receive(world: World, delivery: Delivery, serial: str, **over: Any) -> Device:
    return do(arrivals.receive, ReceiveDevice(serial_number=serial, **over), delivery, by=world.me()).device


def prepared(world: World, device: Device, *steps: Any) -> Device:
    for step in steps:
        do(preparing.tick, TickStep(step=step), device, by=world.me())
    return device


def with_label(app: Flask, world: World, code: str) -> None:
    form = {"photo": (photo(), "etiquette.jpg")}
    done = person(app, world, "ada").post(f"/devices/{code}/placed", form=form, content_type="multipart/form-data")
    assert done.status_code == 303


def test_what_comes_is_in_the_register_here_and_waits(inside: World):
    delivery = expect(inside)
    device = receive(inside, delivery, "SN1")
    link = custody.last_link(device)
    assert (device.state, device.name, link.number, link.why) == ("to_check", "ThinkPad L14 n° 1", 1, "delivered")
    assert (arrivals.received(fresh(delivery)), arrivals.ordered(delivery)) == (1, 2)


def test_what_is_missing_is_named_and_a_wrong_serial_is_marked(inside: World):
    delivery = expect(inside, {"model": inside.models["laptop"], "count": 3, "serials": "SN1, SN2; sn-3"})
    receive(inside, delivery, "SN1")
    wrong = receive(inside, delivery, "SN9")
    receive(inside, delivery, "SN 3")
    line = fresh(delivery).lines[0]
    assert (line.missing, [item.device_id for item in line.wrong]) == (["SN2"], [wrong.id])


def test_the_line_is_the_one_that_names_the_serial_else_the_next_that_waits(inside: World):
    laptop = {"model": inside.models["laptop"], "count": 1}
    tablet = {"model": inside.models["tablet"], "count": 2, "serials": "T1"}
    delivery = expect(inside, laptop, tablet)
    assert receive(inside, delivery, "T1").model_id == inside.models["tablet"]
    assert receive(inside, delivery, "X1").model_id == inside.models["laptop"]
    assert receive(inside, delivery, "X2").model_id == inside.models["tablet"]
    with refused("delivery_complete", "serial_number"):
        receive(inside, delivery, "X3")


def test_a_label_printed_ahead_becomes_its_code(inside: World):
    code = do(devices.print_ahead, NewCodes(count=1), by=inside.me())[0]
    assert receive(inside, expect(inside), "SN1", code=code).code == code


def test_a_serial_that_is_known_already_and_a_thing_without_one(inside: World):
    make_device(inside, serial_number="SN1")
    delivery = expect(inside)
    with refused("serial_taken", "serial_number"):
        receive(inside, delivery, "SN1")
    with refused("serial_missing", "serial_number"):
        receive(inside, delivery, "")
    assert receive(inside, delivery, "", no_serial_reason="illisible").serial_number is None


def test_two_who_scan_the_last_one_at_once_receive_one(app: Flask, world: World):
    with app.app_context():
        delivery = expect(world, {"model": world.models["laptop"], "count": 1})
        wishes = [(arrivals.receive, ReceiveDevice(serial_number=f"Z{n}"), delivery, world.me()) for n in range(2)]
        met = at_once(app, wishes)
        assert sorted(getattr(one, "code", "") for one in met) == ["", "delivery_complete"]


def test_a_closed_delivery_and_that_of_another_centre_receive_nothing(inside: World):
    delivery = expect(inside)
    with refused("not_here"):
        do(arrivals.receive, ReceiveDevice(serial_number="SN1"), delivery, by=inside.me("zoe"))
    do(arrivals.close, CloseDelivery(), delivery, by=inside.me())
    with refused("delivery_closed"):
        receive(inside, delivery, "SN1")


def test_more_serials_than_things_is_a_slip(inside: World):
    with refused("invalid", "lines.0.serials"):
        expect(inside, {"model": inside.models["laptop"], "count": 1, "serials": "A B"})
    with refused("invalid", "lines.0.model"):
        expect(inside, {"model": 999, "count": 1})


def test_nothing_is_free_before_its_preparation_is_complete(app: Flask, world: World):
    with app.app_context():
        device = receive(world, expect(world), "SN1")
        code = device.code
        with refused("not_prepared"):
            do(care.check, CheckDone(method="neuf"), device, by=world.me())
        prepared(world, device, "install", "accounts", "charger")
        with refused("not_prepared"):
            do(care.check, CheckDone(method="neuf"), device, by=world.me())
    with_label(app, world, code)
    with app.app_context():
        device = devices.get(code, world.me())
        assert [(step.key, step.by) for step in preparing.steps(device)] == [
            ("install", "Ada"), ("accounts", "Ada"), ("charger", "Ada"), ("label", "Ada"),
        ]  # fmt: skip
        assert do(care.check, CheckDone(method="neuf"), device, by=world.me()).state == "available"


def test_a_label_without_photo_is_not_enough(inside: World):
    device = receive(inside, expect(inside), "SN1")
    do(printed.place, PlaceLabel(), device, None, by=inside.me())
    assert not preparing.steps(device)[-1].done


def test_a_tick_is_taken_away_by_another(inside: World):
    device = prepared(inside, receive(inside, expect(inside), "SN1"), "install")
    assert preparing.steps(device)[0].done
    do(preparing.tick, TickStep(step="install", done=False), device, by=inside.me())
    assert not preparing.steps(device)[0].done


def test_what_holds_no_data_has_fewer_steps_and_what_was_not_delivered_none(inside: World):
    router = receive(inside, expect(inside, {"model": inside.models["router"], "count": 1}), "R1")
    assert [step.key for step in preparing.steps(router)] == ["charger", "label"]
    with refused("nothing_to_prepare"):
        prepared(inside, router, "install")
    assert preparing.steps(make_device(inside)) == []


@pytest.mark.parametrize("who", ["person", "program"])
def test_the_scan_screen_and_the_contract(app: Flask, world: World, who: str):
    model = world.models["laptop"]
    robot, ada = program(app, world, "ada"), person(app, world, "ada")
    if who == "person":
        form = {
            "supplier": "UGAP",
            "lines.0.model": model,
            "lines.0.count": "2",
            "lines.1.model": "",
            "lines.1.count": "",
        }
        where = ada.post("/deliveries", form=form).location
        assert "sur 2 reçus" in ada.get(where).text
        assert ada.post(f"{where}/items", form={"serial_number": "A1"}).status_code == 303
        assert "4 étapes à faire" in ada.get(where).text
        assert ada.post("/deliveries", form={"supplier": "UGAP"}).status_code == 422
    else:
        made = robot.post("/deliveries", json={"supplier": "UGAP", "lines": [{"model": model, "count": 2}]})
        where = made.headers["Location"]
        assert robot.post(f"{where}/items", json={"serial_number": "A1"}).json["state"] == "to_check"
    told = robot.get(where).json
    assert (told["received"], told["ordered"], len(told["devices"])) == (1, 2, 1)
    step = robot.post(f"/devices/{told['devices'][0]}/preparation", json={"step": "install"}).json
    assert (step["complete"], step["steps"][0]["done"]) == (False, True)
    assert robot.post(f"{where}/close", json={}).json["closed_at"]
    assert robot.get("/deliveries").json["items"][0]["id"] == told["id"]
