"""For `flask verify`: rows that each stand for one act, compared with what the act tells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import inspect, select

from app.db import Base, once, walk
from app.history import Act, count_of
from app.inventory.models import GivenCode


def check_told(table: Any, kinds: Collection[str], same: Callable[[Any, Act], bool]) -> Iterator[str]:
    """Each row its act does not tell of, and each act of these kinds that lost its row."""
    name, found = _name(table), 0
    query = select(table, Act).outerjoin(Act, Act.id == table.act_id)
    for row, act in walk(query):
        found += 1
        if act is None or act.kind not in kinds or not same(row, act):
            yield f"{name} {inspect(row).identity[0]}: not what its act tells of"
    if found != count_of(*kinds):
        yield f"{name}: a row for each act was due"


def _name(table: type[Base]) -> str:
    return str(table.__tablename__)


@once
def bearers() -> dict[str, int | None]:
    """The thing each code finds, by its number; none for labels of other things than devices."""
    return {row.code: row.device_id for row in walk(select(GivenCode.code, GivenCode.device_id))}
