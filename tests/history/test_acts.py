from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from app import history
from app.db import WRITES, session, writing
from app.errors import Busy, Refused
from app.history import Act, ActLink
from app.inputs import Act as Wish
from app.people import households
from app.people.forms import EditHousehold, NewHousehold
from app.people.models import Household
from tests.harness.databases import on_sqlite
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, World, do, make_household


def add(world: World, wish: NewHousehold, *, by: str = "ada", at: object = NOW) -> tuple[Household, bool]:
    return history.perform(households.add, wish, by=world.me(by), at=at, again=households.of_act)


def test_an_act_is_a_row_with_its_own_number_author_and_two_moments(inside: World):
    wish = NewHousehold(name="Berger-Test", occurred_at=NOW - timedelta(hours=2))
    household, repeated = add(inside, wish)
    act = history.by_uuid(wish.id)
    assert (act.kind, act.author, act.subject, act.centre_id) == (
        "household_new", inside.people["ada"], household.code, inside.centres["brebis"],
    )  # fmt: skip
    assert (act.occurred_at, act.recorded_at, repeated) == (NOW - timedelta(hours=2), NOW, False)


def test_a_repeat_is_harmless_however_late(inside: World):
    wish = NewHousehold(name="Berger-Test")
    first, second = add(inside, wish), add(inside, wish, at=NOW + timedelta(days=400))
    assert first[0].id == second[0].id
    assert (first[1], second[1]) == (False, True)
    assert session().query(Act).filter_by(uuid=wish.id).one().recorded_at == NOW


@pytest.mark.parametrize("other", [{"name": "Autre-Test"}, {"contact": "06 39 98 01 42"}, {"occurred_at": NOW}])
def test_the_same_number_with_other_content_is_refused(inside: World, other: dict[str, object]):
    wish = NewHousehold(name="Berger-Test")
    add(inside, wish)
    with refused("id_reused"):
        add(inside, NewHousehold(**(wish.model_dump() | other)))
    assert session().query(Household).count() == 1


def test_the_same_number_for_another_rule_is_another_content(inside: World):
    wish = EditHousehold(name="Berger-Test")
    household = do(households.add, wish, by=inside.me(), again=households.of_act)
    with refused("id_reused"):
        do(households.edit, wish, household, by=inside.me(), again=households.of_act)


def test_the_same_number_for_another_thing_is_another_content(inside: World):
    one, two, wish = make_household(inside), make_household(inside), EditHousehold(name="Berger-Test")
    do(households.edit, wish, one, by=inside.me(), again=households.of_act)
    with refused("id_reused"):
        do(households.edit, wish, two, by=inside.me(), again=households.of_act)


@pytest.mark.parametrize("who", ["odile", "zoe"])
def test_anothers_number_is_taken_whatever_it_says(inside: World, who: str):
    wish = NewHousehold(name="Berger-Test")
    add(inside, wish)
    with refused("id_taken"):
        add(inside, wish, by=who)
    with refused("id_taken"):
        add(inside, NewHousehold(id=wish.id, name="Autre-Test"), by=who)


def test_a_number_is_refused_even_where_no_first_result_can_be_found(inside: World):
    wish = NewHousehold(name="Berger-Test")
    add(inside, wish)
    with refused("changed_meanwhile"):
        history.perform(households.add, wish, by=inside.me(), at=NOW)
    assert session().query(Household).count() == 1


def test_a_refused_act_is_not_remembered(inside: World):
    household = make_household(inside)
    number = uuid4()

    def refuse(wish: Wish, *, by: object, at: object) -> None:
        history.record("try", wish, by=by, at=at, subject=household.code)
        raise Refused("no", "Non.")

    with refused("no"):
        history.perform(refuse, Wish(id=number), by=inside.me(), at=NOW, again=history.by_uuid)
    assert history.by_uuid(number) is None
    assert add(inside, NewHousehold(id=number, name="Berger-Test"))[1] is False


def test_what_breaks_half_way_leaves_nothing(inside: World):
    acts = session().query(Act).count()

    def break_(wish: NewHousehold, *, by: object, at: object) -> None:
        households.add(wish, by=by, at=at)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        history.perform(break_, NewHousehold(name="Berger-Test"), by=inside.me(), at=NOW)
    assert (session().query(Act).count(), session().query(Household).count()) == (acts, 0)


def test_a_moment_may_lie_a_day_ahead_and_no_more(inside: World):
    day = timedelta(days=1)
    add(inside, NewHousehold(name="Berger-Test", occurred_at=NOW + day))
    with refused("not_yet") as no:
        add(inside, NewHousehold(name="Berger-Test", occurred_at=NOW + day + timedelta(seconds=1)))
    assert no.value.status == 422


def test_the_same_act_sent_at_once_has_one_result(app: Flask, inside: World):
    wish, by = NewHousehold(name="Berger-Test"), inside.me()
    did = at_once(app, [(households.add, wish, by)] * 6, again=households.of_act)
    assert len({one.code for one in did}) == 1
    assert session().query(Household).count() == 1


def test_one_number_used_by_two_at_once_is_one_persons(app: Flask, inside: World):
    number = uuid4()
    asked = [(households.add, NewHousehold(id=number, name=f"{w}-Test"), inside.me(w)) for w in ("ada", "mia", "odile")]
    did = at_once(app, asked, again=households.of_act)
    assert sorted(getattr(one, "code", "") for one in did if isinstance(one, Exception)) == ["id_taken"] * 2
    assert session().query(Household).count() == 1


def test_the_fingerprint_tells_nobody_what_was_wished(inside: World):
    wish = NewHousehold(name="Berger-Test")
    add(inside, wish)
    act = history.by_uuid(wish.id)
    assert len(act.fingerprint) == 64
    assert "Berger" not in act.line()
    other = NewHousehold(name="Berger-Test")
    add(inside, other)
    assert history.by_uuid(other.id).fingerprint != act.fingerprint


def test_the_house_itself_may_act(inside: World):
    from app.people.roles import THE_HOUSE

    with writing():
        act = history.record("tidy", Wish(), by=THE_HOUSE, at=NOW, subject="house")
    assert (act.author, session().query(ActLink).filter_by(act_id=act.id).count()) == (0, 1)


@pytest.mark.parametrize("settings", [0.2], indirect=True)
def test_a_lock_held_too_long_says_busy_and_writes_nothing(app: Flask, inside: World):
    by = inside.me()
    engine = session().get_bind()
    session().rollback()
    with engine.connect() as other:
        other.execution_options(**WRITES)
        if engine.dialect.name == "sqlite":
            other.execute(text("SELECT 1"))
        else:
            other.execute(text("LOCK TABLE act IN EXCLUSIVE MODE"))
        with pytest.raises(Busy):
            history.perform(households.add, NewHousehold(name="Berger-Test"), by=by, at=NOW)
        other.rollback()
    assert session().query(Household).count() == 0


@pytest.fixture
def settings(database: object, request: pytest.FixtureRequest) -> object:
    from app.settings import Settings

    busy = {"busy_seconds": request.param} if hasattr(request, "param") else {}
    plain = Settings.for_tests(instance=database.instance, database_url=database.url)
    import dataclasses

    return dataclasses.replace(plain, **busy)


@on_sqlite
def test_a_write_says_so_at_its_start(app: Flask, inside: World):
    with writing() as s:
        s.execute(text("SELECT 1"))
        assert s.connection().connection.driver_connection.in_transaction
        with pytest.raises(Exception, match="locked"), s.get_bind().connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout=1")
            other.execute(text("DELETE FROM attempt"))
