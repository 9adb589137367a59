"""Inputs of care and of custody other than loans: movements, thefts, wipes, maintenance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.inputs import ONE_LINE, TACT, TIDY, Act, AnyCode, Day, DeviceCode, Euros, Input, Line, SaidLine, Whole
from app.web import Listing

What = Literal[
    "bag", "outing", "partner", "repair", "back", "send", "accept", "call_back",
    "lost", "stolen", "found", "retire", "restore", "scrap", "give", "sell",
]  # fmt: skip
Step = Literal["complaint", "sim", "lock", "insurer", "authority", "replaced"]
Unit = Literal["hours", "prints"]
MANY = 100  # things in one act; a page of a list holds as many
Codes = Annotated[list[DeviceCode], Field(min_length=1, max_length=MANY)]
Amount = Annotated[int, Field(ge=0, le=10**7)]


class Move(Act):
    """What happens to a thing that is not a loan. Each `what` asks for a few of the other fields."""

    what: What
    person: Whole | None = Field(None, description="into whose bag; nobody: one's own")
    partner: Line = Field("", description="the partner's name; a new one is written down")
    centre: AnyCode = Field("", description="the code of the centre it goes to")
    due_on: Day | None = None
    supplier: Line = Field("", description="who repairs it")
    reason: Annotated[str, Field(max_length=500), TIDY, TACT] = ""
    document: Line = Field("", description="the reference of the paper that proves it")
    cost_cents: Euros | None = None
    cost: Annotated[Line, Field(pattern=r"^(\d{1,7}([.,]\d{1,2})?)?$")] = Field(
        "", description="the same in euros: 45,90"
    )
    result: SaidLine = Field("", description="what the repair came to")
    ready: bool = Field(False, description="accepted in good shape: free at once")
    unwiped: Line = Field("", description="why it goes outside although its data were not wiped")

    @property
    def cents(self) -> int | None:
        """The cost, however it was written."""
        if not self.cost:
            return self.cost_cents
        euros, _comma, rest = self.cost.replace(".", ",").partition(",")
        return int(euros) * 100 + int(rest.ljust(2, "0"))


class MoveAsked(Input):
    """Which of the choices is being filled in."""

    what: What | None = None


class MoveMany(Move):
    """The same happens to several things at once: to all of them, or to none."""

    codes: Codes


class TransferList(Listing):
    way: Literal["in", "out"] | None = None


class TheftStep(Act):
    """One thing to do after a theft: done, or not done after all."""

    step: Step
    done: bool = True
    day: Day | None = None
    reference: Line = ""
    replaced_by: DeviceCode | None = None


class NewPlan(Act):
    """What is to be done to a thing again and again: every so many days, or every so many hours or prints."""

    name: Annotated[str, Field(min_length=1, max_length=100), ONE_LINE]
    every_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    every: Annotated[int, Field(ge=1, le=10**6)] | None = None
    unit: Unit = "hours"


class PlanMany(NewPlan):
    """The same is planned for several things at once."""

    codes: Codes


class ChosenThings(Input):
    """Things chosen in a list, and what is to happen to them."""

    codes: Annotated[list[DeviceCode], Field(max_length=MANY)] = Field(default_factory=list)
    what: What | None = None


class ReadMeter(Act):
    """What the counter of the thing says."""

    unit: Unit = "hours"
    meter: Amount


class PlanDone(Act):
    """The maintenance was done."""


class EndPlan(Act):
    """It is not done any more."""
