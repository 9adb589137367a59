"""Inputs of reminders: the ladder of a centre, notes of contacts, what stops reminders, and what was done of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.inputs import Act, Day, Line, SaidLine, Text

Reason = Literal["theft", "death", "hospital", "dispute", "other"]
ContactKind = Literal["reached", "message", "not_reached", "will_come", "came_by", "other"]
Outcome = Literal["sent", "done", "not_needed", "decided"]
AnswerAddress = Annotated[Line, Field(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")]


class SetHabit(Act):
    hour: Annotated[int, Field(ge=0, le=23)]
    email: AnswerAddress = ""


class EditRung(Act):
    """A rung of the ladder. Words left empty are those the house ships. `look`: only show how it would read."""

    days: Annotated[int, Field(ge=-90, le=400)]
    used: bool = False
    subject: Line = ""
    words: Text = ""
    subject_en: Line = ""
    words_en: Text = ""
    look: bool = False


class Remind(Act):
    """The house reminds a household on a day of its centre."""

    day: date


class NoteContact(Act):
    """What came of a call or a meeting. `come_on` when they said on which day they will come."""

    kind: ContactKind
    words: SaidLine = ""
    come_on: Day | None = None


class ForgetNote(Act):
    """A note was a mistake, or says too much."""


class StopReminders(Act):
    reason: Reason


class ResumeReminders(Act):
    """It was a mistake, or is over."""


class Settle(Act):
    """What was done about a letter, a visit or a decision that waited."""

    outcome: Outcome


class Reopen(Act):
    """What was noted of a letter, a visit or a decision was a mistake."""
