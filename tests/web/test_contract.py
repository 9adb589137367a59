"""The contract for programs, line by line (design 5b). Nothing here may change its meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.db import WRITES, db, session, writing
from app.people import routes, secrets
from app.people.models import Person
from app.times import today
from tests.asking import JSON, Asker, anyone, lend_wish, person, program, rows, token_of
from tests.make import NOW, World, make_device, make_household, make_loan

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
CARD = {"code", "name", "model", "category", "serial_number", "state", "place", "owner", "due_on", "card"}


@pytest.fixture
def ada(app: Flask, world: World) -> Asker:
    return program(app, world, "ada")


@pytest.fixture
def things(app: Flask, world: World) -> list[str]:
    """Three laptops of Brebis, on the shelf."""
    with app.app_context():
        return [make_device(world).code for _ in range(3)]


@pytest.fixture
def home(app: Flask, world: World) -> str:
    with app.app_context():
        return make_household(world, "Famille Dupont-Test").code


# HTML and JSON at the same address


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html, application/json", "text/html"),
        ("application/json;q=0.5, text/html", "text/html"),
        ("application/pdf", "text/html"),
        ("application/json", JSON),
        ("application/json, text/plain, */*", JSON),
        ("application/json, */*;q=0.5", JSON),
        ("text/html;q=0.5, application/json", JSON),
    ],
)
def test_it_is_a_page_unless_json_is_preferred(app: Flask, world: World, accept: str | None, kind: str):
    ada = person(app, world, "ada")
    for path in ("/devices", "/households", "/loans", "/nowhere"):
        answer = ada.client.get(path, base_url="https://pret.example.org", headers={"Accept": accept} if accept else {})
        assert answer.mimetype == kind, (path, accept)


def test_json_sent_with_no_preference_is_answered_in_its_kind(app: Flask, world: World):
    ada = program(app, world, "ada", extra={"Accept": "*/*"})
    assert ada.post("/households", json={"name": "X-Test"}).mimetype == JSON


def test_every_personal_answer_varies_and_is_stored_nowhere(app: Flask, world: World, things: list[str], home: str):
    for one in (person(app, world, "ada"), program(app, world, "ada"), anyone(app)):
        for path in (
            "/",
            "/devices",
            f"/devices/{things[0]}",
            f"/households/{home}",
            "/loans",
            "/nowhere",
            "/help",
            "/sign-in",
        ):
            headers = one.get(path).headers
            assert headers["Vary"] == "Accept, Accept-Language, Cookie, Authorization", path
            assert headers["Cache-Control"] == "no-store", path


# Tokens and cookies


def test_a_token_is_judged_alone(app: Flask, world: World):
    ada = person(app, world, "ada", as_json=True)
    assert ada.get("/devices").status_code == 200
    for value in ("Bearer nonsense", "Bearer ", "Bearer", "Basic YWRhOng=", "nonsense", ""):
        for path in ("/devices", "/help", "/sign-in"):
            answer = ada.get(path, headers={"Authorization": value})
            assert (answer.status_code, answer.json["error"]) == (401, "sign_in"), (path, value)
    answer = ada.post("/households", json={"name": "X-Test"}, headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_a_good_token_needs_no_csrf_and_sets_no_cookie(app: Flask, world: World):
    answer = program(app, world, "ada").post("/households", json={"name": "X-Test"})
    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers


def test_a_token_beside_another_persons_cookie_acts_for_the_token_alone(app: Flask, world: World):
    zoe = person(app, world, "zoe", as_json=True, extra={"Authorization": f"Bearer {token_of(app, world, 'ada')}"})
    zoe.csrf = ""
    code = zoe.post("/households", json={"name": "X-Test"}).json["code"]
    assert program(app, world, "ada").get(f"/households/{code}").status_code == 200
    assert program(app, world, "zoe").get(f"/households/{code}").status_code == 404


def test_an_ended_token_opens_nothing(app: Flask, world: World):
    ada = program(app, world, "ada")
    with app.app_context(), writing():
        session().execute(text("UPDATE token SET ended_at = made_at"))
    assert ada.get("/devices").status_code == 401


def test_the_token_of_the_command_line_is_a_bearer(app: Flask, world: World):
    with app.app_context():
        said = app.test_cli_runner().invoke(args=["token", "ADA@example.org"])
        assert said.exit_code == 0
        assert app.test_cli_runner().invoke(args=["token", "nobody@example.org"]).exit_code != 0
    robot = Asker(app.test_client(use_cookies=False), token=said.output.strip(), as_json=True)
    assert robot.post("/households", json={"name": "X-Test"}).status_code == 201


def test_a_cookie_with_json_needs_the_csrf_token_in_the_header(app: Flask, world: World):
    ada, before = person(app, world, "ada", as_json=True), rows(app)
    good, ada.csrf = ada.csrf, ""
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "nonsense"}, {"X-CSRF-Token": "é"}):
        answer = ada.post("/households", json={"name": "X-Test", "csrf": good}, headers=headers)
        assert (answer.status_code, answer.json["error"]) == (403, "csrf")
    other = person(app, world, "zoe").csrf
    assert ada.post("/households", json={"name": "X-Test"}, headers={"X-CSRF-Token": other}).status_code == 403
    assert rows(app)["household"] == before["household"]
    assert ada.post("/households", json={"name": "X-Test"}, headers={"X-CSRF-Token": good}).status_code == 201


# id and occurred_at


def wishes(things: list[str], home: str) -> list[tuple[str, Callable[[], dict[str, Any]], dict[str, Any]]]:
    """(address, a right body, what makes it another content)."""
    return [
        ("/households", lambda: {"name": "X-Test", "contact": "06 39 98 01 43"}, {"name": "Y-Test"}),
        ("/loans", lambda: lend_wish(home, things[0]), {"due_on": (today() + timedelta(days=60)).isoformat()}),
        (
            "/returns",
            lambda: {"devices": [{"code": things[0]}]},
            {"devices": [{"code": things[0], "condition": "worn"}]},
        ),
        (f"/devices/{things[0]}/check", lambda: {"method": "remise à zéro"}, {"method": "autre"}),
        ("/codes", lambda: {"count": 2}, {"count": 3}),
    ]


def test_the_same_act_again_is_200_with_the_first_result(app: Flask, ada: Asker, things: list[str], home: str):
    for path, body, _other in wishes(things, home):
        wish = {"id": str(uuid4()), "occurred_at": datetime.now(UTC).isoformat()} | body()
        first, before = ada.post(path, json=wish), rows(app)
        again = ada.post(path, json=wish)
        assert first.status_code in {200, 201}, first.json
        assert (again.status_code, again.json) == (200, first.json), path
        assert rows(app) == before


def test_the_same_id_for_other_content_is_409_id_reused(app: Flask, ada: Asker, things: list[str], home: str):
    for path, body, other in wishes(things, home):
        wish = body() | {"id": str(uuid4())}
        assert ada.post(path, json=wish).status_code in {200, 201}
        before = rows(app)
        for changed in (wish | other, wish | {"occurred_at": "2026-01-05T10:00:00Z"}):
            answer = ada.post(path, json=changed)
            assert (answer.status_code, answer.json["error"]) == (409, "id_reused"), path
        assert rows(app) == before


def test_the_same_id_at_another_address_is_409_id_reused(ada: Asker, things: list[str]):
    same = str(uuid4())
    assert ada.post("/households", json={"id": same, "name": "X-Test"}).status_code == 201
    model = {"maker": "HP", "name": "ProBook", "category": "laptop"}
    for path, body in (("/codes", {}), ("/models", model), (f"/devices/{things[0]}/check/undo", {})):
        answer = ada.post(path, json=body | {"id": same})
        assert (answer.status_code, answer.json["error"]) == (409, "id_reused"), path


def test_the_same_id_for_another_thing_at_the_same_kind_of_address_is_id_reused(
    app: Flask, world: World, ada: Asker, home: str
):
    with app.app_context():
        one, two = (str(make_loan(world, at=datetime.now(UTC)).uuid) for _ in range(2))
    same = str(uuid4())
    assert ada.post(f"/loans/{one}/undo", json={"id": same}).status_code == 200
    answer = ada.post(f"/loans/{two}/undo", json={"id": same})
    assert (answer.status_code, answer.json["error"]) == (409, "id_reused")
    assert ada.get(f"/loans/{two}").json["state"] == "open"


def test_anothers_id_is_409_id_taken_and_tells_nothing(
    app: Flask, world: World, ada: Asker, things: list[str], home: str
):
    wish = lend_wish(home, things[0])
    assert ada.post("/loans", json=wish).status_code == 201
    for who in ("mia", "zoe"):
        answer = program(app, world, who).post("/loans", json=wish)
        assert (answer.status_code, answer.json["error"]) == (409, "id_taken")
        assert "Dupont" not in answer.text


def test_a_refused_act_is_not_remembered(app: Flask, world: World, ada: Asker, things: list[str], home: str):
    wish = lend_wish(home, things[0])
    refused = ada.post("/loans", json=wish | {"due_on": "2020-01-01"})
    assert (refused.status_code, refused.json["error"]) == (409, "due_in_past")
    assert ada.post("/loans", json=wish).status_code == 201


def test_the_acts_id_is_the_loans_id(ada: Asker, things: list[str], home: str):
    wish = lend_wish(home, things[0])
    answer = ada.post("/loans", json=wish)
    assert answer.json["id"] == wish["id"]
    assert answer.headers["Location"] == f"/loans/{wish['id']}"


def test_a_write_without_id_gets_one(ada: Asker, things: list[str], home: str):
    wish = lend_wish(home, things[0])
    del wish["id"]
    assert UUID(ada.post("/loans", json=wish).json["id"]).version == 4


def test_it_happened_when_the_caller_says(ada: Asker, things: list[str], home: str):
    answer = ada.post("/loans", json=lend_wish(home, things[0], occurred_at="2026-11-20T11:00:00+01:00"))
    assert answer.json["lent_at"].startswith("2026-11-20T10:00:00")
    assert RFC3339.fullmatch(answer.json["lent_at"])


def test_a_moment_ahead_or_without_zone_is_422(app: Flask, ada: Asker, things: list[str], home: str):
    before = rows(app)
    for moment, field in (
        ("2026-11-20T11:00:00", True),
        ("nonsense", True),
        ((datetime.now(UTC) + timedelta(days=3)).isoformat(), False),
    ):
        answer = ada.post("/loans", json=lend_wish(home, things[0], occurred_at=moment))
        assert answer.status_code == 422
        assert ("occurred_at" in answer.json["fields"]) is field
    assert rows(app) == before


# Lists


@pytest.fixture
def many(app: Flask, world: World) -> int:
    """Enough of everything for three small pages."""
    with app.app_context():
        for _ in range(7):
            make_loan(world, at=datetime.now(UTC))
    return 7


def test_a_list_is_items_and_next(ada: Asker, many: int):
    for path in ("/devices", "/households", "/loans"):
        answer = ada.get(path).json
        assert set(answer) == {"items", "next"}
        assert (len(answer["items"]), answer["next"]) == (many, None), path


def test_next_leads_over_every_item_once(ada: Asker, many: int):
    for path in ("/devices?limit=3&here=1", "/households?limit=3&q=Foyer", "/loans?limit=3&state=open"):
        pages = list(_pages(ada, path))
        whole = ada.get(path.replace("limit=3", "limit=200")).json["items"]
        assert [len(page) for page in pages] == [3, 3, 1]
        assert [item for page in pages for item in page] == whole


def _pages(one: Asker, path: str | None) -> Iterator[list[dict[str, Any]]]:
    while path:
        answer = one.get(path).json
        yield answer["items"]
        path = answer["next"]


@pytest.mark.parametrize(
    "word",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "page=2",
        "limit=5&nonsense=1",
        "after=x",
        "sort=colour",
    ],
)
def test_an_odd_or_unknown_word_of_the_address_is_422_and_named(ada: Asker, word: str):
    for path in ("/devices", "/households", "/loans"):
        answer = ada.get(f"{path}?{word}")
        assert (answer.status_code, answer.json["error"]) == (422, "invalid"), path
        assert set(answer.json["fields"]) == {word.rpartition("&")[2].partition("=")[0]}


def test_limits_are_one_to_two_hundred_and_fifty_by_itself(app: Flask, ada: Asker, world: World):
    with app.app_context():
        for n in range(52):
            make_household(world, f"Foyer {n}-Test")
    assert [
        len(ada.get(path).json["items"]) for path in ("/households", "/households?limit=1", "/households?limit=200")
    ] == [50, 1, 52]


def test_a_word_said_twice_means_the_same_on_every_page(ada: Asker, many: int):
    """`next` repeats what the first page understood."""
    pages = list(_pages(ada, "/devices?limit=3&limit=2"))
    assert {len(page) for page in pages[:-1]} == {len(pages[0])}


def test_q_searches_without_accents_or_case(ada: Asker, home: str, things: list[str]):
    assert ada.post("/households", json={"name": "Élodie Bœuf-Test", "contact": "06 39 98 01 77"}).status_code == 201
    for q in ("elodie", "ÉLODIE", "boeuf", "bœuf", "98 01 77", "0639980177"):
        assert [h["name"] for h in ada.get("/households", query_string={"q": q}).json["items"]] == [
            "Élodie Bœuf-Test"
        ], q
    assert ada.get("/households?q=%25").json["items"] == []
    assert [d["code"] for d in ada.get(f"/devices?q={things[1]}").json["items"]] == [things[1]]


# Kinds of values


def test_times_days_and_money_are_written_one_way(app: Flask, world: World, ada: Asker, many: int):
    loan = ada.get("/loans").json["items"][0]
    assert RFC3339.fullmatch(loan["lent_at"])
    assert date.fromisoformat(loan["due_on"]).isoformat() == loan["due_on"]
    schema = ada.get("/openapi.json").json["components"]["schemas"]
    money = {
        name
        for model in schema.values()
        for name in model.get("properties", {})
        if "euro" in name or "price" in name or "value" in name
    } - {"value"}  # by itself: what stands in a field of a card
    assert all(name.endswith("_cents") for name in money)


def test_an_amount_is_an_integer_of_cents(app: Flask, world: World, ada: Asker):
    body = {"name": "X", "model": world.models["laptop"], "owner": world.organisations["acsm"], "serial_number": "S1"}
    for value in (1.5, "12,50", -1, 10**12):
        answer = ada.post("/devices", json=body | {"stated_value_cents": value})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["stated_value_cents"]), value
    assert ada.post("/devices", json=body | {"stated_value_cents": 82680}).status_code == 201


# 201


def test_a_201_has_a_location_and_the_object_as_its_get_shows_it(
    app: Flask, world: World, ada: Asker, things: list[str], home: str
):
    card = {"name": "X", "model": world.models["laptop"], "owner": world.organisations["acsm"], "serial_number": "S1"}
    for path, body in (
        ("/households", {"name": "X-Test", "contact": "06 39 98 01 43", "language": "ar"}),
        ("/models", {"maker": "HP", "name": "ProBook", "category": "laptop"}),
        ("/devices", card),
        ("/loans", lend_wish(home, things[0], things[1])),
        ("/returns", {"devices": [{"code": things[0], "condition": "incomplete", "missing": ["chargeur"]}]}),
    ):
        made = ada.post(path, json=body)
        assert made.status_code == 201, made.json
        shown = ada.get(made.headers["Location"])
        assert (shown.status_code, shown.json) == (200, made.json), path


# Refusals


def refusals(things: list[str], home: str, lent: str) -> list[tuple[int, str, str, str, dict[str, Any]]]:
    lend = lend_wish(home, things[0])
    plain = {"data": "x", "content_type": "text/plain"}
    large = {"data": "name=" + "x" * 600_000, "content_type": "application/x-www-form-urlencoded"}
    return [
        (400, "bad_request", "POST", "/loans", {"data": "{", "content_type": JSON}),
        (403, "forbidden", "GET", "/staff", {}),
        (404, "not_found", "GET", "/households/FBBBBBBB", {}),
        (404, "not_found", "GET", "/devices/DBBBBBBB", {}),
        (404, "not_found", "GET", "/loans/nonsense", {}),
        (404, "not_found", "GET", "/nowhere", {}),
        (405, "method_not_allowed", "DELETE", "/devices", {}),
        (406, "not_acceptable", "GET", "/lend", {}),
        (409, "already_on_loan", "POST", "/loans", {"json": lend | {"devices": [lent]}}),
        (409, "due_in_past", "POST", "/loans", {"json": lend | {"due_on": "2020-01-01"}}),
        (409, "not_on_loan", "POST", "/returns", {"json": {"devices": [{"code": things[0]}]}}),
        (409, "not_to_check", "POST", f"/devices/{things[0]}/check", {"json": {"method": "x"}}),
        (413, "too_large", "POST", "/households", large),
        (415, "unsupported_media_type", "POST", "/loans", plain),
        (415, "unsupported_media_type", "POST", "/returns", plain),
        (422, "invalid", "POST", "/loans", {"json": {}}),
        (422, "invalid", "POST", "/households", {"json": {"name": " "}}),
    ]  # fmt: skip


def test_a_refusal_is_error_message_and_fields(app: Flask, world: World, ada: Asker, things: list[str], home: str):
    with app.app_context():
        lent = make_loan(world).lines[0].device.code
    for status, code, method, path, sent in refusals(things, home, lent):
        answer = ada.ask(method, path, **sent)
        assert (answer.status_code, answer.json["error"]) == (status, code), (method, path)
        assert set(answer.json) == {"error", "message", "fields"}
        assert answer.json["message"].strip()
        assert all(isinstance(sentence, str) and sentence for sentence in answer.json["fields"].values())


def test_signed_in_by_nothing_is_401_sign_in(app: Flask, world: World):
    for method, path in (("GET", "/devices"), ("POST", "/loans"), ("GET", "/labels.pdf")):
        answer = anyone(app, as_json=True).ask(method, path)
        assert (answer.status_code, answer.json["error"], answer.json["fields"]) == (401, "sign_in", {})


def test_405_says_what_is_allowed(ada: Asker):
    assert {"GET", "POST"} <= set(ada.ask("DELETE", "/devices").headers["Allow"].replace(" ", "").split(","))


def test_text_sent_with_a_cookie_is_415_too(app: Flask, world: World):
    ada = person(app, world, "ada", as_json=True)
    answer = ada.ask("POST", "/loans", data="x", content_type="text/plain", headers={"X-CSRF-Token": ada.csrf})
    assert answer.status_code == 415


def test_429_says_when_to_come_back(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(routes, "now", lambda: NOW)  # no quarter of an hour begins meanwhile
    one = anyone(app, as_json=True)
    answers = [one.post("/sign-in", json={"email": "ada@example.org", "password": "wrong"}) for _ in range(11)]
    assert [a.status_code for a in answers] == [422] * 10 + [429]
    assert (answers[-1].json["error"], answers[-1].headers["Retry-After"]) == ("too_many", "900")
    page = anyone(app).post("/sign-in", form={"email": "ada@example.org", "password": "wrong"})
    assert (page.status_code, page.headers["Retry-After"]) == (429, "900")


def test_a_lock_held_too_long_is_503_with_retry_after(
    app: Flask, make_app: Callable[..., Flask], settings: Any, world: World, home: str
):
    hurried = make_app(settings, busy_seconds=0.2)
    ada, before = program(hurried, world, "ada"), rows(app)
    with app.app_context():
        held = db.engine.connect().execution_options(**WRITES)
        with held, held.begin():
            held.execute(text("UPDATE household_identity SET seen_at = seen_at"))
            answer = ada_asks(ada, home)
        assert (answer.status_code, answer.json["error"], answer.headers["Retry-After"]) == (503, "busy", "3")
    assert rows(app) == before
    assert ada_asks(ada, home).status_code == 200


def ada_asks(ada: Asker, home: str) -> Any:
    """From a thread of its own, so that it does not share this test's app context."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        wish = {"name": "Autre-Test", "id": "8f0f5e6e-3c09-4c25-9c43-2cbb1ffb2a11"}
        return pool.submit(lambda: ada.post(f"/households/{home}/edit", json=wish)).result()


