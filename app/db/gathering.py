"""Rows put by the hundred are gathered, and written a table at a time: before anything is asked of it, and at the end.

A statement for fifty rows costs little more than one for one. An act done alone has nothing to gather.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, event

from app.db.columns import Base
from app.db.current import connection
from app.db.pipeline import arrived, cursor_of, said_by

_OPEN = "rows gathered"
_BLOCK = 50  # numbers that PostgreSQL draws at once; SQLite goes on from the last row
Key = tuple[object, ...]


@dataclass
class Gathered:
    """What is still to be written: by table, then by its key, in the order it was put."""

    rows: dict[str, dict[Key, list[Any]]] = field(default_factory=dict)
    statements: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Iterator[int]] = field(default_factory=dict)

    def add(self, table: str, statement: str, key: Key, values: list[Any]) -> None:
        self.statements[table] = statement
        self.rows.setdefault(table, {})[key] = values


@contextmanager
def gathered() -> Iterator[None]:
    """Rows put within are written together. What a key, a check or a guard refuses is refused when they are."""
    line = connection()
    if _OPEN in line.info:  # one within another: the outer one sees to it
        yield
        return
    beside = line.info  # at hand even when the line is lost meanwhile
    beside[_OPEN] = Gathered()
    try:
        yield
        write_out(line)
        arrived(line)
    finally:
        del beside[_OPEN]


def gathering(line: Connection | None = None) -> Gathered | None:
    """What is gathered just now; None when every row is written at once."""
    return (line or connection()).info.get(_OPEN)


def write_out(line: Connection, tables: Collection[str] = ()) -> None:
    """Write what is gathered, parents first; when tables are named, only if a row of theirs is among it."""
    waiting = gathering(line)
    if not waiting or not waiting.rows or (tables and waiting.rows.keys().isdisjoint(tables)):
        return
    rows, waiting.rows = waiting.rows, {}
    if line.dialect.name == "sqlite":
        waiting.numbers.clear()
    with said_by(line):
        for table in sorted(rows, key=_places().__getitem__):
            cursor_of(line).executemany(waiting.statements[table], list(rows[table].values()))


def next_number(line: Connection, waiting: Gathered, table: str, column: str, sequence: str) -> int:
    """The number of the next row of a table that the database counts: nobody else draws it meanwhile."""
    if (ahead := waiting.numbers.get(table)) and (number := next(ahead, None)):
        return number
    cursor = cursor_of(line)
    with said_by(line):
        if sequence:
            drawn = cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, _BLOCK]).fetchall()
            waiting.numbers[table] = iter([row[0] for row in drawn])
        else:  # whoever writes is alone: the numbers go on as SQLite would give them
            last = cursor.execute(f"SELECT coalesce(max({column}), 0) FROM {table}").fetchone()[0]  # noqa: S608 - names
            waiting.numbers[table] = iter(range(last + 1, last + 1 + 10**9))
    return next(waiting.numbers[table])


@cache
def _places() -> dict[str, int]:
    """The place of each table in an order in which parents come first."""
    return {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


def watch(engine: Engine) -> None:
    """Whatever SQLAlchemy is going to ask or write finds what was gathered before it."""
    event.listen(engine, "before_cursor_execute", lambda line, *_statement: write_out(line))
