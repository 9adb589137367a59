"""Lists of things: filtered and sorted by words of the address, each order with an index of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.db import ask
from app.errors import Refused
from app.inventory import details, devices, search
from app.inventory.forms import DeviceList
from app.inventory.models import Device, DeviceModel
from app.people.models import Centre, Organisation
from app.people.roles import Me
from app.words import _
from labels import codes

SORTS: Mapping[str, Sequence[Any]] = {
    "name": (Device.folded, Device.id),
    "code": (Device.code, Device.id),
    "state": (Device.state, Device.folded, Device.id),
    "due": (Device.due_back_on, Device.id),
    "serial": (Device.serial_key, Device.id),
}


def listed(wish: DeviceList, me: Me, day: date) -> Select[Device]:
    """The devices a list asks for, on that day."""
    query = devices.seen_by(me).where(*_filters(wish, me))
    if wish.late:
        query = query.where(Device.state == "on_loan", Device.due_back_on < day)
    first = SORTS[wish.sort.lstrip("-")][0]
    if wish.sort.lstrip("-") in {"due", "serial"}:
        query = query.where(first.is_not(None))
    return query.where(search.matching(wish.q)) if wish.q else query


def _filters(wish: DeviceList, me: Me) -> Iterator[ColumnElement[bool]]:
    if wish.here:
        yield Device.centre_id == me.centre_id
    if wish.centre:
        yield Device.centre_id.in_(select(Centre.id).where(Centre.code == (codes.parse(wish.centre) or "")))
    if wish.state:
        yield Device.state == wish.state
    if wish.category:
        yield Device.model_id.in_(select(DeviceModel.id).where(DeviceModel.category_code == wish.category))
    if wish.model is not None:
        yield Device.model_id == wish.model
    if wish.owner is not None:
        yield Device.owner_id == wish.owner
    if wish.detail:
        yield _answered(wish.detail)


def _answered(detail: str) -> ColumnElement[bool]:
    field, _colon, value = detail.partition(":")
    if not field.isdecimal() or len(field) > 15:  # noqa: PLR2004 - no row bears such a number
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"detail": words})
    return details.answered(int(field), value)


def place_in(wish: DeviceList) -> Callable[[Device], Sequence[Any]]:
    """What a list sorted so goes on from, of its last thing."""
    names = [column.key for column in SORTS[wish.sort.lstrip("-")]]
    return lambda device: [getattr(device, name) for name in names]


def owners() -> Sequence[tuple[int, str]]:
    """Whoever things can belong to: number and name."""
    return ask(_OWNERS)


_OWNERS = select(Organisation.id, Organisation.name).order_by(Organisation.name)
