"""What `flask verify` asks of known faults: each is what its acts tell of, and the thing repeats how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.db import walk, walk_one
from app.history import Act
from app.inventory.faults import DeviceFault, said
from app.inventory.models import Device
from app.inventory.told import bearers
from app.words import fold

KINDS = (
    "lend", "lend_split", "lend_swap", "lend_correct", "exchange", "exchange_undo", "take_back", "return_undo",
    "check", "check_undo", "fault_add", "fault_end", "fault_undo", "owed_end", "owed_undo",
)  # fmt: skip
# Most hand-overs tell of no fault: the others are found by their text, and only those are read.
TELLS = or_(*(Act.facts.contains(f'"{word}":') for word in ("seen", "mended", "reopened")))


@dataclass
class _Told:
    """A fault as the acts tell of it."""

    act_id: int
    device_id: int | None
    point: str
    grade: str
    said: str
    ended: int | None = None

    @property
    def key(self) -> tuple[int, int | None, str]:
        return self.act_id, self.device_id, self.point


def check_faults() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    rows = list(walk(select(DeviceFault, Act).outerjoin(Act, Act.id == DeviceFault.act_id).order_by(DeviceFault.id)))
    before = [row for row, act in rows if act is not None and _missing_before(row, act)]
    told = {one.key: one for one in _replayed(before)}
    for row, act in rows:
        one = told.pop((row.act_id, row.device_id, row.point), None)
        if one is None or act is None or (one.grade, one.said) != (row.grade, said(row.note)):
            yield f"device_fault {row.id}: not what its act tells of"
        elif row.ended_act_id != one.ended:
            yield f"device_fault {row.id}: no act mended it then"
    if told:
        yield f"device_fault: one of act {next(iter(told.values())).act_id} is gone"
    yield from _check_counts()


def _replayed(before: Sequence[DeviceFault]) -> list[_Told]:
    """Every fault that the acts tell of, in their order, as it stands by them."""
    given = bearers()
    all_of_them = [_Told(row.act_id, row.device_id, row.point, row.grade, said(row.note)) for row in before]
    newest = {(one.device_id, fold(one.point)): one for one in all_of_them}
    for act in walk_one(select(Act).where(Act.kind.in_(KINDS), TELLS).order_by(Act.id)):
        for word, ended in (("mended", act.id), ("reopened", None)):
            for code, point in act.told.get(word, ()):
                if one := newest.get((given.get(code), fold(point))):
                    one.ended = ended
        for seen in act.told.get("seen", ()):
            one = _Told(act.id, given.get(seen["device"]), seen["point"], seen["grade"], seen["said"])
            all_of_them.append(one)
            newest[one.device_id, fold(one.point)] = one
    return all_of_them


def _missing_before(row: DeviceFault, act: Act) -> bool:
    """Returns told what is missing before faults had rows of their own (migration 0017)."""
    if act.kind != "take_back" or row.grade != "missing" or "seen" in act.told:
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
