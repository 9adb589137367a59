"""Each record of money is what the last act about it tells: written, put right, taken back by acts, never by hand.

A row bears the number of that act. What it says stands in the journal: figures, days and names of suppliers as they
are, free words (columns of kind Text) as their SHA-256, for they may speak of people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, inspect, select

from app.db import Base, change, once, session, walk
from app.history import Act, count_of, of_kind, record
from app.history.seals import digest
from app.inputs import Act as Wish
from app.people.roles import Me

REPEATS = {"repeats": True}  # marks a column that repeats what other rows add up to
# Acts that take rows back, and those that put them back.
GOING = (
    "line_remove", "line_put_back", "expense_withdraw", "expense_restore", "payment_withdraw", "payment_restore",
    "paper_take_off", "paper_put_back", "money_take_back", "money_put_back", "thing_untie", "allocation_take_back",
    "claim_withdraw", "claim_restore", "publicity_take_off", "publicity_put_back",
    "spot_check_withdraw", "spot_check_restore", "spot_item_withdraw", "spot_item_restore", "spot_finding_withdraw",
    "spot_finding_restore",
)  # fmt: skip
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


def said(model: Any, key: str) -> dict[int, list[Any]]:
    """What the act of each row tells under that key of the rows that hang on it."""
    query = select(model, Act).join(Act, Act.id == model.act_id)
    return {row.id: list(act.told.get(key, [])) for row, act in walk(query)}


def check_parts(table: str, rows: Iterable[tuple[int, int, Any]], told: dict[int, list[Any]]) -> Iterator[str]:
    """Rows that hang on others, as (number of that one, own number, facts): all of them are told of, and all are there.

    A row without a number of its own bears that of the one it hangs on.
    """
    for parent, number, one in rows:
        if one in told.get(parent, []):
            told[parent].remove(one)
        else:
            yield f"{table} {number}: not what its act tells of"
    for parent, left in told.items():
        if left:
            yield f"{table} {parent}: a row that its act tells of is gone"


def number(uuid: str) -> UUID:
    """The number an address gives; one that no row bears where the address gives none."""
    try:
        return UUID(uuid)
    except ValueError:
        return UUID(int=0)


def named(row: Any, *more: object) -> str:
    """What the journal calls a row that may be taken back: its table, and the act that wrote it."""
    return _name(row, session().get_one(Act, row.act_id).uuid, more)


def _name(row: Any, uuid: UUID, more: Iterable[object]) -> str:
    return " ".join([row.__tablename__, uuid.hex, *map(str, more)])


def take_back(row: R, kind: str, wish: Wish, subject: str, *, by: Me, at: datetime) -> R:
    """The row is gone by an act of this kind, which names it."""
    act = record(kind, wish, by=by, at=at, subject=subject, gone=[named(row)])
    change(row, gone_act_id=act.id)
    return row


def put_back(row: R, kind: str, wish: Wish, subject: str, *, by: Me, at: datetime) -> R:
    """It stands again."""
    record(kind, wish, by=by, at=at, subject=subject, back=[named(row)])
    change(row, gone_act_id=None)
    return row


def of_act(model: type[R], act: Act) -> R:
    """The row an act wrote, took back or put back."""
    if names := act.told.get("back") or act.told.get("gone"):
        _table, uuid = names[0].split()[:2]
        act = session().scalars(select(Act).where(Act.uuid == UUID(uuid))).one()
    return session().scalars(select(model).where(model.act_id == act.id)).one()  # type: ignore[attr-defined]


@once
def gone_now() -> dict[str, int]:
    """By what the journal calls it, the act that took each row back, unless another put it back since."""
    gone: dict[str, int] = {}
    for act in of_kind(*GOING):
        gone |= dict.fromkeys(act.told.get("gone", []), act.id)
        for name in act.told.get("back", []):
            gone.pop(name, None)
    return gone


def check_gone(model: Any, name: Callable[[Any], str] | None = None) -> Iterator[str]:
    """Each row that is taken back (`gone_act_id`) otherwise than the journal tells.

    `name`: what it is called there, if not after the act that wrote it.
    """
    for row, uuid in walk(select(model, Act.uuid).join(Act, Act.id == model.act_id)):
        called = name(row) if name else _name(row, uuid, ())
        if row.gone_act_id != gone_now().get(called):
            yield f"{model.__tablename__} {row.id}: not taken back as its acts tell"
