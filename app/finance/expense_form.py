"""The page on which an expense is typed: what stands in it, what may be chosen, the paper that comes with it."""

from __future__ import annotations

from typing import Any

from app import papers as documents
from app.finance import budget, draft_papers, expense_answers, purchases, purse, spent
from app.finance.models import Operation
from app.finance.spending import Expense, ExpenseLine
from app.finance.spending_forms import NewExpense
from app.inventory.printed import Photo
from app.people.doors import me
from app.times import now
from app.web import AnswerType, Form, page
from app.web.looks import typed
from app.web.reading import sent_file

EMPTY_LINES = 3  # empty rows that the form offers


def form_page(
    form: Form[Any], row: Operation | None, expense: Expense | None = None, answer: Any = None, **more: Any
) -> AnswerType:
    """The page on which an expense is typed. `more`: the draft it is filled with, if it is."""
    mine = purse.payers(me())
    return page(
        "finance/expense_edit.html",
        form=form,
        answer=expense_answers.expense_card(expense) if expense else answer,
        operation=row,
        expense=expense,
        payers=purse.named(mine),
        rows=[*form.rows("lines"), *({} for _n in range(EMPTY_LINES))],
        targets=[(one.code, f"{one.code} {one.label}") for one in budget.of(row) if not one.is_flat] if row else [],
        purchases=[(str(one.uuid), one.title) for one in purchases.open_of([one.id for one in mine])],
        credited=spent.creditable([expense.organisation_id] if expense else [one.id for one in mine]),
        **more,
    )


def values(row: Expense) -> dict[str, Any]:
    """An expense as the form shows it, to be corrected."""
    plain = ("kind", "supplier", "number", "issued_on", "from_day", "to_day", "words")
    sign = -1 if row.kind == "credit_note" else 1
    lines = [_line(one, sign) for one in row.lines]
    return {name: getattr(row, name) or "" for name in plain} | {
        "purchase": row.purchase.uuid if row.purchase else "",
        "credits": row.credits.uuid if row.credits else "",
        "vat_recoverable": typed(row.vat_recoverable),
        "lines": lines,
    }


def _line(one: ExpenseLine, sign: int) -> dict[str, Any]:
    money = {name: typed(sign * getattr(one, name)) for name in ("net_cents", "vat_cents", "eligible_cents")}
    return {"words": one.words, "quantity": one.quantity} | money


def paper_of(form: Form[NewExpense]) -> Photo | None:
    """Its paper: chosen now, or before. Kept at once, so that nobody chooses it again for a fault elsewhere."""
    if content := sent_file("paper"):
        sent = draft_papers.keep(content, documents.kept(content, field="paper"), at=now())
        form.values["draft"] = str(sent.file.uuid)
        return sent
    return draft_papers.kept(form.wish.draft, at=now()) if form.wish and form.wish.draft else None
