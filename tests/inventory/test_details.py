"""Fields of the house's own: made once for a kind, checked on the card, shown, searched, exported."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.db import session
from app.errors import Refused
from app.inventory import catalogue, details, devices, lists, own_fields
from app.inventory.catalogue_forms import Detail, EndField, NewField
from app.inventory.details import CategoryField
from app.inventory.forms import DeviceFacts, DeviceList
from app.inventory.models import Device
from tests.asking import person, program
from tests.make import TODAY, World, do, make_device


def field(world: World, name: str = "Processeur", kind: str = "text", choices: str = "") -> CategoryField:
    wish = NewField(name=name, kind=kind, choices=choices)
    return do(own_fields.add_field, wish, catalogue.category("laptop"), by=world.me("mia"))


def filled(world: World, *said: tuple[CategoryField, str], **over: Any) -> Device:
    return make_device(world, details=[Detail(field=one.id, value=value) for one, value in said], **over)


def listed(world: World, **words: Any) -> set[int]:
    return {d.id for d in session().scalars(lists.listed(DeviceList(**words), world.me(), TODAY))}


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("text", "Core i5", "Core i5"),
        ("number", "1 024,50", "1024.5"),
        ("number", "-3", "-3"),
        ("number", "100", "100"),
        ("date", "2026-12-08", "2026-12-08"),
        ("choice", "AZERTY", "Azerty"),
        ("yes_no", "Yes", "yes"),
    ],
)
def test_a_value_is_kept_in_one_form(inside: World, kind: str, sent: str, kept: str):
    one = field(inside, kind=kind, choices="Azerty, Qwerty" if kind == "choice" else "")
    device = filled(inside, (one, sent))
    assert details.of(device.id, "laptop") == {one.id: kept}


@pytest.mark.parametrize(
    ("kind", "sent"),
    [("number", "seize"), ("number", "NaN"), ("number", "1e99"), ("date", "8/12/2026"), ("date", "9999-01-01"),
     ("choice", "Bépo"), ("yes_no", "peut-être")],
)  # fmt: skip
def test_what_does_not_fit_the_field_is_refused_beside_it(inside: World, kind: str, sent: str):
    one = field(inside, kind=kind, choices="Azerty, Qwerty" if kind == "choice" else "")
    with pytest.raises(Refused) as no:
        filled(inside, (one, sent))
    assert (no.value.status, list(no.value.fields)) == (422, ["details.0.value"])
    assert session().query(Device).count() == 0


def test_a_field_of_another_kind_is_not_filled_in(inside: World):
    one = field(inside)
    with pytest.raises(Refused) as no:
        filled(inside, (one, "Core i5"), model="tablet")
    assert list(no.value.fields) == ["details.0.value"]


def test_texts_and_answers_are_found_by_their_words_and_answers_by_the_filter_too(inside: World):
    text, choice = field(inside), field(inside, "Clavier", "choice", "Azerty, Qwerty")
    one = filled(inside, (text, "Intel Core™ i5 élevé"), (choice, "Qwerty"))
    filled(inside, (text, "Ryzen 50% "), (choice, "Azerty"))
    assert listed(inside, q="ELEVE") == {one.id} == listed(inside, detail=f"{choice.id}:Qwerty")
    assert listed(inside, q="qwerty") == {one.id}
    with pytest.raises(Refused):
        listed(inside, detail="x")


def test_an_ended_field_is_asked_for_no_more_and_comes_back_with_what_was_written(inside: World):
    one = field(inside)
    device = filled(inside, (one, "Core i5"))
    do(own_fields.end_field, EndField(), catalogue.category("laptop"), one.id, by=inside.me("mia"))
    assert (details.fields_of("laptop"), details.of(device.id, "laptop"), listed(inside, q="core")) == ([], {}, set())
    assert details.exported([device.id]) == {}
    again = field(inside, "PROCESSEUR")
    assert details.of(device.id, "laptop") == {again.id: "Core i5"}
    assert listed(inside, q="core") == {device.id}
    assert [(of.name, value) for of, value in details.exported([device.id])[device.id]] == [("PROCESSEUR", "Core i5")]


def test_a_name_ended_as_a_text_may_come_again_as_a_number(inside: World):
    one = field(inside, "Mémoire")
    do(own_fields.end_field, EndField(), catalogue.category("laptop"), one.id, by=inside.me("mia"))
    assert field(inside, "Mémoire", "number").id != one.id


@pytest.mark.parametrize(("choices", "code"), [("", "invalid"), ("Seul", "invalid"), ("a, A", "invalid")])
def test_a_choice_has_several_answers(inside: World, choices: str, code: str):
    with pytest.raises(Refused) as no:
        field(inside, kind="choice", choices=choices)
    assert (no.value.code, list(no.value.fields)) == (code, ["choices"])


def test_two_fields_of_a_kind_do_not_share_a_name(inside: World):
    field(inside, "Mémoire")
    with pytest.raises(Refused) as no:
        field(inside, "memoire")
    assert no.value.code == "field_there"


def test_the_card_asks_for_them_shows_them_and_says_what_is_wrong(app: Flask, world: World):
    with app.app_context():
        number, choice = field(world, "Mémoire", "number"), field(world, "Clavier", "choice", "Azerty, Qwerty")
        device = filled(world, (number, "8,5"), (choice, "Azerty"))
        code, ids = device.code, (number.id, choice.id)
        facts = {"name": "A", "model": device.model_id, "serial_number": "S1", "owner": device.owner_id}
    ada = person(app, world)
    page = ada.get(f"/devices/{code}").text
    assert "Mémoire" in page
    assert "8,5" in page
    said = {"details.0.field": ids[0], "details.0.value": "beaucoup", "details.1.field": ids[1], "details.1.value": ""}
    answer = ada.post(f"/devices/{code}/edit", form=facts | said)
    assert (answer.status_code, "beaucoup" in answer.text) == (422, True)
    assert ada.post(f"/devices/{code}/edit", form=facts | said | {"details.0.value": "16"}).status_code == 303
    card = program(app, world).get(f"/devices/{code}").json["card"]
    assert card["details"] == [{"field": ids[0], "value": "16"}]


def test_a_new_thing_is_asked_for_the_fields_of_its_models_kind(app: Flask, world: World):
    with app.app_context():
        number = field(world, "Mémoire", "number").id
    ada, model = person(app, world), world.models["laptop"]
    assert "Mémoire" not in ada.get("/devices/new").text
    assert "Mémoire" not in ada.get(f"/devices/new?model={world.models['router']}").text
    page = ada.get(f"/devices/new?model={model}").text
    assert f'name="details.0.field" value="{number}"' in page
    assert f'<option value="{model}" selected>' in page
    facts = {"name": "A", "model": model, "serial_number": "S1", "owner": world.organisations["acsm"]}
    said = {"details.0.field": number, "details.0.value": "beaucoup"}
    answer = ada.post("/devices", form=facts | said)
    assert (answer.status_code, 'value="beaucoup"' in answer.text) == (422, True)
    place = ada.post("/devices", form=facts | said | {"details.0.value": "16"}).location
    assert program(app, world).get(place).json["card"]["details"] == [{"field": number, "value": "16"}]


@pytest.mark.parametrize("model", ["x", "0", "9" * 40, "²", "-1", "%00"])
def test_a_model_that_is_none_is_asked_for_nothing(app: Flask, world: World, model: str):
    assert person(app, world).get(f"/devices/new?model={model}").status_code == 200


def test_an_edit_that_names_no_field_leaves_them(inside: World):
    one = field(inside)
    device = filled(inside, (one, "Core i5"))
    wish = DeviceFacts(name="A", model=device.model_id, serial_number="S", owner=device.owner_id)
    do(devices.edit, wish, device, by=inside.me())
    assert details.of(device.id, "laptop") == {one.id: "Core i5"}
