"""Bringing a table of money: invoices, or the budget lines of an operation. Its other pages are any table's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, request, url_for

from app.db import session
from app.desk import import_routes, imports
from app.finance import brought, purse
from app.finance.forms import MoneyTemplate, NewMoneyImport
from app.finance.models import Operation
from app.imports import answers, kinds, tables
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, done, page, read, read_query, spoken
from app.web.reading import sent_file, sent_name
from app.web.tables import CSV, XLSX, table_answer
from app.words import _
from app.words import spoken as said

bp = Blueprint(import_routes.MONEY, __name__, url_prefix="/finance/import")


@bp.route("", methods=["GET"])
@door("spend")
def choose() -> AnswerType:
    kind = request.args.get("kind", "invoices")
    return _choose(read(NewMoneyImport, kind=kind, operation=request.args.get("operation", "")))


@bp.route("", methods=["POST"])
@door("spend")
@spoken(takes=NewMoneyImport, gives=answers.ImportAnswer, made=True, doubts=import_routes.OF_FILES)
def begin() -> AnswerType:
    """The file is opened, once, before anything is written."""
    form = read(NewMoneyImport)
    sent: tables.Sent | None = None
    if form.wish:
        with form.looking():
            brought.owner(form.wish, me())
            content, name = sent_file("file"), sent_name("file")
            sent = imports.sent(content, name, form.wish.kind, settings().instance, at=now())
    if sent and (row := form.submit(brought.begin, sent, by=me(), at=now(), again=tables.of_act)):
        go = url_for(".columns_of", uuid=row.uuid)
        return done(answers.table(row), go=go, form=form, new=True)
    return _choose(form)


def _choose(form: Form[NewMoneyImport]) -> AnswerType:
    seen = session().scalars(purse.operations(me()).order_by(Operation.number)).all()
    return page(
        "desk/import_money.html",
        form=form,
        operations=[(one.number, f"{one.number} {one.name}") for one in seen],
        payers=purse.named(purse.payers(me())),
        recent=tables.recent(brought.seen_by(me())),
        state_of=answers.state_of,
    )


@bp.route("/template.csv", methods=["GET"])
@door("spend")
@spoken(asks=MoneyTemplate, media=CSV)
def template_csv() -> AnswerType:
    return _template()


@bp.route("/template.xlsx", methods=["GET"])
@door("spend")
@spoken(asks=MoneyTemplate, media=XLSX)
def template_xlsx() -> AnswerType:
    return _template()


def _template() -> AnswerType:
    """An empty table of our own, in the reader's language."""
    kind = kinds.of(read_query(MoneyTemplate).kind)
    return table_answer(said(_("template")), imports.template(kind), [])


def _behind(view: Callable[..., AnswerType]) -> Callable[..., AnswerType]:
    """The same page, behind the door of money."""

    @wraps(view)
    def same(uuid: str) -> AnswerType:
        return view(uuid=uuid)

    return door("spend")(same)


for _rule, _methods, _view in import_routes.SHARED:
    bp.add_url_rule(_rule, view_func=_behind(_view), methods=_methods)
