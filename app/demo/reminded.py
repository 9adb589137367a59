"""What was said about the loans that are out: reminders of some mornings, a mail that came back, calls, a stop."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from app import mail
from app.db import session, writing
from app.demo.cast import BREBIS, OUTREACH
from app.demo.house import House, Plan, do, loan_of, number
from app.lending import contacts, reminders, stops
from app.lending.reminder_forms import NoteContact, StopReminders
from app.mail import Letter
from app.times import HOME

MORNINGS = (12, 6, 1)  # days ago
NO_LONGER_THERE = "sabrina.ould@example.org"
LATE, CALLED, LEFT_ALONE = "Nadège Pruvost-Test", "Didier Lemaire-Test", "Zofia Piekarska-Test"


def said_so_far(house: House) -> Plan:
    for ago in MORNINGS:
        at = _moment(house, ago, 8)
        yield at, partial(_morning, at)
    for ago, home, wish in (
        (5, LATE, {"kind": "not_reached"}),
        (2, LATE, {"kind": "message", "words": "message laissé à sa sœur"}),
        (1, CALLED, {"kind": "reached", "words": "passe après ses cours"}),
    ):
        at = _moment(house, ago, 15)
        yield at, partial(_call, house, home, wish, at)
    at = _moment(house, 3, 14)
    yield at, partial(_stop, house, at)


def _moment(house: House, ago: int, hour: int) -> datetime:
    return datetime.combine(house.today - timedelta(days=ago), time(hour, 5), HOME).astimezone(UTC)


def _morning(at: datetime) -> None:
    """Reminders are made and leave; no mail server is asked."""
    reminders.remind_all(at=at)
    waiting = select(Letter).where(Letter.kind == reminders.KIND, Letter.next_try_at.is_not(None))
    with writing():
        for letter in session().scalars(waiting).all():
            letter.tries, letter.sent_at, letter.next_try_at = 1, at, None
            if letter.address == NO_LONGER_THERE:
                mail.came_back(letter, "5.1.1", at=at + timedelta(minutes=1))


def _call(house: House, home: str, wish: dict[str, str], at: datetime) -> None:
    note = NoteContact(id=number("contact", home, at.date()), **wish)
    do(contacts.note, note, loan_of(f"now/{home}"), by=house.desk(BREBIS), at=at)


def _stop(house: House, at: datetime) -> None:
    wish = StopReminders(id=number("stop", LEFT_ALONE), reason="hospital")
    do(stops.stop, wish, loan_of(f"now/{LEFT_ALONE}"), by=house.me(OUTREACH, BREBIS), at=at)
