from __future__ import annotations

from datetime import timedelta

from app.db import session, writing
from app.people import secrets, sessions
from app.people.models import Centre, Person, Role, SignIn, Token
from tests.make import NOW, World

HOUR = timedelta(hours=1)


def begin(world: World, name: str = "ada", **over: object) -> str:
    with writing() as s:
        who = s.get_one(Person, world.people[name])
        return sessions.begin(who, **({"centre_id": None, "browser": "Firefox", "at": NOW} | over))[1]


def test_the_cookie_holds_a_secret_and_the_row_its_hash(inside: World):
    cookie = begin(inside)
    [row] = session().query(SignIn).filter_by(browser="Firefox").all()
    assert row.token_hash == secrets.token_hash(cookie) != cookie
    assert len(cookie) >= 43


def test_whoever_shows_the_cookie_is_that_person_at_the_first_centre_they_have(inside: World):
    me = sessions.whose(begin(inside), at=NOW)
    assert (me.id, me.name, me.centre_id, me.may("lend")) == (
        inside.people["ada"],
        "Ada",
        inside.centres["brebis"],
        True,
    )


def test_a_session_lasts_twelve_hours(inside: World):
    cookie = begin(inside)
    assert sessions.whose(cookie, at=NOW + 12 * HOUR - timedelta(seconds=1)).id
    assert sessions.whose(cookie, at=NOW + 12 * HOUR).id == 0


def test_a_cookie_nobody_was_given_is_nobody(inside: World):
    for cookie in ("x", "é", "0" * 43):
        assert sessions.whose(cookie, at=NOW).id == 0
        assert sessions.whose_token(cookie, at=NOW).id == 0


def test_one_ends_ones_own_sessions_alone(inside: World):
    cookie = begin(inside)
    number = sessions.whose(cookie, at=NOW).sign_in_id
    with writing():
        sessions.end(number, person_id=inside.people["zoe"], at=NOW)
    assert sessions.whose(cookie, at=NOW).id
    with writing():
        sessions.end(number, person_id=inside.people["ada"], at=NOW)
    assert sessions.whose(cookie, at=NOW).id == 0


def test_ending_all_ends_tokens_too_and_spares_the_one_kept(inside: World):
    kept, other = begin(inside), begin(inside)
    with writing() as s:
        s.add(Token(person_id=inside.people["ada"], token_hash=secrets.token_hash("key"), name="p", made_at=NOW))
    assert sessions.whose_token("key", at=NOW).id == inside.people["ada"]
    with writing():
        sessions.end_all(inside.people["ada"], at=NOW, but=sessions.whose(kept, at=NOW).sign_in_id)
    assert [sessions.whose(c, at=NOW).id != 0 for c in (kept, other)] == [True, False]
    assert sessions.whose_token("key", at=NOW).id == 0


def test_open_sessions_are_listed_newest_first(inside: World):
    begin(inside, at=NOW - 13 * HOUR)
    first, second = begin(inside), begin(inside)
    numbers = [row.id for row in sessions.open_ones(inside.people["ada"], at=NOW) if row.browser == "Firefox"]
    assert numbers == [sessions.whose(c, at=NOW).sign_in_id for c in (second, first)]


def test_rights_are_those_held_in_the_centre_of_the_session(inside: World):
    cookie = begin(inside, centre_id=inside.centres["mqcv"])
    me = sessions.whose(cookie, at=NOW)
    assert me.centre_id == inside.centres["mqcv"]
    assert not me.may("households")
    assert me.may("things")


def test_centres_are_held_one_by_one_through_an_organisation_or_all(inside: World):
    with writing() as s:
        other = Centre(name="Annexe", organisation_id=inside.organisations["mqcv"], code="LBBBBBBB")
        s.add(other)
        s.flush()
        number = other.id
        s.add(Role(person_id=inside.people["finn"], kind="outreach", organisation_id=inside.organisations["mqcv"]))

    def centres(name: str) -> set[int]:
        return {c.id for c in sessions.centres_of(inside.people[name])}

    every = {*inside.centres.values(), number}
    assert centres("ada") == {inside.centres["brebis"]}
    assert centres("finn") == {inside.centres["mqcv"], number}
    assert centres("alma") == set()
    assert centres("adam") == centres("coco") == every
    with writing() as s:
        s.delete(s.get_one(Centre, number))


def test_whoever_holds_no_role_holds_no_right(inside: World):
    with writing() as s:
        s.query(Role).filter_by(person_id=inside.people["ada"]).delete()
    me = sessions.whose(begin(inside), at=NOW)
    assert (me.id, me.rights) == (inside.people["ada"], frozenset({"anyone"}))