# Several things at once


def test_several_things_are_all_or_nothing_and_fields_names_the_culprit(
    app: Flask, world: World, ada: Asker, things: list[str], home: str
):
    with app.app_context():
        lent = make_loan(world).lines[0].device.code
        elsewhere = make_device(world, by="zoe").code
    before = rows(app)
    for bad, code in (
        (lent, "already_on_loan"),
        (elsewhere, "not_here"),
        ("DCLBTRXN", "device_unknown"),
        (things[0], "not_available"),
    ):
        answer = ada.post("/loans", json=lend_wish(home, things[0], bad))
        assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (409, code, ["devices.1"])
    answer = ada.post("/loans", json=lend_wish(home, things[0], "nonsense"))
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["devices.1"])
    for bad, code in (
        (things[0], "not_on_loan"),
        (elsewhere, "not_here"),
        ("DCLBTRXN", "device_unknown"),
        (lent, "not_on_loan"),
    ):
        answer = ada.post("/returns", json={"devices": [{"code": lent}, {"code": bad}]})
        assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (409, code, ["devices.1"])
    answer = ada.post("/returns", json={"devices": [{"code": lent}, {"code": lent, "condition": "broken"}]})
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["devices.1.condition"])
    assert rows(app) == before
    assert ada.get(f"/devices/{things[0]}").json["state"] == "available"


