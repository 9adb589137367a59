"""Whom to call, what to print, whom to visit, what to decide: all that reminders leave to the people of a centre."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import func, or_, select

from app.db import session
from app.inventory.models import Device
from app.lending import contacts, ladder, reaching, reminders
from app.lending.contacts import Noted
from app.lending.ladder import Rung
from app.lending.models import Loan, LoanLine
from app.lending.reaching import Reach
from app.lending.reminder_models import ContactNote, Reminder, ReminderLine
from app.lending.still_out import HOLDS, STOPPED
from app.mail import CALLED_OFF, Letter
from app.people.card_models import HouseholdCard
from app.people.models import Household, HouseholdIdentity, Person
from app.people.roles import Me

SHOWN = 200
WEEK = timedelta(days=7)
LISTS = {"letters": "letter", "visits": "visit", "decisions": "decision"}


@dataclass(frozen=True)
class Call:
    """One household to ring. `days`: since the first of its things was due, before it when less than none.

    `phone`, `mail`: where, of both the one they wish; neither when it goes through whoever follows them. `sms`: the
    address that opens a message with the words. `bounced`: a mail did not reach them.
    """

    household: Household
    loan: UUID
    days: int
    things: Sequence[tuple[str, date]]
    phone: str
    mail: str
    rung: Rung
    last: Noted | None
    bounced: bool

    @property
    def words(self) -> str:
        """What may be said or sent: the words of the rung they have reached."""
        return reminders.words_for(self.household, self.rung, self.things).words

    @property
    def sms(self) -> str:
        return f"sms:{self.phone}?body={quote(self.words)}" if self.phone else ""


def to_call(me: Me, day: date) -> list[Call]:
    """Who is late or to be reminded by phone, longest first, but for whom a mail reached or who was just spoken to."""
    found: dict[int, list[Any]] = {}
    for row in session().execute(_lines(me, day)):
        found.setdefault(row.Household.id, []).append(row)
    noted, spoken = _newest(found), [rung for rung in ladder.of_centre(me.people_of) if rung.speaks]
    reached = reaching.of_all([rows[0].Household for rows in found.values()])
    calls = [_call(rows, reached[n], spoken, noted.get(n), day) for n, rows in found.items() if _rings(reached[n])]
    return [one for one in calls if not (one.last and contacts.in_peace(one.last, day))]


def _rings(reach: Reach) -> bool:
    """Whoever wishes letters has letters; whoever wishes nothing is left alone, however late."""
    return reach.may_remind and reach.wished != "post"


def _lines(me: Me, day: date) -> Any:
    """What is out and late, or was to be told of by phone; without what a mail told of that arrived."""
    told = select(ReminderLine.id).join(Reminder, Reminder.id == ReminderLine.reminder_id)
    told = told.where(ReminderLine.line_id == LoanLine.id, ReminderLine.due_on == LoanLine.due_on)
    by_phone = told.where(Reminder.way == "call").exists()
    arrived = Letter.sent_at.is_not(None) & Letter.bounced_at.is_(None)
    by_mail = told.join(Letter, Letter.id == Reminder.letter_id).where(Reminder.way == "mail", arrived).exists()
    given_up = Letter.next_try_at.is_(None) & ~arrived & (func.coalesce(Letter.fault, "") != CALLED_OFF)
    there = Letter.address.in_([HouseholdIdentity.contact, HouseholdCard.also])  # it is still theirs
    failed = told.join(Letter, Letter.id == Reminder.letter_id).where(given_up, there).exists()
    return (
        select(Loan.uuid, LoanLine.due_on, Device.name, Household, failed.label("failed"))
        .join(LoanLine, LoanLine.loan_id == Loan.id)
        .join(Device, Device.id == LoanLine.device_id)
        .join(Household, Household.id == Loan.household_id)
        .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
        .outerjoin(HouseholdCard, HouseholdCard.household_id == Household.id)
        .where(Loan.centre_id == me.people_of, Loan.closed_at.is_(None), LoanLine.closed_at.is_(None), ~STOPPED)
        .where(or_(failed, by_phone, (LoanLine.due_on < day) & ~by_mail))
        .order_by(LoanLine.due_on, LoanLine.id)
        .limit(SHOWN)
    )


def _newest(households: Any) -> dict[int, Noted]:
    """The last contact with each."""
    last = select(func.max(ContactNote.id)).where(
        ContactNote.household_id.in_(households), ContactNote.kind.is_not(None)
    )
    query = select(ContactNote, Person.name, Loan.uuid).join(Loan, Loan.id == ContactNote.loan_id)
    query = query.outerjoin(Person, Person.id == ContactNote.by)
    rows = session().execute(query.where(ContactNote.id.in_(last.group_by(ContactNote.household_id))))
    return {row.household_id: contacts.noted(row, name, uuid) for row, name, uuid in rows}


def _call(rows: Sequence[Any], reach: Reach, spoken: Sequence[Rung], last: Noted | None, day: date) -> Call:
    household, first, bounced = rows[0].Household, rows[0], any(row.failed for row in rows)
    things = [(row.name, row.due_on) for row in rows]
    way = next((way for way in reach.ways if way.kind != "post" and not (bounced and way.kind == "mail")), None)
    phone, mail = (way.to if way and way.kind == kind else "" for kind in ("phone", "mail"))
    days = (day - first.due_on).days
    rung = next((rung for rung in reversed(spoken) if rung.days <= days), spoken[0])
    return Call(household, first.uuid, days, things, phone, mail, rung, last, bounced)


def done_lately(me: Me, at: datetime) -> list[tuple[Household, Noted]]:
    """The contacts of the last week, a household's last one alone."""
    query = (
        select(ContactNote, Person.name, Loan.uuid, Household)
        .join(Loan, Loan.id == ContactNote.loan_id)
        .join(Household, Household.id == ContactNote.household_id)
        .outerjoin(Person, Person.id == ContactNote.by)
        .where(ContactNote.centre_id == me.people_of, ContactNote.kind.is_not(None), ContactNote.at > at - WEEK)
        .order_by(ContactNote.id.desc())
        .limit(SHOWN)
    )
    newest: dict[int, tuple[Household, Noted]] = {}
    for row, name, uuid, household in session().execute(query):
        newest.setdefault(household.id, (household, contacts.noted(row, name, uuid)))
    return list(newest.values())[:20]


