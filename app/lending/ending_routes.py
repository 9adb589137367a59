"""A loan that ends otherwise than on its day: called back early, or closed without its thing."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.lending import answers, extensions, loan_page, loans, losses, pages, recalling
from app.lending.forms import LetGoOf, RecallLoan
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, done, file_answer, read, spoken
from app.words import _

bp = Blueprint("endings", __name__)


@bp.route("/loans/<uuid>/recall", methods=["POST"])
@door("decide")
@spoken(
    takes=RecallLoan,
    gives=answers.LoanAnswer,
    refuses=("loan_closed", "too_soon", "not_sooner", "not_on_loan", "not_here"),
)
def recall(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(RecallLoan)
    if form.submit(recalling.recall, loan, by=me(), at=now(), again=extensions.of_act):
        undo = url_for("extensions.undo", uuid=uuid)
        say = _("Called back. Print the letter, or read it to them.")
        return done(loan_page.answer(loan), go=_page(uuid), say=say, undo=undo, form=form)
    return loan_page.shown(loan, form)


@bp.route("/loans/<uuid>/recall.pdf", methods=["GET"])
@door("households")
@spoken(media="application/pdf")
def letter(uuid: str) -> AnswerType:
    words = recalling.letter(loans.get(uuid, me()))
    drawn = pages.pdf(words, title="Rappel de matériel prêté")
    return file_answer(drawn, "application/pdf", "rappel.pdf", inline=True)


@bp.route("/loans/<uuid>/let-go", methods=["POST"])
@door("decide")
@spoken(
    takes=LetGoOf,
    gives=answers.LoanAnswer,
    refuses=("loan_closed", "too_early", "not_on_loan", "not_here", "before_the_loan"),
)
def let_go(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(LetGoOf)
    if form.submit(losses.let_go, loan, by=me(), at=now(), again=extensions.of_act):
        say = _("The loan of it is closed. Nothing is asked of them any more.")
        undo = url_for("moves.undo", code=form.wish.device) if form.wish else ""
        return done(loan_page.answer(loan), go=_page(uuid), say=say, undo=undo, form=form)
    return loan_page.shown(loan, form)


def _page(uuid: str) -> str:
    return url_for("lending.show", uuid=uuid)
