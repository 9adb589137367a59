"""Rows written at once, with one plain statement each, in a fifth of the unit of work's time.

An act knows what it writes and in which order. What is put or changed here is the session's like any other row, and
goes when the transaction is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from flask_sqlalchemy.session import Session as AppSession
from sqlalchemy import Compiled, Connection, Dialect, and_, bindparam, event, insert, literal_column, select, update
from sqlalchemy.orm import Session, SessionTransaction, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.db.columns import Base
from app.db.current import connection, session
from app.db.pipeline import arrived, cursor_of, said_by

R = TypeVar("R", bound=Base)
_WRITTEN = "rows put in this transaction"
_AHEAD = "numbers drawn for rows to come"
_sequences: set[str] = set()


def put(row: R, **near: object) -> R:
    """Write a new row; it has its number and its defaults afterwards. Columns not named are empty.

    `near`: what it is related to and stands here already, so that nobody need ask for it again.
    """
    s = session()
    _insert(s, type(row), row.__dict__)
    make_transient_to_detached(row)
    s.add(row)
    for key, thing in near.items():
        set_committed_value(row, key, thing)
    _written(s).append(row)
    return row


def note(kind: type[Base], /, **values: object) -> int:
    """Write a row that this act does not look at again, and answer its number: no object is made of it."""
    if unknown := values.keys() - kind.__mapper__.column_attrs.keys():
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return _insert(session(), kind, values)


def _insert(s: Session, kind: type[Base], known: dict[str, Any]) -> int:
    """What the database or a default adds is put into `known`."""
    line = connection(s)
    s.flush()  # what it points to is there
    table = _table(kind, line.dialect)
    if table.sequence:
        known[table.number] = _number_ahead(s, line, table)
    for key in table.ways.keys() - known.keys() - {table.number}:
        known[key] = table.defaults[key]() if key in table.defaults else None
    cursor = _run(line, table.insert, table.sent(known))
    if table.number and not table.sequence:
        known[table.number] = cursor.lastrowid
    return int(known[table.number]) if table.number else 0


def change(row: Base, **values: object) -> None:
    """Write these columns of a row that is there already."""
    line = connection()
    table = _table(type(row), line.dialect)
    this = {f"this_{key}": row.__dict__[key] for key in table.keys}
    _run(line, _updating(type(row), tuple(values), line.dialect), table.sent(values) | this)
    for key, value in values.items():
        set_committed_value(row, key, value)


def newest_under_lock(key: int, table: type[Base], *columns: str) -> Any:
    """The newest row of a numbered table, once the one lock is held that everybody takes last.

    On SQLite whoever writes holds the only lock there is. On PostgreSQL both questions travel with what was put.
    """
    line = connection()
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
    """How the rows of one table are written. `number`: the column that the database itself counts, if any."""

    ways: Mapping[str, Callable[[Any], Any] | None]  # each column, and how its value is told to the database
    defaults: Mapping[str, Callable[[], object]]
    keys: Sequence[str]
    number: str
    sequence: str
    insert: Compiled

    def sent(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {key: way(values[key]) if way else values[key] for key, way in self.ways.items() if key in values}


@cache
def _table(kind: type[Base], dialect: Dialect) -> _Table:
    mapper, table = kind.__mapper__, kind.__table__
    columns = {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}
    ways = {key: column.type.dialect_impl(dialect).bind_processor(dialect) for key, column in columns.items()}
    counted = table.autoincrement_column  # type: ignore[attr-defined]
    number = "" if counted is None else str(counted.key)
    sequence = f"{table.name}_{number}_seq" if number and dialect.name == "postgresql" else ""  # type: ignore[attr-defined]
    sent = [key for key in ways if key != number or sequence]
    statement = insert(table).compile(dialect=dialect, column_keys=sent)  # type: ignore[arg-type]
    defaults = {key: _default(column.default) for key, column in columns.items() if column.default is not None}
    return _Table(ways, defaults, _keys(kind), number, sequence, statement)


@cache
def _updating(kind: type[Base], names: tuple[str, ...], dialect: Dialect) -> Compiled:
    table = kind.__table__
    this = and_(*(table.c[key] == bindparam(f"this_{key}") for key in _keys(kind)))
    return update(table).where(this).compile(dialect=dialect, column_keys=names)  # type: ignore[arg-type]


def _keys(kind: type[Base]) -> list[str]:
    return [str(column.key) for column in kind.__mapper__.primary_key]


def _default(known: Any) -> Callable[[], object]:
    """A default that looks at the other columns is not for here, and says so by failing."""
    return (lambda: known.arg(None)) if known.is_callable else (lambda: known.arg)


def _run(line: Connection, statement: Compiled, values: Mapping[str, object]) -> Any:
    """The cursor it ran on. SQLite takes values by their place, PostgreSQL by their name."""
    order = statement.positiontup  # type: ignore[attr-defined]
    cursor = cursor_of(line)
    with said_by(line):
        cursor.execute(str(statement), [values[name] for name in order] if order else values)
    return cursor


def _number_ahead(s: Session, line: Connection, table: _Table) -> int:
    """PostgreSQL: the number of the next row, drawn for every table at once when the first is wanted."""
    ahead: dict[str, int] = s.info.setdefault(_AHEAD, {})
    if table.sequence not in ahead:
        _sequences.add(table.sequence)
        names = sorted(_sequences)
        arrived(line)
        drawn = line.connection.cursor().execute(_drawing(len(names)), names).fetchone()
        ahead |= dict(zip(names, drawn, strict=True))
    return ahead.pop(table.sequence)


@cache
def _drawing(count: int) -> str:
    return "SELECT " + ", ".join(["nextval(%s)"] * count)


def _kept(s: Session) -> None:
    if not s.in_nested_transaction():
        s.info.pop(_WRITTEN, None)


def _taken_back(_s: Session, transaction: SessionTransaction) -> None:
    if not transaction.nested:
        forget_rows()


event.listen(AppSession, "after_commit", _kept)
event.listen(AppSession, "after_soft_rollback", _taken_back)
