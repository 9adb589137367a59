"""What programs are told of things (design 5b)."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from app.inputs import Answer
from app.inventory import details, identifiers
from app.inventory.models import Device, DeviceModel
from app.inventory.printers import SheetPrinter
from app.inventory.states import PLACE_OF
from app.web.listing import ListAnswer


class Place(Answer):
    """Where a thing is. For a household only the kind, unless it is yours to see."""

    kind: str
    code: str | None = None
    name: str | None = None


class IdentifierAnswer(Answer):
    kind: str
    value: str


class DetailAnswer(Answer):
    """What stands in a field of the kind's own, by the number of the field."""

    field: int
    value: str


class CardAnswer(Answer):
    """What a thing's own address tells of it beside what lists tell."""

    inventory_number: str | None
    warranty_until: date | None
    updates_until: date | None
    replaced_by: str | None
    identifiers: list[IdentifierAnswer]
    details: list[DetailAnswer]


class DeviceAnswer(Answer):
    code: str
    name: str
    model: str
    category: str
    serial_number: str | None
    state: str
    place: Place
    owner: str
    due_on: date | None
    card: CardAnswer | None = Field(None, description="told at the thing's own address, not in lists")


class ModelAnswer(Answer):
    id: int
    maker: str
    name: str
    category: str
    updates_until: date | None
    safety: str | None


class NewDevicesAnswer(Answer):
    """What was just written down, in the order of the lines."""

    items: list[DeviceAnswer]


class PrinterAnswer(Answer):
    """What is taken back on every sheet: a shift in mm, to the right and downwards, and a scale in each direction."""

    right_mm: float
    down_mm: float
    across: float
    along: float


class CodesAnswer(Answer):
    codes: list[str]


Devices = ListAnswer[DeviceAnswer]
Models = ListAnswer[ModelAnswer]


def device(row: Device, place: Place | None = None) -> DeviceAnswer:
    return DeviceAnswer(
        code=row.code,
        name=row.name,
        model=f"{row.model.maker.name} {row.model.name}",
        category=row.model.category_code,
        serial_number=row.serial_number,
        state=row.state,
        place=place or place_of(row),
        owner=row.owner.short_name,
        due_on=row.due_back_on,
    )


def whole(row: Device, place: Place | None = None) -> DeviceAnswer:
    """The same with its card."""
    return device(row, place).model_copy(update={"card": card(row)})


def card(row: Device) -> CardAnswer:
    written = details.of(row.id, row.model.category_code)
    return CardAnswer(
        inventory_number=row.inventory_number,
        warranty_until=row.warranty_until,
        updates_until=row.model.updates_until,
        replaced_by=row.replaced_by.code if row.replaced_by else None,
        identifiers=[IdentifierAnswer.model_validate(one) for one in identifiers.of(row.id)],
        details=[DetailAnswer(field=number, value=value) for number, value in written.items()],
    )


def place_of(row: Device) -> Place:
    kind = PLACE_OF[row.state]
    return Place(kind=kind, code=row.centre.code, name=row.centre.name) if kind == "centre" else Place(kind=kind)


def model(row: DeviceModel) -> ModelAnswer:
    told = {"id": row.id, "maker": row.maker.name, "name": row.name, "category": row.category_code}
    return ModelAnswer(**told, updates_until=row.updates_until, safety=row.safety)


def printer(row: SheetPrinter) -> PrinterAnswer:
    tuned = row.calibration
    return PrinterAnswer(right_mm=tuned.dx, down_mm=tuned.dy, across=tuned.sx, along=tuned.sy)
