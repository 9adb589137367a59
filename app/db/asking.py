"""Questions that every request asks, put to the driver itself: SQLAlchemy writes their words once and reads each value.

What lies between costs more than the answer does. Such a question stands at the head of its module, made once.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Dialect, Select, Table
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.visitors import iterate

from app.db.columns import Base
from app.db.current import adopt, connection, session
from app.db.gathering import write_out
from app.db.numbers import draw_behind
from app.db.pipe import numbered
from app.db.pipeline import arrived, cursor_of, said_by

R = TypeVar("R", bound=Base)
Way = Callable[[Any], Any]
Question = Select[*tuple[Any, ...]]
Asked = tuple[Question, Mapping[str, Any]]  # with its values


def ask(question: Question, **values: Any) -> list[Any]:
    """The rows, as named tuples of the columns asked for. A value for `IN` is a list."""
    return ask_each((question, values))[0]


def ask_each(*questions: Asked, locking: bool = False) -> list[list[Any]]:
    """The same for several questions, one after the other: on PostgreSQL they travel together.

    `locking`: the last that lock anything before the write, so the numbers of its rows are drawn behind them.
    """
    s = session()
    line = connection(s)
    s.flush()  # what the session changed is seen, and not lost when the row stands anew
    going = [_sent(line, question, values) for question, values in questions]
    if locking:
        draw_behind(s, line)
    arrived(line)  # with what was sent before
    with said_by(line):
        return [asked.read(cursor) for asked, cursor in going]


def _sent(line: Connection, question: Question, values: Mapping[str, Any]) -> tuple[_Asked, Any]:
    lengths = tuple((name, len(value)) for name, value in values.items() if isinstance(value, list))
    asked = _asked(question, line.dialect, lengths)
    write_out(line, asked.tables)
    with said_by(line):
        return asked, cursor_of(line).execute(asked.words, asked.sent(values))


def ask_one(question: Question, **values: Any) -> Any:
    """The first row, or none."""
    return next(iter(ask(question, **values)), None)


@dataclass(frozen=True)
class _Asked:
    """The words of a question for so many values, as the driver takes them; `order`: of the values, by their names.

    `tables`: those that it is asked of; `fixed`: values that stand in the question itself; `lists`: the names of the
    values of a list; `told` and `heard`: how a value goes out and comes back, where it is not taken as it is.
    """

    words: str | bytes
    tables: Collection[str]
    order: Sequence[str]
    fixed: Mapping[str, Any]
    told: Mapping[str, Way]
    lists: Mapping[str, Sequence[str]]
    row: Callable[..., Any]
    heard: Sequence[tuple[int, Way]]

    def sent(self, values: Mapping[str, Any]) -> Any:
        flat = dict(self.fixed)
        for name, value in values.items():
            flat.update(zip(self.lists[name], value, strict=True) if name in self.lists else ((name, value),))
        for name, way in self.told.items():
            flat[name] = way(flat[name])
        return [flat[name] for name in self.order]

    def read(self, cursor: Any) -> list[Any]:
        if not self.heard:
            return [self.row(*values) for values in cursor.fetchall()]
        return [self.row(*self._heard(list(values))) for values in cursor.fetchall()]

    def _heard(self, values: list[Any]) -> list[Any]:
        for place, way in self.heard:
            values[place] = way(values[place])
        return values


@lru_cache(maxsize=1000)  # far more than there are; a question made anew each time must not fill the memory
def _asked(question: Question, dialect: Dialect, lengths: tuple[tuple[str, int], ...]) -> _Asked:
    compiled: Any = question.compile(dialect=dialect)
    asked_for = {bound.key: None for bound in compiled.binds.values() if bound.required}
    lists = {name: [None] * length for name, length in lengths}
    expanded = compiled.construct_expanded_state(asked_for | lists)
    places = dict(expanded.parameter_expansion)
    told = {
        each: way
        for name, bound in compiled.binds.items()
        if (way := bound.type.dialect_impl(dialect).bind_processor(dialect))
        for each in places.get(name, [name])
    }
    columns: list[ColumnElement[Any]] = list(question.selected_columns)
    ways = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    row = namedtuple("Row", [str(column.key) for column in columns])  # type: ignore[misc]  # noqa: PYI024 - named by the question
    fixed = {name: value for name, value in expanded.parameters.items() if value is not None}
    heard = [(place, way) for place, way in enumerate(ways) if way]
    tables = frozenset(one.name for one in iterate(question) if isinstance(one, Table))
    words, order = expanded.statement, expanded.positiontup
    if dialect.name == "postgresql":
        words, order = numbered(words)
    return _Asked(words, tables, order, fixed, told, places, row, heard)


def whole(kind: type[Base], named: str = "") -> list[ColumnElement[Any]]:
    """Every column of a table, to ask for a row that `stand` makes an object of; `named` goes before their names."""
    return [attribute.columns[0].label(named + attribute.key) for attribute in kind.__mapper__.column_attrs]


def stand(kind: type[R], found: Any, named: str = "") -> R:
    """The session's object of a row just asked for whole, as it was read."""
    s, mapper = session(), kind.__mapper__
    known = {attribute.key: getattr(found, named + attribute.key) for attribute in mapper.column_attrs}
    key = mapper.identity_key_from_primary_key(tuple(known[str(column.key)] for column in mapper.primary_key))
    row: R | None = s.identity_map.get(key)
    if row is not None:
        s.expire(row)  # what stands around it may have changed with it
        for name, value in known.items():
            set_committed_value(row, name, value)
        return row
    row = mapper.class_manager.new_instance()
    row.__dict__.update(known)
    adopt(s, row)
    return row
