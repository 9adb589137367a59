"""PostgreSQL only: what an act writes is sent in one go, and the answers are looked at once, before anything is read.

A question to a server costs its way there and back, and a statement wakes it up; an act writes a dozen rows. So rows
of different tables become one statement (`WITH a AS (INSERT ...), b AS (UPDATE ...) INSERT ...`), and statements
travel together (`pipe`). Here SQLAlchemy's connections are made to wait for what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from psycopg.types.numeric import Int8Dumper
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from app.db.pipe import Pipe

_PIPE = "the pipe of this connection"


def write(line: Connection, table: str, statement: str, values: Sequence[object]) -> None:
    """Write one row of this table."""
    with said_by(line):
        _pipe(line).write(table, statement, values)


def cursor_of(line: Connection) -> Any:
    """A cursor of the driver; on PostgreSQL the pipe, whose statements leave once an answer is wanted."""
    return _pipe(line) if line.dialect.name == "postgresql" else line.connection.cursor()


def arrived(line: Connection) -> None:
    """Wait until the database took all that was sent. Raises what it refused."""
    if line.dialect.name == "postgresql":
        with said_by(line):
            _pipe(line).hear()


def _pipe(line: Connection) -> Pipe:
    return cast("Pipe", line.info[_PIPE])


class said_by:  # noqa: N801 - reads as a word
    """Troubles of the driver become those of SQLAlchemy, without the values, which may be names."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, trouble: BaseException | None, _trace: object) -> None:
        driver = self._line.dialect.loaded_dbapi.Error
        if isinstance(trouble, driver):
            dialect = self._line.dialect
            raise DBAPIError.instance(None, None, trouble, driver, hide_parameters=True, dialect=dialect) from trouble


def watch(engine: Engine) -> None:
    """Whatever is asked next, and the commit, wait for what was sent; what is taken back need not be sent."""
    event.listen(engine, "connect", _habits)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", lambda line, *_statement: arrived(line))
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _rollback)
    event.listen(engine, "rollback_savepoint", lambda line, _name, _context: _rollback(line))


def _habits(connection: Any, record: Any) -> None:
    # Left alone, psycopg tells small numbers as smallint: each mixture of sizes would be prepared by itself.
    connection.adapters.register_dumper(int, Int8Dumper)
    record.info[_PIPE] = Pipe(connection)


def begin(line: Connection, options: Mapping[str, Any]) -> Connection:
    """Begin a transaction on a connection that reads: with these options, as if it had been opened so."""
    line.execution_options(**options)
    _begin(line)
    return line


def _begin(line: Connection) -> None:
    # Said by us, so that it travels with the first question; a read needs no transaction (see `engine_options`).
    if line.get_execution_options().get("begin") == "IMMEDIATE":
        _pipe(line).execute("BEGIN ISOLATION LEVEL READ COMMITTED")


def _commit(line: Connection) -> None:
    pipe = _pipe(line)
    if pipe.waits():
        with said_by(line):
            pipe.execute("COMMIT")  # travels with the rest; the driver's own finds it done
            pipe.hear()


def _rollback(line: Connection) -> None:
    if not line.invalidated:
        _pipe(line).forget()
