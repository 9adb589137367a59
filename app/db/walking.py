"""Walks through whole tables, as `flask verify` takes them.

A house that lends tablets has no SIM card and has lost nothing: most walks would find nobody. A survey asks once which
tables hold a row, and walks that begin elsewhere are not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, TypeVar, cast

from sqlalchemy import FromClause, Select, TextClause, exists, literal, select, text, union_all

from app.db.columns import Base
from app.db.current import is_postgresql, session

T = TypeVar("T")
AT_ONCE = 1000
# PostgreSQL tells the size of a file sooner than it opens a table and its indexes; a table without a page has no row.
NO_PAGE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid) AND pg_relation_size(oid) = 0"


@dataclass
class _Survey:
    """`empty`: the tables known to hold no row when it began; `known`: what was read once for all walks."""

    empty: frozenset[str]
    known: dict[Callable[[], Any], Any] = field(default_factory=dict)


@contextmanager
def surveyed() -> Iterator[None]:
    """While it lasts, no walk sets out from a table that was empty when it began."""
    info = session().info
    info[_Survey] = _Survey(frozenset(session().scalars(_no_page() if is_postgresql() else _no_row())))
    try:
        yield
    finally:
        info.pop(_Survey, None)


def walk(query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows of a query that begins with the table of its first column: where that is empty, nothing can come."""
    return iter(session().execute(query).yield_per(AT_ONCE) if _leads_on(query) else ())


def walk_one(query: Select[T]) -> Iterator[T]:
    """The same, of each row its first value alone."""
    return iter(session().scalars(query).yield_per(AT_ONCE) if _leads_on(query) else ())


def once(read: Callable[[], T]) -> Callable[[], T]:
    """What this reads of the whole house is read once a survey."""

    @wraps(read)
    def known() -> T:
        survey = _survey()
        if survey is None:
            return read()
        if read not in survey.known:
            survey.known[read] = read()
        return cast("T", survey.known[read])

    return known


def _survey() -> _Survey | None:
    return cast("_Survey | None", session().info.get(_Survey))


def is_empty(table: FromClause) -> bool:
    """Whether the survey found no row there; without one nobody knows."""
    survey = _survey()
    return survey is not None and table.name in survey.empty  # type: ignore[attr-defined]


def _leads_on(query: Select[*tuple[Any, ...]]) -> bool:
    return not is_empty(query.columns_clause_froms[0])


@cache
def _no_page() -> TextClause:
    return text(NO_PAGE)


@cache
def _no_row() -> Any:
    rows = ((table.name, exists(select(next(iter(table.columns))))) for table in Base.metadata.sorted_tables)
    return union_all(*(select(literal(name)).where(~row) for name, row in rows))
