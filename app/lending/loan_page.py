"""The page of one loan, and what programs are told of it: several routes end here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.db import session
from app.lending import agreements, answers, loans, owed
from app.lending.forms import Extend
from app.lending.models import Loan, OwedPart
from app.people.models import Centre
from app.times import now, today
from app.web import AnswerType, Form, blank, page


def answer(loan: Loan, left: Sequence[OwedPart] | None = None) -> answers.LoanAnswer:
    """`left`: its parts that did not come back, where they were asked for already."""
    return answers.loan(loan, today(), owed.of_loans([loan]).get(loan.id, ()) if left is None else left)


def shown(loan: Loan, form: Form[Any] | None = None) -> AnswerType:
    """`form`: the one that was sent from this page and stands on it again with its faults."""
    left = owed.of_loans([loan]).get(loan.id, [])
    return page(
        "lending/loan.html",
        form=form,
        extend=_extend(loan, form),
        answer=answer(loan, left),
        owed=left,
        loan=loan,
        agreement=agreements.of_loan(loan),
        fresh=loans.can_be_undone(loan, now()),
        today=today(),
    )


def _extend(loan: Loan, form: Form[Any] | None) -> Form[Any]:
    extend = blank(Extend) if form is None or form.shape is not Extend else form
    things, centre = [line.device for line in loan.lines], session().get(Centre, loan.centre_id)
    extend.values.setdefault("due_on", loans.usual_due_day(max(today(), loan.due_on), centre, things))
    return extend
