"""A household asks to keep things longer: the wish stands until somebody grants it or says no, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.db import change, for_update, note, session
from app.history import Act
from app.history.models import canonical
from app.history.seals import digest
from app.lending.forms import Extend
from app.lending.models import ExtensionRequest, Loan
from app.people.roles import Me

_LOCKED = for_update(select(ExtensionRequest), of=ExtensionRequest)


def open_of(loan: Loan) -> ExtensionRequest | None:
    """The wish of this loan that nobody answered yet, locked; there is one at most, and the loan is locked before."""
    query = _LOCKED.where(ExtensionRequest.loan_id == loan.id, ExtensionRequest.state == "open")
    row: ExtensionRequest | None = session().scalars(query).one_or_none()
    return row


def of_loans(loans: Sequence[Loan]) -> list[ExtensionRequest]:
    """What was asked of these loans and stands, the newest first; what was undone was never asked."""
    here = ExtensionRequest.loan_id.in_([loan.id for loan in loans]), ExtensionRequest.state != "undone"
    return list(session().scalars(select(ExtensionRequest).where(*here).order_by(ExtensionRequest.id.desc())))


def waiting(me: Me, limit: int = 20) -> Sequence[ExtensionRequest]:
    """What waits for an answer in this centre, of loans that still run, the longest first."""
    query = select(ExtensionRequest).join(Loan, Loan.id == ExtensionRequest.loan_id)
    here = ExtensionRequest.centre_id == me.people_of, ExtensionRequest.state == "open", Loan.closed_at.is_(None)
    return session().scalars(query.where(*here).order_by(ExtensionRequest.id).limit(limit)).all()


def said(reason: str | None) -> str:
    """The words of why, as the journal may hold them."""
    return digest(canonical({"reason": reason}))


def facts_of(asked: ExtensionRequest | None, reason: str) -> dict[str, Any]:
    """What the act of an extension tells of the wish that it answers, or of the reason it needed."""
    return ({"request": asked.id} if asked else {}) | ({"said": said(reason)} if asked or reason else {})


def granted(loan: Loan, asked: ExtensionRequest | None, wish: Extend, act: Act) -> None:
    """The extension answers what was asked; a reason without a wish is a wish granted at once."""
    if asked:
        answer(asked, "granted", wish.reason, act)
    elif wish.reason:
        numbers = {"centre_id": loan.centre_id, "loan_id": loan.id, "act_id": act.id, "answer_act_id": act.id}
        told = {"wished_on": wish.due_on, "how": "desk", "devices": wish.devices, "state": "granted"}
        answered = {"answered_at": act.occurred_at, "answered_by": act.author, "reason": wish.reason}
        note(ExtensionRequest, **numbers, **told, **answered)


def answer(row: ExtensionRequest, state: str, reason: str, act: Act) -> None:
    by = {"answered_at": act.occurred_at, "answered_by": act.author, "answer_act_id": act.id}
    change(row, state=state, reason=reason or None, **by)


def take_back(undone: Act, act: Act) -> None:
    """The extension was a mistake: what was asked waits again, and what only it wrote is undone."""
    query = _LOCKED.where(ExtensionRequest.answer_act_id == undone.id)
    for row in session().scalars(query):
        if row.act_id == undone.id:
            answer(row, "undone", "", act)
        else:
            change(row, state="open", reason=None, answered_at=None, answered_by=None, answer_act_id=None)
