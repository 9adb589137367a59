"""The page of one loan, and what programs are told of it: several routes end here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.db import session
from app.inputs import Input
from app.lending import (
    agreements,
    answers,
    complaints,
    corrections,
    deposits,
    extensions,
    handovers,
    limits,
    loans,
    losses,
    owed,
    policy,
    recalling,
    requests,
    reversals,
)
from app.lending.complaints import AddComplaint
from app.lending.deposits import HoldDeposit
from app.lending.forms import AskLonger, Extend, LetGoOf, RecallLoan, RefuseLonger
from app.lending.models import ExtensionRequest, Loan, OwedPart
from app.people.models import Centre
from app.times import now, today
from app.web import AnswerType, Form, blank, page


def answer(loan: Loan) -> answers.LoanAnswer:
    return next(iter(answers_of([loan])))


def answers_of(found: Sequence[Loan]) -> list[answers.LoanAnswer]:
    """These loans with what is still owed of each and what was asked."""
    left, asked, third = owed.of_loans(found), _by_loan(requests.of_loans(found)), handovers.taken_by_third(found)
    return [
        answers.loan(one, today(), left.get(one.id, ()), asked.get(one.id, ()), third=one.id in third) for one in found
    ]


def _by_loan(rows: Iterable[ExtensionRequest]) -> dict[int, list[ExtensionRequest]]:
    found: dict[int, list[ExtensionRequest]] = {}
    for row in rows:
        found.setdefault(row.loan_id, []).append(row)
    return found


def shown(loan: Loan, form: Form[Any] | None = None) -> AnswerType:
    """`form`: the one that was sent from this page and stands on it again with its faults."""
    left: list[OwedPart] = owed.of_loans([loan]).get(loan.id, [])
    asked = requests.of_loans([loan])
    return page(
        "lending/loan.html",
        form=form,
        extend=_extend(loan, form, next((one for one in asked if one.state == "open"), None)),
        ask=_of(AskLonger, form, how="phone"),
        refuse=_of(RefuseLonger, form),
        recall=_of(RecallLoan, form, reason="agreement", due_on=recalling.earliest("agreement", today())),
        let_go=_of(LetGoOf, form, why="lost"),
        called=(called := recalling.holding(loan) if not loan.closed_at else None),
        letter=recalling.letter(loan) if called else "",
        complaints=complaints.of_loan(loan),
        complaint=_of(AddComplaint, form),
        cheques=deposits.of_loan(loan),
        asks_deposit=(asked_cents := policy.of(loan.centre_id).deposit_cents),
        deposit=_of(HoldDeposit, form, amount_cents=policy.euros(asked_cents), dated_on=today()),
        decided=losses.decided(loan),
        correction=corrections.of_loan(loan),
        answer=(told := answers.loan(loan, today(), left, asked, third=bool(handovers.taken_by_third([loan])))),
        third=told.third,
        owed=left,
        asked=asked,
        limit=_limit(loan),
        loan=loan,
        agreement=agreements.of_loan(loan),
        fresh=loans.can_be_undone(loan, now()),
        mended=reversals.offered(loan, now()),
        moved=extensions.can_be_undone(loan, now()) if not loan.closed_at else "",
        today=today(),
    )


def _of(shape: type[Input], form: Form[Any] | None, **values: object) -> Form[Any]:
    return form if form is not None and form.shape is shape else blank(shape, **values)


def _extend(loan: Loan, form: Form[Any] | None, wish: ExtensionRequest | None) -> Form[Any]:
    """The day that is asked for stands in the form; else that which is usual."""
    extend = _of(Extend, form)
    if wish:
        extend.values.setdefault("due_on", wish.wished_on)
    things, centre = [line.device for line in loan.lines], session().get(Centre, loan.centre_id)
    extend.values.setdefault("due_on", loans.usual_due_day(max(today(), loan.due_on), centre, things))
    return extend


def _limit(loan: Loan) -> Any:
    """What goes beyond the usual, or beyond what the centre settled, if it is kept any longer."""
    if loan.closed_at:
        return ""
    return limits.beyond_of(loan, loan.open_lines, max(today(), loan.due_on), policy.of(loan.centre_id))
