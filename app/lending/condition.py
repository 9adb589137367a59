"""The condition of things that change hands: what was known, and what is seen together, point by point.

Wear is nobody's to pay (Code civil 1884); each point is fine, worn, damaged or missing (domain.md 3, état des lieux).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.history import Act
from app.inventory import faults
from app.inventory.fault_forms import SeenPoint
from app.inventory.faults import Change, Fault
from app.inventory.models import Device
from app.inventory.printed import Photo
from app.lending import condition_photos
from app.lending.condition_photos import HandOverPhoto, Photos
from app.lending.forms import ThingBack
from app.lending.models import HandOver, HandOverItem, Loan, LoanLine
from app.words import _, fold

NOTHING = Change()
WHOLE: Mapping[str, object] = {"condition": "good", "missing": []}


@dataclass(frozen=True)
class Look:
    """How a thing looks as it changes hands, under the code that was told.

    `missing`: all that is missing; `owed`: what was there before; `photos`: of it, as they came.
    """

    code: str
    condition: str = "good"
    missing: Sequence[str] = ()
    owed: Sequence[str] = ()
    points: Sequence[Fault] = ()
    changes: Change = NOTHING
    photos: Sequence[Photo] = ()

    @property
    def told(self) -> dict[str, object]:
        """What an act tells of it; the words about its points are sealed and stay out of the journal."""
        return {"code": self.code, "condition": self.condition, "missing": list(self.missing)}

    @property
    def sealed(self) -> dict[str, object]:
        return sealed(self.told, self.kept_points, [one.file.sha256 for one in self.photos])

    @property
    def kept_points(self) -> list[dict[str, str]]:
        return [{"point": fault.point, "grade": fault.grade, "note": fault.note} for fault in self.points]


def sealed(told: Mapping[str, object], points: Sequence[Mapping[str, str]], photos: Sequence[str]) -> dict[str, object]:
    """What a hand-over seals of a thing; points and photos only where there are any, as before there were such."""
    more: dict[str, object] = {"points": list(points)} if points else {}
    return dict(told) | more | ({"photos": list(photos)} if photos else {})


def going_out(devices: Sequence[Device], points: Sequence[SeenPoint], photos: Photos | None = None) -> list[Look]:
    """How things look as they leave: their known faults, and what was seen besides.

    What was seen stays known when the loan is undone: it was seen all the same.
    """
    seen = _by_thing(points, [{device.code} for device in devices])
    known = faults.known_of(devices)
    return [
        _look(device.code, known.get(device.id, ()), _faults(here), None, _shots(photos, device))
        for device, here in zip(devices, seen, strict=True)
    ]


def coming_back(
    things: Sequence[ThingBack],
    lines: Sequence[LoanLine],
    points: Sequence[SeenPoint],
    photos: Photos | None = None,
) -> list[Look]:
    """How things look as they come back: `lines` are those of `things`, each in its place."""
    devices = [line.device for line in lines]
    seen = _by_thing(points, [{thing.code, device.code} for thing, device in zip(things, devices, strict=True)])
    known = faults.known_of(devices)
    looks = [
        _look(thing.code, known.get(d.id, ()), _said_of(thing, _faults(here)), thing.condition, _shots(photos, d))
        for thing, d, here in zip(things, devices, seen, strict=True)
    ]
    return _with_all_owed(looks, lines)


def _with_all_owed(looks: Sequence[Look], lines: Sequence[LoanLine]) -> list[Look]:
    """A part that went missing while it was out is owed, even when somebody had noted it before the return."""
    noted = [line for look, line in zip(looks, lines, strict=True) if len(look.missing) > len(look.owed)]
    if not noted:
        return list(looks)
    left = of_lines(noted, "out")
    return [
        replace(look, owed=_owed(look, left[line.id].item.missing)) if line.id in left else look
        for look, line in zip(looks, lines, strict=True)
    ]


def _owed(look: Look, at_out: Sequence[str]) -> list[str]:
    before = {fold(part) for part in at_out}
    return [part for part in look.missing if part in look.owed or fold(part) not in before]


def _by_thing(points: Sequence[SeenPoint], things: Sequence[set[str]]) -> list[list[SeenPoint]]:
    """The points of each thing. Raises `Refused` at the place of one that belongs to none of them."""
    found: list[list[SeenPoint]] = [[] for _thing in things]
    for place, point in enumerate(points):
        mine = next((n for n, codes in enumerate(things) if point.device in codes), None)
        if mine is None:
            words = _("This thing is not among those that change hands.")
            raise Refused("not_handed_over", words, fields={f"points.{place}.device": words})
        found[mine].append(point)
    return found


def _faults(points: Sequence[SeenPoint]) -> list[Fault]:
    return [Fault(point.point, point.grade, point.note) for point in points]


def _said_of(thing: ThingBack, seen: list[Fault]) -> list[Fault]:
    """Missing parts are points too; the condition speaks of the whole, unless a point accounts for it."""
    named = {fold(fault.point) for fault in seen}
    found = [*seen, *(Fault(part, "missing") for part in thing.missing if part and fold(part) not in named)]
    if thing.condition == "good":
        return [Fault("", "ok"), *found]
    if thing.condition in {"worn", "damaged"} and thing.condition not in {fault.grade for fault in seen}:
        return [Fault("", thing.condition), *found]
    return found


def _look(
    code: str, known: Sequence[Fault], seen: Sequence[Fault], condition: str | None, photos: Sequence[Photo]
) -> Look:
    changes = faults.changed(known, seen)
    missing = [fault.point for fault in changes.after if fault.is_missing and fault.point]
    points = [fault for fault in changes.after if not fault.is_missing]
    grades = {fault.grade for fault in points}
    found = "damaged" if "damaged" in grades else "incomplete" if missing else "worn" if "worn" in grades else "good"
    owed = [fault.point for fault in changes.opened if fault.is_missing and fault.point]
    return Look(code, condition or found, missing, owed, points, changes, photos)


def _shots(photos: Photos | None, device: Device) -> Sequence[Photo]:
    return photos.of(device.code) if photos else ()


def facts_of(looks: Sequence[Look]) -> dict[str, Any]:
    """What the act tells of faults: the new ones, and those that are no more."""
    return faults.facts_of({look.code: look.changes for look in looks})


def facts_out(looks: Sequence[Look]) -> dict[str, Any]:
    """The same for things that leave, whose codes are told already: how they look, but for those that are whole."""
    told = {look.code: {name: look.told[name] for name in WHOLE} for look in looks}
    marked = {code: one for code, one in told.items() if one != WHOLE}
    return facts_of(looks) | ({"looks": marked} if marked else {})


def keep(looks: Sequence[Look], devices: Sequence[Device], act: Act) -> None:
    for look, device in zip(looks, devices, strict=True):
        faults.keep(device, look.changes, act)


_FRENCH = {"worn": "usure", "damaged": "abîmé", "missing": "manquant"}


def in_french(points: Sequence[Fault]) -> str:
    """For papers, which are all in French: `écran (usure, rayure en haut), coque (abîmé)`."""
    return ", ".join(_in_french(fault) for fault in points)


def fault_of(kept: Mapping[str, str]) -> Fault:
    """A point as it stands in the row of a hand-over."""
    return Fault(kept["point"], kept["grade"], kept["note"])


def _in_french(fault: Fault) -> str:
    said = ", ".join(filter(None, (_FRENCH[fault.grade], fault.note)))
    return f"{fault.point or 'l’ensemble'} ({said})"


@dataclass(frozen=True)
class Row:
    """One point to look at together: its place among all of the form, and how it is known to be."""

    place: int
    point: str
    grade: str = "ok"
    note: str = ""


MOST_AT_ONCE = 12  # things looked at point by point on one page


def rows(devices: Sequence[Device], sent: object = ()) -> dict[str, list[Row]]:
    """The points of each thing by its code: those of its kind, its parts, known faults, the whole. `sent`: as told."""
    if len(devices) > MOST_AT_ONCE:
        return {}
    known, place = faults.known_of(devices), 0
    said = [one for one in (sent if isinstance(sent, list) else ()) if isinstance(one, dict)]
    found: dict[str, list[Row]] = {}
    for device in devices:
        found[device.code] = list(_rows(device, known.get(device.id, ()), said, place))
        place += len(found[device.code])
    return found


def _rows(device: Device, known: Sequence[Fault], said: Sequence[Mapping[str, object]], place: int) -> Iterator[Row]:
    points = {
        fold(point): Row(0, point) for point in (*(device.model.category.checklist or ()), *device.model.parts, "")
    }
    points |= {fold(fault.point): Row(0, fault.point, fault.grade, fault.note) for fault in known}
    for one in said:
        if one.get("device") == device.code:
            point = str(one.get("point") or "")
            points[fold(point)] = Row(0, point, str(one.get("grade") or "ok"), str(one.get("note") or ""))
    whole = points.pop("")
    for turn, row in enumerate([*points.values(), whole]):
        yield replace(row, place=place + turn)


@dataclass(frozen=True)
class Seen:
    """How a thing looked at one hand-over: when, the item, its photos."""

    event: HandOver
    item: HandOverItem
    photos: Sequence[HandOverPhoto]


def of_lines(lines: Sequence[LoanLine], way: str) -> dict[int, Seen]:
    """How these things looked as they left (`out`) or came (`back`) the last time, by the number of the line."""
    numbers = [line.id for line in lines]
    query = select(HandOverItem, HandOver).join(HandOver, HandOver.id == HandOverItem.hand_over_id)
    query = query.where(HandOverItem.line_id.in_(numbers), HandOver.way == way).order_by(HandOver.id)
    shots = condition_photos.of_lines(numbers)
    return {
        item.line_id: Seen(event, item, shots.get((event.id, item.line_id), ()))
        for item, event in session().execute(query)
    }


def told(loan: Loan) -> list[dict[str, object]]:
    """How the things of a loan looked, out and back, for the household's copy."""
    seen = [(way, one) for way in ("out", "back") for one in of_lines(loan.lines, way).values()]
    return [
        {
            "thing": one.item.line.device.name,
            "way": way,
            "at": one.event.at.isoformat(),
            "condition": one.item.condition,
            "missing": one.item.missing,
            "points": one.item.points or [],
            "photos": len(one.photos),
        }
        for way, one in seen
    ]
