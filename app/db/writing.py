"""How a transaction begins and ends: reads are short and end before a write; a write says so at its start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import Connection, Select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.columns import Base
from app.db.current import LINE, db, is_postgresql, read_again, session
from app.db.engine import WRITES, sqlite_module
from app.db.numbers import draws_like
from app.db.pipeline import begin
from app.db.rows import forget_rows, written
from app.db.turns import Line
from app.errors import Busy

MIGRATIONS = Path(__file__).parents[2] / "migrations"
PG_LOCK_TIMEOUT = {"55P03", "40P01", "57014"}  # lock not available, deadlock, statement cancelled


def one_moment() -> None:
    """From now on read one moment of the house, whatever others write meanwhile, until the reading ends."""
    read_again()
    if is_postgresql():
        session().connection(execution_options={"isolation_level": "REPEATABLE READ"})
        session().execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # it may take a while


@contextmanager
def writing(like: str = "") -> Iterator[Session]:
    """A write: the read before it ends, rows refresh, then returning commits and raising rolls back.

    `like`: the name of such writes, which draw the same numbers each time. Raises `Busy` when another writer kept the
    lock too long.
    """
    s = session()
    line = _read_ended(s)
    try:
        with _turn(s):
            s.info[LINE] = begin(line, WRITES) if line else s.connection(execution_options=WRITES)
            draws_like(s, like)
            yield s
            s.commit()
    except OperationalError as trouble:
        s.rollback()
        if _is_lock(trouble):
            raise Busy from trouble
        raise
    except BaseException:
        s.rollback()
        raise


def _read_ended(s: Session) -> Connection | None:
    """The connection of the read that was under way, if nothing of it need be taken back; else it is given back.

    On PostgreSQL a read has no transaction around it: to take another connection out of the pool costs more than to
    go on with this one.
    """
    line: Connection | None = s.info.get(LINE)
    of_its_own = line is not None and "isolation_level" in line.get_execution_options()  # see `one_moment`
    if line is None or not is_postgresql() or of_its_own or s.new or s.dirty or s.deleted:
        s.rollback()
        return None
    s.expire_all()
    return line


def _turn(s: Session) -> AbstractContextManager[None]:
    """On SQLite one writes at a time, in the order of coming; PostgreSQL sees to that itself."""
    line: Line | None = s.get_bind().get_execution_options().get("line")
    return line.turn() if line else nullcontext()


@contextmanager
def savepoint() -> Iterator[Session]:
    """One act among others: a refusal takes back this act alone."""
    s, before = session(), len(written())
    try:
        with s.begin_nested():
            s.connection()  # says SAVEPOINT, which otherwise waits for the session's own first statement
            yield s
    except BaseException:
        forget_rows(before)
        raise


def alone_in(table: type[Base]) -> None:
    """Until the write ends nobody else writes in this table: for what may happen only once. SQLite has one writer."""
    if is_postgresql():
        session().execute(text(f"LOCK TABLE {table.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def for_update(query: Select[*tuple[Any, ...]], of: type[Base] | None = None) -> Select[*tuple[Any, ...]]:
    """Lock the rows looked at until the write ends, those of one table alone when the query joins several.

    SQLite has one writer at a time and needs none.
    """
    return query.with_for_update(of=of, key_share=True).execution_options(populate_existing=True)


def empty_log() -> None:
    """Chore: SQLite's log beside the file still holds what was just erased; empty it, unless somebody is busy."""
    if is_postgresql():
        return
    read_again()
    with closing(sqlite_module().connect(db.engine.url.database, timeout=0.1)) as line:
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def upgrade() -> None:
    """Bring the database of the current app to the newest version; the only way a database is made."""
    read_again()  # our own reading must not stand in the way of a table being changed
    flask_migrate.upgrade(directory=str(MIGRATIONS))


def _is_lock(trouble: OperationalError) -> bool:
    state = getattr(trouble.orig, "sqlstate", None)
    return state in PG_LOCK_TIMEOUT or "locked" in str(trouble.orig) or "busy" in str(trouble.orig)
