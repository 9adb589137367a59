"""Each record of money is what the last act about it tells: written, put right, taken back by acts, never by hand.

A row bears the number of that act. What it says stands in the journal: figures, days and names of suppliers as they
are, free words (columns of kind Text) as their SHA-256, for they may speak of people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, inspect, select

from app.db import Base, change, walk
from app.history import Act, count_of
from app.history.seals import digest

REPEATS = {"repeats": True}  # marks a column that repeats what other rows add up to
_OWN = {"id", "act_id", "gone_act_id", "closed_act_id"}
R = TypeVar("R", bound=Base)
Facts = dict[str, Any]


def facts(row: Base, *but: str) -> Facts:
    """The columns of a row as its act tells them, without those it cannot know yet (`but`)."""
    known = [one for one in inspect(type(row)).columns if not one.info.get("repeats")]
    columns = [one for one in known if one.key not in {*_OWN, *but}]
    return {str(one.key): _told(getattr(row, str(one.key)), words=isinstance(one.type, Text)) for one in columns}


def _told(value: Any, *, words: bool) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return digest(value) if words and value else value


def rewrite(row: R, act: Act, **values: Any) -> R:
    """The row says this from now on, and the act that says so is its own."""
    change(row, act_id=act.id, **values)
    return row


def check(
    model: Any,
    *kinds: str,
    told: Callable[[Any], Facts] = facts,
    also: Callable[[Any, Act], bool] = lambda _row, _act: True,
) -> Iterator[str]:
    """Each row that its act does not tell of, and each act of the first kind, which opens one, that lost its row.

    `also`: what else must be so of the row and its act.
    """
    found = 0
    for row, act in walk(select(model, Act).outerjoin(Act, Act.id == model.act_id)):
        found += 1
        if act is None or act.kind not in kinds or act.told.get("row") != told(row) or not also(row, act):
            yield f"{model.__tablename__} {row.id}: not what its act tells of"
    if found != count_of(kinds[0]):
        yield f"{model.__tablename__}: a row for each act was due"


def check_gone(model: Any, kinds: Collection[str], name: Callable[[Any], str]) -> Iterator[str]:
    """Each row taken back (`gone_act_id`) by no act that names it under `gone`."""
    for row, act in walk(select(model, Act).outerjoin(Act, Act.id == model.gone_act_id)):
        if row.gone_act_id is None:
            continue
        if act is None or act.kind not in kinds or name(row) not in act.told.get("gone", []):
            yield f"{model.__tablename__} {row.id}: no act took it back"
