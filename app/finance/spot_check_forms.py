"""Inputs of on-the-spot checks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.finance.forms import Code
from app.inputs import LONGEST_TEXT, TACT, TIDY, Act, AnyCode, Day, Name, SaidText, Text, Whole
from app.inventory.stock_forms import Price

Kind = Literal["service_fait", "on_the_spot", "operation_audit", "other"]
Said = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), TIDY, TACT]


class CheckCard(Act):
    """`body`: who checks; `centre`: where, if it was at one of ours; `answer_due_on`: by when it wants our answer."""

    kind: Kind = "on_the_spot"
    body: Name
    checked_on: Day
    centre: Whole | None = None
    notes: SaidText = ""
    answer_due_on: Day | None = None


class NewCheck(CheckCard):
    pass


class ReplyCheck(Act):
    """The day our answer went out; none when after all it did not."""

    answered_on: Day | None = None


class ConcludeCheck(Act):
    """The day the body concluded: nothing of the check changes afterwards."""

    concluded_on: Day


class ReopenCheck(Act):
    """The conclusion was a mistake, or the body came back to it."""


class DrawSample(Act):
    """Things to look for: so many drawn from those the operation pays, and those named, one number a line."""

    count: Annotated[int, Field(ge=1, le=200)] | None = None
    things: Text = ""


class LookedFor(Act):
    """Any number a thing of the sample bears, and whether it was seen; `open`: nobody has looked after all."""

    thing: Annotated[AnyCode, Field(min_length=1)]
    result: Literal["seen", "not_seen", "open"] = "seen"
    words: SaidText = ""


class FromShelf(Act):
    """A thing that stood there: any number it bears, or words where no number of it is in the register."""

    found: AnyCode = ""
    words: SaidText = ""


class NewFinding(Act):
    """`line`, `device`: the budget line and the thing that it is about, if any."""

    words: Said
    line: Code | None = None
    device: AnyCode = ""


class AnswerFinding(Act):
    answer: Said
    answered_on: Day


class CorrectFinding(Act):
    """What the body takes back for it, in cents; none while that is not settled."""

    correction_cents: Price | None = None
