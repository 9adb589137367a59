"""The facts of a thing as a table tells them: read from cells, taken from a card, shown to people."""

from __future__ import annotations

from typing import Any

from app.imports.kinds import Step
from app.imports.texts import read_cents, read_day
from app.inventory.device_register import Register
from app.inventory.models import Device
from labels import codes

PLAIN = ("name", "serial_number", "no_serial_reason", "inventory_number", "note", "replaced_by")
DAYS = ("acquired_on", "warranty_until")


def read_typed(step: Step, facts: dict[str, Any]) -> None:
    """Days, amounts and the programme; what is none of these is a fault of its column."""
    line = step.line
    facts |= {name: read_day(step, name) for name in DAYS if line.says(name)}
    if line.says("stated_value_cents"):
        facts["stated_value_cents"] = read_cents(step, "stated_value_cents")
    if code := codes.parse(line.says("replaced_by")):
        facts["replaced_by"] = codes.grouped(code)
    if text := line.says("programme"):
        facts["programme"] = text.replace("–", "-").replace(" ", "")


def as_it_is(device: Device) -> dict[str, Any]:
    """What stands on the card of a thing that is there already."""
    kept = {name: getattr(device, name) or "" for name in PLAIN if name != "replaced_by"}
    return kept | {
        "replaced_by": codes.grouped(device.replaced_by.code) if device.replaced_by else "",
        "owner": device.owner_id,
        "payer": device.payer_id,
        "programme": device.programme,
        "stated_value_cents": device.stated_value_cents,
        "acquired_on": device.acquired_on,
        "warranty_until": device.warranty_until,
    }


def shown(name: str, value: Any) -> str:
    """A fact as it is shown beside the one that takes its place."""
    if name == "stated_value_cents" and value is not None:
        return f"{value // 100},{value % 100:02}"
    if name in {"owner", "payer"} and value:
        return Register.organisation_name(value)
    return "" if value is None else f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
