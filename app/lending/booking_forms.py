"""Inputs of reservations and of the waiting list."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import FILLED, Act, Day, DeviceCode, HouseholdCode, Input, Line, Name, ThingCode, Whole
from app.lending.forms import AT_ONCE
from app.web import Listing

Purpose = Literal["household", "workshop", "outing"]


class WishedModel(Input):
    """So many things of one model, whichever they are."""

    model: Whole
    count: Annotated[int, Field(ge=1, le=AT_ONCE)] = 1


class Reserve(Act):
    """Things by their codes, kits among them, or so many of a model, from the first day to the last day of use."""

    purpose: Purpose = "household"
    household: HouseholdCode | None = None
    title: Line = ""
    from_day: Day
    to_day: Day
    devices: Annotated[list[ThingCode], Field(max_length=AT_ONCE)] = Field(default_factory=list)
    models: Annotated[list[WishedModel], Field(max_length=10), FILLED] = Field(default_factory=list)


class CancelReservation(Act):
    """Nobody needs it any more."""


class RestoreReservation(Act):
    """It was cancelled by mistake."""


class ChooseThing(Act):
    """Another thing instead of the one that was promised."""

    instead_of: DeviceCode
    device: DeviceCode


class TakeOut(Act):
    """What is kept for a workshop or an outing leaves: all of it, or the things named."""

    devices: Annotated[list[DeviceCode], Field(max_length=AT_ONCE)] = Field(default_factory=list)


class ComeBack(Act):
    """Everything that is out for the workshop or the outing is back."""


class UndoOut(Act):
    """It did not leave, or it is not back: that was a mistake."""


class ReservationList(Listing):
    state: Literal["open", "closed"] | None = None


class Wait(Act):
    """A household waits for a thing of this model."""

    household: HouseholdCode
    model: Whole


class StopWaiting(Act):
    """They do not wait any more."""


class WaitFirst(Act):
    """The team decides that they come first; the reason stays within the house."""

    reason: Name


class WaitingList(Listing):
    """`household`: theirs alone for programs; on the page they are the one to be put on the list."""

    model: Whole | None = None
    household: HouseholdCode | None = None


class Month(Input):
    """Of a calendar: the month that holds this day."""

    day: Day | None = None
    model: Whole | None = None
