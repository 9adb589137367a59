"""PostgreSQL: when statements leave, and that none is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db import connection, note, note_all, one_moment, session, writing
from app.db.pipe import numbered
from app.db.pipeline import arrived, cursor_of, said_by
from app.inventory.search import KnownWord
from app.people.models import Person, Token
from tests.harness.databases import Database, on_postgresql
from tests.make import NOW, World

HEARD = text("SELECT query FROM pg_stat_activity WHERE pid = :pid")
PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def other(database: Database) -> Iterator[Connection]:
    """Somebody else's connection."""
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as line:
        yield line
    engine.dispose()


@pytest.fixture
def heard(other: Connection) -> Callable[[int], str]:
    """The last statement that this process of the server has heard."""
    return lambda pid: other.scalar(HEARD, {"pid": pid}) or ""


@on_postgresql
def test_statements_leave_together_once_an_answer_is_wanted(inside: World, heard: Callable[[int], str]):
    with writing():
        line = connection()
        pid = line.scalar(PID)
        first = cursor_of(line).execute("SELECT 1 AS one")
        second = cursor_of(line).execute("SELECT 2 AS two")
        assert "pg_backend_pid" in heard(pid)  # nothing has left
        assert first.fetchone() == (1,)
        assert heard(pid) == "SELECT 2 AS two"  # both have
        assert second.fetchone() == (2,)
        cursor_of(line).execute("SELECT 3 AS three")
        arrived(line)
        assert heard(pid) == "SELECT 3 AS three"


@on_postgresql
def test_what_the_line_cannot_take_at_once_leaves_all_the_same(inside: World):
    with writing():
        line = connection()
        long = cursor_of(line).execute("SELECT length(%s), %s", ["x" * 30_000_000, "y" * 30_000_000])
        short = cursor_of(line).execute("SELECT 2")
        assert short.fetchone() == (2,)
        assert [len(str(value)) for value in long.fetchone()] == [8, 30_000_000]


@on_postgresql
def test_more_statements_than_wait_together_all_arrive(inside: World):
    words = [f"mot{n}" for n in range(1001)]
    with writing():
        before = session().scalar(select(func.count()).select_from(KnownWord))
        note_all(KnownWord, ("word",), [(word,) for word in words])
    assert session().scalar(select(func.count()).select_from(KnownWord)) == before + len(words)


@on_postgresql
def test_a_refusal_among_statements_that_went_together_takes_all_of_them_back(inside: World):
    before = session().scalar(select(func.count()).select_from(Token))
    same = {"person_id": inside.people["ada"], "token_hash": uuid4().hex, "name": "x", "made_at": NOW}
    with pytest.raises(IntegrityError), writing():
        note(Token, **same)
        note(Token, **same)
        note(Token, **same | {"token_hash": uuid4().hex})
    assert session().scalar(select(func.count()).select_from(Token)) == before


@on_postgresql
def test_a_write_goes_on_with_the_connection_of_the_read_but_not_with_its_rows(inside: World, other: Connection):
    session().rollback()
    read = connection()
    person = session().get_one(Person, inside.people["ada"])
    assert person.name == "Ada"
    other.execute(text("UPDATE person SET name = 'Adèle' WHERE name = 'Ada'"))
    with writing():
        assert connection() is read
        assert person.name == "Adèle"
    assert connection() is not read


@on_postgresql
def test_a_write_after_one_moment_begins_on_its_own(inside: World):
    one_moment()
    read = connection()
    with writing():
        assert connection() is not read
        assert session().scalar(text("SHOW transaction_isolation")) == "read committed"


@on_postgresql
def test_what_a_read_left_unsaved_is_not_written_by_the_write_after_it(inside: World):
    person = session().get_one(Person, inside.people["ada"])
    name, person.name = person.name, "jamais voulu"
    with writing():
        assert person.name == name
    assert session().scalar(select(Person.name).where(Person.id == person.id)) == name


