from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from app import history
from app.db import change, change_where, note, put, savepoint, session, writing
from app.errors import Refused
from app.history import Act
from app.inputs import Act as Wish
from app.inventory.models import CustodyLink, Device, Maker
from app.lending.models import HandOver, HandOverItem, Loan
from app.people.models import HouseholdIdentity, Organisation, Token
from tests.harness.databases import Database, on_postgresql, on_sqlite
from tests.make import NOW, World, make_device, make_household, make_loan

ROOT = Path(__file__).parents[2]
KEY = "only for tests, never for people!"  # of Settings.for_tests: one house, one key
LATER = datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC)


def a_token(world: World, **over: object) -> Token:
    return Token(**{"person_id": world.people["ada"], "token_hash": uuid4().hex, "name": "x", "made_at": NOW} | over)


def test_a_row_that_was_put_is_read_back_as_it_was_said(inside: World):
    loan = make_loan(inside)
    event = session().scalars(select(HandOver)).one()
    kept = {type(row): {a.key: getattr(row, a.key) for a in type(row).__mapper__.column_attrs} for row in (loan, event)}
    number, uuid, due = loan.id, loan.uuid, loan.due_on
    session().expunge_all()
    again = session().scalars(select(Loan)).one()
    assert (again.id, again.uuid, again.due_on, again.closed_at) == (number, uuid, due, None)
    for kind, values in kept.items():
        row = session().scalars(select(kind)).one()
        assert {key: getattr(row, key) for key in values} == values
    assert session().scalars(select(HandOverItem)).one().missing == []


def test_a_row_that_was_put_is_the_sessions_like_any_other(inside: World):
    with writing() as s:
        row = put(a_token(inside))
        assert inspect(row).persistent
        assert s.get(Token, row.id) is row
        row.name = "y"
    assert session().scalar(select(Token.name)) == "y"


def test_what_was_not_named_has_its_default_or_is_empty(inside: World):
    with writing():
        row = put(Organisation(name="Autre-Test", short_name="A"))
        assert (row.kind, row.phone) == ("partner", "")
        assert put(a_token(inside)).ended_at is None


def test_a_row_that_is_only_noted_is_written_like_any_other_and_its_number_told(inside: World):
    with writing():
        number = note(Organisation, name="Autre-Test", short_name="A")
    found = session().get_one(Organisation, number)
    assert (found.name, found.kind, found.phone) == ("Autre-Test", "partner", "")


def test_a_column_that_is_not_there_cannot_be_noted(inside: World):
    with pytest.raises(TypeError, match="nmae"), writing():
        note(Organisation, nmae="Autre-Test", short_name="A")


def test_a_default_that_looks_at_other_columns_is_not_for_this_way(inside: World):
    with pytest.raises(AttributeError), writing():
        put(Maker(name="Lenovo"))


def test_change_writes_the_columns_named_of_that_row_alone(inside: World):
    with writing():
        first, _second = put(a_token(inside)), put(a_token(inside))
        change(first, name="neu", ended_at=LATER)
        assert (first.name, first.ended_at, inspect(first).modified) == ("neu", LATER, False)
    rows = session().execute(select(Token.name, Token.ended_at).order_by(Token.id)).all()
    assert rows == [("neu", LATER), ("x", None)]


def test_a_row_is_changed_by_its_own_key_whatever_that_is(inside: World):
    household = make_household(inside)
    with writing():
        who = session().scalars(select(HouseholdIdentity)).one()
        change(who, seen_at=NOW + timedelta(days=3))
    assert session().scalar(select(HouseholdIdentity.seen_at)) == NOW + timedelta(days=3)
    assert household.id == who.household_id


def test_what_is_taken_back_is_known_no_more(inside: World):
    rows = []
    with pytest.raises(Refused), writing():
        rows.append(put(a_token(inside)))
        raise Refused("no", "Non.")
    assert rows[0] not in session()
    assert session().scalar(select(Token.id)) is None
    with writing():  # on SQLite the number is given again
        assert put(a_token(inside)) in session()


def test_a_part_taken_back_leaves_the_rest(inside: World):
    with writing():
        kept = put(a_token(inside))
        with pytest.raises(Refused), savepoint():
            lost = put(a_token(inside))
            raise Refused("no", "Non.")
        after = put(a_token(inside))
    assert (kept in session(), lost in session(), after in session()) == (True, False, True)
    assert session().scalars(select(Token.id).order_by(Token.id)).all() == [kept.id, after.id]


def test_what_the_database_refuses_is_told_without_the_values(inside: World):
    with writing():
        put(a_token(inside, token_hash="secret-of-berger"))
    with pytest.raises(IntegrityError) as wrong, writing():
        put(a_token(inside, token_hash="secret-of-berger"))
        session().scalar(select(Token.id))  # PostgreSQL answers when something is asked
    assert "berger" not in str(wrong.value).partition("DETAIL")[0].lower()
    assert len(session().scalars(select(Token.id)).all()) == 1