# Devices


def test_a_devices_card(app: Flask, world: World, ada: Asker, things: list[str]):
    shown = ada.get(f"/devices/{things[0]}").json
    listed = {d["code"]: d for d in ada.get("/devices").json["items"]}
    assert set(shown) == CARD
    assert listed[things[0]] == shown | {"card": None}, "a list tells less than the thing's own address"
    assert (shown["state"], shown["model"], shown["category"], shown["owner"], shown["due_on"]) == (
        "available",
        "Lenovo ThinkPad L14",
        "laptop",
        "ACSM",
        None,
    )
    assert (shown["place"]["kind"], shown["place"]["name"]) == ("centre", "Cité des Brebis")


def test_a_code_is_read_however_it_is_typed(ada: Asker, things: list[str]):
    code = things[0]
    for typed in (code.lower(), f"{code[:4]}-{code[4:]}", f"{code[:4]}%20{code[4:]}"):
        assert ada.get(f"/devices/{typed}").json["code"] == code


def test_the_states_a_list_can_be_asked_for(ada: Asker, things: list[str]):
    states = (
        "available on_loan to_check in_repair in_transit with_staff with_partner on_outing lost stolen retired gone"
    )
    found = {state: len(ada.get(f"/devices?state={state}").json["items"]) for state in states.split()}
    assert (found.pop("available"), set(found.values())) == (3, {0})
    assert ada.get("/devices?state=free").status_code == 422


