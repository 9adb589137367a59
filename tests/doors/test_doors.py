"""Who opens what: every route, for every role, with its own centre's ids and with another's (design 3, Doors)."""

from __future__ import annotations

import difflib
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pypdfium2 as pdfium
import pytest
from flask import Flask
from sqlalchemy import select

from app.db import session, writing
from app.people import doors
from app.people.models import Person, Role, SignIn
from app.people.roles import RIGHTS
from app.times import today
from tests.asking import Asker, anyone, person, program, rows
from tests.doors.matrix import FILE, Line, answers, table
from tests.make import PASSWORD, World, make_device, make_household, make_loan
from tests.web.things import CONTACTS, NAMES, Place, filled, routes

PEOPLE = ("/households/", "/loans/", "/returns/", "/import/")  # what hangs on a household, or may name one
OPEN = {200, 303, 406, 422}


@pytest.mark.slow("every route for every role: a thousand requests")
def test_each_route_answers_each_role_as_the_table_says(app: Flask, world: World, places: dict[str, Place]):
    lines = list(answers(app, world, places))
    found, kept = table(lines), FILE.read_text(encoding="utf-8")
    difference = difflib.unified_diff(kept.splitlines(), found.splitlines(), "doors.txt", "the app", lineterm="", n=0)
    assert found == kept, "python -m tests.doors.matrix writes it anew; read what changed:\n" + "\n".join(difference)
    assert len(lines) > 90
    for line in lines:
        _check_promises(line)


def _check_promises(line: Line) -> None:
    """What no table may say, however it was written anew."""
    mine, theirs = ("ada", "odile", "mia"), ("zoe",)
    if line.door != "anyone":
        assert line.status["nobody"] == 401, line
    if line.method != "GET":
        assert line.status["alma"] in {401, 403} or line.door in {"anyone", "staff"}, line
    if line.rule.startswith(PEOPLE) and line.whose:
        allowed = mine if line.whose == "own" else theirs
        assert all(status in {401, 403, 404} for role, status in line.status.items() if role not in allowed), line


def test_another_centres_people_are_404_as_page_and_as_json_wherever_the_door_opens(
    app: Flask, world: World, places: dict[str, Place]
):
    askers = [person(app, world, "mia"), program(app, world, "mia"), program(app, world, "ada")]
    tried = 0
    for method, rule in routes(app):
        if rule.rule.startswith(PEOPLE) and rule.arguments:
            for one in askers:
                own = _opened(one, method, filled(rule, places["own"]))
                other = _opened(one, method, filled(rule, places["other"]))
                nowhere = _opened(one, method, _unknown(filled(rule, places["own"]), places["own"]))
                if own.status_code == 403:
                    continue
                tried += 1
                assert (other.status_code, nowhere.status_code) == (404, 404), (method, rule.rule)
                assert other.data == nowhere.data, f"{rule.rule} tells what is not there from what is not yours"
    assert tried > 40


def _opened(one: Asker, method: str, path: str):
    if method == "GET":
        return one.get(path)
    return one.post(path, form={"no such field": 1}) if one.csrf else one.post(path, json={"no such field": 1})


def _unknown(path: str, place: Place) -> str:
    for known, other in (
        (place.household, "FBBBBBBX"),
        (place.loan, place.event),
        (place.event, place.archive),
        (place.table, place.archive),
    ):
        if known in path:
            return path.replace(known, other)
    return path


@pytest.mark.slow("reads every page there is, four times")
def test_no_answer_of_any_route_holds_another_centres_people(app: Flask, world: World, places: dict[str, Place]):
    """Page, JSON, search, list, PDF: name and number of Zoé's household reach nobody of Brebis, nor above it."""
    other, words = places["other"], ("zanzibar-test", CONTACTS["other"][4:], places["other"].household)
    asked = [f"?q={w}&device={other.lent}&household={other.household}&codes={other.lent}" for w in words]
    askers = [person(app, world, role) for role in ("mia", "coco", "adam")] + [program(app, world, "mia")]
    for method, rule in routes(app):
        if method == "GET" and not rule.rule.startswith("/s/"):
            pages = {filled(rule, place) for place in places.values()}
            queries = [filled(rule, other) + query for query in asked] if "/<" not in rule.rule else []
            lists = (
                [f"{rule.rule}?q={word}" for word in words]
                if rule.rule in {"/households", "/loans", "/devices"}
                else []
            )
            for path in (*pages, *queries, *lists):
                for one in askers:
                    _check_silent(one.get(path), path)


def _check_silent(answer, what: object) -> None:
    data = _words_of(answer.data)
    for secret in ("Zanzibar", CONTACTS["other"], "06 39 98 77 77", "06\u00a039\u00a098\u00a077\u00a077"):
        assert secret not in data, what


def _words_of(data: bytes) -> str:
    """What an answer says, whatever it is wrapped in: a PDF, a workbook, the archive of the register."""
    if data.startswith(b"%PDF"):
        return _words_of_pdf(data)
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return data.decode(errors="replace")


