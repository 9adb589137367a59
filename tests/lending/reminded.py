"""A row in each table of reminders: a mail, a letter, a visit, notes, a stop and one that was lifted, a rung changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.db import session
from app.lending import contacts, ladder, reminders, settling, stops
from app.lending.reminder_forms import EditRung, NoteContact, ResumeReminders, Settle, StopReminders
from app.lending.reminder_models import Reminder
from app.people import households
from app.people.forms import EditHousehold
from app.people.models import Centre, Household
from app.times import day_of, start_of
from tests.make import NOW, World, do, make_household, make_loan

ADDRESS = "3 rue des Tilleuls\n62670 Mazingarbe"


def card(world: World, home: Household, by: str = "ada", **facts: Any) -> Household:
    """What they wish is written on their card; without facts, an address that letters may use."""
    who = home.identity
    assert who is not None
    facts = facts or {"address": ADDRESS, "address_for": "letter"}
    wish = EditHousehold(name=who.name, contact=who.contact or "", language=who.language, **facts)
    return do(households.edit, wish, home, by=world.me(by))


def fill(world: World) -> None:
    due = day_of(NOW) + timedelta(days=200)
    by_mail, on_paper = (
        make_loan(world, household=make_household(world, contact=contact), due_on=due)
        for contact in ("a@example.org", "")
    )
    card(world, on_paper.household)
    reminders.remind_all(at=start_of(due) + timedelta(hours=9))
    reminders.remind_all(at=start_of(due) + timedelta(days=21, hours=9))
    me = world.me()
    visit = session().query(Reminder).filter_by(way="visit").first()
    do(settling.settle, Settle(outcome="done"), visit, by=me)
    do(contacts.note, NoteContact(kind="reached", words="rappelle lundi"), by_mail, by=me)
    do(contacts.note, NoteContact(kind="will_come", come_on=day_of(NOW)), on_paper, by=me)
    do(stops.stop, StopReminders(reason="hospital"), by_mail, by=me)
    do(stops.stop, StopReminders(reason="dispute"), on_paper, by=me)
    do(stops.resume, ResumeReminders(), on_paper, by=me)
    centre = session().get_one(Centre, world.centres["brebis"])
    do(ladder.edit, EditRung(days=1, used=True, subject="Coucou"), centre, "due_day", by=world.me("mia"))
