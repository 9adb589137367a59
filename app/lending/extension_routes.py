"""Keep longer: at once, asked and answered later, or a mistake."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.lending import answers, extensions, loan_page, loans
from app.lending.forms import AskLonger, Extend, RefuseLonger, UndoExtension
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, done, read, spoken
from app.web.looks import day
from app.words import _

bp = Blueprint("extensions", __name__)
EXTENDING = ("loan_closed", "due_in_past", "not_here", "not_on_loan", "someone_waits", "beyond_limits", "promised")
UNDOING = ("nothing_to_undo", "too_late_to_undo", "not_here", "promised")


@bp.route("/loans/<uuid>/extend", methods=["POST"])
@door("lend")
@spoken(takes=Extend, gives=answers.LoanAnswer, refuses=EXTENDING)
def extend(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(Extend)
    if form.submit(loans.extend, loan, by=me(), at=now(), again=loans.of_act):
        say = _("Now due back on %(day)s.", day=day(form.wish.due_on if form.wish else loan.due_on))
        undo = url_for("extensions.undo", uuid=loan.uuid)
        return done(loan_page.answer(loan), go=_page(uuid), say=say, undo=undo, form=form)
    return loan_page.shown(loan, form)


@bp.route("/loans/<uuid>/extend/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoExtension, gives=answers.LoanAnswer, refuses=UNDOING)
def undo(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(UndoExtension)
    if form.submit(extensions.undo, loan, by=me(), at=now(), again=extensions.of_act):
        say = _("Undone: due back on %(day)s as before.", day=day(loan.due_on))
        return done(loan_page.answer(loan), go=_page(uuid), say=say, form=form)
    return loan_page.shown(loan, form)


@bp.route("/loans/<uuid>/requests", methods=["POST"])
@door("lend")
@spoken(
    takes=AskLonger,
    gives=answers.LoanAnswer,
    refuses=("loan_closed", "due_in_past", "not_on_loan", "already_asked"),
)
def ask(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(AskLonger)
    if form.submit(extensions.ask, loan, by=me(), at=now(), again=extensions.of_act):
        return _told(uuid, form, _("Written down. Somebody answers before the loan ends."))
    return loan_page.shown(loan, form)


@bp.route("/loans/<uuid>/requests/<int:number>/refuse", methods=["POST"])
@door("lend")
@spoken(takes=RefuseLonger, gives=answers.LoanAnswer, refuses=("already_answered",))
def refuse(uuid: str, number: int) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(RefuseLonger)
    if form.submit(extensions.refuse, loan, number, by=me(), at=now(), again=extensions.of_act):
        return _told(uuid, form, _("The answer is written down, to be read to them."))
    return loan_page.shown(loan, form)


def _told(uuid: str, form: Form[AskLonger] | Form[RefuseLonger], say: object) -> AnswerType:
    return done(loan_page.answer(loans.get(uuid, me())), go=_page(uuid), say=say, form=form)


def _page(uuid: str) -> str:
    return url_for("lending.show", uuid=uuid)
