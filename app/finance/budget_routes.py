"""Budget lines of an operation: written down, amended, answered for when they cost more than planned."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.finance import answers, bars, budget, figures, keys, purse, spent
from app.finance.forms import AcceptOverrun, Amend, LineCard, NewLine, RemoveLine
from app.finance.models import BudgetLine, Operation
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, spoken
from app.web.looks import typed
from app.words import _

bp = Blueprint("budget", __name__)
REFUSES = ("line_there", "below_zero")


@bp.route("/finance/operations/<operation>/lines", methods=["GET"])
@door("money")
@spoken(gives=answers.Lines)
def list_lines(operation: str) -> AnswerType:
    row = purse.operation(operation, me())
    lines = figures.of_lines(row, me())
    answer = answers.Lines(items=[answers.line(line, one) for line, one in lines], next=None)
    total, leads = figures.total(one for _line, one in lines), me().may("spend") and purse.leads(row, me())
    return page(
        "finance/lines.html", answer=answer, operation=row, lines=lines, total=total, bar=bars.progress, leads=leads
    )


@bp.route("/finance/operations/<operation>/lines/new", methods=["GET"])
@door("spend")
def new_line(operation: str) -> AnswerType:
    return _form(purse.operation(operation, me()), blank(NewLine, funding_key="plan_prorata"))


@bp.route("/finance/operations/<operation>/lines", methods=["POST"])
@door("spend")
@spoken(takes=NewLine, gives=answers.LineAnswer, made=True, refuses=REFUSES)
def add_line(operation: str) -> AnswerType:
    row, form = purse.operation(operation, me()), read(NewLine)
    if line := form.submit(budget.add, row, by=me(), at=now(), again=budget.of_act):
        go = url_for("budget.show", operation=operation, code=line.code)
        undo = url_for("budget.remove", operation=operation, code=line.code)
        return done(_answer(line), go=go, say=_("The line is written down."), undo=undo, form=form, new=True)
    return _form(row, form)


@bp.route("/finance/operations/<operation>/lines/<code>", methods=["GET"])
@door("money")
@spoken(gives=answers.LineAnswer)
def show(operation: str, code: str) -> AnswerType:
    return _show(budget.get(purse.operation(operation, me()), code))


def _answer(line: BudgetLine) -> answers.LineAnswer:
    return answers.line(line, figures.of_line(line, me()))


def _show(line: BudgetLine, form: Form[Any] | None = None) -> AnswerType:
    def of(shape: type[Any], **values: Any) -> Form[Any]:
        return form if form and form.shape is shape else blank(shape, **values)

    row, one = line.operation, figures.of_line(line, me())
    return page(
        "finance/line.html",
        form=form,
        answer=answers.line(line, one),
        operation=row,
        line=line,
        figures=one,
        bar=bars.progress,
        amendments=budget.amendments(line),
        over=budget.accepted([line]).get(line.id),
        found=spent.on_line(line, me()),
        shares=keys.shares_of(line.planned_cents, line, row.funders),
        amend=of(Amend, decided_on=today()),
        accept=of(AcceptOverrun),
        leads=purse.leads(row, me()),
    )


@bp.route("/finance/operations/<operation>/lines/<code>/edit", methods=["GET", "POST"])
@door("spend")
@spoken(takes=LineCard, gives=answers.LineAnswer, refuses=REFUSES)
def edit(operation: str, code: str) -> AnswerType:
    line = budget.get(purse.operation(operation, me()), code)
    form = read(LineCard, **_card(line))
    if form.submit(budget.edit, line, by=me(), at=now(), again=budget.of_act):
        go = url_for("budget.show", operation=operation, code=code)
        return done(_answer(line), go=go, say=_("The line is put right."), form=form)
    return _form(line.operation, form, line)


def _card(line: BudgetLine) -> dict[str, Any]:
    names = {one.id: one.code for one in line.operation.funders}
    return {
        "heading": line.heading,
        "label": line.label,
        "packages": " ".join(line.packages),
        "initial_cents": typed(line.initial_cents),
        "flat_rate": typed(line.flat_rate) if line.flat_rate is not None else "",
        "bases": [one.code for one in line.bases],
        "accepts_assets": line.accepts_assets,
        "beneficiary": line.beneficiary_id or "",
        "funding_key": line.funding_key,
        "weights": [{"funder": names[one.funder_id], "weight": typed(one.weight)} for one in line.key_parts],
    }


def _form(row: Operation, form: Form[Any], line: BudgetLine | None = None) -> AnswerType:
    partners = [row.lead, *(one.organisation for one in row.partners)]
    others = [one for one in budget.of(row) if not one.is_flat and (line is None or one.id != line.id)]
    return page(
        "finance/line_edit.html",
        form=form,
        answer=_answer(line) if line else None,
        operation=row,
        line=line,
        others=others,
        partners=purse.named(partners),
        weights={str(one.get("funder")): one.get("weight", "") for one in form.rows("weights")},
    )


@bp.route("/finance/operations/<operation>/lines/<code>/amend", methods=["POST"])
@door("spend")
@spoken(takes=Amend, gives=answers.LineAnswer, refuses=("below_zero",))
def amend(operation: str, code: str) -> AnswerType:
    line, form = budget.get(purse.operation(operation, me()), code), read(Amend)
    if form.submit(budget.amend, line, by=me(), at=now(), again=budget.of_act):
        go = url_for("budget.show", operation=operation, code=code)
        return done(_answer(line), go=go, say=_("The amendment is written down."), form=form)
    return _show(line, form)


@bp.route("/finance/operations/<operation>/lines/<code>/accept", methods=["POST"])
@door("spend")
@spoken(takes=AcceptOverrun, gives=answers.LineAnswer, refuses=("within_plan",))
def accept(operation: str, code: str) -> AnswerType:
    line, form = budget.get(purse.operation(operation, me()), code), read(AcceptOverrun)
    costs = figures.of_line(line, me()).committed
    if form.submit(budget.accept, line, costs, by=me(), at=now(), again=budget.of_act):
        go = url_for("budget.show", operation=operation, code=code)
        return done(_answer(line), go=go, say=_("You answer for what it costs by now."), form=form)
    return _show(line, form)


@bp.route("/finance/operations/<operation>/lines/<code>/remove", methods=["POST"])
@door("spend")
@spoken(takes=RemoveLine, gives=answers.OperationAnswer, refuses=("line_in_use",))
def remove(operation: str, code: str) -> AnswerType:
    row, form = purse.operation(operation, me()), read(RemoveLine)
    line = budget.get_any(row, code)
    form.insist(budget.remove, line, by=me(), at=now(), again=budget.of_act)
    undo = url_for("budget.put_back", operation=operation, code=code)
    go = url_for("operations.show", operation=operation)
    return done(answers.operation(row, me()), go=go, say=_("The line is gone."), undo=undo, form=form)


@bp.route("/finance/operations/<operation>/lines/<code>/back", methods=["POST"])
@door("spend")
@spoken(takes=RemoveLine, gives=answers.LineAnswer, refuses=("line_there",))
def put_back(operation: str, code: str) -> AnswerType:
    row, form = purse.operation(operation, me()), read(RemoveLine)
    line = form.insist(budget.put_back, budget.get_any(row, code), by=me(), at=now(), again=budget.of_act)
    go = url_for("budget.show", operation=operation, code=code)
    return done(_answer(line), go=go, say=_("The line is there again."), form=form)
