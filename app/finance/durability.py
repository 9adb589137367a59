"""What an operation paid for stays until its durability ends, and its papers longer: holds, written downward.

Regulation (EU) 1303/2013 article 71, (EU) 2021/1060 article 65. Lending changes no owner and is never kept
from; giving away, selling and scrapping is for the coordinator. Chores follow what finance writes, each change an act.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from app import history
from app.db import session, walk, walk_one, writing
from app.finance import assets, operations, terms
from app.finance.models import Operation
from app.history import of_kind
from app.inputs import Act as Wish
from app.inventory import care
from app.inventory.models import DISPOSAL, OF_AN_OPERATION, PAPERS, Device, Hold
from app.people.roles import THE_HOUSE

ACT = "durability"


class Follow(Wish):
    """Nobody's wish: what follows from others."""


def follow_all(*, at: datetime) -> int:
    """Chore: how many things are held or let go anew."""
    changed = 0
    for number in list(walk_one(select(Operation.id).order_by(Operation.id))):
        if _differs(session().get_one(Operation, number)):
            with writing():
                changed += _follow(operations.locked(session().get_one(Operation, number)), at=at)
    return changed


def _differs(row: Operation) -> bool:
    return any(placed or lifted for _kind, _until, placed, lifted in _changes(row))


def _changes(row: Operation) -> Iterator[tuple[str, date | None, Sequence[int], Sequence[int]]]:
    """For each clock: its kind and last day, the numbers of things to be held, and of the holds to be lifted."""
    clocks, paid = terms.of(row), set(session().scalars(assets.put_down_to(row).with_only_columns(Device.id)))
    for kind, until in ((DISPOSAL, clocks.durability_until), (PAPERS, clocks.documents_until)):
        yield kind, until, *_of_clock(row, kind, until, paid)


def _of_clock(row: Operation, kind: str, until: date | None, paid: set[int]) -> tuple[Sequence[int], Sequence[int]]:
    standing = (Hold.kind == kind, Hold.lifted_at.is_(None), Hold.reason == row.number)
    stands = session().execute(select(Hold.id, Hold.device_id, Hold.until).where(*standing)).all()
    right = {hold.device_id for hold in stands if hold.until == until}
    lifted = sorted(hold.id for hold in stands if hold.until != until or hold.device_id not in paid)
    return sorted(paid - right), lifted


def _follow(row: Operation, *, at: datetime) -> int:
    changed = 0
    for kind, until, placed, lifted in list(_changes(row)):
        if placed or lifted:
            changed += len(placed) + len(lifted)
            things = session().scalars(select(Device).where(Device.id.in_(placed)).order_by(Device.id)).all()
            codes = [one.code for one in things]
            told: dict[str, Any] = {
                "hold": kind,
                "until": until and until.isoformat(),
                "placed": codes,
                "lifted": lifted,
            }
            act = history.record(ACT, Follow(), by=THE_HOUSE, at=at, subject=row.number, **told)
            session().execute(update(Hold).where(Hold.id.in_(lifted)).values(lifted_at=at))
            for one in things:
                care.hold(one, kind, row.number, until=until, act=act)
    return changed


def check_durability() -> Iterator[str]:
    """Each such hold is one that an act placed on that thing, and is lifted by another or not at all."""
    acts = {act.id: act for act in of_kind(ACT)}
    lifted = {number: act.recorded_at for act in acts.values() for number in act.told["lifted"]}
    left = {(act.id, code) for act in acts.values() for code in act.told["placed"]}
    query = select(Hold, Device.code).join(Device, Device.id == Hold.device_id).where(Hold.kind.in_(OF_AN_OPERATION))
    for row, code in walk(query):
        act, said = acts.get(row.act_id), (row.reason, row.kind, row.until and row.until.isoformat())
        if act is None or (act.subject, act.told["hold"], act.told["until"]) != said:
            yield f"hold {row.id}: not what its act placed"
        elif (row.act_id, code) not in left:
            yield f"hold {row.id}: its act placed none on this thing"
        if row.lifted_at != lifted.get(row.id):
            yield f"hold {row.id}: no act lifted it then"
        left.discard((row.act_id, code))
    yield from (f"hold: act {number} placed one that is gone" for number, _code in sorted(left))
