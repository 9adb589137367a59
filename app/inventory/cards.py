"""What is written on a thing's card, checked: its own columns, and the rows that hang on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from app.db import ask_one, at_hand, gathering, session
from app.errors import Refused
from app.inventory import details, identifiers
from app.inventory.forms import DeviceFacts
from app.inventory.models import Device, DeviceModel
from app.people.models import Organisation
from app.words import _, bare, in_order
from labels import codes


def columns(this: int, wish: DeviceFacts, successor: int | None) -> dict[str, Any]:
    """What its row holds. `this`: the number of the thing, 0 for a new one; `successor`: what took its place."""
    model = at_hand(DeviceModel, wish.model)
    if model is None:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"model": words})
    _check_organisations(wish)
    serial_key = bare(wish.serial_number)
    _check_serial(this, model, wish, serial_key)
    return {
        "name": wish.name,
        "folded": in_order(wish.name),
        "note": wish.note,
        "acquired_on": wish.acquired_on,
        "model_id": model.id,
        "maker_id": model.maker_id,
        "serial_number": wish.serial_number or None,
        "serial_key": serial_key or None,
        "no_serial_reason": None if serial_key else wish.no_serial_reason,
        "inventory_number": wish.inventory_number or None,
        "inventory_key": bare(wish.inventory_number) or None,
        "owner_id": wish.owner,
        "payer_id": wish.payer,
        "programme": wish.programme,
        "stated_value_cents": wish.stated_value_cents,
        "warranty_until": wish.warranty_until,
        "replaced_by_id": successor,
    }


def write_more(device: Device, wish: DeviceFacts) -> None:
    """What hangs on the card in rows of its own."""
    identifiers.write(device, wish.identifiers)
    if wish.details:
        model = session().get_one(DeviceModel, device.model_id)
        details.write(device, model.category_code, wish.details)


def _check_organisations(wish: DeviceFacts) -> None:
    for field, number in (("owner", wish.owner), ("payer", wish.payer)):
        if number is not None and at_hand(Organisation, number) is None:
            words = _("Please choose one of the answers offered.")
            raise Refused("invalid", words, status=422, fields={field: words})


_TWIN = select(Device.code).where(
    Device.maker_id == bindparam("maker"), Device.serial_key == bindparam("key"), Device.id != bindparam("this")
)


def _check_serial(this: int, model: DeviceModel, wish: DeviceFacts, key: str) -> None:
    if not key and not wish.no_serial_reason:
        words = _("Write the serial number, or why there is none.")
        raise Refused("serial_missing", words, status=422, fields={"serial_number": words})
    if not key or gathering():  # of many at once the table itself refuses a twin, and each is done alone then
        return
    other = ask_one(_TWIN, maker=model.maker_id, key=key, this=this)
    if other:
        words = _("This serial number is already on %(code)s.", code=codes.grouped(other.code))
        raise Refused("serial_taken", words, fields={"serial_number": words})
