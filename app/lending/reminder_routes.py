"""Notes of contacts, what stops reminders, and what was done about letters, visits and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, url_for

from app.lending import calls, contacts, loans, reminder_answers, reminder_paper, reminder_story, settling, stops
from app.lending.contacts import Noted
from app.lending.models import Loan
from app.lending.reminder_answers import ReminderAnswer, StoryAnswer
from app.lending.reminder_forms import ForgetNote, NoteContact, Reopen, ResumeReminders, Settle, StopReminders
from app.lending.reminder_story import Story
from app.people.doors import door, me
from app.people.models import Household
from app.times import now, today
from app.web import AnswerType, Form, blank, done, file_answer, page, read, spoken
from app.words import _

bp = Blueprint("reminders", __name__)
WORDS = {"contact_kinds": contacts.KINDS, "reasons": stops.REASONS, "ways": reminder_story.WAYS}


@bp.app_template_global()
def story_of(loan: Loan) -> Story:
    return reminder_story.of_loan(loan)


@bp.app_template_global()
def contacts_with(household: Household) -> Sequence[Noted]:
    return contacts.of_household(household)


@bp.app_template_global()
def mail_that_fails(household: Household) -> str:
    return reminder_story.bounced_of(household)


@bp.app_template_global()
def reminder_words() -> dict[str, Any]:
    return WORDS | {"kinds": reminder_story.KINDS}


@bp.route("/loans/<uuid>/notes", methods=["GET", "POST"])
@door("households")
@spoken(takes=NoteContact, gives=StoryAnswer)
def note_contact(uuid: str) -> AnswerType:
    """Two touches: what came of it, and keep. The page tells the story of the loan."""
    loan, form = loans.get(uuid, me()), read(NoteContact)
    if form.submit(contacts.note, loan, by=me(), at=now(), again=loans.of_act):
        return done(_said(loan), go=url_for("lending.show", uuid=loan.uuid), say=_("The contact is noted."), form=form)
    return page("lending/contact.html", form=form, answer=_said(loan), loan=loan, today=today())


@bp.route("/loans/<uuid>/notes/<int:number>/forget", methods=["POST"])
@door("households")
@spoken(takes=ForgetNote, gives=StoryAnswer)
def forget_note(uuid: str, number: int) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(ForgetNote)
    form.insist(contacts.forget, loan, number, by=me(), at=now(), again=loans.of_act)
    go = url_for("lending.show", uuid=loan.uuid)
    return done(_said(loan), go=go, say=_("The note is gone."), form=form)


def _said(loan: Loan) -> StoryAnswer:
    return reminder_answers.story(reminder_story.of_loan(loan))


@bp.route("/loans/<uuid>/reminders/stop", methods=["GET", "POST"])
@door("households")
@spoken(takes=StopReminders, gives=StoryAnswer, refuses=("loan_closed", "already_stopped"))
def stop(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(StopReminders)
    if form.submit(stops.stop, loan, by=me(), at=now(), again=stops.of_act):
        undo = url_for("reminders.resume", uuid=loan.uuid)
        say = _("Nobody is reminded of this loan any more.")
        return done(_said(loan), go=url_for("lending.show", uuid=loan.uuid), say=say, undo=undo, form=form)
    return page("lending/stop.html", form=form, answer=_said(loan), loan=loan)


@bp.route("/loans/<uuid>/reminders/resume", methods=["POST"])
@door("households")
@spoken(takes=ResumeReminders, gives=StoryAnswer, refuses=("not_stopped",))
def resume(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(ResumeReminders)
    if form.submit(stops.resume, loan, by=me(), at=now(), again=stops.of_act):
        say = _("The reminders of this loan go on.")
        return done(_said(loan), go=url_for("lending.show", uuid=loan.uuid), say=say, form=form)
    return page("lending/stop.html", form=_as_shown(form), answer=_said(loan), loan=loan)


def _as_shown(form: Form[ResumeReminders]) -> Form[StopReminders]:
    """The page of stops shows why nothing went on."""
    shown = blank(StopReminders)
    shown.refusal, shown.faults = form.refusal, form.faults
    return shown


@bp.route("/reminders/<uuid>/done", methods=["POST"])
@door("households")
@spoken(takes=Settle, gives=ReminderAnswer, refuses=("already_settled",))
def settle(uuid: str) -> AnswerType:
    row, form = settling.get(uuid, me()), read(Settle)
    form.insist(settling.settle, row, by=me(), at=now(), again=settling.of_act)
    undo = url_for("reminders.reopen", uuid=row.uuid)
    return done(reminder_answers.reminder(row), go=url_for("desk.calls"), say=_("It is noted."), undo=undo, form=form)


@bp.route("/reminders/<uuid>/reopen", methods=["POST"])
@door("households")
@spoken(takes=Reopen, gives=ReminderAnswer, refuses=("not_settled",))
def reopen(uuid: str) -> AnswerType:
    row, form = settling.get(uuid, me()), read(Reopen)
    form.insist(settling.reopen, row, by=me(), at=now(), again=settling.of_act)
    return done(reminder_answers.reminder(row), go=url_for("desk.calls"), say=_("It waits again."), form=form)


@bp.route("/reminders/letters.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def letters_pdf() -> AnswerType:
    """All letters that wait, one page a household."""
    rows = calls.waiting(me(), "letter")
    return file_answer(reminder_paper.pdf(rows, today()), "application/pdf", "courriers.pdf", inline=True)


@bp.route("/reminders/<uuid>/letter.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def letter_pdf(uuid: str) -> AnswerType:
    row = settling.to_print(uuid, me())
    return file_answer(reminder_paper.pdf([row], today()), "application/pdf", "courrier.pdf", inline=True)
