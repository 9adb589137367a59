"""What programs are told of reminders: the story of a loan, what waits for people, the ladder of a centre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from app.inputs import Answer
from app.lending.calls import Call
from app.lending.ladder import Rung
from app.lending.reminder_models import Reminder
from app.lending.reminder_story import Story
from app.people.models import Centre


class ReminderAnswer(Answer):
    id: UUID
    day: date
    way: str
    kind: str
    state: str


class NoteAnswer(Answer):
    number: int
    kind: str
    words: str
    come_on: date | None
    at: datetime
    by: str


class StoryAnswer(Answer):
    """What was told to the household of a loan and what they answered; `stopped`: why nobody reminds them, if so."""

    loan: UUID
    household: str
    stopped: str | None
    reminders: list[ReminderAnswer]
    notes: list[NoteAnswer]


class CallAnswer(Answer):
    household: str
    household_name: str
    loan: UUID
    days: int
    things: list[str]
    phone: str
    mail: str
    words: str
    bounced: bool


class Calls(Answer):
    """Whom to call, longest first; the letters to print, the visits to plan, the loans to decide about."""

    items: list[CallAnswer]
    letters: list[ReminderAnswer]
    visits: list[ReminderAnswer]
    decisions: list[ReminderAnswer]
    next: str | None = None


class RungAnswer(Answer):
    kind: str
    days: int
    used: bool
    subject: str
    words: str
    subject_en: str
    words_en: str


class LadderAnswer(Answer):
    hour: int
    email: str
    rungs: list[RungAnswer]


def story(told: Story) -> StoryAnswer:
    return StoryAnswer(
        loan=told.loan.uuid,
        household=told.loan.household.code,
        stopped=told.stop.reason if told.stop else None,
        reminders=[
            ReminderAnswer(id=one.row.uuid, day=one.row.day, way=one.row.way, kind=one.row.kind, state=one.state)
            for one in told.reminders
        ],
        notes=[NoteAnswer.model_validate(note) for note in told.notes],
    )


def reminder(row: Reminder) -> ReminderAnswer:
    return ReminderAnswer(id=row.uuid, day=row.day, way=row.way, kind=row.kind, state=row.outcome or "waits")


def calls(to_call: Sequence[Call], **waiting: Sequence[Reminder]) -> Calls:
    items = [
        CallAnswer(
            household=one.household.code,
            household_name=one.household.name,
            loan=one.loan,
            days=one.days,
            things=[name for name, _due_on in one.things],
            phone=one.phone,
            mail=one.mail,
            words=one.words,
            bounced=one.bounced,
        )
        for one in to_call
    ]
    return Calls(items=items, **{name: [reminder(row) for row in rows] for name, rows in waiting.items()})


def ladder(centre: Centre, hour: int, rungs: Sequence[Rung]) -> LadderAnswer:
    return LadderAnswer(hour=hour, email=centre.email or "", rungs=[rung(one) for one in rungs])


def rung(one: Rung) -> RungAnswer:
    french, english = one.said["fr"], one.said["en"]
    return RungAnswer(
        kind=one.kind,
        days=one.days,
        used=one.used,
        subject=french.subject,
        words=french.words,
        subject_en=english.subject,
        words_en=english.words,
    )
