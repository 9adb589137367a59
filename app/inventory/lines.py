"""Lines of tables that tell of the register: each read by the kind of its sheet, so that one file may hold them all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db import session
from app.imports import kinds
from app.imports.kinds import Field, Kind, Line, OfCentre, Step
from app.inventory import device_fields, device_lines, file_lines, model_lines, own_columns, sim_lines, supply_lines
from app.inventory.device_lines import OF_THINGS
from app.inventory.models import Device, GivenCode
from app.people.models import Centre
from app.people.roles import Me
from app.words import _, fold
from labels import codes

# Beside things: what a table tells of that has this column, whatever else stands in it.
BY_COLUMN: Sequence[tuple[str, Kind]] = (
    (supply_lines.NAME.name, supply_lines.OF_SUPPLIES),
    (sim_lines.NUMBER.name, sim_lines.OF_SIMS),
    (file_lines.NAME.name, file_lines.OF_FILES),
)
AT_ONCE = 500
_BESIDE = [kind for _column, kind in BY_COLUMN]
FIELDS = (*device_fields.FIELDS, *device_fields.CARD, *supply_lines.FIELDS, *sim_lines.FIELDS, *file_lines.FIELDS)


def kind_of(line: Line) -> Kind:
    found = next((kind for column, kind in BY_COLUMN if column in line.columns), None)
    return found or (model_lines.OF_MODELS if model_lines.tells(line) else OF_THINGS)


def looked(lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:
    """What each line would do to the register."""
    sorts: dict[str, tuple[Kind, list[Line]]] = {}
    for line in lines:
        kind = kind_of(line)
        sorts.setdefault(kind.code, (kind, []))[1].append(line)
    found: dict[str, Step] = {}
    told = {codes.parse(line.says("code")) for line in sorts.get(OF_THINGS.code, (OF_THINGS, []))[1]}
    for kind, some in sorts.values():
        steps = kind.look(some, by=by, at=at)
        if kind in _BESIDE:
            _check_centre(steps, by)
            _check_named(steps, told)
        found |= {step.line.place: step for step in steps}
    return [found[line.place] for line in lines]


def _check_centre(steps: Sequence[Step], by: Me) -> None:
    """Each centre has supplies and cards of its own: a line of another one is not taken over here."""
    rows = session().execute(select(Centre.name, Centre.code).where(Centre.id != by.centre_id))
    others = {fold(word): row.name for row in rows for word in (row.name, row.code)}
    for step in steps:
        if (other := others.get(fold(step.line.says("centre")))) is not None:
            step.what, step.faults["centre"] = "fault", device_lines.of_another(other)


def _check_named(steps: Sequence[Step], told: Collection[str | None]) -> None:
    """A card or a photo names a thing that is there, or that these lines bring."""
    named = [(step, column, code) for step in steps for column, code in _named(step.line) if code not in told]
    for first in range(0, len(named), AT_ONCE):
        part = named[first : first + AT_ONCE]
        tied = select(GivenCode.code).where(GivenCode.device_id.is_not(None))
        there = set(session().scalars(tied.where(GivenCode.code.in_({code for _step, _column, code in part}))))
        for step, column, code in part:
            if code not in there and not step.faults:
                step.what, step.faults[column] = "fault", _("No thing bears this code.")


def _named(line: Line) -> Iterator[tuple[str, str]]:
    for column in ("code", "inside"):
        if code := codes.parse(line.says(column)):
            yield column, code


def done(
    step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime, since: datetime | None = None
) -> Device | None:
    """Do what the step says; answers the thing, when it tells of one."""
    kind = kind_of(step.line)
    if kind is OF_THINGS:
        return device_lines.done(step, ids, by=by, at=at, since=since)
    kind.do(step, ids, by=by, at=at)
    return None


class Devices(OfCentre):
    code, right = "devices", "equip"

    @property
    def fields(self) -> Sequence[Field]:
        return (*FIELDS, *own_columns.columns())

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        return kind_of(line).keys(line)

    def told_by(self, line: Line) -> Sequence[str]:
        return kind_of(line).told_by(line)

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:
        return looked(lines, by=by, at=at)

    def together(self, numbers: Sequence[UUID]) -> AbstractContextManager[None]:
        return OF_THINGS.together(numbers)

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        done(step, ids, by=by, at=at)


DEVICES = kinds.known(Devices())
