"""Numbered forms on paper: each is used once, spoilt, or blank."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from app.lending import paper_forms, signatures, unsigned
from app.lending.signature_forms import PrintForms, SpoilForm
from app.times import day_of
from tests.asking import person, program
from tests.harness.saying import refused
from tests.lending.signing import fill, on_paper, photo
from tests.lending.test_agreements import told
from tests.make import TODAY, World, do, make_loan


@pytest.fixture
def printed(inside: World) -> World:
    do(paper_forms.print_ahead, PrintForms(count=3), by=inside.me())
    return inside


def test_numbers_follow_each_other_in_a_centre_and_begin_at_one_in_the_next(printed: World):
    again = do(paper_forms.print_ahead, PrintForms(count=2), by=printed.me())
    assert [row.number for row in again] == [4, 5]
    assert [row.number for row in do(paper_forms.print_ahead, PrintForms(count=1), by=printed.me("zoe"))] == [1]


def test_a_form_signed_with_a_pen_bears_its_true_day(printed: World):
    loan = make_loan(printed)
    wish = on_paper(2, signed_on=TODAY - timedelta(days=3))
    row = do(signatures.sign_on_paper, wish, signatures.of_loan(loan), photo(), by=printed.me())
    assert (row.way, day_of(row.at), row.paper.form.number) == ("paper", TODAY - timedelta(days=3), 2)
    assert not unsigned.signing_of(loan).waits


def test_a_number_is_used_once(printed: World):
    do(signatures.sign_on_paper, on_paper(), signatures.of_loan(make_loan(printed)), photo(), by=printed.me())
    with refused("form_used", "number"):
        do(signatures.sign_on_paper, on_paper(), signatures.of_loan(make_loan(printed)), photo(), by=printed.me())
    with refused("form_used", "number"):
        do(paper_forms.spoil, SpoilForm(number=1, reason="lost"), by=printed.me())


def test_a_spoilt_number_is_never_used(printed: World):
    do(paper_forms.spoil, SpoilForm(number=3, reason="torn"), by=printed.me())
    with refused("form_used", "number"):
        do(signatures.sign_on_paper, on_paper(3), signatures.of_loan(make_loan(printed)), photo(), by=printed.me())


@pytest.mark.parametrize("number", [4, 10**9])
def test_a_number_nobody_printed_is_none(printed: World, number: int):
    with refused("form_unknown", "number"):
        do(paper_forms.spoil, SpoilForm(number=number, reason="torn"), by=printed.me())
    with refused("form_unknown", "number"):
        do(paper_forms.spoil, SpoilForm(number=1, reason="torn"), by=printed.me("zoe"))


def test_nobody_signed_tomorrow(printed: World):
    wish = on_paper(signed_on=TODAY + timedelta(days=1))
    with refused("not_yet", "signed_on"):
        do(signatures.sign_on_paper, wish, signatures.of_loan(make_loan(printed)), photo(), by=printed.me())


def test_a_loan_with_every_kind_of_signature_is_sound(inside: World):
    loan = make_loan(inside)
    fill(inside, loan)
    assert [row.way for row in signatures.under(signatures.of_loan(loan))] == ["paper", "drawn", "typed"]


def test_forms_are_printed_typed_in_and_shown(app: Flask, world: World):
    with app.app_context():
        loan = str(make_loan(world).uuid)
    ada = person(app, world)
    answer = ada.post("/sheets", form={"count": "2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sheets.pdf?first=1&last=2")
    said = told(ada.get("/sheets.pdf?first=1&last=2").data)
    for part in ("fiche 00001", "fiche 00002", "1883", "Cité des Brebis", "Aucune caution"):
        assert part in said, part
    picture = BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    picture.seek(0)
    form = {"number": "1", "signed_on": str(TODAY), "name": "Odile", "known": "team", "copy_given": "none"}
    assert ada.post(f"/loans/{loan}/sheet", form=form).status_code == 422
    assert ada.post(f"/loans/{loan}/sheet", form=form | {"photo": (picture, "x.png")}).status_code == 303
    assert ada.get(f"/loans/{loan}/sheet.jpg").data.startswith(b"\xff\xd8")
    assert person(app, world, "zoe").get(f"/loans/{loan}/sheet.jpg").status_code == 404
    states = {one["number"]: one["state"] for one in program(app, world).get("/sheets").json["items"]}
    assert states == {1: "used", 2: "blank"}
    assert ada.get("/sheets.pdf?first=1&last=1").status_code == 404
    assert ada.get("/sheets").status_code == 200
