"""Inputs of what moves stock: deliveries, kits, supplies, SIM cards, stock-takes."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.inputs import (
    LONGEST_CODE,
    ONE_LINE,
    TIDY,
    Act,
    AnyCode,
    Day,
    DeviceCode,
    Euros,
    Input,
    Line,
    Name,
    SaidLine,
    Text,
    Whole,
)
from app.inventory.forms import Programme
from app.web import Listing

Quantity = Annotated[int, Field(ge=1, le=10**7)]
Level = Annotated[int, Field(ge=0, le=10**7)]
Step = Literal["install", "accounts", "charger"]
Seen = Literal["scan", "visit", "photo", "declared", "mistake"]
Unit = Literal["piece", "g", "ml", "m", "sheet"]


_EUROS = re.compile(r"([0-9]{1,8})(?:[.,]([0-9]{1,2}))?")


def _cents(value: object) -> object:
    """What a person typed is euros, `24,90`; a number is cents."""
    if not isinstance(value, str):
        return value
    found = _EUROS.fullmatch("".join(value.replace("€", "").split()))
    if found is None:
        raise ValueError("price")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


Price = Annotated[Euros, BeforeValidator(_cents)]


def _filled(rows: object) -> object:
    """A form offers more rows than are needed: those left empty were not sent."""
    return [row for row in rows if row != {}] if isinstance(rows, list) else rows


class DeliveryLineWish(Input):
    """So many of a model; `serials` are those of the delivery note, when it names them."""

    model: Whole
    count: Annotated[int, Field(ge=1, le=500)]
    serials: Text = ""


class NewDelivery(Act):
    """What was ordered, before it comes."""

    supplier: Name
    order_number: Line = ""
    due_on: Day | None = None
    programme: Programme | None = None
    lines: Annotated[list[DeliveryLineWish], Field(min_length=1, max_length=20), BeforeValidator(_filled)]


class ReceiveDevice(Act):
    """One thing out of its box: its serial number, and the label printed ahead that was just stuck on it."""

    serial_number: Annotated[str, Field(max_length=40), ONE_LINE] = ""
    code: AnyCode = ""
    no_serial_reason: Line = ""
    line: Whole | None = None


class CloseDelivery(Act):
    """What has not come will not come."""


class TickStep(Act):
    """A step of the preparation is done, or after all it is not."""

    step: Step
    done: bool = True


class NewKit(Act):
    name: Name


class KitBrought(NewKit):
    """Brought along from another register of ours, with the code on its label."""

    code: AnyCode = ""


class KitName(Act):
    name: Name


class KitEnd(Act):
    """The kit is no more: what lay in it is lent thing by thing again."""


class KitBack(Act):
    """The end of the kit was a mistake."""


class KitThingIn(Act):
    """Any number the thing bears."""

    thing: Annotated[str, Field(min_length=1, max_length=LONGEST_CODE), TIDY]


class KitThingOut(Act):
    thing: DeviceCode


class KitList(Listing):
    here: bool = False


class NewSupply(Act):
    """Something counted and not labelled: used up (a consumable) or handed out and back (an accessory)."""

    name: Name
    kind: Literal["consumable", "accessory"] = "consumable"
    unit: Unit = "piece"
    minimum: Level = 0


class SupplyIn(Act):
    """Bought or brought back; `cost_cents` is what all of it cost."""

    quantity: Quantity
    cost_cents: Price | None = None
    note: SaidLine = ""


class SupplyOut(Act):
    """Taken, and for what: a thing by its code, or a workshop in a few words."""

    quantity: Quantity
    thing: AnyCode = ""
    workshop: Line = ""


class SupplyCount(Act):
    """Counted on the shelf: so many there are."""

    counted: Level
    note: SaidLine = ""


class SupplyMinimum(Act):
    minimum: Level


class SupplyList(Listing):
    kind: Literal["consumable", "accessory"] | None = None


class SimFacts(Act):
    operator: Name
    plan_ends_on: Day | None = None
    thing: AnyCode = ""
    note: SaidLine = ""


class NewSim(SimFacts):
    iccid: Annotated[str, Field(min_length=1, max_length=30), ONE_LINE]


class ChangeSim(SimFacts):
    ended: bool = False


class NewStockTake(Act):
    """The scope is frozen when it opens. No category: all of them."""

    name: Name
    categories: Annotated[list[Line], Field(max_length=50)] = Field(default_factory=list)


class SeeThing(Act):
    """Seen: scanned here; at the borrower's by us, on a photo, or only declared. Or an earlier one was a mistake."""

    code: Annotated[str, Field(min_length=1, max_length=LONGEST_CODE), TIDY]
    how: Seen = "scan"
    note: SaidLine = ""


class CloseStockTake(Act):
    """Nothing more is scanned; the report stays as it is."""


class StockTakeThings(Listing):
    show: Literal["missing", "seen", "unexpected", "elsewhere"] | None = None