def waiting(me: Me, way: str) -> list[Reminder]:
    """Letters to print, visits to plan or loans to decide about, as long as they still mean something."""
    query = select(Reminder).where(Reminder.centre_id == me.people_of, Reminder.way == way, Reminder.outcome.is_(None))
    rows = session().scalars(query.where(HOLDS).order_by(Reminder.id.desc()).limit(SHOWN)).all()
    reached = reaching.of_all({row.household for row in rows})
    return sorted((row for row in _newest_each(rows) if reached[row.household_id].means(way)), key=lambda row: row.id)


def _newest_each(rows: Sequence[Reminder]) -> Iterator[Reminder]:
    seen: set[int] = set()
    for row in rows:
        if row.household_id not in seen:
            seen.add(row.household_id)
            yield row


@dataclass(frozen=True)
class Waits:
    """How much waits, for the board."""

    calls: int
    letters: int
    visits: int
    decisions: Sequence[Reminder]
    bounced: Sequence[Household]

    def __bool__(self) -> bool:
        return bool(self.calls or self.letters or self.visits or self.decisions)


def waits(me: Me, day: date) -> Waits:
    calls = to_call(me, day)
    letters, visits, decisions = (waiting(me, way) for way in LISTS.values())
    return Waits(len(calls), len(letters), len(visits), decisions, [one.household for one in calls if one.bounced])


def undecided(me: Me) -> list[Device]:
    """The things of this centre that are late for so long that somebody decides, without whose they are."""
    query = (
        select(Device)
        .join(LoanLine, LoanLine.device_id == Device.id)
        .join(ReminderLine, ReminderLine.line_id == LoanLine.id)
        .join(Reminder, Reminder.id == ReminderLine.reminder_id)
        .where(Reminder.centre_id == me.centre_id, Reminder.way == "decision", Reminder.outcome.is_(None), HOLDS)
        .where(LoanLine.closed_at.is_(None))
        .order_by(LoanLine.due_on, Device.id)
        .limit(SHOWN)
    )
    return list(session().scalars(query).unique())
