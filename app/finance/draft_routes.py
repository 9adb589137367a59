"""A draft of an invoice from a pasted table or an electronic invoice. Nothing is written: people save it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.errors import Refused
from app.finance import drafts, electronic, pasted, purse
from app.finance.drafts import Draft
from app.finance.expense_routes import form_page
from app.finance.models import Operation
from app.finance.spending_forms import DraftWish, NewExpense
from app.people.doors import door, me
from app.web import AnswerType, Form, blank, read, spoken
from app.web.reading import sent_file
from app.words import _

bp = Blueprint("drafts", __name__)


@bp.route("/finance/invoices/draft", methods=["POST"])
@door("spend")
@spoken(
    takes=DraftWish, gives=drafts.DraftAnswer,
    doubts=("nothing_read", "no_invoice_inside", "file_unreadable", "file_empty"),
)  # fmt: skip
def draft() -> AnswerType:
    form, found = read(DraftWish), None
    row = purse.operation(form.wish.operation, me()) if form.wish and form.wish.operation else None
    if form.wish:
        with form.looking():
            found = _read(form.wish.text, sent_file("file"))
    if found is None:
        return _again(form, row)
    filled = blank(NewExpense, operation=row.number if row else "", means="transfer", **drafts.values(found))
    return form_page(filled, row, answer=drafts.answer(found), draft=found)


def _read(text: str, content: bytes) -> Draft:
    if content:
        return electronic.read(content)
    if text.strip():
        return pasted.read(text)
    words = _("Choose a file, or paste the lines of a table.")
    raise Refused("nothing_read", words, status=422, fields={"text": words})


def _again(form: Form[Any], row: Operation | None) -> AnswerType:
    """The page as it was, with what is wrong beside the file or the text."""
    form.tell_programs()
    empty = blank(NewExpense, kind="invoice", operation=row.number if row else "", lines=[{}], means="transfer")
    drawn = form_page(empty, row, asked=form)
    return (drawn[0], form.status) if isinstance(drawn, tuple) else drawn
