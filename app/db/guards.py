"""Guards: triggers that keep, in the database itself, what must never happen. One list, made anew by every migration.

A guard has one name and one table, and its text for each engine. Rules say no first and kindly; a guard says it last.
On PostgreSQL it sees the rows written before into its own table, not what the same act writes just then into others:
those may be one statement with it (`pipe`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, inspect
from sqlalchemy.engine import Connection

_guards: dict[str, Guard] = {}


@dataclass(frozen=True)
class Guard:
    """A trigger: `when` it fires (`BEFORE UPDATE`), on `table`, and what it does on each engine.

    `sqlite` is the trigger's body (statements ended by `;`), with an optional `condition` for its WHEN.
    `postgresql` is the body of a plpgsql function between BEGIN and END. An empty text: that engine needs none.
    """

    name: str
    table: str
    when: str
    sqlite: str
    postgresql: str
    condition: str = ""
    each: str = "ROW"


def guard(
    name: str, table: str, when: str, *, sqlite: str, postgresql: str, condition: str = "", each: str = "ROW"
) -> None:
    """Register a guard. Called where the table stands, when its module is read."""
    _guards[name] = Guard(name, table, when, sqlite, postgresql, condition, each)


def insert_only(*tables: str) -> None:
    """Rows of these tables are written once: never changed, never removed."""
    for table in tables:
        say = f"{table} is insert-only"
        for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            guard(
                f"{table}_no_{verb.lower()}",
                table,
                f"BEFORE {verb}",
                each=each,
                sqlite="" if verb == "TRUNCATE" else f"SELECT RAISE(ABORT, '{say}');",
                postgresql=f"RAISE EXCEPTION '{say}' USING ERRCODE = 'integrity_constraint_violation';",
            )


def all_guards(engine: str) -> list[Guard]:
    """The guards that stand on this engine, by name. SQLite knows no TRUNCATE, so it has no guard against it."""
    wanted = (g for g in _guards.values() if (g.sqlite if engine == "sqlite" else g.postgresql))
    return sorted(wanted, key=lambda g: g.name)


def make_guards(connection: Connection) -> None:
    """Make every guard whose table is there; nothing of that name may be there yet."""
    tables = set(inspect(connection).get_table_names())
    for one in (g for g in all_guards(connection.dialect.name) if g.table in tables):
        for statement in _made(one, connection.dialect.name):
            connection.exec_driver_sql(statement)


def missing_guards(connection: Connection) -> set[str]:
    """The names of the guards that somebody took away."""
    return {guard.name for guard in all_guards(connection.dialect.name)} - {name for name, _table in _there(connection)}


def _there(connection: Connection) -> Sequence[Row[str, str]]:
    """Every trigger of ours in this database, with its table."""
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger'").all()
    return connection.exec_driver_sql(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
    ).all()


def drop_guards(connection: Connection) -> None:
    """Drop every trigger of ours, known or from an older version: a migration rebuilds tables without them."""
    for name, table in _there(connection):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
            continue
        connection.exec_driver_sql(f'DROP TRIGGER "{name}" ON "{table}"')
        connection.exec_driver_sql(f'DROP FUNCTION IF EXISTS "guard_{name}"()')


def _made(one: Guard, engine: str) -> list[str]:
    if engine == "sqlite":
        when = f"WHEN {one.condition} " if one.condition else ""
        return [f"CREATE TRIGGER {one.name} {one.when} ON {one.table} {when}BEGIN {one.sqlite} END"]
    body = f"$guard$ BEGIN {one.postgresql} RETURN NEW; END $guard$"
    function = f"CREATE OR REPLACE FUNCTION guard_{one.name}() RETURNS trigger LANGUAGE plpgsql AS {body}"
    fires = f"{one.when} ON {one.table} FOR EACH {one.each}"
    return [function, f"CREATE TRIGGER {one.name} {fires} EXECUTE FUNCTION guard_{one.name}()"]
