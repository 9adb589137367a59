"""Operations: what each is, who pays, what became of its money, and the rules of its programme period."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.finance import (
    alerts,
    answers,
    bars,
    budget,
    figures,
    operations,
    purse,
    receipts,
    spot_check_answers,
    terms,
    wording,
)
from app.finance.forms import OpenOperation, OperationCard, OperationList, SetPlan
from app.finance.models import PUBLIC, Funder, Operation
from app.finance.shares import rate
from app.inventory import programmes
from app.inventory.programmes import PeriodAnswer, SettlePeriod
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, read_query, slice_of, spoken
from app.web.looks import typed
from app.words import _

bp = Blueprint("operations", __name__)
EMPTY_FUNDERS = 3  # empty rows that a form of the plan offers


@bp.app_template_global("wording")
def wording_() -> object:
    return wording


@bp.route("/finance/operations", methods=["GET"])
@door("money")
@spoken(asks=OperationList, gives=answers.Operations)
def list_operations() -> AnswerType:
    wish = read_query(OperationList)
    query = purse.operations(me())
    if wish.q:
        query = query.where(Operation.number.contains(wish.q.upper(), autoescape=True))
    found = slice_of(query, wish, by=(Operation.number,), key=lambda row: (row.number,))
    sums = {row.id: figures.total(one for _line, one in figures.of_lines(row, me())) for row in found.rows}
    answer = answers.Operations(items=[answers.operation(row, me()) for row in found.rows], next=found.next)
    return page("finance/operations.html", answer=answer, found=found, sums=sums, bar=bars.progress)


@bp.route("/finance/operations/new", methods=["GET"])
@door("spend")
def new_operation() -> AnswerType:
    return _form(blank(OpenOperation, programme="2021-2027"))


@bp.route("/finance/operations", methods=["POST"])
@door("spend")
@spoken(takes=OpenOperation, gives=answers.OperationAnswer, made=True, refuses=("operation_there",))
def open_operation() -> AnswerType:
    form = read(OpenOperation)
    if row := form.submit(operations.open_one, by=me(), at=now(), again=operations.of_act):
        say = _("The operation is open. Write down who pays how much.")
        go = url_for("operations.show", operation=row.number)
        return done(answers.operation(row, me()), go=go, say=say, form=form, new=True)
    return _form(form)


@bp.route("/finance/operations/<operation>", methods=["GET"])
@door("money")
@spoken(gives=answers.OperationAnswer)
def show(operation: str) -> AnswerType:
    row = purse.operation(operation, me())
    lines = figures.of_lines(row, me())
    return page(
        "finance/operation.html",
        answer=answers.operation(row, me()),
        operation=row,
        lines=lines,
        total=figures.total(one for _line, one in lines),
        payers=_payers(row),
        stacked=bars.stacked,
        bar=bars.progress,
        over=budget.accepted([line for line, one in lines if one.is_over]),
        alerts=alerts.of(row, me()),
        due=[(check, spot_check_answers.look(check, today())) for check in alerts.answers_due(row, today())],
        terms=terms.of(row),
        received=receipts.received(row),
        whole=purse.sees_all(row, me()),
        leads=purse.leads(row, me()),
        rate=rate,
    )


def _payers(row: Operation) -> list[tuple[str, int]]:
    """Who pays, in at most four parts: the Union, other public funders, partners, the lead itself."""
    groups = (("eu",), tuple(kind for kind in PUBLIC if kind != "eu"), ("partner", "other"), ("self",))
    told = []
    for kinds in groups:
        some = [funder for funder in row.funders if funder.kind in kinds]
        if some:
            told.append((_named(some), sum(funder.amount_cents for funder in some)))
    return told


def _named(some: list[Funder]) -> str:
    return ", ".join(funder.organisation.short_name if funder.organisation else funder.name for funder in some)


@bp.route("/finance/operations/<operation>/edit", methods=["GET", "POST"])
@door("spend")
@spoken(takes=OperationCard, gives=answers.OperationAnswer)
def edit(operation: str) -> AnswerType:
    row = purse.operation(operation, me())
    form = read(OperationCard, **_card(row))
    if form.submit(operations.edit, row, by=me(), at=now(), again=operations.of_act):
        go = url_for("operations.show", operation=operation)
        return done(answers.operation(row, me()), go=go, say=_("The operation is put right."), form=form)
    return _form(form, row)


def _card(row: Operation) -> dict[str, Any]:
    plain = (
        "name", "programme", "programme_name", "agreement", "decided_on", "eligible_from", "eligible_to",
        "paid_until", "accounts_on", "basis", "note",
    )  # fmt: skip
    named = {name: getattr(row, name) or "" for name in plain}
    packages = "\n".join(f"{code} {name}".strip() for code, name in row.packages)
    partners = [one.organisation_id for one in row.partners]
    return named | {"lead": row.lead_id, "partners": partners, "packages": packages}


def _form(form: Form[Any], row: Operation | None = None) -> AnswerType:
    answer = answers.operation(row, me()) if row else None
    known, payers = purse.named(purse.everybody()), purse.named(purse.payers(me()))
    return page("finance/operation_edit.html", form=form, answer=answer, operation=row, known=known, payers=payers)


@bp.route("/finance/operations/<operation>/plan", methods=["GET", "POST"])
@door("spend")
@spoken(takes=SetPlan, gives=answers.OperationAnswer, refuses=("funder_in_use",))
def plan(operation: str) -> AnswerType:
    row = purse.operation(operation, me())
    form = read(SetPlan, funders=[_funder(one) for one in row.funders])
    if form.submit(operations.set_plan, row, by=me(), at=now(), again=operations.of_act):
        say = _("The financing plan is written down.")
        return done(
            answers.operation(row, me()), go=url_for("operations.show", operation=operation), say=say, form=form
        )
    known = purse.named(purse.everybody())
    rows = [*form.rows("funders"), *({} for _n in range(EMPTY_FUNDERS))]
    answer = answers.operation(row, me())
    return page("finance/plan.html", form=form, answer=answer, operation=row, rows=rows, known=known)


def _funder(one: Funder) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        "amount_cents": typed(one.amount_cents),
        "printed_rate": typed(one.printed_rate) if one.printed_rate is not None else "",
        "organisation": one.organisation_id or "",
    }


@bp.route("/finance/periods/<code>", methods=["GET", "POST"])
@door("spend")
@spoken(takes=SettlePeriod, gives=PeriodAnswer)
def period(code: str) -> AnswerType:
    """What holds for a programme period, where the grant agreement asks for something else than is shipped."""
    here = programmes.get(code)
    known = {name: getattr(here, name) for name in programmes.SETTLED}
    money = {name: typed(known[name]) for name in ("plaque_cents", "small_below_cents")}
    form = read(SettlePeriod, **known | money)
    if settled := form.submit(programmes.settle, here, by=me(), at=now(), again=programmes.of_act):
        go = url_for("operations.period", code=code)
        say = _("From now on labels, agreements and clocks go by this.")
        return done(programmes.answer(settled), go=go, say=say, form=form)
    return page("finance/period.html", form=form, answer=programmes.answer(here), period=here)
