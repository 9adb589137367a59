"""PostgreSQL only: what an act writes is sent in one go, and the answers are looked at once, before anything is read.

A question to a server costs its way there and back, and a statement wakes it up; an act writes a dozen rows. So rows
of different tables become one statement (`WITH a AS (INSERT ...), b AS (UPDATE ...) INSERT ...`), and statements
travel together, which `psycopg` calls a pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import count
from typing import Any

from psycopg import Error, Pipeline, RawCursor
from psycopg.generators import send
from psycopg.types.numeric import Int8Dumper
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

_OPEN = "rows on their way"
_BESIDE = "rows that become one statement"
_MANY = 200  # statements that wait at most, for their values wait with them


def write(line: Connection, table: str, statement: str, values: Sequence[object]) -> None:
    """Write one row; several of one table are several statements, for within one none sees what another wrote."""
    if table in line.info.setdefault(_BESIDE, {}):
        _send(line)
    line.info.setdefault(_BESIDE, {})[table] = statement, values


def _send(line: Connection) -> None:
    if beside := line.info.pop(_BESIDE, None):
        words = _together(tuple([statement for statement, _values in beside.values()]))
        values = [value for _statement, values in beside.values() for value in values]
        with said_by(line):
            RawCursor(_opened(line)).execute(words, values)


@lru_cache(500)
def _together(statements: tuple[str, ...]) -> bytes:
    """One statement of several, its values numbered: so psycopg need not look for them each time."""
    *first, last = statements
    named = ", ".join(f"w{n} AS ({one})" for n, one in enumerate(first))
    numbers = count(1)
    head, *rest = (f"WITH {named} {last}" if first else last).split("%s")
    return (head + "".join(f"${next(numbers)}{part}" for part in rest)).encode()


def cursor_of(line: Connection) -> Any:
    """A cursor of the driver, whose statements are sent at once but answered only by `arrived`."""
    if line.dialect.name == "postgresql":
        _send(line)
        _opened(line)
    return line.connection.cursor()


def question_cursor(line: Connection) -> Any:
    """The same for one question: it travels with what was sent, if anything was; alone, it is answered at once."""
    _send(line)
    return line.connection.cursor()


def _opened(line: Connection) -> Any:
    """The driver's connection, in a pipeline."""
    driver: Any = line.connection.driver_connection
    if _OPEN not in line.info:
        line.info[_OPEN] = pipeline = driver.pipeline()
        pipeline.__enter__().__class__ = _Held  # psycopg makes its own kind, and cannot be told of another
    return driver


class _Held(Pipeline):
    """Statements wait here until an answer is wanted, and go out as one.

    psycopg sends each at once: a call of the system, and the server woken, for every statement. What is overridden is
    psycopg's own, so its version is pinned, and a test looks when the server hears of a statement.
    """

    def _communicate_gen(self) -> Any:
        if len(self.command_queue) >= _MANY:
            yield from self._go()

    def _fetch_gen(self, *, flush: bool) -> Any:
        refusal = None
        if self.command_queue:
            if flush and self.result_queue[-1] is not None:  # else a sync goes last, and the server answers it unasked
                self.command_queue.append(self.pgconn.send_flush_request)
            try:
                yield from self._go()
            except Error as heard:  # what follows is only its consequence
                refusal = heard
            yield from send(self.pgconn)  # what the line could not take at once
            flush = False
        try:
            yield from super()._fetch_gen(flush=flush)
        except Error as last:
            raise refusal or last from None
        if refusal:
            raise refusal

    def _go(self) -> Any:
        waiting = list(self.command_queue)
        self.command_queue.clear()
        self.command_queue.append(partial(_each, waiting))  # psycopg calls the system after every command
        yield from super()._communicate_gen()


def _each(commands: Iterable[Callable[[], None]]) -> None:
    for command in commands:
        command()


def arrived(line: Connection) -> None:
    """Wait until the database took all that was sent. Raises what it refused."""
    _send(line)
    if pipeline := line.info.pop(_OPEN, None):
        with said_by(line):
            pipeline.__exit__(None, None, None)


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
    """Whatever is asked next, and the commit, wait for what was sent; what is taken back need not succeed."""
    event.listen(engine, "connect", _habits)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", lambda line, *_statement: arrived(line))
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _rollback)
    event.listen(engine, "rollback_savepoint", lambda line, _name, _context: _rollback(line))


def _habits(connection: Any, _record: object) -> None:
    # Left alone, psycopg tells small numbers as smallint: each mixture of sizes would be prepared by itself.
    connection.adapters.register_dumper(int, Int8Dumper)


def begin(line: Connection, options: Mapping[str, Any]) -> Connection:
    """Begin a transaction on a connection that reads: with these options, as if it had been opened so."""
    line.execution_options(**options)
    _begin(line)
    return line


def _begin(line: Connection) -> None:
    # Said by us, so that it travels with the first question; a read needs no transaction (see `engine_options`).
    if line.get_execution_options().get("begin") == "IMMEDIATE":
        with said_by(line):
            cursor_of(line).execute("BEGIN ISOLATION LEVEL READ COMMITTED")


def _commit(line: Connection) -> None:
    _send(line)
    if _OPEN in line.info:
        with said_by(line):
            line.connection.cursor().execute("COMMIT")  # travels with the rest; the driver's own finds it done
        arrived(line)


def _rollback(line: Connection) -> None:
    if not line.invalidated:
        line.info.pop(_BESIDE, None)
        with suppress(DBAPIError):  # it is taken back anyway
            arrived(line)
