"""The cheque held for a loan: it came, it went."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.lending import deposits, loan_page, loans
from app.lending.deposits import DepositAnswer, EndDeposit, HoldDeposit
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, done, read, spoken
from app.words import _

bp = Blueprint("deposits", __name__)


@bp.route("/loans/<uuid>/deposits", methods=["POST"])
@door("lend")
@spoken(takes=HoldDeposit, gives=DepositAnswer, refuses=("loan_closed", "deposit_held"))
def hold(uuid: str) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(HoldDeposit)
    if row := form.submit(deposits.hold, loan, by=me(), at=now(), again=deposits.of_act):
        say = _("The cheque is written down. It is kept and not cashed.")
        return done(deposits.answer(row), go=url_for("lending.show", uuid=uuid), say=say, form=form)
    return loan_page.shown(loan, form)


@bp.route("/loans/<uuid>/deposits/<int:deposit>/end", methods=["POST"])
@door("lend")
@spoken(takes=EndDeposit, gives=DepositAnswer, refuses=("deposit_ended",))
def end(uuid: str, deposit: int) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(EndDeposit)
    if row := form.submit(deposits.end, loan, deposit, by=me(), at=now(), again=deposits.of_act):
        say = _("The cheque is no longer here.")
        return done(deposits.answer(row), go=url_for("lending.show", uuid=uuid), say=say, form=form)
    return loan_page.shown(loan, form)
