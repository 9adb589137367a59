"""The key of an empty house: who holds it makes the first account, once."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cli.verifying import all_faults
from app.db import session
from app.history import Act
from app.people.models import Organisation, Person
from app.setup import keys
from tests.asking import Asker, anyone, rows
from tests.make import World

WISH = {"organisation": "Association des Trois Cités", "name": "Claire", "email": "Claire@Example.org"}
PASSWORD = "une belle phrase"


def key_of(app: Flask) -> str:
    with app.app_context():
        address = keys.address(app.config["SETTINGS"], "127.0.0.1", 5070)
    assert address is not None
    return parse_qs(urlsplit(address).query)["key"][0]


def found(asker: Asker, key: str, **over: object):
    return asker.post("/setup", json=WISH | {"key": key, "password": PASSWORD} | over)


@pytest.fixture
def agreed(app: Flask) -> Iterator[None]:
    """When the test ends, `flask verify` has nothing to say."""
    yield
    with app.app_context():
        assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_key_makes_the_first_account_and_signs_it_in(app: Flask, agreed: None):
    claire = anyone(app)
    assert "Votre structure" in claire.get(f"/setup?key={key_of(app)}").text
    answer = claire.post("/setup", form=WISH | {"key": key_of(app), "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/setup/centre")
    assert claire.get("/setup/centre").status_code == 200
    with app.app_context():
        [person] = session().scalars(select(Person))
        assert (person.email, [r.kind for r in person.roles]) == ("claire@example.org", ["administrator"])


@pytest.mark.parametrize("key", ["", "0" * 32, "é"])
def test_without_the_key_there_is_nothing_but_where_it_is_found(app: Flask, key: str):
    key_of(app)
    stranger = anyone(app)
    page = stranger.get("/setup", query_string={"key": key})
    assert "où Va-et-vient a été démarré" in page.text
    assert "<form" not in page.text
    answer = found(anyone(app, as_json=True), key)
    assert (answer.status_code, answer.json["error"]) == (409, "wrong_key")
    assert rows(app)["person"] == 0


def test_before_a_key_is_made_no_key_opens(app: Flask):
    assert found(anyone(app, as_json=True), "").json["error"] == "wrong_key"


def test_a_used_key_opens_nothing_and_its_file_is_gone(app: Flask):
    key = key_of(app)
    assert found(anyone(app, as_json=True), key).status_code == 200
    assert not (app.config["SETTINGS"].instance / keys.NAME).exists()
    again = found(anyone(app, as_json=True), key, email="other@example.org")
    assert (again.status_code, again.json["error"]) == (409, "already_set_up")
    assert anyone(app).get(f"/setup?key={key}").location.startswith("/sign-in")
    assert rows(app)["person"] == 1


def test_the_key_is_dead_when_a_person_comes_by_another_way(app: Flask, world: World):
    (app.config["SETTINGS"].instance / keys.NAME).write_text("a" * 32)
    assert found(anyone(app, as_json=True), "a" * 32).json["error"] == "already_set_up"
    with app.app_context():
        assert keys.address(app.config["SETTINGS"], "127.0.0.1", 5070) is None
    assert not (app.config["SETTINGS"].instance / keys.NAME).exists()


def test_the_key_is_made_once_and_its_owner_alone_reads_it(app: Flask):
    assert key_of(app) == key_of(app)
    file = app.config["SETTINGS"].instance / keys.NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_of_two_who_race_for_the_key_one_wins(app: Flask, agreed: None):
    key, start = key_of(app), Barrier(2)

    def race(name: str) -> tuple[int, str]:
        start.wait(10)
        answer = found(anyone(app, as_json=True), key, email=f"{name}@example.org")
        return answer.status_code, (answer.json or {}).get("error", "")

    with ThreadPoolExecutor(2) as two:
        did = sorted(two.map(race, ("one", "two")))
    assert did == [(200, ""), (409, "already_set_up")]
    assert rows(app)["person"] == rows(app)["organisation"] == 1


def test_the_same_form_sent_twice_makes_one_account_and_says_to_sign_in(app: Flask):
    wish = WISH | {"key": key_of(app), "password": PASSWORD, "id": "5b0c1f7e-9f5d-4a53-8f7e-0a1b2c3d4e5f"}
    assert anyone(app).post("/setup", form=wish).status_code == 303
    twice = anyone(app).post("/setup", form=wish)
    assert (twice.status_code, "/sign-in" in twice.text) == (409, True)
    with app.app_context():
        assert session().scalar(select(func.count()).select_from(Organisation)) == 1


def test_neither_the_password_nor_the_key_leaves_a_trace_in_the_journal(app: Flask):
    key, act = key_of(app), "5b0c1f7e-9f5d-4a53-8f7e-0a1b2c3d4e5f"
    found(anyone(app, as_json=True), key, id=act)
    with app.app_context():
        line = session().scalars(select(Act)).one()
        assert (line.kind, line.author, str(line.uuid)) == ("house_found", 0, act)
        assert "Claire" not in line.facts
    from app.people.forms import FoundHouse

    told = FoundHouse(**WISH, key=key, password=PASSWORD).wished()
    assert key not in told
    assert PASSWORD not in told


@pytest.mark.parametrize(("password", "code"), [("court", "weak_password"), ("claire@example.org", "weak_password")])
def test_a_weak_password_is_refused_and_the_key_stays_good(app: Flask, password: str, code: str):
    key = key_of(app)
    answer = found(anyone(app, as_json=True), key, password=password)
    assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (422, code, ["password"])
    assert found(anyone(app, as_json=True), key).status_code == 200


def test_the_address_is_the_public_one_when_there_is_one(app: Flask, make_app, settings):
    plain = make_app(settings, public_url="http://localhost:5070")
    with plain.app_context():
        for host, said in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")):
            assert (keys.address(plain.config["SETTINGS"], host, 5071) or "").startswith(f"http://{said}:5071/setup?")
    with app.app_context():
        assert (keys.address(app.config["SETTINGS"], "0.0.0.0", 1) or "").startswith("https://pret.example.org/setup?")


def test_the_sign_in_page_of_an_empty_house_leads_to_the_set_up(app: Flask):
    assert 'href="/setup"' in anyone(app).get("/sign-in").text
    found(anyone(app, as_json=True), key_of(app))
    assert 'href="/setup"' not in anyone(app).get("/sign-in").text
