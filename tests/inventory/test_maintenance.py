"""Maintenance comes due by the calendar or by the meter, is asked for on the board, and done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.desk import see_to
from app.errors import NotThere
from app.inventory import maintenance
from app.inventory.care_forms import EndPlan, Move, NewPlan, PlanDone, ReadMeter
from app.inventory.maintenance import Due
from app.inventory.models import Device
from app.lending import losses
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, make_device


def printer(world: World) -> Device:
    return make_device(world, model="printer")


def plan(world: World, device: Device, **facts: object) -> Device:
    return do(maintenance.new, NewPlan(**({"name": "Graisser les axes"} | facts)), device, by=world.me())


def read(world: World, device: Device, value: int, unit: str = "hours") -> Device:
    return do(maintenance.read_meter, ReadMeter(meter=value, unit=unit), device, by=world.me())


def standing(device: Device, days: int = 0) -> Due:
    [one] = maintenance.plans_of(device.id, TODAY + timedelta(days=days))
    return one


def test_it_is_due_when_its_days_are_over(inside: World):
    plan(inside, device := printer(inside), every_days=30)
    assert [standing(device, days).is_due for days in (0, 29, 30)] == [False, False, True]
    assert standing(device).on == TODAY + timedelta(days=30)


def test_it_is_due_when_its_meter_is_there_counted_from_where_it_stood(inside: World, app: Flask):
    read(inside, device := printer(inside), 100)
    plan(inside, device, every=200)
    assert (standing(device).at, standing(device).is_due) == (300, False)
    for value, due in ((299, False), (300, True)):
        read(inside, device, value)
        assert standing(device).is_due is due
    read(inside, device, 9, "prints")
    do(maintenance.done, PlanDone(), device, standing(device).plan.id, by=inside.me(), at=NOW + timedelta(days=3))
    assert (standing(device).at, standing(device).last, standing(device).is_due) == (
        500, TODAY + timedelta(days=3), False,
    )  # fmt: skip
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_whichever_comes_first_makes_it_due(inside: World):
    plan(inside, device := printer(inside), every_days=30, every=50)
    read(inside, device, 50)
    assert standing(device).is_due


def test_a_plan_says_when_and_a_meter_does_not_run_back(inside: World):
    device = printer(inside)
    with refused("invalid", "every_days"):
        plan(inside, device)
    read(inside, device, 10)
    with refused("meter_back", "meter"):
        read(inside, device, 9)
    with refused("not_here"):
        do(maintenance.read_meter, ReadMeter(meter=11), device, by=inside.me("zoe"))


def test_what_is_no_longer_planned_is_not_asked_for_nor_done(inside: World, app: Flask):
    plan(inside, device := printer(inside), every_days=1)
    number = standing(device).plan.id
    with pytest.raises(NotThere):
        do(maintenance.end, EndPlan(), printer(inside), number, by=inside.me())
    do(maintenance.end, EndPlan(), device, number, by=inside.me())
    assert maintenance.plans_of(device.id, TODAY) == []
    for wish in (PlanDone(), EndPlan()):
        with pytest.raises(NotThere):
            do(maintenance.done, wish, device, number, by=inside.me())
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_board_asks_for_it_where_the_thing_is_and_as_long_as_it_is(inside: World):
    plan(inside, device := printer(inside), every_days=1)
    later = TODAY + timedelta(days=2)
    for who, asked in (("ada", True), ("zoe", False)):
        assert (device.code in [one.code for one in see_to.matters(inside.me(who), later)]) is asked
    do(losses.move, Move(what="lost"), device, by=inside.me())
    assert see_to.matters(inside.me(), later) == []


def test_it_is_a_page_and_json(app: Flask, world: World):
    with app.app_context():
        code = printer(world).code
    ada, path = person(app, world), f"/devices/{code}/maintenance"
    assert ada.post(path, form={"name": "Buse", "every": "100", "unit": "prints"}).status_code == 303
    assert ada.post(f"/devices/{code}/meter", form={"meter": "120", "unit": "prints"}).status_code == 303
    assert "À faire maintenant" in ada.get(path).text
    [told] = program(app, world).get(path).json["plans"]
    assert (told["is_due"], told["due_at"], told["meter"]) == (True, 100, 120)
    assert ada.post(f"/devices/{code}/plans/{told['id']}/done").status_code == 303
    assert program(app, world).get(path).json["plans"][0]["is_due"] is False
    wrong = ada.post(f"/devices/{code}/meter", form={"meter": "1", "unit": "prints"})
    assert (wrong.status_code, 'id="meter-fault"' in wrong.text) == (409, True)
