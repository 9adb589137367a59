"""What a label shows to whoever scans it: staff the thing, anybody else one and the same page."""

from __future__ import annotations

import pytest
from flask import Flask

from app.db import session
from app.inventory.models import FoundNote
from labels import codes
from tests.asking import anyone, person
from tests.make import World, make_device, make_household, make_loan

VARYING = {"Date"}


@pytest.fixture
def labels(app: Flask, world: World) -> dict[str, str]:
    """Codes of every sort, and texts that are none."""
    with app.app_context():
        free, lent, home = make_device(world), make_device(world), make_household(world)
        make_loan(world, lent, household=home)
        return {
            "free": free.code,
            "lent": lent.code,
            "household": home.code,
            "never given": codes.make("D", 4242),
            "wrong": "DCLBTRXH",
            "nonsense": "hello",
            "lower case": free.code.lower(),
        }


def test_strangers_see_the_same_page_byte_for_byte_whatever_the_code(app: Flask, labels: dict[str, str]):
    seen = {}
    for sort, code in labels.items():
        for way in ("/e/", "/E/"):
            answer = anyone(app).get(way + code)
            headers = tuple(sorted((k, v) for k, v in answer.headers if k not in VARYING))
            seen[sort, way] = (answer.status_code, headers, answer.data)
    assert len(set(seen.values())) == 1
    status, _headers, page = next(iter(seen.values()))
    assert status == 200
    assert b"01 99 00 12 34" in page


def test_the_page_names_nobody_and_no_place(app: Flask, labels: dict[str, str], world: World):
    page = anyone(app).get(f"/e/{labels['lent']}").text
    for told in ("Foyer", "ThinkPad", "Brebis", labels["lent"]):
        assert told not in page


def test_staff_are_led_to_the_thing(app: Flask, world: World, labels: dict[str, str]):
    ada = person(app, world, "ada")
    answer = ada.get(f"/E/{labels['free']}")
    assert answer.status_code == 303
    assert ada.get(answer.headers["Location"]).headers["Location"] == f"/devices/{labels['free']}"


def test_an_administrator_without_the_register_sees_the_public_page(app: Flask, world: World, labels: dict[str, str]):
    assert person(app, world, "adam").get(f"/e/{labels['free']}").status_code == 200


def test_a_finder_leaves_a_message_and_is_thanked(app: Flask, world: World, labels: dict[str, str]):
    finder = anyone(app)
    answer = finder.post(f"/e/{labels['free']}", form={"words": "Trouvé au parc", "contact": "06 39 98 00 00"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/thanks")
    with app.app_context():
        note = session().query(FoundNote).one()
        assert (note.code, note.words, note.contact) == (labels["free"], "Trouvé au parc", "06 39 98 00 00")
    assert "Trouvé au parc" in person(app, world, "ada").get("/").text


def test_an_empty_message_says_what_to_do(app: Flask, world: World):
    assert anyone(app).post("/e/DCLBTRXN", form={"words": ""}).status_code == 422


def test_messages_cannot_flood_the_desk(app: Flask, world: World):
    finder = anyone(app)
    answers = [finder.post("/e/DCLBTRXN", form={"words": f"message {n}"}).status_code for n in range(12)]
    assert answers == [303] * 10 + [429] * 2


def test_a_message_dealt_with_leaves_nothing_of_the_finder(app: Flask, world: World):
    anyone(app).post("/e/DCLBTRXN", form={"words": "Trouvé", "contact": "06 39 98 00 00"})
    with app.app_context():
        number = session().query(FoundNote).one().id
    assert person(app, world, "ada").post(f"/notes/{number}/settle").status_code == 303
    with app.app_context():
        note = session().query(FoundNote).one()
        assert (note.contact, note.words) == (None, "")
        assert note.settled_at is not None
