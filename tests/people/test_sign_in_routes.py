"""Signing in and out, forgotten passwords, and the desk that colleagues share: as a browser meets them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.db import session, writing
from app.mail import Letter
from app.people import routes, secrets
from app.people.models import Person, Reset, Role, SignIn, Token
from tests.asking import BASE, Asker, anyone, person, program, rows
from tests.make import NOW, PASSWORD, World

PIN = "2468"
GOOD = {"email": "ada@example.org", "password": PASSWORD}


def cookie(one: Asker, name: str = "sid") -> str:
    found = one.client.get_cookie(f"__Host-{name}", domain="pret.example.org")
    return found.value if found else ""


def holding(app: Flask, value: str, name: str = "sid") -> Asker:
    """Somebody else with that cookie: stolen, or the same PC another day."""
    one = anyone(app)
    one.client.set_cookie(f"__Host-{name}", value, domain="pret.example.org", secure=True)
    return one


# In


def test_the_right_password_signs_in(app: Flask, world: World):
    one = anyone(app)
    assert one.get("/devices").status_code == 303
    answer = one.post("/sign-in", form=GOOD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert one.get("/devices").status_code == 200


def test_the_address_may_be_written_in_capitals_and_with_blanks(app: Flask, world: World):
    assert anyone(app).post("/sign-in", form=GOOD | {"email": " Ada@Example.ORG "}).status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"email": "nobody@example.org"}, {"password": PASSWORD.upper()}]
)
def test_a_wrong_password_and_an_unknown_address_are_told_the_same(app: Flask, world: World, wrong: dict[str, str]):
    answer = anyone(app, as_json=True).post("/sign-in", json=GOOD | wrong)
    assert (answer.status_code, answer.json["error"], answer.json["fields"]) == (422, "sign_in_failed", {})
    assert (
        answer.json["message"]
        == anyone(app, as_json=True).post("/sign-in", json={"email": "x@x.xx", "password": "y"}).json["message"]
    )
    assert "Set-Cookie" not in answer.headers


def test_the_password_is_never_drawn_again(app: Flask, world: World):
    page = anyone(app).post("/sign-in", form=GOOD | {"password": "a-wrong-secret"}).text
    assert "ada@example.org" in page
    assert "a-wrong-secret" not in page


def test_ten_wrong_tries_close_the_address_even_to_the_right_password(app: Flask, world: World):
    for n in range(10):
        assert anyone(app, as_json=True).post("/sign-in", json=GOOD | {"password": f"wrong {n}"}).status_code == 422
    for form in (GOOD, GOOD | {"email": "ADA@example.org"}):
        answer = anyone(app, as_json=True).post("/sign-in", json=form)
        assert (answer.status_code, answer.json["error"]) == (429, "too_many")
    assert anyone(app).post("/sign-in", form=GOOD | {"email": "mia@example.org"}).status_code == 303


def test_a_hundred_addresses_from_one_place_are_too_many(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secrets, "matches", lambda *_both: False)  # 26 ms each otherwise
    monkeypatch.setattr(routes, "now", lambda: NOW)  # no quarter of an hour begins meanwhile
    one = anyone(app, as_json=True)
    found = [one.post("/sign-in", json={"email": f"p{n}@example.org", "password": "x"}).status_code for n in range(101)]
    assert (set(found[:100]), found[100]) == ({422}, 429)


def test_tries_are_counted_though_nothing_else_is_written(app: Flask, world: World):
    before = rows(app)
    anyone(app).post("/sign-in", form=GOOD | {"password": "wrong"})
    assert rows(app) == before


INSIDE = ("/devices", "/devices?state=lost", "/loans/x?y=/z", "/e/DCLBTRXN")
OUTSIDE = (
    "//evil.example", "https://evil.example", "http:evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "\t//evil.example", " //evil.example", "//evil.example/%2f..", "/\u200e/evil.example",
    "javascript:alert(1)", "evil.example", "///evil.example", "https:///evil.example", "//[", "http://[",
    "/..//evil.example", "", "/\r\nLocation: https://evil.example", "@evil.example",
)  # fmt: skip


@pytest.mark.parametrize("wished", INSIDE)
def test_one_goes_on_to_where_one_was_going(app: Flask, world: World, wished: str):
    assert anyone(app).post("/sign-in", form=GOOD | {"next": wished}).location == wished


@pytest.mark.parametrize("wished", OUTSIDE)
def test_one_never_leaves_the_house_by_signing_in(app: Flask, world: World, wished: str):
    for answer in (
        anyone(app).post("/sign-in", form=GOOD | {"next": wished}),
        anyone(app).ask("POST", "/sign-in", query_string={"next": wished}, data=GOOD),
    ):
        assert answer.status_code == 303
        where = re.sub(r"[\t\r\n]", "", answer.location)  # as browsers read it
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))
        parts = urlsplit(where)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert "\n" not in answer.location


def test_each_sign_in_is_a_session_of_its_own(app: Flask, world: World):
    one = anyone(app)
    one.post("/sign-in", form=GOOD)
    first = cookie(one)
    one.post("/sign-in", form=GOOD | {"csrf": _csrf(one, "/me")})
    assert cookie(one) not in {"", first}


def _csrf(one: Asker, path: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', one.get(path).text)
    return found[1] if found else ""


def test_the_database_knows_no_cookie_nor_token(app: Flask, world: World):
    one = anyone(app)
    one.post("/sign-in", form=GOOD)
    robot = program(app, world, "ada")
    with app.app_context():
        kept = [*session().scalars(select(SignIn.token_hash)), *session().scalars(select(Token.token_hash))]
    assert cookie(one) not in kept
    assert robot.token not in kept
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in kept)


def test_a_session_ends_by_itself_after_twelve_hours(app: Flask, world: World):
    one = anyone(app)
    one.post("/sign-in", form=GOOD)
    with app.app_context():
        row = session().scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        assert row is not None
        assert row.ends_at - row.began_at == timedelta(hours=12)
        with writing():
            session().execute(update(SignIn).values(ends_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert one.get("/devices").status_code == 303


# Out


@pytest.mark.parametrize("door", ["/sign-out", "/station/lock"])
def test_signing_out_ends_the_session_in_the_database_so_a_stolen_cookie_is_dead(app: Flask, world: World, door: str):
    ada = person(app, world, "ada")
    stolen = holding(app, cookie(ada))
    assert stolen.get("/devices").status_code == 200
    assert ada.post(door).location == "/sign-in"
    assert cookie(ada) == ""
    assert stolen.get("/devices").status_code == 303
    with app.app_context():
        assert session().scalars(select(SignIn.ended_at).order_by(SignIn.id.desc())).first() is not None


def test_signing_out_never_pretends(app: Flask, world: World):
    """Something odd in the form: then the session is not ended, and one is told so, with the cookie still there."""
    ada = person(app, world, "ada")
    assert ada.post("/sign-out", form={"odd": "1"}).status_code == 422
    assert ada.get("/devices").status_code == 200


def test_one_session_of_several_can_be_ended(app: Flask, world: World):
    here, there = person(app, world, "ada"), person(app, world, "ada")
    with app.app_context():
        number = session().scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    assert here.post(f"/me/sessions/{number}/end").status_code == 303
    assert (here.get("/devices").status_code, there.get("/devices").status_code) == (200, 303)


def test_a_new_password_ends_every_other_session_and_token(app: Flask, world: World):
    here, there, robot = person(app, world, "ada"), person(app, world, "ada"), program(app, world, "ada")
    wrong = here.post("/me/password", form={"old": "wrong", "password": "une autre phrase"})
    assert wrong.status_code == 422
    assert here.post("/me/password", form={"old": PASSWORD, "password": "une autre phrase"}).status_code == 303
    assert [one.get("/devices").status_code for one in (here, there, robot)] == [200, 303, 401]
    assert anyone(app).post("/sign-in", form=GOOD).status_code == 422
    assert anyone(app).post("/sign-in", form=GOOD | {"password": "une autre phrase"}).status_code == 303


@pytest.mark.parametrize("weak", ["short", "ada@example.org", "x" * 257, ""])
def test_a_weak_password_is_refused_beside_its_field(app: Flask, world: World, weak: str):
    answer = person(app, world, "ada", as_json=True).post("/me/password", json={"old": PASSWORD, "password": weak})
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["password"])


# Forgotten


def test_forgot_says_the_same_whatever_the_address(app: Flask, world: World):
    with app.app_context(), writing() as s:
        s.get_one(Person, world.people["zoe"]).left_at = datetime.now(UTC)
    found = []
    for email in ("ada@example.org", "nobody@example.org", "zoe@example.org", "not an address"):
        for as_json in (False, True):
            one = anyone(app, as_json=as_json)
            answer = (
                one.post("/forgot", json={"email": email}) if as_json else one.post("/forgot", form={"email": email})
            )
            after = b"" if as_json else re.sub(rb'value="[0-9a-f-]{36}"', b"", one.get("/sign-in").data)
            found.append((as_json, answer.status_code, answer.data, answer.location, after))
    assert len(set(found)) == 2
    with app.app_context():
        assert set(session().scalars(select(Letter.address))) == {"ada@example.org"}


def test_forgot_is_throttled_by_address_and_place(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(routes, "now", lambda: NOW)  # no quarter of an hour begins meanwhile
    one = anyone(app, as_json=True)
    for email in ("ada@example.org", "nobody@example.org"):
        assert [one.post("/forgot", json={"email": email}).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [one.post("/forgot", json={"email": f"p{n}@example.org"}).status_code for n in range(15)][-1] == 429
    assert rows(app)["letter"] == 3


def link_of(app: Flask) -> str:
    with app.app_context():
        words = session().scalars(select(Letter.words).order_by(Letter.id.desc())).first() or ""
    found = re.search(re.escape(BASE) + r"(/reset/[\w-]+)", words)
    assert found, words
    return found[1]


def test_the_letters_link_leads_to_the_public_address_and_works_once(app: Flask, world: World):
    anyone(app).post("/forgot", form={"email": "ada@example.org"}, headers={"Referer": "https://evil.example/"})
    link, before = link_of(app), person(app, world, "ada")
    assert anyone(app).get(link).status_code == 200
    assert anyone(app).get(link).status_code == 200, "looking does not use it up"
    assert anyone(app).post(link, form={"password": "court"}).status_code == 422, "nor does a refused try"
    assert anyone(app).post(link, form={"password": "une autre phrase"}).status_code == 303
    for again in (anyone(app).get(link), anyone(app).post(link, form={"password": "encore une phrase"})):
        assert again.status_code == 404
    assert anyone(app).post("/sign-in", form=GOOD | {"password": "une autre phrase"}).status_code == 303
    assert before.get("/devices").status_code == 303, "whoever was signed in is out"


def test_a_newer_password_makes_the_older_links_useless(app: Flask, world: World):
    for _ in range(2):
        anyone(app).post("/forgot", form={"email": "ada@example.org"})
    with app.app_context():
        old, new = [
            re.search(r"(/reset/[\w-]+)", w or "")[1]
            for w in session().scalars(select(Letter.words).order_by(Letter.id))
        ]  # type: ignore[index]
    assert anyone(app).post(new, form={"password": "une autre phrase"}).status_code == 303
    assert anyone(app).post(old, form={"password": "encore une phrase"}).status_code == 404


def test_a_link_is_too_old_after_a_day_and_dead_when_the_person_left(app: Flask, world: World):
    for who in ("ada", "odile"):
        anyone(app).post("/forgot", form={"email": f"{who}@example.org"})
    with app.app_context():
        links = [
            re.search(r"(/reset/[\w-]+)", w or "")[1]
            for w in session().scalars(select(Letter.words).order_by(Letter.id))
        ]  # type: ignore[index]
        with writing() as s:
            s.execute(update(Reset).where(Reset.person_id == world.people["ada"]).values(ends_at=datetime.now(UTC)))
            s.get_one(Person, world.people["odile"]).left_at = datetime.now(UTC)
    for link in (*links, "/reset/nonsense", "/reset/x%00y", "/reset/é"):
        assert anyone(app).get(link).status_code == 404, link
        assert anyone(app).post(link, form={"password": "une autre phrase"}).status_code == 404, link


def test_a_page_with_a_secret_in_its_address_passes_it_on_to_nobody(app: Flask, world: World):
    anyone(app).post("/forgot", form={"email": "ada@example.org"})
    assert anyone(app).get(link_of(app)).headers["Referrer-Policy"] == "no-referrer"


# The shared desk


@pytest.fixture
def desk(app: Flask, world: World) -> str:
    """The cookie of an enrolled PC at Brebis; Ada and Odile have chosen a PIN."""
    with app.app_context(), writing() as s:
        hashed = secrets.hashed(PIN)
        for who in ("ada", "odile", "zoe"):
            s.get_one(Person, world.people[who]).pin = hashed
    mia = person(app, world, "mia")
    assert mia.post("/stations", form={"name": "Accueil"}).status_code == 303
    return cookie(mia, "desk")


def take(one: Asker, who: int, pin: str = PIN):
    return one.post("/station/take-over", form={"person": who, "pin": pin})


def test_an_enrolled_desk_is_taken_over_with_a_pin(app: Flask, world: World, desk: str):
    one = holding(app, desk, "desk")
    page = one.get("/sign-in").text
    assert ("Ada" in page, "Odile" in page, "Zoe" in page, "Mia" in page) == (True, True, False, False)
    assert take(one, world.people["ada"]).status_code == 303
    assert one.get("/households").status_code == 200
    with app.app_context():
        row = session().scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        assert row is not None
        assert (row.person_id, row.station_id is not None, row.centre_id) == (
            world.people["ada"],
            True,
            world.centres["brebis"],
        )


def test_locking_the_desk_leaves_it_a_desk_for_the_next(app: Flask, world: World, desk: str):
    one = holding(app, desk, "desk")
    take(one, world.people["ada"])
    one.csrf = _csrf(one, "/")
    assert one.post("/station/lock").status_code == 303
    one.csrf = ""
    assert one.get("/devices").status_code == 303
    assert take(one, world.people["odile"]).status_code == 303
    assert "Odile" in one.get("/me").text


def test_a_wrong_pin_or_another_centres_colleague_is_refused(app: Flask, world: World, desk: str):
    one = holding(app, desk, "desk")
    for who, pin in ((world.people["ada"], "0000"), (world.people["zoe"], PIN), (world.people["mia"], PIN), (999, PIN)):
        assert take(one, who, pin).status_code == 422
    assert cookie(one) == ""


def test_five_wrong_pins_close_the_person_at_this_desk(app: Flask, world: World, desk: str):
    one = holding(app, desk, "desk")
    assert [take(one, world.people["ada"], f"000{n}").status_code for n in range(6)] == [422] * 5 + [429]
    assert take(one, world.people["ada"]).status_code == 429
    assert take(one, world.people["odile"]).status_code == 303


def test_a_pin_opens_nothing_on_a_pc_that_is_no_desk(app: Flask, world: World, desk: str):
    for one in (anyone(app), holding(app, "nonsense", "desk")):
        assert take(one, world.people["ada"]).status_code == 403
        assert cookie(one) == ""


def test_a_desk_given_up_is_out_at_once(app: Flask, world: World, desk: str):
    one = holding(app, desk, "desk")
    take(one, world.people["ada"])
    assert one.get("/devices").status_code == 200
    mia = program(app, world, "mia")
    with app.app_context():
        from app.people.models import Station

        number = session().scalars(select(Station.id)).one()
    assert mia.post(f"/stations/{number}/end", json={}).status_code == 200
    assert one.get("/devices").status_code == 303
    assert take(one, world.people["odile"]).status_code == 403


def test_a_desk_of_another_centre_is_not_given_up_from_here(app: Flask, world: World, desk: str):
    with app.app_context():
        from app.people.models import Role, Station

        number = session().scalars(select(Station.id)).one()
        with writing() as s:
            s.add(Role(person_id=world.people["zoe"], kind="manager", centre_id=world.centres["mqcv"]))
    assert program(app, world, "zoe").post(f"/stations/{number}/end", json={}).status_code == 404
    assert take(holding(app, desk, "desk"), world.people["ada"]).status_code == 303


def test_a_colleague_who_left_is_no_longer_offered_at_the_desk(app: Flask, world: World, desk: str):
    with app.app_context(), writing() as s:
        s.get_one(Person, world.people["ada"]).left_at = datetime.now(UTC)
    one = holding(app, desk, "desk")
    assert "Ada" not in one.get("/sign-in").text
    assert take(one, world.people["ada"]).status_code == 422


def test_the_desks_cookie_alone_opens_no_page(app: Flask, world: World, desk: str):
    one = holding(app, desk, "desk")
    assert {one.get(path).status_code for path in ("/", "/devices", "/households", "/me")} == {303}


def test_whoever_has_no_role_any_more_can_still_sign_out(app: Flask, world: World):
    ada = person(app, world, "ada")
    with app.app_context(), writing():
        session().query(Role).filter_by(person_id=world.people["ada"]).update({"ends_on": date(2020, 1, 1)})
    assert ada.get("/").status_code == 403
    assert ada.post("/sign-out").status_code == 303
    assert ada.get("/").location.startswith("/sign-in")
