"""Things are found by the beginnings of their words, and through slips of the fingers."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.db import savepoint, session, writing
from app.inventory import catalogue, devices, lists, search
from app.inventory.catalogue_forms import ModelFacts
from app.inventory.forms import DeviceFacts, DeviceList, NewDevice
from app.inventory.models import Device
from app.people.roles import Me
from tests.make import NOW, TODAY, World, do, make_device

NAMES = ["Galaxy Tab A7 n° 1", "ThinkPad L14 n° 12", "Portable d'Hervé", "Œuvre 3D"]


@pytest.fixture
def shelf(inside: World) -> World:
    for number, (name, model) in enumerate(zip(NAMES, ("tablet", "laptop", "router", "printer"), strict=True)):
        make_device(
            inside, name, model=model, serial_number=f"5CD-037{number}", inventory_number=f"CSC/LAP/{number:04}"
        )
    return inside


def found(world: World, words: str, **more: object) -> list[str]:
    query = lists.listed(DeviceList(q=words, **more), world.me(), TODAY)
    return sorted(session().scalars(query.with_only_columns(Device.name)))


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("galaxy", 0),
        ("GALAXY tab", 0),
        ("g", 0),
        ("ga a7", 0),
        ("galxy", 0),
        ("galaxi", 0),
        ("glaaxy", 0),
        ("tinkpad", 1),
        ("pad", 1),
        ("l14", 1),
        ("n° 12", 1),
        ("herve", 2),
        ("HERVÉ", 2),
        ("hervé portable", 2),
        ("oeuvre", 3),
        ("œuvre", 3),
        ("5CD-0371", 1),
        ("5cd0371", 1),
        ("CSC/LAP/0001", 1),
        ("csclap0001", 1),
    ],
)
def test_a_thing_is_found_by_what_people_type(shelf: World, words: str, place: int):
    assert found(shelf, words) == [NAMES[place]]


@pytest.mark.parametrize("words", ["tab l14", "gxy", "zebra", "%", "_", "'", "\\", "galaxy zebra"])
def test_nothing_is_found_by_what_no_thing_bears(shelf: World, words: str):
    assert found(shelf, words) == []


def test_a_word_that_begins_some_name_is_not_taken_for_another(shelf: World):
    make_device(shelf, "Table", model="router")
    assert found(shelf, "tabl") == ["Table"]
    assert found(shelf, "tab") == ["Galaxy Tab A7 n° 1", "Table"]


def test_a_changed_name_is_found_and_the_old_one_no_more(shelf: World):
    device = make_device(shelf, "Ardoise", model="router")
    facts = {"model": device.model_id, "owner": device.owner_id, "serial_number": device.serial_number}
    do(devices.edit, DeviceFacts(name="Lanterne", **facts), device, by=shelf.me())
    assert (found(shelf, "lanterne"), found(shelf, "ardoise")) == (["Lanterne"], [])


def test_what_many_things_bear_is_met_on_the_way_through_the_list(shelf: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "FEW", 1)
    make_device(shelf, "Galaxy Tab A7 n° 2", model="tablet")
    assert found(shelf, "galaxy") == [NAMES[0], "Galaxy Tab A7 n° 2"]
    assert found(shelf, "galaxy 2") == ["Galaxy Tab A7 n° 2"]


def test_a_code_is_found_in_two_groups_and_by_its_first_letters(shelf: World):
    device = make_device(shelf, "Lampe", model="router")
    grouped = f"{device.code[:4]} {device.code[4:]}"
    assert found(shelf, grouped) == found(shelf, device.code.lower()) == found(shelf, device.code[:6]) == ["Lampe"]


def many(world: World, by: Me, *names: str) -> None:
    card = {"model": world.models["laptop"], "owner": world.organisations["acsm"], "no_serial_reason": "none"}
    for name in names:
        devices.add(NewDevice(id=uuid4(), name=name, **card), by=by, at=NOW)


def test_what_is_written_down_together_is_found_once_all_of_it_is_there(inside: World):
    by = inside.me()
    with writing(), search.together():
        many(inside, by, "Galaxy un", "Galaxy deux")
        assert session().scalars(select(search.DeviceWord.word)).all() == []
    assert found(inside, "galaxy") == ["Galaxy deux", "Galaxy un"]
    assert found(inside, "galxy") == ["Galaxy deux", "Galaxy un"]


def test_what_was_taken_back_leaves_no_word(inside: World):
    by = inside.me()
    with writing():
        with suppress(ZeroDivisionError), savepoint(), search.together():
            many(inside, by, "Galaxy un")
            raise ZeroDivisionError
        many(inside, by, "Galaxy deux")
    assert found(inside, "galaxy") == ["Galaxy deux"]


def test_a_thing_is_found_by_the_new_name_of_its_model_and_not_by_the_old_one(shelf: World):
    laptop = devices.model(shelf.models["laptop"])
    do(catalogue.edit_model, ModelFacts(name="Zenbook 14", category="laptop"), laptop, by=shelf.me("mia"))
    assert found(shelf, "zenbook") == [NAMES[1]]
    assert found(shelf, "thinkpad zenbook") == [NAMES[1]], "its own name it keeps"
