from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.db import session, writing
from app.errors import NotThere
from app.mail import Letter
from app.people import secrets, sessions, staff
from app.people.forms import Gone, NewPassword, NewRole, NewStaff, OwnSettings, Switch
from app.people.models import Person, Role
from app.people.roles import Me
from tests.harness.saying import refused
from tests.make import NOW, PASSWORD, World, do, fresh


def person(world: World, name: str) -> Person:
    return session().get_one(Person, world.people[name])


def join(world: World, *, by: str = "mia", **facts: object) -> Person:
    wish = NewStaff(**({"name": "Nora", "email": "Nora@Example.org", "role": "front_desk"} | facts))
    return do(staff.join, wish, by=world.me(by))


def leave(world: World, name: str, *, by: str = "mia") -> Person:
    return do(staff.leave, Gone(), person(world, name), by=world.me(by))


def begun(person_id: int, at: object = NOW) -> str:
    with writing() as s:
        return sessions.begin(s.get_one(Person, person_id), centre_id=None, browser="test", at=at)[1]


def test_address_and_password_open_the_house(inside: World):
    assert staff.known("  ADA@example.org ", PASSWORD).id == inside.people["ada"]


@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_address_and_a_wrong_password_are_not_told_apart(inside: World, email: str, password: str):
    with refused("sign_in_failed"):
        staff.known(email, password)


def test_a_colleague_without_a_password_does_not_sign_in(inside: World):
    join(inside)
    for password in ("", PASSWORD):
        with refused("sign_in_failed"):
            staff.known("nora@example.org", password)


def test_a_new_colleague_works_in_this_centre(inside: World):
    nora = join(inside)
    [role] = nora.roles
    assert (nora.email, role.kind, role.centre_id) == ("nora@example.org", "front_desk", inside.centres["brebis"])
    assert sessions.whose(begun(nora.id), at=NOW).may("lend")


@pytest.mark.parametrize("role", ["finance", "auditor", "coordinator", "administrator"])
def test_a_manager_gives_the_roles_of_a_centre_alone(inside: World, role: str):
    with refused("forbidden", "role"):
        join(inside, role=role)
    with refused("forbidden", "role"):
        do(staff.give_role, NewRole(role=role), person(inside, "ada"), by=inside.me("mia"))
    assert staff.by_email("nora@example.org") is None


def test_one_address_signs_in_one_person(inside: World):
    join(inside)
    with refused("email_taken", "email"):
        join(inside, name="Autre", email="NORA@example.org")


def test_a_role_is_held_once(inside: World):
    for role in ("manager", "manager", "outreach"):
        do(staff.give_role, NewRole(role=role), person(inside, "ada"), by=inside.me("mia"))
    assert sorted(r.kind for r in fresh(person(inside, "ada")).roles) == ["front_desk", "manager", "outreach"]


def test_whoever_leaves_is_out_everywhere_at_once(inside: World):
    cookie = begun(inside.people["ada"])
    assert sessions.whose(cookie, at=NOW).id
    leave(inside, "ada")
    assert sessions.whose(cookie, at=NOW).id == 0
    assert sessions.whose(begun(inside.people["ada"]), at=NOW).id == 0
    with refused("sign_in_failed"):
        staff.known("ada@example.org", PASSWORD)
    assert person(inside, "ada").left_at == NOW


def test_nobody_shows_themselves_out(inside: World):
    with refused("not_yourself"):
        leave(inside, "mia")


@pytest.mark.parametrize("name", ["zoe", "finn", "coco", "adam"])
def test_a_manager_steers_those_who_work_here_alone(inside: World, name: str):
    with refused("forbidden"):
        leave(inside, name)
    assert person(inside, name).left_at is None


def test_an_administrator_steers_everybody(inside: World):
    assert leave(inside, "zoe", by="adam").left_at == NOW


def test_a_colleague_who_comes_back_starts_anew_under_the_same_number(inside: World):
    do(staff.give_role, NewRole(role="manager"), person(inside, "ada"), by=inside.me("mia"))
    leave(inside, "ada")
    back = join(inside, name="Ada B.", email="ada@example.org", role="outreach")
    assert (back.id, back.left_at, back.password, back.pin) == (inside.people["ada"], None, None, None)
    assert [(r.kind, r.centre_id) for r in fresh(back).roles] == [("outreach", inside.centres["brebis"])]
    assert session().query(Role).filter_by(person_id=back.id).count() == 1


def test_colleagues_are_those_of_the_centre_and_everybody_for_an_administrator(inside: World):
    assert {p.name for p in staff.colleagues(inside.me("mia"))} == {"Ada", "Odile", "Mia", "Finn", "Coco", "Alma"}
    assert {p.name for p in staff.colleagues(inside.me("adam"))} == {n.capitalize() for n in inside.people}
    leave(inside, "ada")
    assert "Ada" not in {p.name for p in staff.colleagues(inside.me("mia"))}
    with pytest.raises(NotThere):
        staff.colleague(inside.people["zoe"], inside.me("mia"))