def test_a_thing_goes_out_comes_back_is_checked_and_is_free(ada: Asker, things: list[str], home: str):
    def now() -> tuple[str, str, str | None]:
        shown = ada.get(f"/devices/{things[0]}").json
        return shown["state"], shown["place"]["kind"], shown["due_on"]

    loan = ada.post("/loans", json=lend_wish(home, things[0])).json
    assert now() == ("on_loan", "household", loan["due_on"])
    later = (today() + timedelta(days=60)).isoformat()
    assert ada.post(f"/loans/{loan['id']}/extend", json={"due_on": later}).json["due_on"] == later
    assert now() == ("on_loan", "household", later)
    back = ada.post(
        "/returns", json={"devices": [{"code": things[0], "condition": "incomplete", "missing": ["chargeur"]}]}
    )
    assert back.json["devices"] == [
        {
            "code": things[0],
            "name": back.json["devices"][0]["name"],
            "state": "to_check",
            "condition": "incomplete",
            "missing": ["chargeur"],
            "points": [],
        }
    ]
    assert now() == ("to_check", "centre", None)
    assert ada.get(f"/loans/{loan['id']}").json["state"] == "closed"
    answer = ada.post("/loans", json=lend_wish(home, things[0]))
    assert (answer.status_code, answer.json["error"]) == (409, "not_available")
    answer = ada.post(f"/devices/{things[0]}/check", json={})
    assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (
        422,
        "method_missing",
        ["method"],
    )
    assert ada.post(f"/devices/{things[0]}/check", json={"method": "effacé"}).json["state"] == "available"
    assert now() == ("available", "centre", None)


