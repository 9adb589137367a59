"""Purchases: how the supplier was chosen, what was ordered, and which budget lines that binds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import select

from app.db import session
from app.finance import budget, expense_answers, papers, purchases, purse
from app.finance.models import Operation
from app.finance.purchase_models import Purchase
from app.finance.spending import Expense
from app.finance.spending_forms import AddPaper, ClosePurchase, NewPurchase, PurchaseCard
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, Listing, blank, done, page, read, read_query, slice_of, spoken
from app.web.looks import typed
from app.words import _

bp = Blueprint("purchases", __name__)
EMPTY_ROWS = 2  # empty rows of budget lines that the form offers


@bp.route("/finance/purchases", methods=["GET"])
@door("money")
@spoken(asks=Listing, gives=expense_answers.Purchases)
def list_purchases() -> AnswerType:
    wish = read_query(Listing)
    query = purchases.seen_by(me())
    if wish.q:
        query = query.where(Purchase.title.contains(wish.q, autoescape=True))
    found = slice_of(query, wish, by=(Purchase.id,), key=lambda row: (row.id,), backwards=True)
    answer = expense_answers.Purchases(items=[expense_answers.purchase(row) for row in found.rows], next=found.next)
    return page("finance/purchases.html", answer=answer, found=found, wish=wish)


@bp.route("/finance/purchases/new", methods=["GET"])
@door("spend")
def new_purchase() -> AnswerType:
    return _form(blank(NewPurchase, procedure="direct"))


@bp.route("/finance/purchases", methods=["POST"])
@door("spend")
@spoken(takes=NewPurchase, gives=expense_answers.PurchaseAnswer, made=True)
def open_purchase() -> AnswerType:
    form = read(NewPurchase)
    if row := form.submit(purchases.open_one, by=me(), at=now(), again=purchases.of_act):
        go = url_for("purchases.show", uuid=row.uuid)
        say = _("The purchase is written down. Add its quotes and its order form.")
        return done(expense_answers.purchase(row), go=go, say=say, form=form, new=True)
    return _form(form)


def _form(form: Form[Any], row: Purchase | None = None) -> AnswerType:
    mine = purse.payers(me())
    seen = session().scalars(purse.operations(me()).order_by(Operation.number)).all()
    owners = [row.organisation_id] if row else [one.id for one in mine]
    return page(
        "finance/purchase_edit.html",
        form=form,
        answer=expense_answers.purchase(row) if row else None,
        purchase=row,
        payers=purse.named(mine),
        operations=[(one.number, f"{one.number} {one.name}") for one in seen],
        codes=_codes(seen),
        rows=[*form.rows("commitments"), *({} for _n in range(EMPTY_ROWS))],
        deliveries=[one for owner in owners for one in purchases.deliveries_for(owner, row)],
    )


def _codes(seen: Sequence[Operation]) -> list[tuple[str, str]]:
    """The budget lines of these operations as a form offers them: two that bear one code stand there once."""
    lines = [line for one in seen for line in budget.of(one) if not line.is_flat]
    return list({line.code: f"{line.code} {line.label}" for line in lines}.items())


@bp.route("/finance/purchases/<uuid>", methods=["GET"])
@door("money")
@spoken(gives=expense_answers.PurchaseAnswer)
def show(uuid: str) -> AnswerType:
    return shown(purchases.get(uuid, me()))


def shown(row: Purchase, form: Form[Any] | None = None) -> AnswerType:
    bills = select(Expense).where(Expense.purchase_id == row.id, Expense.gone_act_id.is_(None))
    return page(
        "finance/purchase.html",
        form=form,
        answer=expense_answers.purchase(row),
        purchase=row,
        deliveries=purchases.deliveries_of(row),
        papers=papers.of(row),
        bills=session().scalars(bills.order_by(Expense.issued_on, Expense.id)).all(),
        changes=me().may("spend") and purse.spends(row.organisation_id, me()),
        paper=form if form and form.shape is AddPaper else blank(AddPaper, kind="quote"),
    )


@bp.route("/finance/purchases/<uuid>/edit", methods=["GET", "POST"])
@door("spend")
@spoken(takes=PurchaseCard, gives=expense_answers.PurchaseAnswer)
def edit(uuid: str) -> AnswerType:
    row = purchases.get(uuid, me())
    form = read(PurchaseCard, **_card(row))
    if form.submit(purchases.edit, row, by=me(), at=now(), again=purchases.of_act):
        go = url_for("purchases.show", uuid=uuid)
        return done(expense_answers.purchase(row), go=go, say=_("The purchase is put right."), form=form)
    return _form(form, row)


def _card(row: Purchase) -> dict[str, Any]:
    plain = ("title", "procedure", "market_number", "reason", "supplier", "order_number", "ordered_on")
    bound = [
        {"operation": one.line.operation.number, "line": one.line.code, "cents": typed(one.cents)}
        for one in row.commitments
    ]
    came = [one.id for one in purchases.deliveries_of(row)]
    return {name: getattr(row, name) or "" for name in plain} | {"commitments": bound, "deliveries": came}


@bp.route("/finance/purchases/<uuid>/close", methods=["POST"])
@door("spend")
@spoken(takes=ClosePurchase, gives=expense_answers.PurchaseAnswer, refuses=("purchase_closed",))
def close(uuid: str) -> AnswerType:
    row, form = purchases.get(uuid, me()), read(ClosePurchase)
    form.insist(purchases.close, row, by=me(), at=now(), again=purchases.of_act)
    undo = url_for("purchases.open_again", uuid=uuid)
    say = _("Nothing more is to come: what is not invoiced is free again.")
    return done(expense_answers.purchase(row), go=url_for("purchases.show", uuid=uuid), say=say, undo=undo, form=form)


@bp.route("/finance/purchases/<uuid>/open", methods=["POST"])
@door("spend")
@spoken(takes=ClosePurchase, gives=expense_answers.PurchaseAnswer, refuses=("purchase_open",))
def open_again(uuid: str) -> AnswerType:
    row, form = purchases.get(uuid, me()), read(ClosePurchase)
    form.insist(purchases.open_again, row, by=me(), at=now(), again=purchases.of_act)
    go = url_for("purchases.show", uuid=uuid)
    return done(expense_answers.purchase(row), go=go, say=_("The purchase is open again."), form=form)
