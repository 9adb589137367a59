"""Notes of contacts: what came of a call or a meeting about a loan. They are the household's, and go with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import history
from app.db import change, put, session
from app.errors import NotThere, Refused
from app.history.models import canonical
from app.history.seals import digest
from app.lending import loans
from app.lending.models import Loan
from app.lending.reminder_forms import ForgetNote, NoteContact
from app.lending.reminder_models import ContactNote
from app.people.models import Household, Person
from app.people.roles import Me
from app.times import day_of
from app.words import _

KINDS: Mapping[str, Any] = {
    "reached": _("Reached"),
    "message": _("Left a message"),
    "not_reached": _("No answer"),
    "will_come": _("Will come on ..."),
    "came_by": _("Came by"),
    "other": _("Something else"),
}
# For how many days they are left in peace after that; who said when they come is, until that day is over.
PEACE: Mapping[str, int] = {"reached": 7, "message": 2, "not_reached": 1, "will_come": 7, "came_by": 7, "other": 2}


@dataclass(frozen=True)
class Noted:
    """A note as pages tell it."""

    number: int
    kind: str
    word: Any
    words: str
    come_on: date | None
    at: datetime
    by: str
    loan: UUID


def note(loan: Loan, wish: NoteContact, *, by: Me, at: datetime) -> Loan:
    """Write down what came of it; the journal learns that there was a contact, and nothing of what was said."""
    loan = loans.get(loan.uuid.hex, by)
    _check_day(wish, day_of(at))
    salt = secrets.token_hex(16)
    told = {"kind": wish.kind, "words": wish.words, "come_on": wish.come_on}
    facts = {"loan": loan.uuid.hex, "said": said(salt, **told)}
    act = history.record("contact", wish, by=by, at=at, subject=loan.household.code, centre_id=loan.centre_id, **facts)
    numbers = {"centre_id": loan.centre_id, "household_id": loan.household_id, "loan_id": loan.id, "act_id": act.id}
    put(ContactNote(**numbers, **told, salt=salt, at=wish.happened(at), by=by.id))
    return loan


def forget(loan: Loan, number: int, wish: ForgetNote, *, by: Me, at: datetime) -> Loan:
    """The note was a mistake, or says too much: what it says goes at once and for good."""
    loan = loans.get(loan.uuid.hex, by)
    row = session().get(ContactNote, number)
    if row is None or row.loan_id != loan.id or row.salt is None:
        raise NotThere(_("There is no such note."))
    facts = {"loan": loan.uuid.hex}
    history.record("contact_forget", wish, by=by, at=at, subject=loan.household.code, centre_id=loan.centre_id, **facts)
    change(row, kind=None, words=None, come_on=None, salt=None)
    return loan


def said(salt: str, **told: object) -> str:
    """The hash of what is the household's: it proves the row, and nothing once the row's salt is gone."""
    return digest(canonical({"salt": salt, **{name: value and str(value) for name, value in told.items()}}))


def _check_day(wish: NoteContact, day: date) -> None:
    if wish.kind == "will_come" and wish.come_on is None:
        words = _("On which day will they come?")
        raise Refused("invalid", words, status=422, fields={"come_on": words})
    if wish.come_on and wish.come_on < day:
        words = _("This day is over.")
        raise Refused("invalid", words, status=422, fields={"come_on": words})


def of_loan(loan: Loan) -> list[Noted]:
    """The newest first."""
    return _told(ContactNote.loan_id == loan.id)


def of_household(household: Household, most: int = 20) -> list[Noted]:
    return _told(ContactNote.household_id == household.id)[:most]


def _told(these: Any) -> list[Noted]:
    query = (
        select(ContactNote, Person.name, Loan.uuid)
        .join(Loan, Loan.id == ContactNote.loan_id)
        .outerjoin(Person, Person.id == ContactNote.by)
        .where(these, ContactNote.kind.is_not(None))
        .order_by(ContactNote.id.desc())
    )
    return [noted(row, name, uuid) for row, name, uuid in session().execute(query)]


def noted(row: ContactNote, name: str | None, loan: UUID) -> Noted:
    kind = row.kind or "other"
    return Noted(row.id, kind, KINDS[kind], row.words or "", row.come_on, row.at, name or "Va-et-vient", loan)


def in_peace(noted: Noted, day: date) -> bool:
    """Whether, after this contact, it is not yet time for another one."""
    until = noted.come_on or day_of(noted.at) + timedelta(days=PEACE[noted.kind] - 1)
    return day <= until
