"""What is known of things before they leave: what stands before it, what goes with them, whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from app.db import Asked, ask_one
from app.inventory import custody
from app.inventory.models import OF_AN_OPERATION, Category, Device, DeviceModel, GivenCode, Hold
from app.people.models import Centre, Organisation

_owner, _lender = aliased(Organisation), aliased(Organisation)
_HELD = (
    select(Hold.reason)
    .where(Hold.device_id == Device.id, Hold.lifted_at.is_(None), Hold.kind.not_in(OF_AN_OPERATION))
    .where(or_(Hold.until.is_(None), Hold.until >= bindparam("day")))
    .order_by(Hold.id)
    .limit(1)
    .scalar_subquery()
)
_FACTS: Select[*tuple[Any, ...]] = (
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
        _lender.address.label("organisation_address"),
        _lender.privacy_contact,
        Centre.terms,
        _HELD.label("held"),
    )
    .join(DeviceModel, DeviceModel.id == Device.model_id)
    .join(Category, Category.code == DeviceModel.category_code)
    .join(_owner, _owner.id == Device.owner_id)
    .join(Centre, Centre.id == Device.centre_id)
    .join(_lender, _lender.id == Centre.organisation_id)
    .where(
        Device.id.in_(select(GivenCode.device_id).where(GivenCode.code.in_(bindparam("codes", expanding=True)))),
    )
)
Facts = Mapping[int, Any]


def beside(*columns: Any) -> Select[*tuple[Any, ...]]:
    """The question for these facts, and for what a wing above knows of the same things (`Device`) on the same `day`."""
    return _FACTS.add_columns(*columns)


def facts_of(device: Device, day: date, question: Select[*tuple[Any, ...]] = _FACTS) -> Any:
    """Of a thing: `gate`, `lent_to`, `parts`, `owner`, the centre that lends it, `held`.

    `held` is the reason of the first hold that keeps it here on that day, if any.
    """
    return ask_one(question, codes=[device.code], day=day)


def locking(codes: Sequence[str], day: date, question: Select[*tuple[Any, ...]] = _FACTS) -> tuple[Asked, Asked]:
    """What is to be asked of the things, to lock them and to know their facts.

    The facts are a question of their own: what others wrote while we waited for a lock is only seen by the next one.
    """
    return (custody.LOCKED, {"codes": list(codes)}), (question, {"codes": list(codes), "day": day})


def standing(things: Sequence[Any], facts: Sequence[Any]) -> tuple[Mapping[str, Device], Facts]:
    """Of what was answered: the things, as `custody.locked` gives them, and the facts of each by its number."""
    return custody.standing(things), {row.id: row for row in facts}
