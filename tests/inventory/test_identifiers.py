"""IMEI, SIM and MAC numbers: right on sight, no two things bear the same, each finds its thing."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.db import session
from app.demo.stock import KINDS, imei_of
from app.errors import Refused
from app.inventory import devices, identifiers, lists, numbers
from app.inventory.catalogue_forms import Identifier
from app.inventory.forms import DeviceFacts, DeviceList
from app.inventory.models import Device
from tests.asking import person, program
from tests.make import TODAY, World, do, make_device

IMEI, OTHER_IMEI = "490154203237518", "356938035643809"


def numbered(world: World, *numbers_: tuple[str, str], **over: object) -> Device:
    return make_device(world, identifiers=[Identifier(kind=kind, value=value) for kind, value in numbers_], **over)


def borne(device: Device) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in identifiers.of(device.id)]


@given(st.integers(0, 10**14 - 1), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_figure_of_an_imei_is_seen(body: int, place: int, off: int):
    right = next(f"{body:014}{last}" for last in "0123456789" if numbers.luhn(f"{body:014}{last}"))
    wrong = right[:place] + str((int(right[place]) + off) % 10) + right[place + 1 :]
    assert (numbers.luhn(right), numbers.luhn(wrong)) == (True, False)


def test_the_invented_imeis_of_the_demo_are_right():
    assert all(numbers.luhn(imei_of(kind, n)) for kind in KINDS if kind.imei for n in range(30))


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("imei", "49 015420 323751 8", IMEI),
        ("iccid", "8933 0100 0000 0000 0017", "89330100000000000017"),
        ("mac", "3c52.820a.1b2c", "3C:52:82:0A:1B:2C"),
        ("other", "INV 2019/7", "INV 2019/7"),
        ("imei", "", ""),
    ],
)
def test_a_number_is_kept_as_its_standard_writes_it(kind: str, value: str, kept: str):
    assert Identifier(kind=kind, value=value).value == kept


@pytest.mark.parametrize(
    ("kind", "value"),
    [("imei", "490154203237519"), ("imei", "49015420323751"), ("iccid", "123456789012345678"), ("mac", "3C:52:82")],
)
def test_what_cannot_be_such_a_number_is_refused_beside_its_field(kind: str, value: str):
    with pytest.raises(ValidationError) as wrong:
        Identifier(kind=kind, value=value)
    assert [one["loc"] for one in wrong.value.errors()] == [("value",)]


def test_a_thing_is_found_by_each_of_its_numbers(inside: World):
    device = numbered(inside, ("imei", IMEI), ("imei", OTHER_IMEI), ("mac", "3C52820A1B2C"))
    make_device(inside)
    for text in (IMEI, OTHER_IMEI, "3c:52:82:0a:1b:2c"):
        assert devices.find(text) == [device]
        listed = lists.listed(DeviceList(q=text), inside.me(), TODAY)
        assert [d.id for d in session().scalars(listed)] == [device.id]


def test_no_two_things_bear_one_imei(inside: World):
    first = numbered(inside, ("imei", IMEI))
    with pytest.raises(Refused) as no:
        numbered(inside, ("mac", "3C52820A1B2C"), ("imei", IMEI))
    assert (no.value.code, list(no.value.fields)) == ("number_taken", ["identifiers.1.value"])
    assert numbered(inside, ("other", "12")).id != numbered(inside, ("other", "12")).id != first.id


def test_numbers_not_spoken_of_stay_and_an_emptied_one_goes(inside: World):
    device = numbered(inside, ("imei", IMEI), ("mac", "3C52820A1B2C"))
    facts = {"name": "A", "model": device.model_id, "serial_number": "S1", "owner": device.owner_id}
    do(devices.edit, DeviceFacts(**facts), device, by=inside.me())
    assert len(borne(device)) == 2
    kept = [Identifier(kind="imei", value=""), Identifier(kind="mac", value="3C52820A1B2C")]
    do(devices.edit, DeviceFacts(**facts, identifiers=kept), device, by=inside.me())
    assert borne(device) == [("mac", "3C:52:82:0A:1B:2C")]
    assert identifiers.exported([device.id, make_device(inside).id]) == {device.id: borne(device)}


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(app: Flask, world: World):
    with app.app_context():
        device = numbered(world, ("imei", IMEI))
        code = device.code
        facts = {"name": "A", "model": device.model_id, "serial_number": "S1", "owner": device.owner_id}
    ada = person(app, world)
    assert IMEI in ada.get(f"/devices/{code}/edit").text
    wrong = {"identifiers.0.kind": "imei", "identifiers.0.value": "490154203237519"}
    answer = ada.post(f"/devices/{code}/edit", form=facts | wrong)
    assert (answer.status_code, "490154203237519" in answer.text) == (422, True)
    assert "15 chiffres" in answer.text
    emptied = {"identifiers.0.kind": "imei", "identifiers.0.value": ""}
    assert ada.post(f"/devices/{code}/edit", form=facts | emptied).status_code == 303
    assert program(app, world).get(f"/devices/{code}").json["card"]["identifiers"] == []