def test_a_household_as_a_place_is_told_to_its_own_centre_alone(
    app: Flask, world: World, ada: Asker, things: list[str], home: str
):
    assert ada.post("/loans", json=lend_wish(home, things[0])).status_code == 201
    hidden = {"kind": "household", "code": None, "name": None}
    shown = {"kind": "household", "code": home, "name": "Famille Dupont-Test"}
    assert ada.get(f"/devices/{things[0]}").json["place"] == shown
    assert [d["place"] for d in ada.get("/devices?state=on_loan").json["items"]] == [shown]
    for who in ("zoe", "finn", "coco", "alma"):
        one = program(app, world, who)
        assert one.get(f"/devices/{things[0]}").json["place"] == hidden, who
        assert [d["place"] for d in one.get("/devices?state=on_loan").json["items"]] == [hidden], who


# Loans


def test_loans_are_open_late_or_closed(app: Flask, world: World, ada: Asker):
    with app.app_context():
        made = {
            "open": str(make_loan(world, at=datetime.now(UTC)).uuid),
            "late": str(
                make_loan(world, at=datetime.now(UTC) - timedelta(days=40), due_on=today() - timedelta(days=5)).uuid
            ),
        }
    gone = ada.post("/loans", json=lend_wish(*_fresh(app, world))).json["id"]
    assert ada.post(f"/loans/{gone}/undo", json={}).json["state"] == "closed"
    found = {
        state: [loan["id"] for loan in ada.get(f"/loans?state={state}").json["items"]]
        for state in ("open", "late", "closed")
    }
    assert found == {"open": [made["late"], made["open"]], "late": [made["late"]], "closed": [gone]}
    assert len(ada.get("/loans").json["items"]) == 3
    assert ada.get(f"/loans/{made['late']}").json["state"] == "late"


