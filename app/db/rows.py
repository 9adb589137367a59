"""Rows written at once, with one plain statement each, in a fifth of the unit of work's time.

An act knows what it writes and in which order. What is put or changed here is the session's like any other row, and
goes when the transaction is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from flask_sqlalchemy.session import Session as AppSession
from sqlalchemy import Connection, Dialect, Table, event, literal_column, select
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.types import TypeEngine

from app.db.columns import Base, MomentType
from app.db.current import adopt, connection, session
from app.db.gathering import gathering, next_number, write_out
from app.db.numbers import number_ahead
from app.db.pipeline import cursor_of, said_by, write

R = TypeVar("R", bound=Base)
_WRITTEN = "rows put in this transaction"


def draft(kind: type[R], /, **values: object) -> R:
    """A row to be put, as its constructor would make it, without SQLAlchemy watching each value come."""
    row = kind.__mapper__.class_manager.new_instance()
    row.__dict__.update(values)
    return cast("R", row)


def put(row: R, **near: object) -> R:
    """Write a new row; it has its number and its defaults afterwards. Columns not named are empty.

    `near`: what it is related to and stands here already, so that nobody need ask for it again.
    """
    s = session()
    _insert(s, type(row), row.__dict__)
    adopt(s, row)
    for key, thing in near.items():
        set_committed_value(row, key, thing)
    _written(s).append(row)
    return row


def put_aside(row: R) -> R:
    """The same for a row that nobody relates to or changes: it is remembered until the commit, not the session's."""
    s = session()
    _insert(s, type(row), row.__dict__)
    _written(s).append(row)
    return row


def note(kind: type[Base], /, **values: object) -> int:
    """Write a row that this act does not look at again, and answer its number: no object is made of it."""
    s = session()
    known = _table(kind, connection(s).dialect).ways.keys()
    if not known >= values.keys():
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(values.keys() - known))}")
    return _insert(s, kind, values)


