"""What is written on a thing's card, checked: its own columns, and the rows that hang on it."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from app.db import ask_one, session
from app.errors import Refused
from app.inventory import details, identifiers
from app.inventory.forms import DeviceFacts
from app.inventory.models import Device, DeviceModel
from app.people.models import Organisation
from app.words import _, bare
from labels import codes


def write(device: Device, wish: DeviceFacts, successor: int | None) -> None:
    """Fill the columns of its row. `successor`: the thing that took its place."""
    model = session().get(DeviceModel, wish.model)
    if model is None:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"model": words})
    _check_organisations(wish)
    _check_serial(device, model, wish)
    device.name, device.note, device.acquired_on = wish.name, wish.note, wish.acquired_on
    device.model_id, device.maker_id = model.id, model.maker_id
    device.serial_number = wish.serial_number or None
    device.serial_key = bare(wish.serial_number) or None
    device.no_serial_reason = None if device.serial_key else wish.no_serial_reason
    device.inventory_number = wish.inventory_number or None
    device.inventory_key = bare(wish.inventory_number) or None
    device.owner_id, device.payer_id, device.programme = wish.owner, wish.payer, wish.programme
    device.stated_value_cents = wish.stated_value_cents
    device.warranty_until, device.replaced_by_id = wish.warranty_until, successor


def write_more(device: Device, wish: DeviceFacts) -> None:
    """What hangs on the card in rows of its own."""
    identifiers.write(device, wish.identifiers)
    if wish.details:
        model = session().get_one(DeviceModel, device.model_id)
        details.write(device, model.category_code, wish.details)


def _check_organisations(wish: DeviceFacts) -> None:
    for field, number in (("owner", wish.owner), ("payer", wish.payer)):
        if number is not None and session().get(Organisation, number) is None:
            words = _("Please choose one of the answers offered.")
            raise Refused("invalid", words, status=422, fields={field: words})


_TWIN = select(Device.code).where(
    Device.maker_id == bindparam("maker"), Device.serial_key == bindparam("key"), Device.id != bindparam("this")
)


def _check_serial(device: Device, model: DeviceModel, wish: DeviceFacts) -> None:
    key = bare(wish.serial_number)
    if not key and not wish.no_serial_reason:
        words = _("Write the serial number, or why there is none.")
        raise Refused("serial_missing", words, status=422, fields={"serial_number": words})
    other = ask_one(_TWIN, maker=model.maker_id, key=key, this=device.id or 0) if key else None
    if other:
        words = _("This serial number is already on %(code)s.", code=codes.grouped(other.code))
        raise Refused("serial_taken", words, fields={"serial_number": words})
