"""PostgreSQL: the numbers of rows to come, drawn from their sequences once the last lock is held.

Not sooner: who waits for a lock would write lower numbers later, and whoever sorts by number takes the first for the
last.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.pipeline import arrived, cursor_of, said_by

_AHEAD = "numbers drawn for rows to come"
_BEHIND = "numbers on their way"
_LIKE = "what this write is like"
_drawn: dict[str, set[str]] = {}  # the sequences that writes of a kind draw from


def draws_like(s: Session, like: str) -> None:
    """What is drawn is what such a write drew before."""
    s.info[_LIKE] = like
    s.info.pop(_AHEAD, None)
    s.info.pop(_BEHIND, None)


def draw_behind(s: Session, line: Connection) -> None:
    """Draw what such a write drew before behind the questions just sent, which take its last locks.

    The numbers need no way of their own then; those drawn for it sooner are too low, and nobody bears them.
    """
    if line.dialect.name == "postgresql" and (names := _drawn.get(s.info.get(_LIKE) or "nothing")):
        s.info.pop(_AHEAD, None)
        _draw(s, line, sorted(names))


def number_ahead(s: Session, line: Connection, sequence: str) -> int:
    """The number of the next row, drawn together with those that such a write draws beside."""
    ahead: dict[str, int] = s.info.get(_AHEAD) or _taken(s)
    if sequence not in ahead:
        names = _drawn.setdefault(s.info.get(_LIKE, ""), set())
        names.add(sequence)
        _draw(s, line, sorted(names))
        arrived(line)
        ahead = _taken(s)
    return ahead.pop(sequence)


def _draw(s: Session, line: Connection, names: list[str]) -> None:
    with said_by(line):
        s.info[_BEHIND] = names, cursor_of(line).execute(_drawing(len(names)), names)


def _taken(s: Session) -> dict[str, int]:
    """The numbers that came, by their sequences."""
    names, cursor = s.info.pop(_BEHIND, ((), None))
    s.info[_AHEAD] = ahead = dict(zip(names, cursor.fetchone(), strict=True)) if cursor else {}
    return ahead


@cache
def _drawing(count: int) -> str:
    return "SELECT " + ", ".join(["nextval(%s)"] * count)
