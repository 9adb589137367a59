"""What `flask verify` asks of known faults: each is what its acts tell of, and the thing repeats how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, or_, select

from app.db import walk, walk_one
from app.history import Act
from app.inventory.faults import DeviceFault, said
from app.inventory.models import Device
from app.inventory.told import bearers

KINDS = (
    "lend", "lend_split", "lend_swap", "lend_correct", "exchange", "exchange_undo", "take_back", "return_undo",
    "check", "check_undo", "fault_add", "fault_end", "fault_undo", "owed_end", "owed_undo",
)  # fmt: skip
# Most hand-overs tell of no fault: the others are found by their text, and only those are read.
TELLS = or_(*(Act.facts.contains(f'"{word}":') for word in ("seen", "mended", "reopened")))


def check_faults() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    given = bearers()
    seen: Counter[tuple[Any, ...]] = Counter()
    ended: dict[int, int | None] = {}
    for act in walk_one(select(Act).where(Act.kind.in_(KINDS), TELLS).order_by(Act.id)):
        for one in act.told.get("seen", ()):
            seen[(act.id, given.get(one["device"]), one["point"], one["grade"], one["said"])] += 1
        ended |= dict.fromkeys(act.told.get("mended", ()), act.id)
        ended |= dict.fromkeys(act.told.get("reopened", ()))
    yield from _check_rows(seen, ended)
    yield from _check_counts()


def _check_rows(seen: Counter[tuple[Any, ...]], ended: dict[int, int | None]) -> Iterator[str]:
    for row, act in walk(select(DeviceFault, Act).outerjoin(Act, Act.id == DeviceFault.act_id)):
        key = (row.act_id, row.device_id, row.point, row.grade, said(row.note))
        if act is None or not (seen[key] or _missing_before(row, act)):
            yield f"device_fault {row.id}: not what its act tells of"
        seen[key] -= 1
        if row.ended_act_id != ended.get(row.id):
            yield f"device_fault {row.id}: no act mended it then"
    if lost := next((key for key, left in seen.items() if left > 0), None):
        yield f"device_fault: one of act {lost[0]} is gone"


def _missing_before(row: DeviceFault, act: Act) -> bool:
    """Returns told what is missing before faults had rows of their own (migration 0017)."""
    if act.kind != "take_back" or row.grade != "missing":
        return False
    given = bearers()
    told = [thing for thing in act.told.get("devices", ()) if isinstance(thing, dict)]
    return any(given.get(t["code"]) == row.device_id and row.point in t.get("missing", ()) for t in told)


def _check_counts() -> Iterator[str]:
    """Taken from the rows, for each thing that has any or says so."""
    counted = select(DeviceFault.device_id, func.count().label("n")).where(DeviceFault.ended_act_id.is_(None))
    rows = counted.group_by(DeviceFault.device_id).subquery()
    told = select(Device.id, func.coalesce(Device.faulty, 0), func.coalesce(rows.c.n, 0))
    query = told.outerjoin(rows, rows.c.device_id == Device.id)
    for number, repeats, there in walk(query.where(func.coalesce(Device.faulty, 0) != func.coalesce(rows.c.n, 0))):
        yield f"device {number}: it says {repeats} known faults, and has {there}"
