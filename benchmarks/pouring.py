"""Pour a filling into a database: the rows, then what follows from them, as fast as either engine takes it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.db import drop_guards, make_guards
from benchmarks.filling import BESIDE, TABLES, Filling, Row


def hurry(connection: Connection) -> None:
    """For as long as it is open, and before anything begins. A house half filled is thrown away: it needs no way back.

    Each thing and each of its words would be looked up as many times as something points to it.
    """
    if connection.dialect.name == "sqlite":
        for pragma in ("foreign_keys=OFF", "journal_mode=OFF", "cache_size=-262144"):
            connection.connection.driver_connection.execute(f"PRAGMA {pragma}").close()  # type: ignore[union-attr]


def fill(connection: Connection, filling: Filling) -> None:
    """Write all rows, with the guards put aside meanwhile, and the index of words, which is better made at once."""
    on_postgresql = connection.dialect.name == "postgresql"
    drop_guards(connection)
    if on_postgresql:  # foreign keys are not looked at meanwhile, either
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    BESIDE.create_all(connection)
    (by_word,) = TABLES["device_word"].indexes
    by_word.drop(connection)
    for table, rows in filling.rows():
        if on_postgresql:
            _copy(connection, table, rows)
        else:
            connection.execute(insert(table), rows)
    for statement in filling.follows():
        connection.execute(statement)
    by_word.create(connection)
    BESIDE.drop_all(connection)
    make_guards(connection)
    if on_postgresql:
        for table in TABLES.values():
            _go_on_counting(connection, table)


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """PostgreSQL's own way in, three times as fast. Columns without a value get their default."""
    defaults = {c.key: c.default.arg for c in table.c if isinstance(c.default, ScalarElementColumnDefault)}
    full = [defaults | row for row in rows]
    ways = {
        key: table.c[key].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for key in full[0]
    }
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(ways)}) FROM STDIN") as copy:
        for row in full:
            copy.write_row([way(row[key]) if way else row[key] for key, way in ways.items()])


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers on where the inserts ended, if there were any."""
    if "id" in table.c:
        sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
        connection.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table.name}))"))
