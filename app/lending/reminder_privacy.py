"""What reminders hold of a household's people: told, merged, erased, and let go a year after the return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Update, func, select, update

from app import mail
from app.db import session
from app.lending.models import Loan, LoanLine
from app.lending.reminder_models import ContactNote, Reminder, ReminderLine, ReminderStop
from app.mail import Letter
from app.people.models import Household
from app.times import add_months, start_of

KEPT_MONTHS = 12  # after the return


def tell(household: Household) -> dict[str, object]:
    """Every message with its words, every note, and why reminders were stopped, while they are kept."""
    rows = session().scalars(select(Reminder).where(_theirs(Reminder, household)).order_by(Reminder.id))
    notes = session().scalars(select(ContactNote).where(_theirs(ContactNote, household)).order_by(ContactNote.id))
    stops = select(ReminderStop.reason, Loan.uuid).join(Loan, Loan.id == ReminderStop.loan_id)
    reasons = session().execute(stops.where(Loan.household_id == household.id, ReminderStop.reason.is_not(None)))
    return {
        "reminders": [_reminder(row) for row in rows if row.words is not None],
        "contacts": [_note(row) for row in notes if row.kind is not None],
        "reminders_stopped": [{"loan": str(uuid), "reason": reason} for reason, uuid in reasons],
    }


def _reminder(row: Reminder) -> dict[str, object]:
    to = row.letter.address if row.letter else None
    return {"day": row.day.isoformat(), "way": row.way, "to": to, "subject": row.subject, "words": row.words}


def _note(row: ContactNote) -> dict[str, object]:
    come_on = row.come_on and row.come_on.isoformat()
    return {
        "at": row.at.isoformat(),
        "kind": row.kind,
        "words": row.words,
        "come_on": come_on,
        "loan": str(row.loan.uuid),
    }


def _theirs(kind: type[Reminder | ContactNote], household: Household) -> ColumnElement[bool]:
    return (kind.household_id == household.id) & (kind.centre_id == household.centre_id)


def erase(household: Household) -> list[str]:
    """What was said to them and by them goes; that something was said, and on which day, stays."""
    loans = select(Loan.id).where(Loan.household_id == household.id)
    found = [_forget_reminders(_theirs(Reminder, household)), _forget_notes(_theirs(ContactNote, household))]
    found.append(_forget_stops(ReminderStop.loan_id.in_(loans)))
    return [name for name, count in zip(("reminders", "contacts", "reminders_stopped"), found, strict=True) if count]


def let_go_outdated(*, day: date) -> int:
    """Chore: what was said about loans that ended more than a year ago goes. Answers how many rows lost their words."""
    before = start_of(add_months(day, -KEPT_MONTHS))
    over = select(Loan.id).where(Loan.closed_at < before)
    lines = select(ReminderLine.reminder_id).join(LoanLine, LoanLine.id == ReminderLine.line_id)
    young = lines.join(Loan, Loan.id == LoanLine.loan_id).where(func.coalesce(Loan.closed_at, before) >= before)
    done = _forget_reminders(Reminder.id.not_in(young) & Reminder.id.in_(lines))
    return done + _forget_notes(ContactNote.loan_id.in_(over)) + _forget_stops(ReminderStop.loan_id.in_(over))


def _forget_reminders(these: ColumnElement[bool]) -> int:
    kept = these & Reminder.words.is_not(None)
    for letter in session().scalars(select(Letter).join(Reminder, Reminder.letter_id == Letter.id).where(kept)):
        mail.forget(letter)
    session().flush()
    return _gone(update(Reminder).where(kept).values(subject=None, words=None))


def _forget_notes(these: ColumnElement[bool]) -> int:
    kept = these & ContactNote.salt.is_not(None)
    return _gone(update(ContactNote).where(kept).values(kind=None, words=None, come_on=None, salt=None))


def _forget_stops(these: ColumnElement[bool]) -> int:
    kept = these & ReminderStop.salt.is_not(None)
    return _gone(update(ReminderStop).where(kept).values(reason=None, salt=None))


def _gone(wish: Update) -> int:
    done = session().execute(wish.execution_options(synchronize_session="fetch"))
    return int(done.rowcount)  # type: ignore[attr-defined]


def merge(double: Household, kept: Household) -> None:
    """Both were told something on one day: the double's message is theirs too, and no longer their only one."""
    days: Sequence[date | None] = (
        session().scalars(select(Reminder.alone_on).where(Reminder.household_id == kept.id)).all()
    )
    doubled = (Reminder.household_id == double.id) & Reminder.alone_on.in_([day for day in days if day])
    session().execute(update(Reminder).where(doubled).values(alone_on=None))
    for kind in (Reminder, ContactNote):
        session().execute(update(kind).where(kind.household_id == double.id).values(household_id=kept.id))
