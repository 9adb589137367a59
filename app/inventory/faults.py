"""Known faults: what is worn, damaged or missing on a thing, told to whoever borrows it until it is mended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Ref, ask, change, change_where, note, one_of, session
from app.errors import NotThere, Refused
from app.history import FRESH, Act
from app.history.models import canonical
from app.history.seals import digest
from app.inventory import custody
from app.inventory.fault_forms import EndFault, NoteFault, PutFaultBack
from app.inventory.models import Device
from app.people.roles import Me
from app.words import _, fold

GRADES = ("worn", "damaged", "missing")
OPEN = text("ended_act_id IS NULL")
MOST = 40  # known faults of one thing


class DeviceFault(Base):
    """One fault of a thing. `point`: which part, empty for the whole; `ended_act_id`: the act that mended it."""

    __tablename__ = "device_fault"
    __table_args__ = (
        one_of("grade", *GRADES),
        Index("uq_device_fault_open", "device_id", "point", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_device_fault_act_id", "act_id"),
        Index("ix_device_fault_ended_act_id", "ended_act_id"),
    )

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    point: Mapped[str]
    grade: Mapped[str]
    note: Mapped[str]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    ended_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))


@dataclass(frozen=True)
class Fault:
    """What is not right at one point. `number`: that of its row, when it was known before."""

    point: str
    grade: str
    note: str = ""
    number: int | None = None

    @property
    def is_missing(self) -> bool:
        return self.grade == "missing"

    def same(self, other: Fault) -> bool:
        return (self.grade, self.note) == (other.grade, other.note)


@dataclass(frozen=True)
class Change:
    """How the faults of a thing change at one act: those that are new, and those that end."""

    opened: Sequence[Fault] = ()
    ended: Sequence[Fault] = ()
    after: Sequence[Fault] = ()


_KNOWN = (
    select(DeviceFault.id, DeviceFault.device_id, DeviceFault.point, DeviceFault.grade, DeviceFault.note)
    .where(DeviceFault.device_id.in_(bindparam("things", expanding=True)), DeviceFault.ended_act_id.is_(None))
    .order_by(DeviceFault.id)
)


def known_of(devices: Collection[Device]) -> Mapping[int, Sequence[Fault]]:
    """The faults known of these things, by the number of the thing; nothing is asked when none has any."""
    faulty = [device.id for device in devices if device.faulty]
    found: dict[int, list[Fault]] = {}
    for row in ask(_KNOWN, things=faulty) if faulty else ():
        found.setdefault(row.device_id, []).append(Fault(row.point, row.grade, row.note, row.id))
    return found


def changed(known: Sequence[Fault], seen: Iterable[Fault]) -> Change:
    """What these words make of what was known. A point graded `ok` is mended; one that is not named stays."""
    before = {fold(fault.point): fault for fault in known}
    opened: dict[str, Fault] = {}
    ended: list[Fault] = []
    for fault in seen:
        key = fold(fault.point)
        was = before.get(key)
        if was is not None and fault.grade != "ok" and was.same(fault):
            continue
        if was is not None and was not in ended:
            ended.append(was)
        opened.pop(key, None)
        if fault.grade != "ok":
            opened[key] = fault
    kept = [fault for fault in known if fault not in ended]
    return Change(tuple(opened.values()), ended, (*kept, *opened.values()))


def told(code: str, changes: Change) -> list[dict[str, str]]:
    """How an act tells of new faults: the words stay in the row, the journal has their hash."""
    return [{"device": code, "point": f.point, "grade": f.grade, "said": said(f.note)} for f in changes.opened]


def said(words: str) -> str:
    return digest(canonical({"note": words}))


def facts_of(changes: Mapping[str, Change]) -> dict[str, Any]:
    """What an act tells of the faults of things, by their codes; nothing when nothing changed."""
    seen = [one for code, change_ in changes.items() for one in told(code, change_)]
    ended = [[code, fault.point] for code, change_ in changes.items() for fault in change_.ended]
    told_of = {"seen": seen, "mended": ended}
    return {name: rows for name, rows in told_of.items() if rows}


def keep(device: Device, changes: Change, act: Act) -> None:
    """Write the change; the thing is locked."""
    if not changes.opened and not changes.ended:
        return
    if len(changes.after) > MOST:
        raise Refused("too_many_faults", _("%(n)s known faults are the most for one thing.", n=MOST))
    for fault in changes.ended:
        change_where(DeviceFault, {"id": fault.number}, ended_act_id=act.id)
    for fault in changes.opened:
        words = {"point": fault.point, "grade": fault.grade, "note": fault.note}
        note(DeviceFault, device_id=device.id, act_id=act.id, ended_act_id=None, **words)
    change(device, faulty=len(changes.after) or None)


def add(device: Device, wish: NoteFault, *, by: Me, at: datetime) -> Device:
    """Somebody noticed it, whether the thing is here or out."""
    device = _mine(device, by)
    changes = changed(known_of([device]).get(device.id, ()), [Fault(wish.point, wish.grade, wish.note)])
    facts = facts_of({device.code: changes})
    act = history.record("fault_add", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    keep(device, changes, act)
    return device


def end(device: Device, number: int, wish: EndFault, *, by: Me, at: datetime) -> Device:
    """It is mended."""
    device = _mine(device, by)
    mended = _mended(device, [number])
    facts = facts_of({device.code: mended})
    act = history.record("fault_end", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    keep(device, mended, act)
    return device


def _mended(device: Device, numbers: Collection[int]) -> Change:
    known = known_of([device]).get(device.id, ())
    if not set(numbers) <= {fault.number for fault in known}:
        raise NotThere(_("This fault is no longer on its card."))
    after = tuple(fault for fault in known if fault.number not in numbers)
    return Change((), [fault for fault in known if fault.number in numbers], after)


def mended_at_check(device: Device, numbers: Collection[int]) -> Change:
    """What a check found mended. Raises `Refused` beside its field when one of them is not open."""
    try:
        return _mended(device, numbers)
    except NotThere as no:
        raise Refused("fault_unknown", no.words, fields={"mended": no.words}) from no


def put_back(device: Device, number: int, wish: PutFaultBack, *, by: Me, at: datetime) -> Device:
    """That it was mended was just written by mistake."""
    device = _mine(device, by)
    row = session().get(DeviceFault, number)
    ended = session().get(Act, row.ended_act_id) if row and row.device_id == device.id and row.ended_act_id else None
    if row is None or ended is None or ended.kind != "fault_end" or ended.recorded_at < at - FRESH:
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
    if not may_stand_again(device, [row]):
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
    centre = device.centre_id
    back = [[device.code, row.point]]
    history.record("fault_undo", wish, by=by, at=at, subject=device.code, centre_id=centre, reopened=back)
    reopen(device, [row])
    return device


def of_act(act: Act) -> Device:
    return custody.locked([act.subject])[act.subject]


def _mine(device: Device, by: Me) -> Device:
    device = custody.locked([device.code])[device.code]
    custody.check_here(device, by)
    return device


def missing(device: Device, name: str) -> Change:
    """What ends when this part of the thing is there again: for acts of the wings above, which tell of it."""
    known = known_of([device]).get(device.id, ())
    there = [fault for fault in known if fault.is_missing and fold(fault.point) == fold(name)]
    return Change((), there, tuple(fault for fault in known if fault not in there))


@dataclass(frozen=True)
class Undoing:
    """What an act that did not happen made of faults: the rows it opened, and those it ended."""

    devices: Collection[Device]
    opened: Sequence[DeviceFault]
    ended: Sequence[DeviceFault]

    @property
    def facts(self) -> dict[str, object]:
        codes = {device.id: device.code for device in self.devices}
        rows = {"mended": self.opened, "reopened": self.ended}
        return {name: [[codes[row.device_id], row.point] for row in these] for name, these in rows.items() if these}

    def write(self, act: Act) -> None:
        for row in self.opened:
            change(row, ended_act_id=act.id)
        for row in self.ended:
            change(row, ended_act_id=None)
        for device in self.devices:
            less = sum(1 for row in self.opened if row.device_id == device.id)
            more = sum(1 for row in self.ended if row.device_id == device.id)
            if less or more:
                change(device, faulty=(device.faulty or 0) - less + more or None)


def undoing(devices: Collection[Device], act_id: int) -> Undoing:
    """What is to be undone of this act. A point that was noted anew since then stays as it was noted."""
    query = select(DeviceFault).where(DeviceFault.device_id.in_([device.id for device in devices]))
    query = query.where(DeviceFault.ended_act_id.is_(None) | (DeviceFault.ended_act_id == act_id))
    rows = session().scalars(query.order_by(DeviceFault.id)).all()
    opened = [row for row in rows if row.act_id == act_id and row.ended_act_id is None]
    stay = {(row.device_id, fold(row.point)) for row in rows if row.ended_act_id is None and row not in opened}
    back = [row for row in rows if row.ended_act_id == act_id and row.act_id != act_id]
    return Undoing(devices, opened, [row for row in back if (row.device_id, fold(row.point)) not in stay])


def ended_by(device: Device, act: Act) -> Sequence[DeviceFault]:
    """What an act mended on this thing and can stand again: not where the point was noted anew since then."""
    query = select(DeviceFault).where(DeviceFault.device_id == device.id, DeviceFault.ended_act_id == act.id)
    return may_stand_again(device, session().scalars(query.order_by(DeviceFault.id)).all())


def may_stand_again(device: Device, rows: Sequence[DeviceFault]) -> Sequence[DeviceFault]:
    noted = {fold(fault.point) for fault in known_of([device]).get(device.id, ())}
    return [row for row in rows if fold(row.point) not in noted]


def reopen(device: Device, rows: Sequence[DeviceFault]) -> None:
    for row in rows:
        change(row, ended_act_id=None)
    if rows:
        change(device, faulty=(device.faulty or 0) + len(rows))
