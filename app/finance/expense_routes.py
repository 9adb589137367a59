"""Invoices, credit notes and personnel costs: typed once, paid, proved, put down, tied to the things they paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for

from app.db import session
from app.finance import allocations, budget, expense_answers, expenses, papers, payments, purse, spent, tied
from app.finance.expense_form import form_page, paper_of, values
from app.finance.models import Operation
from app.finance.spending import Expense
from app.finance.spending_forms import (
    AddPaper,
    Allocate,
    ExpenseCard,
    ExpenseList,
    NewExpense,
    Pay,
    ProvePayment,
    TakeBackAllocation,
    TieThings,
    UntieThing,
    Withdraw,
)
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, read_query, slice_of, spoken
from app.words import _

bp = Blueprint("expenses", __name__)
TARGET = ("no_part_in_it", "flat_rate_line", "others_line", "outside_days", "takes_no_things", "mixed_allocation")
_WITH_PAPER = _("It is typed, with its paper. Add the things it paid.")
AMOUNT = ("above_the_amount", "one_basis", "not_its_thing", "not_in_service", "grant_unsaid", "days_taken", "no_charge")


@bp.route("/finance/invoices", methods=["GET"])
@door("money")
@spoken(asks=ExpenseList, gives=expense_answers.Expenses)
def list_expenses() -> AnswerType:
    return _list(None)


@bp.route("/finance/operations/<operation>/invoices", methods=["GET"])
@door("money")
@spoken(asks=ExpenseList, gives=expense_answers.Expenses)
def of_operation(operation: str) -> AnswerType:
    """The expenses of which something is put down to this operation."""
    return _list(purse.operation(operation, me()))


def _list(row: Operation | None) -> AnswerType:
    wish = read_query(ExpenseList)
    query = spent.listed(row, wish, me())
    by = (Expense.issued_on, Expense.id)
    found = slice_of(query, wish, by=by, key=lambda one: (one.issued_on, one.id), backwards=True)
    answer = expense_answers.Expenses(items=[expense_answers.expense(one) for one in found.rows], next=found.next)
    return page("finance/expenses.html", answer=answer, found=found, wish=wish, operation=row)


@bp.route("/finance/invoices/new", methods=["GET"])
@door("spend")
def new_expense() -> AnswerType:
    number = request.args.get("operation", "")
    row = purse.operation(number, me()) if number else None
    kind = request.args.get("kind", "invoice")
    return form_page(blank(NewExpense, kind=kind, operation=number, lines=[{}], means="transfer"), row)


@bp.route("/finance/invoices", methods=["POST"])
@door("spend")
@spoken(
    takes=NewExpense, gives=expense_answers.ExpenseCardAnswer, made=True,
    refuses=("expense_there", "paid_more", *TARGET, "above_the_amount", "one_basis"),
    doubts=("draft_gone", "not_a_photo", "not_a_document"),
)  # fmt: skip
def enter() -> AnswerType:
    form, paper = read(NewExpense), None
    with form.looking():
        paper = paper_of(form)
    rule: Any = (expenses.enter_with_paper, paper) if paper else (expenses.enter,)
    if row := form.submit(*rule, by=me(), at=now(), again=spent.of_act):
        go = url_for("expenses.show", uuid=row.uuid)
        undo = url_for("expenses.withdraw", uuid=row.uuid)
        say = _WITH_PAPER if paper else _("It is typed. Add its papers, and the things it paid.")
        return done(expense_answers.expense_card(row), go=go, say=say, undo=undo, form=form, new=True)
    number = form.values.get("operation")
    return form_page(form, purse.operation(number, me()) if isinstance(number, str) and number else None)


@bp.route("/finance/invoices/<uuid>", methods=["GET"])
@door("money")
@spoken(gives=expense_answers.ExpenseCardAnswer)
def show(uuid: str) -> AnswerType:
    return shown(spent.get(uuid, me()))


def shown(row: Expense, form: Form[Any] | None = None) -> AnswerType:
    def of(shape: type[Any], **values: Any) -> Form[Any]:
        return form if form and form.shape is shape else blank(shape, **values)

    mine = me().may("spend") and purse.spends(row.organisation_id, me()) and row.gone_act_id is None
    seen = session().scalars(purse.operations(me()).order_by(Operation.number)).all() if mine else ()
    found = tied.of_these([line.id for line in row.lines])
    targets = [(one.number, [line for line in budget.of(one) if not line.is_flat]) for one in seen]
    return page(
        "finance/expense.html",
        form=form,
        answer=expense_answers.expense_card(row),
        expense=row,
        stands=allocations.of_these([line.id for line in row.lines]),
        things={line.id: found.get(line.id, []) for line in row.lines},
        papers=papers.of(row),
        ordered=papers.of(row.purchase) if row.purchase else (),
        offered=tied.offered(row) if mine and row.kind == "invoice" else (),
        targets=targets,
        changes=mine,
        pay=of(Pay, debited_on=today(), means="transfer"),
        prove=of(ProvePayment),
        paper=of(AddPaper, kind="invoice"),
        allocate=of(Allocate),
        tie=of(TieThings),
    )


@bp.route("/finance/invoices/<uuid>/edit", methods=["GET", "POST"])
@door("spend")
@spoken(
    takes=ExpenseCard, gives=expense_answers.ExpenseCardAnswer,
    refuses=("expense_there", "expense_in_use", "expense_withdrawn", "paid_more", "declared"),
)  # fmt: skip
def edit(uuid: str) -> AnswerType:
    row = spent.get(uuid, me())
    form = read(ExpenseCard, **values(row))
    if form.submit(expenses.edit, row, by=me(), at=now(), again=spent.of_act):
        return _done(row, form, _("It is put right."))
    return form_page(form, None, row)


def _done(row: Expense, form: Form[Any], say: object, undo: str = "") -> AnswerType:
    go = url_for("expenses.show", uuid=row.uuid)
    return done(expense_answers.expense_card(row), go=go, say=say, undo=undo, form=form)


def _act(uuid: str, rule: Callable[..., Any], form: Form[Any], say: object, *things: Any, undo: str = "") -> AnswerType:
    """One act on an expense: its page again, with what was done or why not."""
    row = spent.get(uuid, me())
    if form.submit(rule, row, *things, by=me(), at=now(), again=spent.of_act):
        return _done(row, form, say, undo)
    return shown(row, form)


@bp.route("/finance/invoices/<uuid>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=expense_answers.ExpenseCardAnswer, refuses=("expense_withdrawn", "declared"))
def withdraw(uuid: str) -> AnswerType:
    undo = url_for("expenses.restore", uuid=uuid)
    return _act(uuid, expenses.withdraw, read(Withdraw), _("It is taken back, with what was put down."), undo=undo)


@bp.route("/finance/invoices/<uuid>/restore", methods=["POST"])
@door("spend")
@spoken(
    takes=Withdraw, gives=expense_answers.ExpenseCardAnswer,
    refuses=("in_force", "expense_there", "above_the_amount", "one_basis", *TARGET),
)  # fmt: skip
def restore(uuid: str) -> AnswerType:
    return _act(uuid, expenses.restore, read(Withdraw), _("It is in force again, as it was."))


@bp.route("/finance/invoices/<uuid>/payments", methods=["POST"])
@door("spend")
@spoken(takes=Pay, gives=expense_answers.ExpenseCardAnswer, refuses=("paid_more", "expense_withdrawn"))
def pay(uuid: str) -> AnswerType:
    return _act(uuid, payments.pay, read(Pay), _("The payment is written down."))


@bp.route("/finance/invoices/<uuid>/payments/<int:number>/proof", methods=["POST"])
@door("spend")
@spoken(takes=ProvePayment, gives=expense_answers.ExpenseCardAnswer, refuses=("expense_withdrawn",))
def prove(uuid: str, number: int) -> AnswerType:
    return _act(uuid, payments.prove, read(ProvePayment), _("What proves the payment is written down."), number)


@bp.route("/finance/invoices/<uuid>/payments/<int:number>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=expense_answers.ExpenseCardAnswer, refuses=("expense_withdrawn", "declared"))
def withdraw_payment(uuid: str, number: int) -> AnswerType:
    undo = url_for("expenses.restore_payment", uuid=uuid, number=number)
    return _act(uuid, payments.withdraw, read(Withdraw), _("The payment is taken back."), number, undo=undo)


@bp.route("/finance/invoices/<uuid>/payments/<int:number>/restore", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=expense_answers.ExpenseCardAnswer, refuses=("paid_more", "expense_withdrawn"))
def restore_payment(uuid: str, number: int) -> AnswerType:
    return _act(uuid, payments.restore, read(Withdraw), _("The payment stands again."), number)


@bp.route("/finance/invoices/<uuid>/allocations", methods=["POST"])
@door("spend")
@spoken(takes=Allocate, gives=expense_answers.ExpenseCardAnswer, refuses=("expense_withdrawn", *TARGET, *AMOUNT))
def allocate(uuid: str) -> AnswerType:
    return _act(uuid, allocations.allocate, read(Allocate), _("It is put down."))


@bp.route("/finance/invoices/<uuid>/allocations/<int:number>/withdraw", methods=["POST"])
@door("spend")
@spoken(takes=TakeBackAllocation, gives=expense_answers.ExpenseCardAnswer, refuses=("expense_withdrawn", "declared"))
def take_back(uuid: str, number: int) -> AnswerType:
    undo, form = url_for("expenses.put_again", uuid=uuid, number=number), read(TakeBackAllocation)
    return _act(uuid, allocations.take_back, form, _("It is outside of any operation again."), number, undo=undo)


@bp.route("/finance/invoices/<uuid>/allocations/<int:number>/restore", methods=["POST"])
@door("spend")
@spoken(
    takes=TakeBackAllocation, gives=expense_answers.ExpenseCardAnswer,
    refuses=("in_force", "expense_withdrawn", "above_the_amount", "one_basis", *TARGET),
)  # fmt: skip
def put_again(uuid: str, number: int) -> AnswerType:
    return _act(uuid, allocations.put_again, read(TakeBackAllocation), _("It is put down again."), number)


@bp.route("/finance/invoices/<uuid>/things", methods=["POST"])
@door("spend")
@spoken(
    takes=TieThings, gives=expense_answers.ExpenseCardAnswer,
    refuses=("expense_withdrawn", "takes_no_things", "thing_tied", "no_place_left"),
)  # fmt: skip
def tie(uuid: str) -> AnswerType:
    return _act(uuid, tied.tie, read(TieThings), _("These things are tied to their line."))


@bp.route("/finance/invoices/<uuid>/things/<int:number>/untie", methods=["POST"])
@door("spend")
@spoken(
    takes=UntieThing,
    gives=expense_answers.ExpenseCardAnswer,
    refuses=("expense_withdrawn", "thing_put_down", "declared"),
)
def untie(uuid: str, number: int) -> AnswerType:
    undo = url_for("expenses.tie_again", uuid=uuid, number=number)
    return _act(uuid, tied.untie, read(UntieThing), _("This line did not pay for it."), number, undo=undo)


@bp.route("/finance/invoices/<uuid>/things/<int:number>/tie", methods=["POST"])
@door("spend")
@spoken(
    takes=UntieThing, gives=expense_answers.ExpenseCardAnswer,
    refuses=("expense_withdrawn", "takes_no_things", "thing_tied", "no_place_left"),
)  # fmt: skip
def tie_again(uuid: str, number: int) -> AnswerType:
    return _act(uuid, tied.tie_again, read(UntieThing), _("It is tied to its line again."), number)