def _words_of_pdf(data: bytes) -> str:
    document = pdfium.PdfDocument(BytesIO(data))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_the_search_above_does_find_ones_own_people(app: Flask, world: World, places: dict[str, Place]):
    """So that the silence above means something."""
    ada = program(app, world, "ada")
    assert [h["name"] for h in ada.get("/households?q=tourbillon").json["items"]] == [NAMES["own"]]
    assert "Tourbillon" in person(app, world, "ada").get("/households").text
    for path in (f"/loans/{places['own'].loan}/agreement.pdf", "/households.xlsx", "/loans.xlsx", "/register.zip"):
        assert "Tourbillon" in _words_of(ada.get(path).data), path
    assert [h["name"] for h in program(app, world, "zoe").get("/households?q=zanzibar").json["items"]] == [
        NAMES["other"]
    ]


def test_a_thing_lent_elsewhere_is_seen_but_not_whose_it_is_nor_touched(
    app: Flask, world: World, places: dict[str, Place]
):
    ada, before = program(app, world, "ada"), rows(app)
    lent = places["other"].lent
    seen = ada.get(f"/devices/{lent}").json
    assert (seen["state"], seen["place"]) == ("on_loan", {"kind": "household", "code": None, "name": None})
    answer = ada.post("/loans", json={"household": places["own"].household, "devices": [lent], "due_on": "2027-03-01"})
    assert (answer.status_code, answer.json["error"]) == (409, "not_here")
    answer = ada.post("/returns", json={"devices": [{"code": lent}]})
    assert (answer.status_code, answer.json["error"]) == (409, "not_here")
    answer = ada.post(
        "/loans", json={"household": places["other"].household, "devices": [places["own"].free], "due_on": "2027-03-01"}
    )
    assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (
        409,
        "household_unknown",
        ["household"],
    )
    assert rows(app) == before


def test_a_household_of_another_centre_is_not_merged_into(app: Flask, world: World, places: dict[str, Place]):
    mia, before = program(app, world, "mia"), rows(app)
    answer = mia.post(f"/households/{places['own'].household}/merge", json={"into": places["other"].household})
    assert answer.status_code in {404, 409}
    assert rows(app) == before


def test_every_route_carries_a_door(app: Flask):
    for endpoint, view in app.view_functions.items():
        assert view.door in doors.DOORS, endpoint


def test_the_house_does_not_start_with_a_route_without_door(app: Flask):
    app.view_functions["bare"] = lambda: ""
    with pytest.raises(RuntimeError, match="no door: bare"):
        doors.check_all(app)


def test_a_door_has_a_word_somebody_holds():
    with pytest.raises(ValueError, match="nonsense"):
        doors.door("nonsense")
    assert all("staff" in rights for rights in RIGHTS.values())


def test_nobody_signed_in_is_led_to_sign_in_and_back(app: Flask, world: World):
    answer = anyone(app).get("/devices?state=lost")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/devices?state%3Dlost")
    assert anyone(app).post("/loans", form={"household": "x"}).location == "/sign-in"


def test_a_manager_gives_no_role_beyond_the_centre_not_even_to_himself(app: Flask, world: World):
    mia = program(app, world, "mia")
    for role in ("administrator", "finance", "auditor", "coordinator"):
        for number in (world.people["mia"], world.people["ada"]):
            answer = mia.post(f"/staff/{number}/roles", json={"role": role})
            assert (answer.status_code, answer.json["error"], list(answer.json["fields"])) == (
                403,
                "forbidden",
                ["role"],
            )
        answer = mia.post("/staff", json={"name": "New", "email": f"{role}@example.com", "role": role})
        assert (answer.status_code, answer.json["error"]) == (403, "forbidden")
    with app.app_context():
        kinds = set(
            session().scalars(select(Role.kind).where(Role.person_id.in_([world.people["mia"], world.people["ada"]])))
        )
        assert kinds == {"manager", "front_desk"}
        assert session().scalar(select(Person.id).where(Person.email.like("%@example.com"))) is None


def test_a_manager_lifts_nobody_by_fields_the_house_does_not_know(app: Flask, world: World):
    mia = program(app, world, "mia")
    for extra in (
        {"roles": ["administrator"]},
        {"centre_id": world.centres["mqcv"]},
        {"administrator": True},
        {"password": "x"},
    ):
        answer = mia.post(f"/staff/{world.people['ada']}/roles", json={"role": "front_desk"} | extra)
        assert answer.status_code == 422
        assert mia.post("/me", json={"language": "en"} | extra).status_code == 422


@pytest.mark.parametrize("act", ["link", "leave", "roles"])
@pytest.mark.parametrize("who", ["adam", "zoe"])
def test_a_manager_does_not_reach_an_administrator_nor_another_centres_people(
    app: Flask, world: World, act: str, who: str
):
    mia, before = program(app, world, "mia"), rows(app)
    answer = mia.post(f"/staff/{world.people[who]}/{act}", json={"role": "front_desk"} if act == "roles" else {})
    assert answer.status_code == 404
    assert rows(app) == before


