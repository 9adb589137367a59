"""Things may go out and come back by the hands of somebody else: no borrower is needed, and it is sealed."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.db import session
from app.history import Act, Seal
from app.history.seals import holds
from app.lending import handovers, loans, paper_forms, returns
from app.lending.forms import Lend, TakeBack
from app.lending.models import HandOver
from app.lending.signature_forms import PrintForms
from app.times import today
from tests.asking import lend_wish, person, program
from tests.lending.test_typed_in import form, typed
from tests.make import TODAY, World, do, make_device, make_household, make_loan


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


def test_that_a_third_person_took_them_is_sealed_and_only_then_told(inside: World):
    """Nothing is told when the borrower came: what was sealed before holds."""
    for third in (True, False):
        codes, home = [make_device(inside).code], make_household(inside).code
        wish = Lend(household=home, devices=codes, due_on=TODAY + timedelta(days=9), third=third)
        loan = do(loans.lend, wish, by=inside.me())
        event = session().scalars(select(HandOver).where(HandOver.act_id == loan.act_id)).one()
        told = handovers.told_again(event, session().get_one(Act, event.act_id))
        assert ('"third"' in told) == third
        assert holds(session().get_one(Seal, event.seal_id), "hand_over", told)
        assert bool(handovers.taken_by_third([loan])) == third


def test_the_loans_page_and_programs_are_told_who_took_them(app: Flask, world: World):
    with app.app_context():
        code, home = make_device(world).code, make_household(world).code
        other = str(make_loan(world).uuid)
    answer = program(app, world).post("/loans", json=lend_wish(home, code, third=True))
    assert (answer.status_code, answer.json["third"]) == (201, True)
    where = answer.headers["Location"]
    assert program(app, world).get(where).json["third"] is True
    assert program(app, world).get(f"/loans/{other}").json["third"] is False
    assert {one["third"] for one in program(app, world).get("/loans").json["items"]} == {True, False}
    assert "quelqu’un d’autre" in person(app, world).get(where).text
    assert "Remis à quelqu’un d’autre" not in person(app, world).get(f"/loans/{other}").text


def test_the_lend_page_has_a_tick_for_it(app: Flask, world: World):
    with app.app_context():
        code, home = make_device(world).code, make_household(world).code
    ada = person(app, world)
    assert 'name="third"' in ada.get(f"/lend?device={code}&household={home}").text
    form = {"devices": code, "household": home, "due_on": str(today() + timedelta(days=9)), "third": "true"}
    where = ada.post("/loans", form=form).headers["Location"]
    assert "Remis à quelqu’un d’autre" in ada.get(where).text
    ada.post(f"{where}/prepare", form={})
    assert 'value="other" checked' in ada.get(f"{where}/sign").text


def test_whoever_signed_a_form_as_somebody_else_took_the_things(inside: World):
    do(paper_forms.print_ahead, PrintForms(count=1), by=inside.me())
    loan = typed(inside, form(inside, capacity="other"))
    assert handovers.taken_by_third([loan])
