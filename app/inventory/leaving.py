"""What is known of things before they leave: what stands before it, what goes with them, whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from app.db import ask
from app.inventory.models import Category, Device, DeviceModel, Hold
from app.people.models import Centre, Organisation

_owner, _lender = aliased(Organisation), aliased(Organisation)
_HELD = (
    select(Hold.reason)
    .where(Hold.device_id == Device.id, Hold.lifted_at.is_(None))
    .where(or_(Hold.until.is_(None), Hold.until >= bindparam("day")))
    .order_by(Hold.id)
    .limit(1)
    .scalar_subquery()
)
_FACTS = (
    select(
        Device.id,
        Category.gate,
        Category.lent_to,
        DeviceModel.parts,
        _owner.name.label("owner"),
        Centre.name.label("centre"),
        Centre.town,
        Centre.phone,
        _lender.name.label("organisation"),
        _lender.phone.label("organisation_phone"),
        _HELD.label("held"),
    )
    .join(DeviceModel, DeviceModel.id == Device.model_id)
    .join(Category, Category.code == DeviceModel.category_code)
    .join(_owner, _owner.id == Device.owner_id)
    .join(Centre, Centre.id == Device.centre_id)
    .join(_lender, _lender.id == Centre.organisation_id)
    .where(Device.id.in_(bindparam("things", expanding=True)))
)


def facts_of(devices: Sequence[Device], day: date) -> Mapping[int, Any]:
    """For each thing by its number: `gate`, `lent_to`, `parts`, `owner`, the centre that lends it, `held`.

    `held` is the reason of the first hold that stands on that day, if any.
    """
    return {row.id: row for row in ask(_FACTS, things=[d.id for d in devices], day=day)}