def note_all(kind: type[Base], names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write many rows that nobody looks at again: the values of these columns, as the database takes them."""
    s = session()
    line = connection(s)
    s.flush()
    write_out(line)
    with said_by(line):
        cursor_of(line).executemany(_inserting(kind.__tablename__, names, line.dialect), rows)


def _insert(s: Session, kind: type[Base], known: dict[str, Any]) -> int:
    """What the database or a default adds is put into `known`."""
    line = connection(s)
    s.flush()  # what it points to is there
    table, waiting = _table(kind, line.dialect), gathering(line)
    if waiting and table.number:
        known[table.number] = next_number(line, waiting, table.name, table.number, table.sequence)
    elif table.number:  # SQLite counts it where none is told
        known[table.number] = number_ahead(s, line, table.sequence) if table.sequence else None
    for key in table.ways:
        if key not in known:
            known[key] = table.defaults[key]() if key in table.defaults else None
    if waiting:
        waiting.add(table.name, table.inserting, table.key(known), table.whole(known))
    elif (given := _run(line, table.name, table.inserting, table.whole(known))) and table.number:
        known[table.number] = given
    return cast("int", known[table.number]) if table.number else 0


def change(row: Base, **values: object) -> None:
    """Write these columns of a row that is there already."""
    line = connection()
    table = _table(type(row), line.dialect)
    if (waiting := gathering(line)) and (here := waiting.rows.get(table.name, {}).get(table.key(row.__dict__))):
        for key, value in values.items():
            here[table.places[key]] = table.told(key, value)
    else:
        write_out(line)
        told = [table.told(key, value) for key, value in values.items()]
        told += [table.told(key, row.__dict__[key]) for key in table.keys]
        _run(line, table.name, _updating(table.name, tuple(values), tuple(table.keys), line.dialect), told)
    row.__dict__.update(values)
    instance_state(row)._commit(row.__dict__, values)  # noqa: SLF001 - as SQLAlchemy's own loading does


def change_where(kind: type[Base], these: Mapping[str, object], /, **values: object) -> None:
    """Write these columns of the rows in which those have these values; no row that stands here follows."""
    s = session()
    line = connection(s)
    table = _table(kind, line.dialect)
    s.flush()
    write_out(line)
    told = [table.told(key, value) for key, value in [*values.items(), *these.items()]]
    _run(line, table.name, _updating(table.name, tuple(values), tuple(these), line.dialect), told)


def newest_under_lock(key: int, table: type[Base], *columns: str) -> Any:
    """The newest row of a numbered table, once the one lock is held that everybody takes last.

    On SQLite whoever writes holds the only lock there is. On PostgreSQL both questions travel with what was put.
    """
    line = connection()
    write_out(line)
    with said_by(line):
        if line.dialect.name == "postgresql":
            cursor_of(line).execute("SELECT pg_advisory_xact_lock(%s)", [key])
        return cursor_of(line).execute(_newest(table, columns)).fetchone()


@cache
def _newest(table: type[Base], columns: tuple[str, ...]) -> str:
    first = table.__table__.c[columns[0]]
    return str(select(*(table.__table__.c[name] for name in columns)).order_by(first.desc()).limit(literal_column("1")))


def written() -> list[Base]:
    """The rows put since the transaction began, in their order."""
    return _written(session())


def _written(s: Session) -> list[Base]:
    return cast("list[Base]", s.info.setdefault(_WRITTEN, []))


def forget_rows(beyond: int = 0) -> None:
    """Those put after the first so many were taken back: the session does not know them any more."""
    s = session()
    rows = _written(s)
    for row in rows[beyond:]:
        if row in s:
            s.expunge(row)
    del rows[beyond:]


@dataclass(frozen=True)
class _Table:
    """How the rows of one table are written.

    `ways`: each column, and how its value is told to the database where it is not taken as it is; `not_as_they_are`:
    those that are not, by their places; `number`: the column that the database itself counts, if any.
    """

    name: str
    ways: Mapping[str, Callable[[Any], Any] | None]
    places: Mapping[str, int]
    defaults: Mapping[str, Callable[[], object]]
    keys: Sequence[str]
    number: str
    sequence: str
    inserting: str
    not_as_they_are: Sequence[tuple[int, Callable[[Any], Any]]]

    def key(self, values: Mapping[str, Any]) -> tuple[object, ...]:
        return tuple([values[key] for key in self.keys])

    def told(self, key: str, value: Any) -> Any:
        way = self.ways[key]
        return way(value) if way else value

    def whole(self, values: Mapping[str, Any]) -> list[Any]:
        """The row as the database is told it."""
        row = [values[key] for key in self.ways]
        for place, way in self.not_as_they_are:
            row[place] = way(row[place])
        return row


@cache
def _table(kind: type[Base], dialect: Dialect) -> _Table:
    mapper, table = kind.__mapper__, cast("Table", kind.__table__)
    counted = table.autoincrement_column
    number = "" if counted is None else str(counted.key)
    columns = {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}
    ways = {key: _way(column.type, dialect) for key, column in columns.items()}
    sequence = f"{table.name}_{number}_seq" if number and dialect.name == "postgresql" else ""
    return _Table(
        name=table.name,
        ways=ways,
        places={key: place for place, key in enumerate(ways)},
        defaults={key: _default(column.default) for key, column in columns.items() if column.default is not None},
        keys=_keys(kind),
        number=number,
        sequence=sequence,
        inserting=_inserting(table.name, list(ways), dialect),
        not_as_they_are=[(place, way) for place, way in enumerate(ways.values()) if way],
    )


def _way(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    way = kind.dialect_impl(dialect).bind_processor(dialect)
    # What is written together bears one moment, which takes as long to tell as the rest of a row.
    return lru_cache(100)(way) if way and isinstance(kind, MomentType) else way


def _inserting(table: str, names: Sequence[str], dialect: Dialect) -> str:
    named = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
    return f"INSERT INTO {table} ({named}) VALUES ({', '.join([_mark(dialect)] * len(names))})"  # noqa: S608 - our names


@cache
def _updating(table: str, names: tuple[str, ...], keys: tuple[str, ...], dialect: Dialect) -> str:
    quote, mark = dialect.identifier_preparer.quote, _mark(dialect)
    told = ", ".join(f"{quote(name)} = {mark}" for name in names)
    these = " AND ".join(f"{quote(name)} = {mark}" for name in keys)
    return f"UPDATE {table} SET {told} WHERE {these}"  # noqa: S608 - our names


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.paramstyle == "qmark" else "%s"


def _keys(kind: type[Base]) -> list[str]:
    return [str(column.key) for column in kind.__mapper__.primary_key]


def _default(known: Any) -> Callable[[], object]:
    """A default that looks at the other columns is not for here, and says so by failing."""
    return (lambda: known.arg(None)) if known.is_callable else (lambda: known.arg)


def _run(line: Connection, table: str, statement: str, values: Sequence[object]) -> int:
    """Write one row of this table; SQLite tells the number it gave."""
    if line.dialect.name == "postgresql":
        write(line, table, statement, values)
        return 0
    with said_by(line):
        return cast("int", cursor_of(line).execute(statement, values).lastrowid)


def _kept(s: Session) -> None:
    if not s.in_nested_transaction():
        s.info.pop(_WRITTEN, None)


def _taken_back(_s: Session, transaction: SessionTransaction) -> None:
    if not transaction.nested:
        forget_rows()


event.listen(AppSession, "after_commit", _kept)
event.listen(AppSession, "after_soft_rollback", _taken_back)
