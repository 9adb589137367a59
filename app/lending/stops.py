"""What stops the reminders of a loan at once, with a reason that is the household's alone; and what lets them go on."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid5

from sqlalchemy import select

from app import history, mail
from app.db import change, put, session
from app.errors import Refused
from app.lending import loans
from app.lending.contacts import said
from app.lending.models import Loan
from app.lending.reminder_forms import ResumeReminders, StopReminders
from app.lending.reminder_models import Reminder, ReminderLine, ReminderStop
from app.lending.still_out import HOLDS
from app.mail import Letter
from app.people.roles import Me
from app.words import _

REASONS: Mapping[str, Any] = {
    "theft": _("It was stolen"),
    "death": _("Somebody died"),
    "hospital": _("Somebody is in hospital"),
    "dispute": _("We do not agree"),
    "other": _("Another reason"),
}

OF_PEOPLE = ("death", "hospital")  # what befell somebody of the household, not its things


def stop(loan: Loan, wish: StopReminders, *, by: Me, at: datetime) -> Loan:
    """Nobody is reminded of this loan from now on; a letter not sent yet is called off."""
    loan = loans.get(loan.uuid.hex, by)
    if loan.closed_at is not None:
        raise Refused("loan_closed", _("This loan is over: nobody is reminded of it."))
    if running(loan):
        raise Refused("already_stopped", _("The reminders of this loan are stopped already."))
    salt = secrets.token_hex(16)
    act = _recorded("reminders_stop", loan, wish, by, at, said=said(salt, reason=wish.reason))
    numbers = {"centre_id": loan.centre_id, "loan_id": loan.id, "act_id": act.id}
    put(ReminderStop(**numbers, reason=wish.reason, salt=salt))
    _call_off(loan)
    return loan


def pass_on(before: Iterable[Loan], loan: Loan, *, parted: bool = False, by: Me, at: datetime) -> None:
    """What goes on under this new loan of the household is left in peace if one of these loans of theirs was.

    Whatever the reason, it is the household that said so, of what it had in its hands: of two swapped things each
    household's stop stays its own, a theft's too. When it `parted`, both sides are left in peace. A theft or a
    dispute is about the things, and whoever keeps them reads so; that somebody died or is in hospital is about one of
    the people, nobody knows on which side, and neither is told of the other again: it goes on without saying why.
    A loan that was to the wrong people passes nothing on: what was said was said by people who never had the things.
    """
    rows = sorted(filter(None, map(running, before)), key=lambda row: row.id)
    if rows and not running(loan):
        reason = rows[0].reason if rows[0].reason and not (parted and rows[0].reason in OF_PEOPLE) else "other"
        stop(loan, StopReminders(id=uuid5(loan.uuid, "stop"), reason=reason, occurred_at=loan.lent_at), by=by, at=at)


def resume(loan: Loan, wish: ResumeReminders, *, by: Me, at: datetime) -> Loan:
    loan = loans.get(loan.uuid.hex, by)
    row = running(loan)
    if row is None:
        raise Refused("not_stopped", _("The reminders of this loan are not stopped."))
    act = _recorded("reminders_resume", loan, wish, by, at)
    change(row, lifted_act_id=act.id)
    return loan


def of_act(act: history.Act) -> Loan:
    return loans.of_act(act)


def running(loan: Loan) -> ReminderStop | None:
    query = select(ReminderStop).where(ReminderStop.loan_id == loan.id, ReminderStop.lifted_act_id.is_(None))
    return session().scalar(query)


def _recorded(kind: str, loan: Loan, wish: Any, by: Me, at: datetime, **facts: str) -> history.Act:
    facts |= {"loan": loan.uuid.hex}
    return history.record(kind, wish, by=by, at=at, subject=loan.household.code, centre_id=loan.centre_id, **facts)


def _call_off(loan: Loan) -> None:
    """Letters that wait and would speak of this loan alone; the others are written anew as they leave."""
    session().flush()
    lines = [line.id for line in loan.lines]
    about = select(ReminderLine.reminder_id).where(ReminderLine.line_id.in_(lines))
    waiting = select(Letter).join(Reminder, Reminder.letter_id == Letter.id)
    for letter in session().scalars(waiting.where(Reminder.id.in_(about), ~HOLDS, Letter.next_try_at.is_not(None))):
        mail.call_off(letter)
    session().flush()
