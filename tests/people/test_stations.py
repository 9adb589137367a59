from __future__ import annotations

from datetime import timedelta

import pytest

from app.db import session, writing
from app.errors import NotThere
from app.people import secrets, sessions, staff, stations
from app.people.forms import Gone, NewPin, NewStation
from app.people.models import Person, Station
from tests.harness.saying import refused
from tests.make import NOW, PASSWORD, World, do

PIN = "4821"


@pytest.fixture
def desk(inside: World) -> Station:
    return do(stations.enrol, NewStation(name="Accueil"), "cookie", by=inside.me("mia"))


def with_pin(world: World, *names: str) -> None:
    hashed = secrets.hashed(PIN)
    for name in names:
        do(staff.change_pin, NewPin(password=PASSWORD, pin=PIN), hashed, by=world.me(name))


def test_an_enrolled_browser_is_a_desk_of_its_centre(inside: World, desk: Station):
    assert desk.centre_id == inside.centres["brebis"]
    assert stations.known("cookie", at=NOW).id == desk.id
    assert desk.token_hash != "cookie"
    for other in (None, "", "other"):
        assert stations.known(other, at=NOW) is None


def test_a_desk_is_one_for_a_year_or_until_it_is_given_up(inside: World, desk: Station):
    assert stations.known("cookie", at=NOW + timedelta(days=364))
    assert stations.known("cookie", at=NOW + timedelta(days=365)) is None
    do(stations.revoke, Gone(), desk.id, by=inside.me("mia"))
    assert stations.known("cookie", at=NOW) is None
    assert stations.of_centre(inside.me("mia")) == []


def test_another_centre_gives_up_no_desk_of_ours(inside: World, desk: Station):
    with pytest.raises(NotThere):
        do(stations.revoke, Gone(), desk.id, by=inside.me("zoe"))
    assert stations.known("cookie", at=NOW)


def test_whoever_works_nowhere_enrols_nothing(inside: World):
    with refused("no_centre"):
        do(stations.enrol, NewStation(name="x"), "cookie", by=inside.me("finn"))


def test_colleagues_with_a_pin_take_over(inside: World, desk: Station):
    with_pin(inside, "ada", "mia", "zoe", "finn")
    assert [p.name for p in stations.team(desk)] == ["Ada", "Mia"]
    assert stations.known_by_pin(desk, inside.people["ada"], PIN).name == "Ada"


@pytest.mark.parametrize(("who", "pin"), [("ada", "0000"), ("ada", ""), ("odile", PIN), ("zoe", PIN)])
def test_a_wrong_pin_and_a_stranger_are_not_told_apart(inside: World, desk: Station, who: str, pin: str):
    with_pin(inside, "ada", "zoe")
    with refused("sign_in_failed", "pin"):
        stations.known_by_pin(desk, inside.people[who], pin)


def test_whoever_left_takes_over_no_more(inside: World, desk: Station):
    with_pin(inside, "ada")
    ada = session().get_one(Person, inside.people["ada"])
    do(staff.leave, Gone(), ada, by=inside.me("mia"))
    with refused("sign_in_failed", "pin"):
        stations.known_by_pin(desk, inside.people["ada"], PIN)


def test_giving_up_a_desk_ends_who_works_there(inside: World, desk: Station):
    with writing() as s:
        ada = s.get_one(Person, inside.people["ada"])
        token = sessions.begin(ada, centre_id=desk.centre_id, browser="", at=NOW, station_id=desk.id)[1]
    assert sessions.whose(token, at=NOW).station_id == desk.id
    do(stations.revoke, Gone(), desk.id, by=inside.me("mia"))
    assert sessions.whose(token, at=NOW).id == 0
