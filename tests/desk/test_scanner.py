"""Trying a hand scanner: what is said of what it sent; the codes of a demonstration."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.db import writing
from app.desk import symbols
from app.desk.scanner import SPECIMEN, UNKNOWN, reading
from app.inventory import care, devices
from app.inventory.forms import PlaceHold
from app.lending import returns
from app.lending.forms import TakeBack
from app.people.models import Person
from labels import codes
from labels.symbols import code128, qr
from tests.asking import person
from tests.harness.databases import on_sqlite
from tests.make import World, do, make_device, make_household, make_loan

URL = "HTTPS://PRET.EXAMPLE.ORG/E/DCLBTRXN"
AMERICAN_ON_FRENCH = "HTTPSM!!PRET:EXQ?PLE:ORG!E!DCLBTRXN"
FRENCH_ON_AMERICAN = "HTTPS.>>PRET<EXQ:PLE<ORG>E>DCLBTRXN"


@pytest.mark.parametrize(
    ("text", "alt", "said"),
    [
        (URL, "", "même clavier"),
        (URL, "HTTPS:??PRETM", "même clavier"),
        (AMERICAN_ON_FRENCH, URL, "réglée sur un clavier américain"),
        (AMERICAN_ON_FRENCH, "", "réglée sur un clavier américain"),
        (FRENCH_ON_AMERICAN, "", "réglée sur un clavier français"),
        ("HTTPS°§§PRET DCLBTRXN", "", "pas le même clavier"),
        (SPECIMEN, "", "scannez le carré"),
        ("dclb trxn", "", "scannez le carré"),
    ],
)
@on_sqlite
def test_the_keyboard_is_told_from_how_an_address_arrives(app: Flask, text: str, alt: str, said: str):
    with app.app_context():
        heard = reading(text, alt)
        assert heard is not None
        assert (heard.code, heard.expected) == (SPECIMEN, True)
        assert said in str(heard.keyboard)


def test_a_makers_number_and_a_wrong_letter_are_none_of_our_codes():
    for text in ("PF2XDEM7", "DCLBTRXH"):
        heard = reading(text, "")
        assert heard is not None
        assert (heard.code, heard.keyboard) == (None, "")
    assert reading("", "DCLBTRXN") is None


@on_sqlite
def test_the_page_works_as_a_plain_form_and_escapes_what_arrived(app: Flask, world: World):
    for who in ("ada", "adam"):  # whoever sets up a desk may have no centre
        page = person(app, world, who).get("/scanner?q=<b>DCLBTRXN").text
        assert "&lt;b&gt;DCLBTRXN" in page
        assert "Bien lu" in page
    assert "Bien lu" not in person(app, world).get("/scanner").text


def test_the_unknown_code_is_right_and_the_specimen_too():
    assert codes.is_right(UNKNOWN)
    assert codes.is_right(SPECIMEN)


def dark(drawn: str) -> int:
    """How many dark modules an SVG draws."""
    return sum(int(w) * int(h) for w, h in re.findall(r"h(\d+)v(\d+)h-", drawn))


def test_what_is_drawn_is_what_the_library_made():
    assert dark(symbols.square(URL)) == qr(URL).bits.count("1")
    assert dark(symbols.bars(SPECIMEN)) == code128(SPECIMEN).count("1") * symbols.TALL
    assert "style" not in symbols.square(URL)


@on_sqlite
def test_a_real_house_has_no_codes_to_scan_from_the_screen(app: Flask, world: World):
    assert person(app, world).get("/scanner/codes").status_code == 404
    assert "/scanner/codes" not in person(app, world).get("/help").text


@on_sqlite
def test_a_demonstration_shows_codes_of_ones_own_centre_alone(app: Flask, world: World):
    with app.app_context():
        held, free, waits = (make_device(world, name).code for name in ("Retenu", "Disponible", "À effacer"))
        mia = world.me("mia")
        do(care.place_hold, PlaceHold(reason="Batterie gonflée"), devices.get(held, mia), by=mia)
        ours, theirs = make_household(world, "Nôtre-Test"), make_household(world, "Autre-Test", by="zoe")
        make_loan(world, devices.get(waits, mia), household=ours)
        do(returns.take_back, TakeBack(devices=[{"code": waits}]), by=world.me())
        make_loan(world, household=ours)
        make_loan(world, make_device(world, by="zoe"), household=theirs, by="zoe")
        with writing() as s:
            s.get_one(Person, world.people["ada"]).demo = True
    page = person(app, world).get("/scanner/codes").text
    assert "Nôtre-Test" in page
    assert "Autre-Test" not in page
    assert [codes.grouped(code) in page for code in (free, waits, UNKNOWN, held)] == [True, True, True, False]
    coordinator = person(app, world, "coco").get("/scanner/codes").text
    assert "-Test" not in coordinator
