"""PostgreSQL: the numbers of rows to come, drawn from their sequences before the rows are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.current import connection
from app.db.pipeline import arrived, cursor_of, said_by

_AHEAD = "numbers drawn for rows to come"
_COMING = "numbers that are on their way"
_LIKE = "what this write is like"
_drawn: dict[str, set[str]] = {}  # the sequences that writes of a kind draw from


def foresee(s: Session, like: str) -> None:
    """PostgreSQL: draw the numbers that such a write took before; they travel with its first question."""
    s.info[_LIKE] = like
    s.info[_COMING] = _drawing_from(connection(s), _drawn[like]) if like in _drawn else None


def number_ahead(s: Session, line: Connection, sequence: str) -> int:
    """PostgreSQL: the number of the next row, drawn together with those that such a write draws beside."""
    ahead: dict[str, int] = s.info.setdefault(_AHEAD, {})
    if coming := s.info.pop(_COMING, None):
        ahead |= _came(line, *coming)
    if sequence not in ahead:
        names = _drawn.setdefault(s.info.get(_LIKE, ""), set())
        names.add(sequence)
        ahead |= _came(line, *_drawing_from(line, names))
    return ahead.pop(sequence)


def _drawing_from(line: Connection, names: Collection[str]) -> tuple[Sequence[str], Any]:
    order = sorted(names)
    with said_by(line):
        return order, cursor_of(line).execute(_drawing(len(order)), order)


def _came(line: Connection, names: Sequence[str], cursor: Any) -> Mapping[str, int]:
    arrived(line)
    return dict(zip(names, cursor.fetchone(), strict=True))


@cache
def _drawing(count: int) -> str:
    return "SELECT " + ", ".join(["nextval(%s)"] * count)
