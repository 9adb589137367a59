"""The journal by kinds of acts, for whoever compares rows with what the acts tell."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app.db import once, session, walk_one
from app.history.models import Act


@once
def numbers() -> dict[str, int]:
    """How many acts there are of each kind."""
    return dict(session().execute(select(Act.kind, func.count()).group_by(Act.kind)).all())


def count_of(*kinds: str) -> int:
    """How many acts there are of these kinds together."""
    return sum(numbers().get(kind, 0) for kind in kinds)


def of_kind(*kinds: str) -> Iterator[Act]:
    """The acts of these kinds, oldest first. None is asked for where there is none."""
    if not count_of(*kinds):
        return iter(())
    return walk_one(select(Act).where(Act.kind.in_(kinds)).order_by(Act.id))
