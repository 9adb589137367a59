"""The papers of purchases and expenses, each through the door of what it proves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for
from pydantic import BaseModel

from app import files
from app import papers as documents
from app.errors import NotThere
from app.finance import expense_answers, expense_routes, papers, purchase_routes, purchases, spent
from app.finance.purchase_models import Purchase
from app.finance.spending import Expense, Paper
from app.finance.spending_forms import AddPaper, Withdraw
from app.inventory.received import chosen, stored
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, done, file_answer, read, spoken
from app.words import _

bp = Blueprint("proofs", __name__)
DOUBTS = ("file_missing", "not_a_photo", "not_a_document")


def _answer(row: Expense | Purchase) -> BaseModel:
    return expense_answers.expense_card(row) if isinstance(row, Expense) else expense_answers.purchase(row)


def _kind(row: Expense | Purchase) -> str:
    return "invoices" if isinstance(row, Expense) else "purchases"


def _go(row: Expense | Purchase) -> str:
    return url_for("expenses.show" if isinstance(row, Expense) else "purchases.show", uuid=row.uuid)


def _load(kind: str, uuid: str) -> Expense | Purchase:
    return spent.get(uuid, me()) if kind == "invoices" else purchases.get(uuid, me())


def _add(row: Expense | Purchase, shown: Callable[..., AnswerType]) -> AnswerType:
    """The file comes beside, as the part `file` of a form; what it is, its content says."""
    form, sent = read(AddPaper), None
    with form.looking():
        sent = stored(content := chosen("file"), documents.kept(content), "finance") if form.wish else None
    if sent and (paper := form.submit(papers.add, row, sent, by=me(), at=now(), again=papers.of_act)):
        undo = url_for("proofs.take_off", kind=_kind(row), uuid=row.uuid, number=paper.id)
        return done(_answer(row), go=_go(row), say=_("The paper is there."), undo=undo, form=form)
    return shown(row, form)


@bp.route("/finance/invoices/<uuid>/papers", methods=["POST"])
@door("spend")
@spoken(takes=AddPaper, gives=expense_answers.ExpenseCardAnswer, refuses=("too_many_files",), doubts=DOUBTS)
def add_to_expense(uuid: str) -> AnswerType:
    return _add(spent.get(uuid, me()), expense_routes.shown)


@bp.route("/finance/purchases/<uuid>/papers", methods=["POST"])
@door("spend")
@spoken(takes=AddPaper, gives=expense_answers.PurchaseAnswer, refuses=("too_many_files",), doubts=DOUBTS)
def add_to_purchase(uuid: str) -> AnswerType:
    return _add(purchases.get(uuid, me()), purchase_routes.shown)


@bp.route("/finance/<any(invoices, purchases):kind>/<uuid>/papers/<int:number>", methods=["GET"])
@door("money")
def one(kind: str, uuid: str, number: int) -> AnswerType:
    """A picture of ours is shown; a PDF of somebody else's is only saved."""
    paper = papers.get(_load(kind, uuid), number)
    path = files.path_of(settings().instance, paper.file)
    if not path.exists():  # `flask verify` names it
        raise NotThere(_("This file is lost. Somebody who keeps the backups may have it."))
    picture = paper.file.media_type.startswith("image/")
    name = f"{paper.kind}-{paper.id}.{'jpg' if picture else 'pdf'}"
    return file_answer(path.read_bytes(), paper.file.media_type, name, inline=picture)


@bp.route("/finance/<any(invoices, purchases):kind>/<uuid>/papers/<int:number>/off", methods=["POST"])
@door("spend")
def take_off(kind: str, uuid: str, number: int) -> AnswerType:
    undo = url_for("proofs.put_back", kind=kind, uuid=uuid, number=number)
    return _moved(kind, uuid, number, papers.take_off, _("The paper is off."), undo)


@bp.route("/finance/<any(invoices, purchases):kind>/<uuid>/papers/<int:number>/back", methods=["POST"])
@door("spend")
def put_back(kind: str, uuid: str, number: int) -> AnswerType:
    return _moved(kind, uuid, number, papers.put_back, _("The paper is there again."))


def _moved(kind: str, uuid: str, number: int, rule: Callable[..., Paper], say: object, undo: str = "") -> AnswerType:
    row = _load(kind, uuid)
    form: Form[Any] = read(Withdraw)
    form.insist(rule, row, number, by=me(), at=now(), again=papers.of_act)
    return done(_answer(row), go=_go(row), say=say, undo=undo, form=form)