def test_a_link_to_choose_a_password_opens_once_within_a_day(inside: World):
    nora = join(inside)
    with writing():
        token = staff.reset_link(nora, at=NOW)
    for late in (timedelta(days=1), timedelta(days=2)):
        with pytest.raises(NotThere):
            staff.open_reset(token, at=NOW + late)
    with pytest.raises(NotThere):
        staff.open_reset("other", at=NOW)
    found = staff.open_reset(token, at=NOW + timedelta(hours=23))
    do(staff.use_reset, NewPassword(password=PASSWORD), found, secrets.hashed(PASSWORD), by=None)
    assert staff.known("nora@example.org", PASSWORD).id == nora.id
    with pytest.raises(NotThere):
        staff.open_reset(token, at=NOW)


def test_two_who_opened_the_same_link_do_not_both_choose(inside: World):
    nora = join(inside)
    with writing():
        token = staff.reset_link(nora, at=NOW)
    found = staff.open_reset(token, at=NOW)
    do(staff.use_reset, NewPassword(password=PASSWORD), found, secrets.hashed(PASSWORD), by=None)
    with pytest.raises(NotThere):
        do(
            staff.use_reset,
            NewPassword(password="une autre phrase"),
            found,
            secrets.hashed("une autre phrase"),
            by=None,
        )
    assert staff.known("nora@example.org", PASSWORD).id == nora.id


def test_choosing_a_password_by_link_ends_every_session(inside: World):
    cookie = begun(inside.people["ada"])
    with writing():
        token = staff.reset_link(person(inside, "ada"), at=NOW)
    do(staff.use_reset, NewPassword(password="x" * 12), staff.open_reset(token, at=NOW), "hash", by=None)
    assert sessions.whose(cookie, at=NOW).id == 0


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(inside: World):
    other, mine = begun(inside.people["ada"]), begun(inside.people["ada"])
    me = sessions.whose(mine, at=NOW)
    do(staff.change_password, NewPassword(password="x" * 12), secrets.hashed("x" * 12), by=me)
    assert (sessions.whose(mine, at=NOW).id, sessions.whose(other, at=NOW).id) == (me.id, 0)
    assert staff.known("ada@example.org", "x" * 12)


def test_a_letter_with_the_link_is_written_and_waits(inside: World):
    with writing():
        staff.write_reset(person(inside, "ada"), "https://pret.example.org/reset/abc", at=NOW)
    [letter] = session().query(Letter).all()
    assert (letter.address, letter.next_try_at, letter.sent_at) == ("ada@example.org", NOW, None)
    assert "https://pret.example.org/reset/abc" in letter.words


def test_language_is_ones_own(inside: World):
    do(staff.settle, OwnSettings(language="en"), by=inside.me())
    assert person(inside, "ada").language == "en"


def test_one_works_at_ones_own_centres_alone(inside: World):
    with pytest.raises(NotThere):
        do(staff.switch, Switch(centre=inside.centres["mqcv"]), by=inside.me())
    with writing() as s:
        s.add(Role(person_id=inside.people["ada"], kind="outreach", centre_id=inside.centres["mqcv"]))
    cookie = begun(inside.people["ada"])
    me: Me = sessions.whose(cookie, at=NOW)
    do(staff.switch, Switch(centre=inside.centres["mqcv"]), by=me)
    assert sessions.whose(cookie, at=NOW).centre_id == inside.centres["mqcv"]


def audited(world: World, **facts: object) -> Person:
    """Nora looks at an operation until Christmas, or as wished."""
    wish = {"role": "auditor", "operation": "np0022605", "ends_on": "2026-12-24"} | facts
    admin = replace(world.me("adam"), centre=world.me("mia").centre)
    return do(staff.give_role, NewRole(**wish), join(world), by=admin)


def test_an_auditor_looks_at_one_operation_until_a_day(inside: World):
    nora = audited(inside)
    me = sessions.whose(begun(nora.id), at=NOW)
    assert [(one.operation, one.ends_on.isoformat()) for one in me.held if one.kind == "auditor"] == [
        ("NP0022605", "2026-12-24")
    ]
    assert me.may("money")
    assert not me.may("spend")


def test_once_the_day_is_over_an_auditor_sees_no_money(inside: World):
    nora = audited(inside)
    late = NOW.replace(year=2027, month=1)
    me = sessions.whose(begun(nora.id, late), at=late)
    assert not me.may("money")
    assert [one.kind for one in me.held] == ["front_desk"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"operation": ""}, "operation"), ({"ends_on": None}, "ends_on"), ({"ends_on": "2020-01-01"}, "ends_on")],
)
def test_an_auditor_without_an_operation_or_an_end_is_refused(inside: World, facts: dict, field: str):
    with refused("invalid", field):
        audited(inside, **facts)
