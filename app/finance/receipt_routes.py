"""Money received for an operation, passed on, earned and given back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.finance import purse, receipts, terms
from app.finance.models import Operation
from app.finance.receipts import ReceiptAnswer, Receipts, Receive, StartReceipt
from app.finance.spending_forms import Withdraw
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, read_query, spoken
from app.web.looks import typed
from app.words import _

bp = Blueprint("receipts", __name__)


@bp.route("/finance/operations/<operation>/money", methods=["GET"])
@door("money")
@spoken(asks=StartReceipt, gives=Receipts)
def of_operation(operation: str) -> AnswerType:
    row, start = purse.operation(operation, me()), read_query(StartReceipt)
    known = {} if start.cents is None else {"cents": typed(start.cents)}
    return _show(row, blank(Receive, received_on=today(), kind=start.kind, **known))


def _show(row: Operation, form: Form[Any]) -> AnswerType:
    found = [one for one in receipts.of(row) if purse.sees_all(row, me()) or one.organisation_id in purse.own(me())]
    partners = [row.lead, *(one.organisation for one in row.partners)]
    return page(
        "finance/receipts.html",
        form=form,
        answer=Receipts(items=[receipts.answer(one) for one in found], next=None),
        operation=row,
        found=found,
        received=receipts.received(row),
        funders=[(one.code, one.name) for one in row.funders],
        partners=purse.named(partners),
        terms=terms.of(row),
        changes=me().may("spend") and purse.leads(row, me()),
        whole=purse.sees_all(row, me()),
    )


@bp.route("/finance/operations/<operation>/money", methods=["POST"])
@door("spend")
@spoken(takes=Receive, gives=ReceiptAnswer, made=True)
def receive(operation: str) -> AnswerType:
    row, form = purse.operation(operation, me()), read(Receive)
    if one := form.submit(receipts.receive, row, by=me(), at=now(), again=receipts.of_act):
        go = url_for("receipts.of_operation", operation=operation)
        undo = url_for("receipts.take_back", operation=operation, receipt=one.id)
        say = _("It is written down.")
        return done(receipts.answer(one), go=go, say=say, undo=undo, form=form, new=True)
    return _show(row, form)


@bp.route("/finance/operations/<operation>/money/<int:receipt>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=ReceiptAnswer)
def take_back(operation: str, receipt: int) -> AnswerType:
    row, form = purse.operation(operation, me()), read(Withdraw)
    one = form.insist(receipts.take_back, row, receipt, by=me(), at=now(), again=receipts.of_act)
    go = url_for("receipts.of_operation", operation=operation)
    undo = url_for("receipts.put_back", operation=operation, receipt=receipt)
    return done(receipts.answer(one), go=go, say=_("It is taken back."), undo=undo, form=form)


@bp.route("/finance/operations/<operation>/money/<int:receipt>/restore", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=ReceiptAnswer, refuses=("in_force",))
def put_back(operation: str, receipt: int) -> AnswerType:
    row, form = purse.operation(operation, me()), read(Withdraw)
    one = form.insist(receipts.put_back, row, receipt, by=me(), at=now(), again=receipts.of_act)
    go = url_for("receipts.of_operation", operation=operation)
    return done(receipts.answer(one), go=go, say=_("It stands again."), form=form)