def test_a_refusal_by_the_database_comes_at_the_commit_at_the_latest(inside: World):
    with writing():
        put(a_token(inside, token_hash="same"))
    with pytest.raises(IntegrityError), writing():
        put(a_token(inside, token_hash="same"))
    assert len(session().scalars(select(Token.id)).all()) == 1


def test_what_was_put_is_found_by_the_next_question(inside: World):
    with writing() as s:
        row = put(a_token(inside))
        assert s.scalar(select(Token.made_at).where(Token.id == row.id)) == NOW
        assert s.execute(text("SELECT count(*) FROM token")).scalar() == 1
        waiting = Organisation(name="Autre-Test", short_name="A")
        s.add(waiting)
        put(a_token(inside))
        assert waiting.id is not None  # what stood in the session before went first


def test_a_row_sees_what_the_one_before_it_wrote_into_the_same_table(inside: World):
    """Rows of different tables go as one statement on PostgreSQL; two of one table never do."""
    device, ada = make_device(inside), inside.me()
    told = {"state": "available", "place": "centre", "centre_id": device.centre_id, "at": NOW, "by": ada.id}
    with pytest.raises(Refused), writing() as s:
        act = history.record("try", Wish(), by=ada, at=NOW, subject="x")
        for number in (2, 3):  # the guard counts them
            note(CustodyLink, device_id=device.id, number=number, act_id=act.id, why="try", **told)
            change(device, link_number=number, note=f"{number}")
        assert s.execute(select(Device.link_number, Device.note)).one() == (3, "3")
        raise Refused("no", "Only looked at.")


@on_postgresql  # SQLite says so at once
def test_a_part_taken_back_may_hold_what_the_database_would_refuse(inside: World):
    with writing():
        with pytest.raises(Refused), savepoint():
            put(a_token(inside, person_id=999_999))  # nobody, which the database says when it is told
            raise Refused("no", "Something else is wrong.")
        put(a_token(inside, name="kept"))
    assert session().scalars(select(Token.name).where(Token.name.in_(("x", "kept")))).all() == ["kept"]


def test_what_is_changed_where_something_is_so_is_changed_there_alone(inside: World):
    with writing():
        mine, other = put(a_token(inside, name="a")), put(a_token(inside, name="b"))
        change_where(Token, {"person_id": mine.person_id, "name": "a"}, name="c")
    session().expire_all()
    assert (mine.name, other.name) == ("c", "b")


@on_postgresql
def test_a_server_that_hung_up_meanwhile_is_called_again(app: Flask, inside: World, database: Database):
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    session().rollback()
    other = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with other.connect() as line:
        gone = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        assert line.execute(text(f"{gone} pg_backend_pid()")).all()
    other.dispose()
    assert client.get("/readyz").status_code == 200


WRITER = """
import sys, threading, time
from sqlalchemy import distinct, func, select
from app import create_app, history
from app.db import session, writing
from app.inputs import Act as Wish
from app.times import now
class House: id = 0
app = create_app()
def write(kind, desk):
    with writing():
        history.record(kind, Wish(), by=House, at=now(), subject=f"{sys.argv[1]} {desk}")
def work(desk):
    with app.app_context():
        write("there", desk)
        while session().scalar(select(func.count(distinct(history.Act.subject))).where(history.Act.kind == "there")) < 8:
            session().rollback()
            time.sleep(0.002)
        for _ in range(40):
            write("try", desk)
print("ready", flush=True)
sys.stdin.readline()
desks = [threading.Thread(target=work, args=[desk]) for desk in range(4)]
[desk.start() for desk in desks]
[desk.join() for desk in desks]
"""


@on_sqlite
def test_no_process_writes_twice_while_another_waits(app: Flask, inside: World, database: Database):
    session().rollback()
    env = {"DATABASE_URL": database.url, "INSTANCE": str(database.instance), "SECRET_KEY": KEY, "PATH": ""}
    command = [sys.executable, "-c", WRITER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    houses = [subprocess.Popen([*command, name], cwd=ROOT, env=env, **pipes) for name in ("left", "right")]
    for house in houses:
        assert house.stdout.readline() == "ready\n"
    for house in houses:
        house.stdin.write("go\n")
        house.stdin.flush()
    for house in houses:
        house.communicate(timeout=60)
        assert house.returncode == 0
    tries = session().scalars(select(Act.subject).where(Act.kind == "try").order_by(Act.id)).all()
    assert len(tries) == 320, "once all eight desks are there and connected, forty each"
    who = [house.split()[0] for house in tries]
    both = [name for n, name in enumerate(who) if "left" in who[n:] and "right" in who[n:]]
    runs = sorted(len(list(run)) for _name, run in groupby(both))
    assert runs[len(runs) // 2] <= 2, runs


def test_the_number_of_an_act_is_known_at_once(inside: World):
    by = inside.me()
    with writing():
        act = history.record("try", Wish(), by=by, at=NOW, subject="x")
        assert act.id > 0
    assert (found := history.by_uuid(act.uuid))
    assert (found.id, found.line_hash) == (act.id, act.line_hash)
