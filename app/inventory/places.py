"""Where things are that are with somebody: a colleague's bag, a partner, the centre they are on their way to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from app.db import ask
from app.inventory.answers import Place
from app.inventory.models import CustodyLink, Device
from app.inventory.moved import Movement, Partner
from app.inventory.states import PLACE_OF, WITH
from app.people.models import Centre, Person

_WITH = (
    select(
        Device.id,
        CustodyLink.place,
        Centre.code,
        func.coalesce(Centre.name, Person.name, Partner.name).label("name"),
    )
    .join(CustodyLink, (CustodyLink.device_id == Device.id) & (CustodyLink.number == Device.link_number))
    .outerjoin(Centre, (Centre.id == CustodyLink.place_id) & (CustodyLink.place == "transit"))
    .outerjoin(Person, (Person.id == CustodyLink.place_id) & (CustodyLink.place == "staff"))
    .outerjoin(Partner, (Partner.id == CustodyLink.place_id) & (CustodyLink.place == "partner"))
    .where(Device.id.in_(bindparam("things", expanding=True)))
)


def of(devices: Sequence[Any]) -> Mapping[int, Place]:
    """By the number of the thing; only those that are with somebody. `devices`: their rows, or cards of pages."""
    things = [device.id for device in devices if PLACE_OF[device.state] in WITH]
    rows = ask(_WITH, things=things) if things else ()
    return {row.id: Place(kind=row.place, code=row.code, name=row.name) for row in rows}


_REPAIRED_BY = (
    select(Device.id, Movement.supplier)
    .join(CustodyLink, (CustodyLink.device_id == Device.id) & (CustodyLink.number == Device.link_number))
    .join(Movement, (Movement.act_id == CustodyLink.act_id) & (Movement.device_id == Device.id))
    .where(Device.id.in_(bindparam("things", expanding=True)))
)


def names(devices: Sequence[Any]) -> Mapping[int, str]:
    """With whom things are, repairers too, by the number of the thing."""
    away = [device.id for device in devices if device.state == "in_repair"]
    rows = ask(_REPAIRED_BY, things=away) if away else ()
    return {number: place.name or "" for number, place in of(devices).items()} | {row.id: row.supplier for row in rows}
