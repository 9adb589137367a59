"""The list of calls, notes of contacts, what stops reminders, letters on paper, and what goes with the household."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from pypdfium2 import PdfDocument
from reportlab.lib.units import mm

from app import mail
from app.cli.verifying import all_faults
from app.db import session, writing
from app.errors import NotThere
from app.history import Act
from app.inventory.care_forms import Move
from app.lending import (
    calls,
    contacts,
    losses,
    reminder_paper,
    reminder_privacy,
    reminder_story,
    reminders,
    returns,
    settling,
    stops,
)
from app.lending.forms import TakeBack
from app.lending.models import Loan
from app.lending.reminder_forms import ForgetNote, NoteContact, Reopen, ResumeReminders, Settle, StopReminders
from app.lending.reminder_models import ContactNote, Reminder, ReminderStop
from app.mail import Letter
from app.people import oppositions
from app.people.forms import Oppose
from app.people.models import Household
from app.privacy import rights, wings
from app.privacy.rights import Erase, Merge
from app.times import start_of
from tests.asking import person, program
from tests.harness.post import post_office
from tests.harness.saying import refused
from tests.lending.reminded import ADDRESS, card
from tests.make import World, do, fresh, make_device, make_household, make_loan

DUE = date(2027, 1, 19)
FROM = "va-et-vient@example.org"


def at(day: date) -> Any:
    return start_of(day) + timedelta(hours=10)


def lent(world: World, contact: str = "06 39 98 01 42", **over: Any) -> Loan:
    home = over.pop("household", None) or make_household(world, "Famille Berger-Test", contact=contact)
    return make_loan(world, make_device(world, "Le portable bleu"), household=home, due_on=DUE, **over)


def names(world: World, day: date, who: str = "ada") -> list[str]:
    return [one.household.name for one in calls.to_call(world.me(who), day)]


def note(world: World, loan: Loan, day: date = DUE, **over: Any) -> Loan:
    return do(contacts.note, NoteContact(**({"kind": "reached"} | over)), loan, by=world.me(), at=at(day))


def stop(world: World, loan: Loan, reason: str = "hospital", day: date = DUE) -> Loan:
    return do(stops.stop, StopReminders(reason=reason), loan, by=world.me(), at=at(day))


# Calls


def test_whoever_is_reminded_by_phone_stands_on_the_list_before_anything_is_late(inside: World):
    lent(inside)
    week_before = DUE - timedelta(days=7)
    reminders.remind_all(at=at(week_before))
    [call] = calls.to_call(inside.me(), week_before)
    assert (call.days, call.phone, call.things) == (-7, "0639980142", [("Le portable bleu", DUE)])
    assert call.sms.startswith("sms:0639980142?body=Bonjour%20Famille%20Berger-Test")
    assert "Le%20portable%20bleu" in call.sms


def test_the_list_is_the_centres_own(inside: World):
    lent(inside)
    late = DUE + timedelta(days=8)
    assert names(inside, late) == ["Famille Berger-Test"]
    assert names(inside, late, "zoe") == names(inside, late, "coco") == []


@pytest.mark.parametrize(("kind", "days"), [("not_reached", 1), ("message", 2), ("reached", 7), ("came_by", 7)])
def test_whoever_was_just_spoken_to_is_left_in_peace_for_a_while(inside: World, kind: str, days: int):
    loan, late = lent(inside), DUE + timedelta(days=8)
    note(inside, loan, late, kind=kind)
    assert names(inside, late + timedelta(days=days - 1)) == []
    assert names(inside, late + timedelta(days=days)) == ["Famille Berger-Test"]


def test_whoever_says_when_they_come_is_left_in_peace_until_then(inside: World):
    loan, late = lent(inside), DUE + timedelta(days=8)
    note(inside, loan, late, kind="will_come", come_on=late + timedelta(days=12))
    assert names(inside, late + timedelta(days=12)) == []
    assert names(inside, late + timedelta(days=13)) == ["Famille Berger-Test"]


def test_what_came_back_is_not_called_about(inside: World):
    loan = lent(inside)
    reminders.remind_all(at=at(DUE))
    do(returns.take_back, TakeBack(devices=[{"code": loan.lines[0].device.code}]), by=inside.me(), at=at(DUE))
    assert names(inside, DUE) == []
    assert reminder_story.of_loan(fresh(loan)).reminders[0].state == "over"


@pytest.mark.parametrize("over", [{"kind": "will_come"}, {"kind": "will_come", "come_on": DUE - timedelta(days=1)}])
def test_who_will_come_says_on_which_day(inside: World, over: dict[str, Any]):
    with refused("invalid", "come_on"):
        note(inside, lent(inside), **over)


def test_a_note_of_another_centre_is_not_written_nor_seen(inside: World):
    loan = lent(inside)
    with pytest.raises(NotThere):
        do(contacts.note, NoteContact(kind="reached"), loan, by=inside.me("zoe"))
    with pytest.raises(NotThere):
        do(stops.stop, StopReminders(reason="other"), loan, by=inside.me("zoe"))


def test_a_note_that_was_a_mistake_is_gone_at_once_and_for_good(inside: World):
    loan = note(inside, lent(inside), words="s'est fâché")
    number = contacts.of_loan(loan)[0].number
    with pytest.raises(NotThere):
        do(contacts.forget, ForgetNote(), lent(inside), number, by=inside.me())
    do(contacts.forget, ForgetNote(), loan, number, by=inside.me())
    assert contacts.of_loan(loan) == []
    assert nothing_left()
    assert all_faults_of(inside) == []


# Stops


@pytest.mark.parametrize("reason", ["theft", "death", "hospital", "dispute", "other"])
def test_a_loan_that_is_stopped_is_told_of_to_nobody(inside: World, reason: str):
    loan = lent(inside, "berger@example.org")
    reminders.remind_all(at=at(DUE))
    stop(inside, loan, reason)
    assert session().query(Letter).one().called_off, "at once, and not only when it would leave"
    for days in (7, 21, 45):
        reminders.remind_all(at=at(DUE + timedelta(days=days)))
    assert session().query(Reminder).count() == 1
    assert names(inside, DUE + timedelta(days=46)) == []
    assert calls.undecided(inside.me("mia")) == []


def test_reminders_go_on_when_the_stop_is_lifted(inside: World):
    loan = stop(inside, lent(inside))
    reminders.remind_all(at=at(DUE))
    do(stops.resume, ResumeReminders(), loan, by=inside.me(), at=at(DUE))
    reminders.remind_all(at=at(DUE + timedelta(days=1)))
    assert session().query(Reminder).one().kind == "due_day"
    with refused("not_stopped"):
        do(stops.resume, ResumeReminders(), loan, by=inside.me(), at=at(DUE))
    stop(inside, loan)
    with refused("already_stopped"):
        stop(inside, loan)


def test_a_letter_called_off_by_a_stop_is_none_that_did_not_arrive(inside: World):
    loan = lent(inside, "berger@example.org")
    reminders.remind_all(at=at(DUE))
    stop(inside, loan)
    do(stops.resume, ResumeReminders(), loan, by=inside.me(), at=at(DUE))
    [call] = calls.to_call(inside.me(), DUE + timedelta(days=1))
    assert not call.bounced
    assert reminder_story.of_loan(loan).reminders[0].state == "called_off"


def test_a_loan_that_is_over_has_nothing_to_stop(inside: World):
    loan = lent(inside)
    do(losses.move, Move(what="stolen"), loan.lines[0].device, by=inside.me(), at=at(DUE))
    with refused("loan_closed"):
        stop(inside, loan)


def test_the_journal_never_learns_why_nor_what_was_said(inside: World):
    loan = lent(inside)
    stop(inside, loan, "hospital")
    note(inside, loan, words="rappelle en mars")
    told = " ".join(act.facts for act in session().query(Act).filter(Act.kind.in_(["reminders_stop", "contact"])))
    for word in ("hospital", "reached", "mars"):
        assert word not in told
    assert list(all_faults_of(inside)) == []


def all_faults_of(_world: World) -> list[str]:
    session().rollback()
    return list(all_faults(current_app.config["SETTINGS"]))


# Letters, visits, decisions


def letter_for(world: World, **over: Any) -> Reminder:
    card(world, lent(world, **over).household)
    reminders.remind_all(at=at(DUE + timedelta(days=21)))
    return calls.waiting(world.me(), "letter")[0]


def text_of(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in PdfDocument(pdf)]


def test_a_letter_has_its_address_in_the_window_and_a_page_for_each_household(inside: World):
    letter_for(inside)
    card(inside, lent(inside, household=make_household(inside, "Zoé Çelik-Тест", contact="", language="en")).household)
    reminders.remind_all(at=at(DUE + timedelta(days=22)))
    rows = calls.waiting(inside.me(), "letter")
    pages = text_of(reminder_paper.pdf(rows, DUE))
    assert len(pages) == len(rows) == 2
    assert "Famille Berger-Test 3 rue des Tilleuls 62670 Mazingarbe" in pages[0]
    assert "Le portable bleu, retour prévu le mardi 19 janvier 2027" in pages[0]
    assert "How are you?" in pages[1]
    assert "Тест" in pages[1]
    page = PdfDocument(reminder_paper.pdf(rows[:1], DUE))[0]
    words = page.get_textpage()
    place, _count = words.search("Famille Berger-Test").get_next()
    left, _bottom, _right, top = words.get_charbox(place)
    assert 105 * mm < left < 115 * mm
    assert 45 * mm < page.get_height() - top < 60 * mm, "35 mm high and 20 mm from the right edge, folded in three"


def test_a_long_name_stays_in_the_window(inside: World):
    row = letter_for(inside, household=make_household(inside, "W" * 200, contact=""))
    assert len(text_of(reminder_paper.pdf([row], DUE))) == 1


@pytest.mark.parametrize("facts", [{}, {"show_address": False}, {"reminders": "never"}])
def test_a_letter_waits_while_they_have_an_address_that_may_be_used(app: Flask, world: World, facts: dict[str, Any]):
    with app.app_context():
        row = letter_for(world)
        number, home, loan = row.uuid, row.household, row.lines[0].line.loan
        where = {"address": ADDRESS, "address_for": "letter"} | facts
        if facts:
            card(world, home, **where)
        assert len(calls.waiting(world.me(), "letter")) == (not facts)
        told = reminder_story.of_loan(fresh(loan)).reminders
        assert [one.state for one in told if one.row.way == "letter"] == ["over" if facts else "waits"]
    asked = person(app, world).get(f"/reminders/{number}/letter.pdf")
    assert asked.status_code == (404 if facts else 200)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, ("0639980142", "")),
        ({"reminders": "mail", "also": "b@example.org"}, ("", "b@example.org")),
        ({"reminders": "via_referent"}, ("", "")),
        ({"reminders": "post", "address": ADDRESS, "address_for": "letter"}, None),
        ({"reminders": "never"}, None),
    ],
)
def test_whoever_is_late_is_called_the_way_they_wish(inside: World, facts: dict[str, Any], shown: Any):
    card(inside, lent(inside).household, **({"prescriber": ""} | facts))
    late = calls.to_call(inside.me(), DUE + timedelta(days=3))
    assert [(one.phone, one.mail) for one in late] == ([shown] if shown is not None else [])


def test_letters_visits_and_decisions_are_seen_to_once(inside: World):
    letter_for(inside)
    reminders.remind_all(at=at(DUE + timedelta(days=45)))
    mia = inside.me("mia")
    for way, outcome in (("letter", "sent"), ("visit", "not_needed"), ("decision", "decided")):
        [row] = calls.waiting(mia, way)
        with refused("invalid", "outcome"):
            do(settling.settle, Settle(outcome="decided" if way != "decision" else "sent"), row, by=mia)
        do(settling.settle, Settle(outcome=outcome), row, by=mia)
        assert calls.waiting(mia, way) == []
        with refused("already_settled"):
            do(settling.settle, Settle(outcome=outcome), row, by=mia)
        do(settling.reopen, Reopen(), row, by=mia)
        assert calls.waiting(mia, way) == [row]
        with refused("not_settled"):
            do(settling.reopen, Reopen(), row, by=mia)
        do(settling.settle, Settle(outcome=outcome), row, by=mia)
    assert all_faults_of(inside) == []


def test_the_desk_does_not_decide(inside: World):
    lent(inside)
    reminders.remind_all(at=at(DUE + timedelta(days=45)))
    [row] = calls.waiting(inside.me(), "decision")
    with refused("forbidden"):
        do(settling.settle, Settle(outcome="decided"), row, by=inside.me())
    assert [device.name for device in calls.undecided(inside.me("mia"))] == ["Le portable bleu"]


# What is the household's


def told(world: World, loan: Loan) -> Household:
    reminders.remind_all(at=at(DUE))
    with post_office() as post:
        mail.deliver(post.url, FROM, at=at(DUE))
    note(world, loan, words="rappelle en mars")
    stop(world, loan)
    return session().get_one(Household, loan.household_id)


def end(world: World, loan: Loan, day: date) -> None:
    do(returns.take_back, TakeBack(devices=[{"code": loan.lines[0].device.code}]), by=world.me(), at=at(day))


def nothing_left() -> bool:
    session().rollback()
    session().expire_all()
    rows = [
        *session().query(Reminder.subject, Reminder.words),
        *session().query(Letter.address, Letter.subject, Letter.words),
    ]
    rows += session().query(ContactNote.kind, ContactNote.words, ContactNote.come_on, ContactNote.salt)
    rows += session().query(ReminderStop.reason, ReminderStop.salt)
    return not any(value for row in rows for value in row)


def test_their_copy_tells_what_was_said(app: Flask, world: World):
    with app.app_context():
        household = told(world, lent(world, "berger@example.org"))
        copy = wings.tell(household)
        [message], [contact], [stopped] = copy["reminders"], copy["contacts"], copy["reminders_stopped"]
        assert (message["to"], message["way"]) == ("berger@example.org", "mail")
        assert (contact["kind"], contact["words"]) == ("reached", "rappelle en mars")
        assert stopped["reason"] == "hospital"
        code = household.code
    page = person(app, world, "mia").get(f"/households/{code}/copy").text
    for words in ("rappelle en mars", "Le portable bleu", "Une hospitalisation", "berger@example.org"):
        assert words in page, words


def test_what_was_said_goes_with_the_household(inside: World):
    loan = lent(inside, "berger@example.org")
    household = told(inside, loan)
    end(inside, loan, DUE)
    do(rights.erase, Erase(), household, by=inside.me("mia"))
    assert nothing_left()
    assert all_faults_of(inside) == []


def test_what_was_said_goes_a_year_after_the_return(inside: World):
    loan = lent(inside, "berger@example.org")
    told(inside, loan)
    end(inside, loan, DUE)
    for day, gone in ((date(2028, 1, 19), False), (date(2028, 1, 20), True)):
        with writing():
            reminder_privacy.let_go_outdated(day=day)
        assert nothing_left() == gone, day
    assert all_faults_of(inside) == []


def test_what_was_said_to_a_double_goes_to_the_card_that_is_kept(inside: World):
    double, kept = (
        make_household(inside, "Berger", contact="a@example.org"),
        make_household(inside, contact="b@example.org"),
    )
    loan = lent(inside, household=double)
    lent(inside, household=kept)
    reminders.remind_all(at=at(DUE))
    note(inside, loan)
    do(rights.merge, Merge(into=kept.code), double, by=inside.me("mia"))
    session().expire_all()
    assert [(row.household_id, row.alone_on) for row in session().query(Reminder).order_by(Reminder.id)] == [
        (kept.id, None), (kept.id, DUE),
    ]  # fmt: skip
    assert session().query(ContactNote).one().household_id == kept.id
    assert all_faults_of(inside) == []
    reminders.remind_all(at=at(DUE + timedelta(days=7)))
    assert session().query(Reminder).filter_by(day=DUE + timedelta(days=7)).count() == 1


# The routes


def test_a_call_is_noted_in_two_touches_and_told_on_every_page(app: Flask, world: World):
    with app.app_context():
        loan = make_loan(world, household=make_household(world, "Famille Berger-Test"))
        uuid, code = loan.uuid, loan.household.code
    ada = person(app, world)
    assert "Noter un contact" in ada.get(f"/loans/{uuid}").text
    done = ada.post(f"/loans/{uuid}/notes", form={"kind": "not_reached"})
    assert done.status_code == 303
    for path in (f"/loans/{uuid}", f"/households/{code}", "/calls"):
        page = ada.get(path).text
        assert "Pas de réponse" in page, path
        assert "par Ada" in page, path


def test_programs_note_stop_and_let_go_on(app: Flask, world: World):
    with app.app_context():
        uuid = make_loan(world).uuid
    ada = program(app, world)
    story = ada.post(f"/loans/{uuid}/notes", json={"kind": "other", "words": "par sa voisine"}).json
    assert [(one["kind"], one["words"]) for one in story["notes"]] == [("other", "par sa voisine")]
    assert ada.post(f"/loans/{uuid}/reminders/stop", json={"reason": "dispute"}).json["stopped"] == "dispute"
    again = ada.post(f"/loans/{uuid}/reminders/stop", json={"reason": "dispute"})
    assert (again.status_code, again.json["error"]) == (409, "already_stopped")
    assert ada.post(f"/loans/{uuid}/reminders/resume", json={}).json["stopped"] is None
    assert ada.get("/calls").json["items"] == []
    assert ada.post(f"/loans/{uuid}/reminders/stop", json={"reason": "malade"}).status_code == 422


def test_the_manager_sees_how_words_read_before_they_are_kept(app: Flask, world: World):
    mia = person(app, world, "mia")
    fields = {"days": "0", "used": "true", "subject": "Coucou {nom}", "words": "{materiel}"}
    page = mia.post("/centre/reminders/due_day", form=fields | {"look": "true"}).text
    assert "Coucou Camille Durand-Exemple" in page
    assert "Coucou" not in mia.get("/centre/reminders").text
    assert mia.post("/centre/reminders/due_day", form=fields).status_code == 303
    assert "Coucou {nom}" in mia.get("/centre/reminders").text
    wrong = mia.post("/centre/reminders/due_day", form=fields | {"words": "{name}", "look": "true"})
    assert wrong.status_code == 422
    assert "{name}" in wrong.text


def test_whoever_wants_no_reminders_is_neither_written_to_nor_called(inside: World):
    """A no is heard by whoever makes them, sends them, and draws the list; the manager decides all the same."""
    loan = lent(inside, "berger@example.org")
    reminders.remind_all(at=at(DUE))
    do(oppositions.oppose, Oppose(what="reminders"), loan.household, by=inside.me())
    with post_office() as post:
        assert mail.deliver(post.url, FROM, at=at(DUE)) == 0
    assert session().query(Letter).one().called_off
    for days in (7, 21, 45):
        reminders.remind_all(at=at(DUE + timedelta(days=days)))
    assert [row.way for row in session().query(Reminder).order_by(Reminder.id)] == ["mail", "decision"]
    assert names(inside, DUE + timedelta(days=46)) == []
    assert loan.closed_at is None