def test_a_manager_does_not_reset_an_administrator_who_also_works_here(app: Flask, world: World):
    with app.app_context(), writing() as s:
        s.add(Role(person_id=world.people["adam"], kind="front_desk", centre_id=world.centres["brebis"]))
        s.add(Role(person_id=world.people["odile"], kind="front_desk", centre_id=world.centres["mqcv"]))
    mia, before = program(app, world, "mia"), rows(app)
    for who in ("adam", "odile"):
        for act in ("link", "leave"):
            answer = mia.post(f"/staff/{world.people[who]}/{act}", json={})
            assert (answer.status_code, answer.json["error"]) == (403, "forbidden"), (who, act)
    assert rows(app) == before
    assert mia.post(f"/staff/{world.people['ada']}/link", json={}).status_code == 200


def test_an_administrator_may_what_a_manager_may_not(app: Flask, world: World):
    adam = program(app, world, "adam")
    assert adam.post(f"/staff/{world.people['zoe']}/link", json={}).status_code == 200
    assert adam.post(f"/staff/{world.people['mia']}/roles", json={"role": "administrator"}).status_code == 200
    assert program(app, world, "adam").get("/households").status_code == 403, "an administrator sees no people"


def test_a_role_ended_by_date_opens_nothing(app: Flask, world: World):
    cookie, token = person(app, world, "alma", as_json=True), program(app, world, "alma")
    assert (cookie.get("/devices").status_code, token.get("/devices").status_code) == (200, 200)
    _end_roles(app, world, "alma", days=0)
    assert cookie.get("/devices").status_code == 200, "its last day counts"
    _end_roles(app, world, "alma", days=-1)
    for method, rule in routes(app):
        view = app.view_functions[rule.endpoint]
        if view.door != "anyone" and not rule.arguments:
            for one in (cookie, token):
                answer = one.get(rule.rule) if method == "GET" else one.post(rule.rule, json={})
                assert answer.status_code in {401, 403}, (method, rule.rule)


def _end_roles(app: Flask, world: World, who: str, days: int) -> None:
    with app.app_context(), writing() as s:
        for role in s.scalars(select(Role).where(Role.person_id == world.people[who])):
            role.ends_on = today() + timedelta(days=days)


def test_a_person_who_left_is_out_at_the_next_request(app: Flask, world: World):
    cookie, token = person(app, world, "ada", as_json=True), program(app, world, "ada")
    assert (cookie.get("/devices").status_code, token.get("/devices").status_code) == (200, 200)
    assert program(app, world, "mia").post(f"/staff/{world.people['ada']}/leave", json={}).status_code == 200
    assert (cookie.get("/devices").status_code, token.get("/devices").status_code) == (401, 401)
    answer = anyone(app, as_json=True).post("/sign-in", json={"email": "ada@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.json["error"]) == (422, "sign_in_failed")


def test_a_role_taken_away_is_gone_at_the_next_request(app: Flask, world: World):
    ada = person(app, world, "ada", as_json=True)
    assert ada.get("/households").status_code == 200
    with app.app_context(), writing() as s:
        s.delete(s.scalars(select(Role).where(Role.person_id == world.people["ada"])).one())
    assert ada.get("/households").status_code == 403


def test_a_person_of_two_centres_sees_people_of_the_one_they_are_at(app: Flask, world: World, places: dict[str, Place]):
    with app.app_context(), writing() as s:
        s.add(Role(person_id=world.people["ada"], kind="front_desk", centre_id=world.centres["mqcv"]))
    ada = person(app, world, "ada", as_json=True)
    assert set(NAMES.values()) & {h["name"] for h in ada.get("/households").json["items"]} == {NAMES["own"]}
    assert ada.post("/me/centre", json={"centre": world.centres["mqcv"]}).status_code == 200
    assert set(NAMES.values()) & {h["name"] for h in ada.get("/households").json["items"]} == {NAMES["other"]}
    assert ada.get(f"/loans/{places['own'].loan}").status_code == 404


def test_nobody_switches_to_a_centre_they_do_not_work_at(app: Flask, world: World):
    ada = person(app, world, "ada", as_json=True)
    answer = ada.post("/me/centre", json={"centre": world.centres["mqcv"]})
    assert answer.status_code == 404
    assert ada.get("/households").json["items"] == []


def test_nobody_ends_anothers_session(app: Flask, world: World, places: dict[str, Place]):
    zoe = person(app, world, "zoe", as_json=True)
    with app.app_context():
        number = session().scalar(select(SignIn.id).order_by(SignIn.id.desc()).limit(1))
    person(app, world, "ada").post(f"/me/sessions/{number}/end")
    assert zoe.get("/devices").status_code == 200


def test_the_list_of_loans_searches_ones_own_people_alone(app: Flask, world: World):
    """Two households of the same name in two centres: each desk finds its own."""
    homes = {}
    with app.app_context():
        for who in ("ada", "zoe"):
            home = make_household(world, "Homonyme-Test", by=who)
            make_loan(world, make_device(world, by=who), household=home, by=who)
            homes[who] = home.code
    for who, code in homes.items():
        assert [loan["household"] for loan in program(app, world, who).get("/loans?q=homonyme").json["items"]] == [code]
