"""PostgreSQL: the numbers of rows to come, drawn from their sequences just before the first is written.

Not sooner: who waits for a lock would write lower numbers later, and whoever sorts by number takes the first for the
last.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.pipeline import arrived, said_by

_AHEAD = "numbers drawn for rows to come"
_LIKE = "what this write is like"
_drawn: dict[str, set[str]] = {}  # the sequences that writes of a kind draw from


def draws_like(s: Session, like: str) -> None:
    """What is drawn is what such a write drew before."""
    s.info[_LIKE] = like
    s.info.pop(_AHEAD, None)


def number_ahead(s: Session, line: Connection, sequence: str) -> int:
    """The number of the next row, drawn together with those that such a write draws beside."""
    ahead: dict[str, int] = s.info.setdefault(_AHEAD, {})
    if sequence not in ahead:
        names = _drawn.setdefault(s.info.get(_LIKE, ""), set())
        names.add(sequence)
        order = sorted(names)
        arrived(line)
        with said_by(line):
            drawn = line.connection.cursor().execute(_drawing(len(order)), order).fetchone()
        ahead |= dict(zip(order, drawn, strict=True))
    return ahead.pop(sequence)


@cache
def _drawing(count: int) -> str:
    return "SELECT " + ", ".join(["nextval(%s)"] * count)
