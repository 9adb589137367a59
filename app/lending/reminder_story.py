"""The story of a loan: what was told and by which way, whether it arrived, what was answered, what stopped it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import session
from app.lending import contacts, reaching, stops
from app.lending.contacts import Noted
from app.lending.models import Loan
from app.lending.reaching import Reach
from app.lending.reminder_models import MESSAGES, Reminder, ReminderLine, ReminderStop
from app.lending.still_out import holds
from app.mail import Letter
from app.people.models import Household
from app.times import day_of
from app.words import _

# By kind: when it is said. Centres move the days, so no number is named.
KINDS: Mapping[str, Any] = {
    "week_before": _("Before the day"),
    "due_day": _("On the day"),
    "week_after": _("Some days after"),
    "three_weeks": _("Some weeks after"),
    "decision": _("Long after"),
}
WAYS: Mapping[str, Any] = {
    "mail": _("By e-mail"),
    "call": _("To be called"),
    "letter": _("A letter on paper"),
    "visit": _("A visit to plan"),
    "decision": _("A decision to take"),
}
# State of a reminder: its word, its icon, its colour.
STATES: Mapping[str, tuple[Any, str, str]] = {
    "waits": (_("Waits"), "calendar", "wait"),
    "over": (_("No longer needed"), "check", "out"),
    "sent": (_("Sent"), "ok", "free"),
    "failed": (_("This message did not arrive"), "warn", "alarm"),
    "called_off": (_("Called off"), "x", "out"),
    "done": (_("Done"), "ok", "free"),
    "not_needed": (_("Not needed"), "check", "out"),
    "decided": (_("Decided"), "ok", "free"),
}


@dataclass(frozen=True)
class Told:
    """A reminder as pages tell it."""

    row: Reminder
    state: str

    @property
    def look(self) -> tuple[Any, str, str]:
        return STATES[self.state]


@dataclass(frozen=True)
class Story:
    loan: Loan
    reminders: Sequence[Told]
    notes: Sequence[Noted]
    stop: ReminderStop | None
    bounced: str
    may_remind: bool

    def __bool__(self) -> bool:
        return bool(self.reminders or self.notes or self.stop)


def of_loan(loan: Loan) -> Story:
    rows, notes = _reminders(loan), contacts.of_loan(loan)
    last = next((row for row in rows if row.way in MESSAGES), None)
    reach = reaching.of_all([loan.household])[loan.household_id]
    told = [Told(row, state_of(row, notes, reach, newest=row is last)) for row in rows]
    return Story(loan, told, notes, stops.running(loan), _bounced(loan.household, reach), reach.may_remind)


def bounced_of(household: Household) -> str:
    """The address they gave, when mail to it does not arrive."""
    return _bounced(household, reaching.of_all([household])[household.id])


def _bounced(household: Household, reach: Reach) -> str:
    mails = (way.to for way in reach.ways if way.kind == "mail")
    return next((mail for mail in mails if reaching.bounced(household, mail)), "")


def _reminders(loan: Loan) -> Sequence[Reminder]:
    about = select(ReminderLine.reminder_id).where(ReminderLine.line_id.in_([line.id for line in loan.lines]))
    return session().scalars(select(Reminder).where(Reminder.id.in_(about)).order_by(Reminder.id.desc())).all()


def state_of(row: Reminder, notes: Sequence[Noted], reach: Reach, *, newest: bool) -> str:
    """A call is done once somebody was in touch; a later message, or a no, takes the place of what was not."""
    if row.outcome:
        return row.outcome
    if row.way == "call" and any(day_of(note.at) >= row.day for note in notes):
        return "done"
    if row.letter_id and row.letter is not None:
        return _state_of_letter(row, row.letter, reach)
    waits = (newest or row.way not in MESSAGES) and reach.means(row.way) and holds(row)
    return "waits" if waits else "over"


def _state_of_letter(row: Reminder, letter: Letter, reach: Reach) -> str:
    """One that waits and means nothing any more is called off as it would leave."""
    if letter.called_off or (letter.next_try_at and not (reach.means(row.way) and holds(row))):
        return "called_off"
    return "failed" if letter.failed else "sent" if letter.sent_at else "waits"