def _fresh(app: Flask, world: World) -> tuple[str, str]:
    with app.app_context():
        return make_household(world).code, make_device(world).code


def test_an_undone_loan_leaves_the_thing_free(ada: Asker, things: list[str], home: str):
    loan = ada.post("/loans", json=lend_wish(home, *things)).json
    assert ada.post(f"/loans/{loan['id']}/undo").status_code == 200, "no body is needed"
    assert {d["state"] for d in ada.get("/devices").json["items"]} == {"available"}
    answer = ada.post(f"/loans/{loan['id']}/undo", json={})
    assert (answer.status_code, answer.json["error"]) == (409, "loan_closed")


def test_the_agreement_is_a_pdf_whatever_is_accepted(ada: Asker, things: list[str], home: str):
    loan = ada.post("/loans", json=lend_wish(home, *things)).json
    answer = ada.get(f"/loans/{loan['id']}/agreement.pdf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")


# Households


def test_two_fields_make_a_household(ada: Asker):
    made = ada.post("/households", json={"name": "Zoé Dupré-Test"})
    short = {"code": made.json["code"], "name": "Zoé Dupré-Test", "contact": "", "language": "fr"}
    assert made.json == made.json | short
    assert made.json["code"].startswith("F")
    for body, field in (
        ({"contact": "x"}, "name"),
        ({"name": "x", "language": "français"}, "language"),
        ({"name": "x", "age": 3}, "age"),
    ):
        answer = ada.post("/households", json=body)
        assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


