"""Inputs of lending: lend, take back, extend, undo."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import Act, Day, HouseholdCode, Input, Line, ThingCode
from app.web import Listing

Condition = Literal["good", "worn", "damaged", "incomplete"]
AT_ONCE = 50


class LoanList(Listing):
    state: Literal["open", "late", "closed", "to_sign"] | None = None


class Lend(Act):
    household: HouseholdCode
    devices: Annotated[list[ThingCode], Field(min_length=1, max_length=AT_ONCE)]
    due_on: Day


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
