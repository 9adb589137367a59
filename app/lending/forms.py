"""Inputs of lending: lend, take back, extend, undo."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.inputs import FILLED, Act, Day, DeviceCode, HouseholdCode, Input, Line, Name, ThingCode, Whole
from app.inventory.fault_forms import SeenPoint
from app.web import Listing

Condition = Literal["good", "worn", "damaged", "incomplete"]
AT_ONCE = 50
Points = Annotated[list[SeenPoint], FILLED, Field(max_length=1000, description="how the things look, point by point")]


class LoanList(Listing):
    """`owed`: over, but for a part that did not come back."""

    state: Literal["open", "late", "closed", "to_sign", "owed"] | None = None


class Lend(Act):
    """To a household. `reservation`: the one of theirs that this loan takes up, when any thing of its model will do.

    `third`: somebody else than the borrower takes the things with them.
    """

    household: HouseholdCode
    devices: Annotated[list[ThingCode], Field(min_length=1, max_length=AT_ONCE)]
    due_on: Day
    reservation: UUID | None = None
    points: Points = Field(default_factory=list)
    third: bool = False


class ThingBack(Input):
    """A thing with its missing parts, or a kit with those of its things that are missing, by name or code.

    `condition`: of the whole thing; nothing said: as it was, and as its points are.
    """

    code: ThingCode
    condition: Condition | None = None
    missing: Annotated[list[Line], Field(max_length=20)] = Field(default_factory=list)


class TakeBack(Act):
    """`third`: somebody else than the borrower brought them."""

    devices: Annotated[list[ThingBack], Field(min_length=1, max_length=AT_ONCE)]
    third: bool = False
    points: Points = Field(default_factory=list)


class Extend(Act):
    """Keep longer all that is out, or these things of it. `reason`: why, beyond what the centre settled."""

    due_on: Day
    devices: Annotated[list[DeviceCode], Field(max_length=AT_ONCE)] = Field(default_factory=list)
    reason: Line = ""


class UndoExtension(Act):
    """The day just changed was a mistake."""


class AskLonger(Act):
    """The household asks to keep things longer; somebody answers later."""

    due_on: Day
    devices: Annotated[list[DeviceCode], Field(max_length=AT_ONCE)] = Field(default_factory=list)
    how: Literal["desk", "phone", "visit", "portal"] = "desk"


class RefuseLonger(Act):
    """Not this time, and why: the household reads it."""

    reason: Name


class UndoLoan(Act):
    """A fresh loan was a mistake."""


class UndoReturn(Act):
    """A fresh return was a mistake."""


class Exchange(Act):
    """A thing of a loan is given back, and another leaves instead."""

    device: DeviceCode
    instead: DeviceCode
    condition: Condition | None = None
    missing: Annotated[list[Line], Field(max_length=20)] = Field(default_factory=list)
    points: Points = Field(default_factory=list)


class UndoMending(Act):
    """What was just exchanged, swapped or corrected was right before."""


class Swap(Act):
    """Two things on loan that are with each other's household."""

    device: DeviceCode
    other: DeviceCode


class CorrectLoan(Act):
    """The loan was not to these people: to whom it was, or to nobody, and how one knows."""

    household: HouseholdCode | None = None
    reason: Name


class OwedList(Listing):
    """Parts that did not come back: those still owed, unless the others are asked for."""

    state: Literal["open", "closed"] = "open"


class EndOwed(Act):
    """A part that was owed: it came back, one from the supplies takes its place, or it is let go, with why."""

    how: Literal["received", "replaced", "let_go"]
    supply: Whole | None = None
    reason: Line = ""


class ReopenOwed(Act):
    """What was just written about an owed part was a mistake."""


class RecallLoan(Act):
    """The centre asks for things back before their day (article 1888-1889 of the Code civil, clause 11)."""

    reason: Literal["dangerous", "audit", "agreement"]
    due_on: Day
    devices: Annotated[list[DeviceCode], Field(max_length=AT_ONCE)] = Field(default_factory=list)


class LetGoOf(Act):
    """The loan of this thing ends without it: 45 days after its day, or because the household says it is lost."""

    device: DeviceCode
    why: Literal["not_back", "lost"]
    reason: Name