# Labels


def test_up_to_two_hundred_labels_in_an_address_and_more_by_post(app: Flask, world: World, ada: Asker):
    made = [code for _ in range(3) for code in ada.post("/codes", json={"count": 70}).json["codes"]]
    assert len(set(made)) == 210
    answer = ada.get("/labels.pdf?codes=" + ",".join(made[:200]))
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    answer = ada.get("/labels.pdf?codes=" + ",".join(made[:201]))
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["codes"])
    answer = ada.post("/labels.pdf", json={"codes": made, "medium": "L7160", "start_at": 5})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")


def test_labels_say_which_code_is_unknown_and_which_sheet_is(ada: Asker, things: list[str]):
    for query, fields in (
        (f"codes={things[0]},DCLBTRXN", ["codes.1"]),
        ("codes=", []),
        (f"codes={things[0]}&medium=A4", ["medium"]),
        (f"codes={things[0]}&start_at=0", ["start_at"]),
        (f"codes={things[0]}&sheet=1", ["sheet"]),
    ):
        answer = ada.get(f"/labels.pdf?{query}")
        assert (answer.status_code, list(answer.json["fields"])) == (422, fields), query
    assert ada.get(f"/labels.pdf?codes={things[0]}&medium=L7160&start_at=99").status_code == 422