def _answer(line: Connection) -> None:
    with said_by(line):
        cursor_of(line).execute("SELECT 2").fetchone()


@on_postgresql
@pytest.mark.parametrize("wanting", [arrived, _answer])
def test_a_refusal_that_is_heard_while_the_rest_still_leaves_is_the_one_told(
    inside: World, wanting: Callable[..., Any]
):
    long = "x" * 30_000_000  # takes a while to leave
    with pytest.raises(DBAPIError, match="division by zero"), writing():
        line = connection()
        cursor_of(line).execute("SELECT 1 / 0")
        cursor_of(line).execute("SELECT length(%s)", [long])
        wanting(line)
    assert session().scalar(select(func.count()).select_from(Person)) > 0  # the connection is as good as before


PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


def _said(line: Connection, words: str, times: int) -> list[Any]:
    return [cursor_of(line).execute(words).fetchone() for _ in range(times)]


@on_postgresql
def test_what_is_said_often_is_prepared_and_after_a_refusal_anew(inside: World):
    for _ in range(2):
        with pytest.raises(DBAPIError, match="division by zero"), writing():
            line = connection()
            assert _said(line, "SELECT 42", 7) == [(42,)] * 7
            assert cursor_of(line).execute(PREPARED, ["SELECT 42"]).fetchone() == (1,)
            cursor_of(line).execute("SELECT 1 / 0")
            arrived(line)


@on_postgresql
def test_what_was_taken_back_before_it_left_is_not_taken_for_prepared(inside: World):
    line = connection()
    _said(line, "SELECT 43", 5)
    cursor_of(line).execute("SELECT 43")  # would be prepared
    session().rollback()
    assert _said(connection(), "SELECT 43", 3) == [(43,)] * 3


@on_postgresql
def test_what_a_refusal_kept_from_being_prepared_is_not_taken_for_prepared(inside: World):
    line = connection()
    _said(line, "SELECT 44", 5)
    cursor_of(line).execute("SELECT 1 / 0")
    cursor_of(line).execute("SELECT 44")  # would be prepared
    with pytest.raises(DBAPIError, match="division by zero"):
        arrived(line)
    assert _said(line, "SELECT 44", 3) == [(44,)] * 3


@on_postgresql
def test_what_followed_a_refusal_has_no_answer_rather_than_an_empty_one(inside: World):
    line = connection()
    refused = cursor_of(line).execute("SELECT 1 / 0")
    after = cursor_of(line).execute("SELECT 45")
    with pytest.raises(DBAPIError, match="division by zero"):
        arrived(line)
    for said in (refused, after):
        with pytest.raises(DBAPIError), said_by(line):
            said.fetchall()


@on_postgresql
def test_of_many_statements_only_so_many_stay_prepared(inside: World):
    line = connection()
    for n in range(130):
        assert _said(line, f"SELECT {n} AS many", 6) == [(n,)] * 6
    assert cursor_of(line).execute(PREPARED, ["SELECT % AS many"]).fetchone() <= (100,)


@on_postgresql
def test_who_is_stopped_while_waiting_leaves_a_line_that_nobody_goes_on_with(
    inside: World, monkeypatch: pytest.MonkeyPatch
):
    line = connection()
    driver = line.connection.driver_connection

    def stopped(*_talk: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(driver, "wait", stopped)
        cursor_of(line).execute("SELECT 1").fetchone()
    assert driver.closed
    with pytest.raises(DBAPIError):
        session().rollback()
    assert _said(connection(), "SELECT 3", 1) == [(3,)]


def test_values_are_numbered_by_their_places_or_by_their_names():
    assert numbered("SELECT %s, '5 %%', %s::INTEGER") == (b"SELECT $1, '5 %', $2::INTEGER", ())
    words, names = numbered("SELECT %(day)s WHERE %(code)s = %(day)s")
    assert words == b"SELECT $1 WHERE $2 = $1"
    assert names == ("day", "code")
