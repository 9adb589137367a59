"""Things may come back by the hands of somebody else: no borrower is needed, and it is sealed."""

from __future__ import annotations

from flask import Flask

from app.db import session
from app.history import Act, Seal
from app.history.seals import holds
from app.lending import handovers, returns
from app.lending.forms import TakeBack
from tests.asking import person, program
from tests.make import World, do, make_device, make_loan


def test_that_a_third_person_came_is_sealed_and_only_then_told(inside: World):
    for third in (True, False):
        make_loan(inside, device := make_device(inside))
        event = do(returns.take_back, TakeBack(devices=[{"code": device.code}], third=third), by=inside.me())
        told = handovers.told_again(event, session().get_one(Act, event.act_id))
        assert ('"third":true' in told) == third
        assert holds(session().get_one(Seal, event.seal_id), "hand_over", told)
        assert handovers.came_by_third(event) == third


def test_the_page_and_programs_are_told_of_it(app: Flask, world: World):
    with app.app_context():
        device = make_device(world)
        make_loan(world, device)
        code = device.code
    answer = program(app, world).post("/returns", json={"devices": [{"code": code}], "third": True})
    assert (answer.status_code, answer.json["third"]) == (201, True)
    assert program(app, world).get(answer.headers["Location"]).json["third"] is True
    assert "quelqu’un d’autre" in person(app, world).get(answer.headers["Location"]).text
