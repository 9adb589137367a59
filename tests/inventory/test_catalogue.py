"""Kinds of things and models are kept by a manager or the coordination; what they say reaches the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from app.errors import Refused
from app.inventory import catalogue, devices
from app.inventory.catalogue_forms import CategoryFacts, ModelFacts
from app.inventory.forms import DeviceFacts
from app.lending import loans, returns
from app.lending.forms import TakeBack
from tests.asking import person, program
from tests.make import TODAY, World, do, fresh, make_device, make_loan


def kind(world: World, **over: object) -> CategoryFacts:
    return CategoryFacts(**{"name_fr": "Vidéoprojecteurs", "name_en": "Projectors", "icon": "camera"} | over)


def test_a_new_kind_has_a_code_of_its_own_that_stays(inside: World):
    row = do(catalogue.add_category, kind(inside, name_en="Déjà Beamers!"), by=inside.me("mia"))
    assert row.code == "dejabeamers"
    do(catalogue.edit_category, kind(inside, loan_days=7), row, by=inside.me("mia"))
    assert (fresh_kind(row.code).name_en, fresh_kind(row.code).loan_days) == ("Projectors", 7)
    with pytest.raises(Refused) as no:
        do(catalogue.add_category, kind(inside, name_en="DEJA beamers"), by=inside.me("mia"))
    assert no.value.code == "category_there"


def fresh_kind(code: str):
    devices.session().expire_all()
    return catalogue.category(code)


def test_what_a_kind_may_be_lent_to_and_for_how_long_holds_at_once(inside: World):
    device = make_device(inside, model="router")
    facts = catalogue.facts_of(catalogue.category("router"))
    do(
        catalogue.edit_category,
        CategoryFacts(**facts | {"loan_days": 10}),
        catalogue.category("router"),
        by=inside.me("mia"),
    )
    assert (loans.usual_due_day(TODAY, None, [fresh(device)]) - TODAY).days == 10
    do(
        catalogue.edit_category,
        CategoryFacts(**facts | {"lent_to": "never"}),
        catalogue.category("router"),
        by=inside.me("mia"),
    )
    with pytest.raises(Refused):
        make_loan(inside, device)


def test_the_checklist_and_the_way_of_wiping_stand_where_they_are_needed(app: Flask, world: World):
    with app.app_context():
        row = catalogue.category("laptop")
        facts = catalogue.facts_of(row) | {"checklist": "écran, touches", "wipe_steps": "Sauver.\nPresser F12."}
        do(catalogue.edit_category, CategoryFacts(**facts), row, by=world.me("mia"))
        out, back = make_device(world), make_device(world)
        make_loan(world, out)
        make_loan(world, back)
        do(returns.take_back, TakeBack(devices=[{"code": back.code}]), by=world.me())
        codes = out.code, back.code
    ada = person(app, world)
    assert "écran, touches" in ada.get(f"/returns?device={codes[0]}").text
    page = ada.get(f"/devices/{codes[1]}/check").text
    assert "écran, touches" in page
    assert "<li>Presser F12.</li>" in page


def test_a_model_is_changed_but_not_into_another_that_is_there(inside: World):
    model = devices.model(inside.models["laptop"])
    wish = ModelFacts(name="ThinkPad L14 Gen 2", category="laptop", parts="chargeur, chargeur, souris")
    do(catalogue.edit_model, wish, model, by=inside.me("mia"))
    assert (model.name, model.parts) == ("ThinkPad L14 Gen 2", ["chargeur", "souris"])
    for wrong, code in (({"category": "grille-pain"}, "invalid"), ({"name": "Tab S9"}, "model_there")):
        other = devices.model(inside.models["tablet"])
        do(devices.add_model, _new(other, "Tab S9"), by=inside.me()) if code == "model_there" else None
        with pytest.raises(Refused) as no:
            do(
                catalogue.edit_model,
                ModelFacts(**{"name": "X", "category": "tablet"} | wrong),
                other,
                by=inside.me("mia"),
            )
        assert no.value.code == code


def _new(model, name: str):
    from app.inventory.forms import NewModel

    return NewModel(maker=model.maker.name, name=name, category=model.category_code)


def test_a_manager_makes_a_kind_and_a_desk_does_not(app: Flask, world: World):
    sent = {"name_fr": "Vélos", "name_en": "Bikes", "icon": "cart", "gate": "check", "lent_to": "outing"}
    assert person(app, world, "ada").post("/categories", form=sent).status_code == 403
    made = program(app, world, "coco").post("/categories", json=sent)
    assert (made.status_code, made.json["code"]) == (201, "bikes")
    assert "Vélos" in person(app, world, "mia").get("/categories").text
    assert program(app, world, "mia").get("/categories/bikes").json["lent_to"] == "outing"


def test_a_thing_tells_what_took_its_place_and_until_when_it_is_under_warranty(app: Flask, world: World):
    with app.app_context():
        old, new = make_device(world), make_device(world, "Le nouveau")
        facts = {"name": "A", "model": old.model_id, "serial_number": "S1", "owner": old.owner_id}
        do(devices.edit, DeviceFacts(**facts, replaced_by=new.code, warranty_until=TODAY), old, by=world.me())
        codes = old.code, new.code
        for wrong in (old.code, "INCONNU"):
            with pytest.raises(Refused) as no:
                do(devices.edit, DeviceFacts(**facts, replaced_by=wrong), old, by=world.me())
            assert list(no.value.fields) == ["replaced_by"]
    assert "Le nouveau" in person(app, world).get(f"/devices/{codes[0]}").text
    card = program(app, world).get(f"/devices/{codes[0]}").json["card"]
    assert (card["replaced_by"], card["warranty_until"]) == (codes[1], str(TODAY))
    assert program(app, world).get("/devices").json["items"][0]["card"] is None
