"""Several things at once: each by the rule for one, all of them or none, and undone together."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from pydantic import ValidationError
from sqlalchemy import func, select

from app.db import session
from app.errors import NotThere, Refused
from app.history.models import Act
from app.inventory import maintenance, together
from app.inventory.care_forms import MoveMany, PlanMany
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from tests.asking import person, program
from tests.make import TODAY, World, do, make_device, make_loan

WEEK = TODAY + timedelta(days=7)


def three(world: World) -> list[Device]:
    return [make_device(world) for _ in range(3)]


def states(things: list[Device]) -> list[str]:
    return list(
        session().scalars(select(Device.state).where(Device.id.in_([d.id for d in things])).order_by(Device.id))
    )


def moved(world: World, things: list[Device], what: str, *, by: str = "ada", **more: object) -> list[Device]:
    wish = MoveMany(codes=[d.code for d in things], what=what, **more)
    return do(together.move_all, wish, by=world.me(by), again=together.of_act)


def test_all_of_them_move_by_one_act_each(inside: World):
    things = three(inside)
    assert moved(inside, things, "outing", due_on=WEEK) == things
    assert states(things) == ["on_outing"] * 3
    kinds = session().execute(
        select(Act.kind, func.count()).where(Act.kind.in_(("outing", "together"))).group_by(Act.kind)
    )
    assert dict(kinds.all()) == {"outing": 3, "together": 1}


def test_when_one_cannot_none_does(inside: World):
    things = three(inside)
    make_loan(inside, things[1])
    with pytest.raises(Refused) as no:
        moved(inside, things, "bag")
    assert (no.value.code, list(no.value.fields)) == ("not_available", ["codes.1"])
    assert things[1].name in str(no.value.words)
    assert states(things) == ["available", "on_loan", "available"]


def test_what_is_missing_is_said_beside_its_field(inside: World):
    with pytest.raises(Refused) as no:
        moved(inside, three(inside), "repair")
    assert set(no.value.fields) == {"supplier", "reason"}


def test_another_centres_things_are_not_moved(inside: World):
    things = [*three(inside), make_device(inside, by="zoe")]
    with pytest.raises(Refused) as no:
        moved(inside, things, "bag")
    assert (no.value.code, list(no.value.fields)) == ("not_here", ["codes.3"])
    assert "available" in states(things[:1])


def test_the_same_act_sent_twice_is_done_once(inside: World):
    things, number = three(inside), uuid4()
    assert moved(inside, things, "bag", id=number) == moved(inside, things, "bag", id=number) == things
    assert session().scalar(select(func.count()).where(Act.kind == "bag")) == 3


def test_a_thing_named_twice_moves_once(inside: World):
    things = three(inside)
    assert moved(inside, [*things, things[0]], "bag") == things


def test_all_of_them_come_back_by_one_undo(inside: World):
    things = three(inside)
    moved(inside, things, "bag")
    act = session().scalars(select(Act).where(Act.kind == "together")).one()
    do(together.undo_all, UndoIt(), act, by=inside.me(), again=together.of_act)
    assert states(things) == ["available"] * 3
    with pytest.raises(Refused):
        do(together.undo_all, UndoIt(), act, by=inside.me())
    assert states(things) == ["available"] * 3


@pytest.mark.parametrize("uuid", ["", "x", "6f1d2a51-0e7b-4f0a-9d57-2a5b9c1c7f10"])
def test_what_was_not_done_together_is_not_undone_so(inside: World, uuid: str):
    with pytest.raises(NotThere):
        together.get(uuid)
    device = make_device(inside)
    alone = session().scalars(select(Act).where(Act.subject == device.code)).first()
    with pytest.raises(NotThere):
        together.get(alone.uuid.hex)


def test_only_what_may_happen_to_each_is_offered(inside: World):
    one, two, out = three(inside)
    make_loan(inside, out)
    me = inside.me()
    both = together.choices([one, two], me)
    assert "bag" in both
    assert "stolen" not in both, "each has a checklist of its own"
    assert together.choices([one, out], me) == ["lost"]
    assert together.choices([], me) == []
    assert together.choices([one, make_device(inside, by="zoe")], me) == []


def test_a_maintenance_is_planned_for_each(inside: World):
    things = three(inside)
    wish = PlanMany(codes=[d.code for d in things], name="Graisser les axes", every_days=90)
    assert do(together.plan_all, wish, by=inside.me(), again=together.of_act) == things
    assert [maintenance.plans_of(d.id, TODAY)[0].plan.name for d in things] == ["Graisser les axes"] * 3
    with pytest.raises(Refused) as no:
        do(together.plan_all, PlanMany(codes=[things[0].code], name="Rien"), by=inside.me())
    assert list(no.value.fields) == ["every_days"]


@pytest.mark.parametrize("codes", [[], ["DBBBBBBB"] * 101])
def test_no_thing_and_too_many_are_refused(codes: list[str]):
    with pytest.raises(ValidationError):
        MoveMany(what="bag", codes=codes)


def test_the_list_leads_on_to_what_happens_and_the_toast_undoes_it(app: Flask, world: World):
    with app.app_context():
        codes = [d.code for d in three(world)]
    ada = person(app, world)
    assert 'formaction="/together/move"' in ada.get("/devices").text
    asked = "&".join(f"codes={code}" for code in codes)
    page = ada.get(f"/together/move?{asked}").text
    assert "what=outing" in page
    page = ada.get(f"/together/move?{asked}&what=outing").text
    assert 'name="due_on"' in page
    wrong = ada.post("/together/move", form={"codes": codes, "what": "outing"})
    assert (wrong.status_code, codes[2] in wrong.text) == (422, True)
    done = ada.post("/together/move", form={"codes": codes, "what": "outing", "due_on": WEEK.isoformat()})
    assert done.status_code == 303
    page = ada.get("/devices").text
    assert "3 matériels" in page
    with app.app_context():
        act = session().scalars(select(Act).where(Act.kind == "together")).one().uuid
    assert f"/together/{act}/undo" in page
    assert ada.post(f"/together/{act}/undo", form={}).status_code == 303
    assert "Cochez" in ada.get("/together/move").text
    assert "Cochez" in ada.get("/together/maintenance").text


def test_programs_do_the_same(app: Flask, world: World):
    with app.app_context():
        codes = [d.code for d in three(world)]
    ada = program(app, world)
    told = ada.post("/together/move", json={"codes": codes, "what": "bag"}).json
    assert [(one["code"], one["state"]) for one in told["items"]] == [(code, "with_staff") for code in codes]
    told = ada.post("/together/maintenance", json={"codes": codes, "name": "Graisser", "every": 100, "unit": "prints"})
    assert (told.status_code, len(told.json["items"])) == (200, 3)
