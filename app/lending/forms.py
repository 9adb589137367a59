"""Inputs of lending: lend, take back, extend, undo."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.inputs import Act, Day, DeviceCode, HouseholdCode, Input, Line, Name, ThingCode
from app.web import Listing

Condition = Literal["good", "worn", "damaged", "incomplete"]
AT_ONCE = 50


class LoanList(Listing):
    state: Literal["open", "late", "closed", "to_sign"] | None = None


class Lend(Act):
    """To a household. `reservation`: the one of theirs that this loan takes up, when any thing of its model will do."""

    household: HouseholdCode
    devices: Annotated[list[ThingCode], Field(min_length=1, max_length=AT_ONCE)]
    due_on: Day
    reservation: UUID | None = None


class ThingBack(Input):
    """A thing with its missing parts, or a kit with those of its things that are missing, by name or code."""

    code: ThingCode
    condition: Condition = "good"
    missing: Annotated[list[Line], Field(max_length=20)] = Field(default_factory=list)


class TakeBack(Act):
    """`third`: somebody else than the borrower brought them."""

    devices: Annotated[list[ThingBack], Field(min_length=1, max_length=AT_ONCE)]
    third: bool = False


class Extend(Act):
    due_on: Day


class UndoLoan(Act):
    """A fresh loan was a mistake."""


class UndoReturn(Act):
    """A fresh return was a mistake."""


class Exchange(Act):
    """A thing of a loan is given back, and another leaves instead."""

    device: DeviceCode
    instead: DeviceCode
    condition: Condition = "good"
    missing: Annotated[list[Line], Field(max_length=20)] = Field(default_factory=list)


class Swap(Act):
    """Two things on loan that are with each other's household."""

    device: DeviceCode
    other: DeviceCode


class CorrectLoan(Act):
    """The loan was not to these people: to whom it was, or to nobody, and how one knows."""

    household: HouseholdCode | None = None
    reason: Name
