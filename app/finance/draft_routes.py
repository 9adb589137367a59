"""A draft of an invoice from a pasted table or an electronic invoice. No invoice is written: people save it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint

from app import papers
from app.errors import Refused
from app.finance import draft_papers, drafts, electronic, pasted, purse
from app.finance.drafts import Draft
from app.finance.expense_form import form_page
from app.finance.models import Operation
from app.finance.spending_forms import DraftWish, NewExpense
from app.people.doors import door, me
from app.times import now
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
    form, found, content = read(DraftWish), None, b""
    row = purse.operation(form.wish.operation, me()) if form.wish and form.wish.operation else None
    if form.wish:
        with form.looking():
            found = _read(form.wish.text, content := sent_file("file"))
    if found is None:
        return _again(form, row)
    paper = _kept(content)
    values = drafts.values(found) | {"draft": paper or ""}
    filled = blank(NewExpense, operation=row.number if row else "", means="transfer", **values)
    return form_page(filled, row, answer=drafts.answer(found, paper), draft=found)


def _kept(content: bytes) -> UUID | None:
    """The PDF that was read, for the invoice to take. An XML file is nothing that people could read as its paper."""
    with suppress(Refused):
        if content.startswith(b"%PDF-"):
            return draft_papers.keep(content, papers.kept(content), at=now()).file.uuid
    return None


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
