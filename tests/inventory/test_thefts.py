"""What is to be done after a theft: ticked off, taken back, and asked for on the manager's board when it is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.desk import see_to
from app.inventory import thefts
from app.inventory.care_forms import Move, TheftStep
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from app.lending import losses
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, make_device


def stolen(world: World) -> Device:
    return do(losses.move, Move(what="stolen"), make_device(world), by=world.me())


def tick(world: World, device: Device, step: str, *, by: str = "ada", **facts: object) -> Device:
    return do(thefts.tick, TheftStep(step=step, **facts), device, by=world.me(by))


def done(device: Device) -> dict[str, bool]:
    return {one.step: one.done for one in thefts.checklist(device)}


def test_each_step_is_ticked_with_who_and_when_and_can_be_taken_back(inside: World, app: Flask):
    device, other = stolen(inside), make_device(inside)
    assert not any(done(device).values())
    tick(inside, device, "complaint", reference="PV 2026/1234", day=TODAY)
    tick(inside, device, "sim", by="mia")
    tick(inside, device, "replaced", replaced_by=other.code)
    tick(inside, device, "sim", done=False)
    told = {one.step: one for one in thefts.checklist(device)}
    assert [step for step, one in told.items() if one.done] == ["complaint", "replaced"]
    complaint = told["complaint"].row
    assert complaint
    assert (complaint.reference, complaint.day, told["complaint"].by) == ("PV 2026/1234", TODAY, "Ada")
    assert told["replaced"].other == other.name
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_a_complaint_has_its_number_and_a_replacement_is_another_thing(inside: World):
    device = stolen(inside)
    with refused("invalid", "reference"):
        tick(inside, device, "complaint")
    with refused("invalid", "replaced_by"):
        tick(inside, device, "replaced")
    for code in (device.code, "DCLBTRXN"):
        with refused("device_unknown", "replaced_by"):
            tick(inside, device, "replaced", replaced_by=code)


def test_there_is_nothing_to_declare_of_what_is_not_stolen_nor_by_another_centre(inside: World):
    with refused("not_stolen"):
        tick(inside, make_device(inside), "sim")
    with refused("not_here"):
        tick(inside, stolen(inside), "sim", by="zoe")


def test_a_second_theft_begins_anew_and_a_find_undone_goes_on(inside: World):
    device = stolen(inside)
    tick(inside, device, "sim")
    do(losses.move, Move(what="found"), device, by=inside.me())
    do(losses.undo, UndoIt(), device, by=inside.me())
    assert done(device)["sim"]
    tick(inside, device, "lock")
    assert (done(device)["sim"], done(device)["lock"]) == (True, True)
    do(losses.move, Move(what="found"), device, by=inside.me())
    do(losses.move, Move(what="stolen"), device, by=inside.me())
    assert not any(done(device).values())


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), 0), (date(2026, 11, 24), date(2026, 11, 26), 2),
        (date(2026, 11, 27), date(2026, 11, 29), 0), (date(2026, 11, 27), date(2026, 12, 1), 2),
    ],
)  # fmt: skip
def test_working_days_leave_out_the_week_end(start: date, end: date, days: int):
    assert thefts.working_days(start, end) == days


def test_the_manager_is_reminded_of_a_complaint_after_two_working_days(inside: World):
    device = stolen(inside)
    for days, who, reminded in ((1, "mia", False), (2, "mia", True), (2, "ada", False), (2, "zoe", False)):
        found = [one.code for one in see_to.matters(inside.me(who), TODAY + timedelta(days=days))]
        assert (device.code in found) is reminded, (days, who)
    tick(inside, device, "complaint", reference="PV 1")
    assert see_to.matters(inside.me("mia"), (NOW + timedelta(days=9)).date()) == []


def test_the_list_is_a_page_and_json(app: Flask, world: World):
    with app.app_context():
        code = stolen(world).code
    ada = person(app, world)
    assert "Plainte déposée" in ada.get(f"/devices/{code}/theft").text
    wrong = ada.post(f"/devices/{code}/theft", form={"step": "complaint"})
    assert (wrong.status_code, 'id="reference-fault"' in wrong.text) == (422, True)
    assert ada.post(f"/devices/{code}/theft", form={"step": "complaint", "reference": "PV 7"}).status_code == 303
    told = program(app, world).get(f"/devices/{code}/theft").json
    assert told["steps"][0] == {"step": "complaint", "done": True, "day": told["steps"][0]["day"], "reference": "PV 7"}
