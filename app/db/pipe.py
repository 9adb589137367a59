"""PostgreSQL only: statements that travel together over one connection, which libpq calls a pipeline.

It is led through `psycopg.pq`, libpq itself: what a cursor of psycopg does beside, for each statement, costs more than
to send it. Values go out and come back by psycopg's own adapters, and what the server prepared is written down where
psycopg's own cursors write it (`_prepared`, not public: the version is pinned), for a rollback lets go of all of it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from psycopg import Error
from psycopg._preparing import Prepare
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus

MANY = 200  # statements that wait at most, for their values wait with them
_REFUSED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)
_MARK = re.compile(r"%(?:%|s|\(([^)]+)\)s)")


class Pipe:
    """What waits to be sent over a connection of psycopg."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._values = Transformer(driver)
        self._waiting: list[Said] = []
        self._beside: dict[str, tuple[str, Sequence[object]]] = {}  # rows that become one statement, by their tables

    def write(self, table: str, statement: str, values: Sequence[object]) -> None:
        """Write one row; several of one table are several statements, for within one none sees what another wrote."""
        if table in self._beside:
            self._together()
        self._beside[table] = statement, values

    def execute(self, words: str | bytes, values: Sequence[object] = ()) -> Said:
        """A statement, `%s` in it for each value, or as `numbered` made it. It leaves once an answer is wanted."""
        if self._beside:
            self._together()
        return self._say(words if isinstance(words, bytes) else numbered(words)[0], values)

    def executemany(self, words: str, rows: Iterable[Sequence[object]]) -> None:
        """The same statement for each of these rows of values."""
        for values in rows:
            self.execute(words, values)

    def waits(self) -> bool:
        """Whether anything has yet to leave."""
        return bool(self._waiting or self._beside)

    def forget(self) -> None:
        """What waits need not leave: it would be taken back."""
        self._beside = {}
        for said in self._waiting:
            self._heard(said, [])
        self._waiting = []

    def hear(self) -> None:
        """Send what waits, and hear every answer. Raises the first refusal: what follows it is its consequence."""
        if self._beside:
            self._together()
        if not self._waiting:
            return
        going, self._waiting = self._waiting, []
        server = self._driver.pgconn
        server.enter_pipeline_mode()
        try:
            refusal = self._driver.wait(self._exchange(server, going))
        except BaseException:
            self._driver.close()  # who was stopped halfway does not know what the next answer belongs to
            raise
        if not self._driver.closed:
            server.exit_pipeline_mode()
        if refusal:
            raise error_from_result(refusal, encoding="utf-8")
        if any(said.is_noted for said in going):
            self._driver.wait(self._driver._prepared.maintain_gen(self._driver))  # noqa: SLF001

    def rows(self, said: Said) -> list[tuple[Any, ...]]:
        """What the server answered. Raises its refusal, or that it refused something before."""
        if said.result is None:
            self.hear()
        if said.result.status in _REFUSED:
            raise error_from_result(said.result, encoding="utf-8")
        self._values.set_pgresult(said.result)
        return self._values.load_rows(0, said.result.ntuples, tuple)

    def _together(self) -> None:
        beside, self._beside = self._beside, {}
        words = _one_of(tuple([statement for statement, _values in beside.values()]))
        self._say(words, [value for _statement, values in beside.values() for value in values])

    def _say(self, words: bytes, values: Sequence[object]) -> Said:
        if len(self._waiting) >= MANY:
            self.hear()
        told = self._values.dump_sequence(values, _as_they_are(len(values)))
        said = Said(self, words, told, self._values.types or (), self._values.formats)
        prepared = self._driver._prepared  # noqa: SLF001
        said.prepare, said.name = prepared.get(said)
        is_new = prepared.maybe_add_to_cache(said, said.prepare, said.name) is not None
        said.is_noted = is_new or said.prepare is Prepare.SHOULD
        self._waiting.append(said)
        return said

    def _heard(self, said: Said, results: Sequence[Any]) -> None:
        if said.is_noted:
            self._driver._prepared.validate((said.query, said.types), said.prepare, said.name, results)  # noqa: SLF001

    def _exchange(self, server: Any, going: Sequence[Said]) -> Generator[Any, Any, Any]:
        """All at once there, and back; answers what the server refused first, if anything."""
        for said in going:
            said.leave(server)
        server.pipeline_sync()
        refusal = None
        try:
            yield from send(server)
            for said in going:
                for _each in range(1 + (said.prepare is Prepare.SHOULD)):
                    (said.result,) = yield from fetch_many(server)
                    if said.result.status in _REFUSED:
                        refusal = refusal or said.result
                self._heard(said, [said.result])
            yield from fetch_many(server)  # that the pipe is empty
        except Error:
            if refusal is None:
                raise
        return refusal


@dataclass(slots=True)
class Said:
    """A statement under way: its words and the types of its values are what it is prepared by, under its `name`."""

    pipe: Pipe
    query: bytes
    values: Sequence[Any]
    types: Sequence[int]
    formats: Sequence[int] | None
    prepare: Prepare = Prepare.NO
    name: bytes = b""
    is_noted: bool = False  # as to be prepared, if it comes through
    result: Any = None

    def leave(self, server: Any) -> None:
        if self.prepare is Prepare.NO:
            server.send_query_params(self.query, self.values, self.types, self.formats)
            return
        if self.prepare is Prepare.SHOULD:
            server.send_prepare(self.name, self.query, self.types)
        server.send_query_prepared(self.name, self.values, self.formats)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.pipe.rows(self)

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(iter(self.fetchall()), None)


@lru_cache(500)
def numbered(words: str) -> tuple[bytes, tuple[str, ...]]:
    """The words with `$1` for `%s` or `%(name)s`, and the names in the order of their numbers."""
    names: dict[str, int] = {}
    places = count(1)

    def number(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return "%"
        return f"${names.setdefault(mark[1], len(names) + 1) if mark[1] else next(places)}"

    return _MARK.sub(number, words).encode(), tuple(names)


@lru_cache(500)
def _one_of(statements: tuple[str, ...]) -> bytes:
    *first, last = statements
    named = ", ".join(f"w{n} AS ({one})" for n, one in enumerate(first))
    return numbered(f"WITH {named} {last}" if first else last)[0]


@lru_cache(500)
def _as_they_are(how_many: int) -> Sequence[PyFormat]:
    return [PyFormat.AUTO] * how_many
