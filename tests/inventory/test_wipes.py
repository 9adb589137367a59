"""A wipe says how far, with what and who looked; files wait for a household that did not come itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from pypdfium2 import PdfDocument

from app.cli.verifying import all_faults
from app.db import session
from app.inventory import care, certificate, wipes
from app.inventory.forms import CheckDone
from app.inventory.models import Device
from app.inventory.wipes import WAIT_DAYS, WipeRecord
from app.lending import returns
from app.lending.forms import TakeBack
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, World, do, make_device, make_loan


def waiting(world: World, model: str = "laptop") -> Device:
    make_loan(world, device := make_device(world, model=model))
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=world.me())
    return device


def wipe(world: World, device: Device, *, days: int = 0, **facts: object) -> Device:
    at = NOW + timedelta(days=days)
    return do(care.check, CheckDone(**({"method": "usine"} | facts)), device, by=world.me(), at=at)


def test_a_wipe_keeps_how_far_with_what_and_who_looked(inside: World, app: Flask):
    facts = {"level": "purge", "tool": "nvme-cli 2.9", "accounts_out": True, "verified_by": inside.people["odile"]}
    wipe(inside, device := waiting(inside), **facts)
    row = session().query(WipeRecord).one()
    assert (row.level, row.tool, row.files, row.accounts_out, row.cards_out, row.verified_by) == (
        "purge", "nvme-cli 2.9", "offered", True, False, inside.people["odile"],
    )  # fmt: skip
    assert device.state == "available"
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_who_wiped_it_looked_when_nobody_else_is_named(inside: World):
    wipe(inside, waiting(inside))
    assert session().query(WipeRecord).one().verified_by == inside.people["ada"]


def test_what_nobody_looked_at_stays_and_says_so_until_somebody_does(inside: World, app: Flask):
    device = waiting(inside)
    wipe(inside, device, verified_by=0)
    assert device.state == "to_check"
    assert wipes.unverified(device)
    wipe(inside, device, verified_by=inside.people["mia"])
    assert (device.state, wipes.unverified(device)) == ("available", None)
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_files_wait_a_week_for_a_household_that_did_not_come_itself(inside: World):
    device = waiting(inside)
    for days in (0, WAIT_DAYS - 1):
        with refused("too_soon", "files"):
            wipe(inside, device, days=days, files="waited")
    assert wipe(inside, device, days=WAIT_DAYS, files="waited").state == "available"


def test_somebody_unknown_looked_at_nothing(inside: World):
    with refused("invalid", "verified_by"):
        wipe(inside, waiting(inside), verified_by=10**9)


def test_a_thing_that_keeps_no_data_has_no_wipe(inside: World):
    wipe(inside, waiting(inside, "router"))
    assert session().query(WipeRecord).count() == 0


@pytest.mark.parametrize("looked", [None, 0])
def test_the_certificate_says_what_was_done_and_is_the_same_each_time(inside: World, looked: int | None):
    device = waiting(inside)
    wipe(inside, device, tool="nwipe", verified_by=looked)
    proof = wipes.proof(session().query(WipeRecord).one().id)
    drawn = certificate.pdf(proof)
    assert drawn == certificate.pdf(proof)
    text = " ".join(page.get_textpage().get_text_range() for page in PdfDocument(drawn))
    for said in (device.name, device.serial_number, "Clear", "usine", "nwipe", "Ada", "Cité des Brebis"):
        assert str(said) in text
    assert ("personne pour l’instant" in text) is (looked == 0)


def test_the_page_asks_for_it_and_the_thing_shows_its_certificate(app: Flask, world: World):
    with app.app_context():
        code = waiting(world).code
    ada = person(app, world)
    assert "Quelqu’un d’autre l’a rapporté" in ada.get(f"/devices/{code}/check").text
    form = {"method": "usine", "result": "fit", "accounts_out": "false", "cards_out": "true", "verified_by": ""}
    assert ada.post(f"/devices/{code}/check", form=form).status_code == 303
    with app.app_context():
        row = session().query(WipeRecord).one()
        assert (row.accounts_out, row.cards_out, row.verified_by) == (False, True, world.people["ada"])
        number = row.id
    assert f"/wipes/{number}.pdf" in ada.get(f"/devices/{code}").text
    assert ada.get(f"/wipes/{number}.pdf").data.startswith(b"%PDF")
    assert program(app, world).get("/wipes/999.pdf").status_code == 404