# Without sign-in


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_says_nothing_else(app: Flask, world: World, path: str):
    for one in (anyone(app), anyone(app, as_json=True), anyone(app, extra={"Authorization": "Bearer nonsense"})):
        answer = one.get(path)
        assert (answer.status_code, answer.json) == (200, {"ok": True})
        assert "Set-Cookie" not in answer.headers


def test_not_ready_when_the_database_does_not_answer(app: Flask, monkeypatch: pytest.MonkeyPatch):
    from app.portal import routes

    def broken() -> None:
        raise OSError("gone, with a secret path")

    monkeypatch.setattr(routes, "session", broken)
    answer = anyone(app).get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ok": False})
    assert anyone(app).get("/healthz").status_code == 200


# A form does the same as JSON


def test_the_form_of_a_page_does_what_the_json_does(app: Flask, world: World, things: list[str], home: str):
    ada, wish = person(app, world, "ada"), str(uuid4())
    form = {"id": wish, "household": home, "devices": things[:2], "due_on": (today() + timedelta(days=30)).isoformat()}
    for _ in range(2):  # a double click is one loan
        answer = ada.post("/loans", form=form)
        assert (answer.status_code, answer.location) == (303, f"/loans/{wish}")
    assert program(app, world, "ada").get(f"/loans/{wish}").json["devices"] == things[:2]
    back = {
        "devices.0.code": things[0],
        "devices.0.condition": "worn",
        "devices.1.code": things[1],
        "devices.1.missing[]": ["housse", ""],
    }
    answer = ada.post("/returns", form=back)
    assert answer.status_code == 303
    shown = program(app, world, "ada").get(answer.location).json["devices"]
    assert [(d["condition"], d["missing"]) for d in shown] == [("worn", []), ("incomplete", ["housse"])]


def test_a_field_emptied_in_a_form_is_empty(app: Flask, world: World, home: str):
    """The old value stands in the form; clearing it clears it."""
    ada = person(app, world, "ada")
    assert (
        ada.post(f"/households/{home}/edit", form={"name": "Dupont-Test", "contact": "", "language": "fr"}).status_code
        == 303
    )
    assert program(app, world, "ada").get(f"/households/{home}").json["contact"] == ""


def test_a_merge_sent_twice_is_one_merge(app: Flask, world: World, home: str):
    with app.app_context():
        double = make_household(world, "Famille Dupond-Test").code
    mia, wish = program(app, world, "mia"), {"id": str(uuid4()), "into": home}
    first, again = (mia.post(f"/households/{double}/merge", json=wish) for _ in range(2))
    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)
    assert first.json["code"] == home


def test_a_colleague_who_left_twice_left_once(app: Flask, world: World):
    mia, wish = program(app, world, "mia"), {"id": str(uuid4())}
    path = f"/staff/{world.people['ada']}/leave"
    first, again = mia.post(path, json=wish), mia.post(path, json=wish)
    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)


def test_passwords_are_never_in_an_answer(app: Flask, world: World):
    with app.app_context():
        kept = session().scalar(select(Person.password).where(Person.id == world.people["ada"]))
        assert kept is not None
        assert secrets.matches("une phrase pour essayer", kept)
    for who in ("mia", "adam"):
        for path in ("/staff", f"/staff/{world.people['ada']}", "/me"):
            for one in (person(app, world, who), program(app, world, who)):
                assert kept not in one.get(path).text
