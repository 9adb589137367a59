"""A wish to keep longer is written down or refused, and a change of days just made is taken back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app import history
from app.db import put, session
from app.errors import NotThere, Refused
from app.history import Act
from app.inventory import care, custody
from app.lending import loans, requests
from app.lending.forms import AskLonger, RefuseLonger, UndoExtension
from app.lending.models import Extension, ExtensionRequest, Loan, LoanLine
from app.lending.redating import redate
from app.people.roles import Me
from app.times import day_of
from app.words import _

UNDOES = {"extend": "extend_undo", "loan_recall": "loan_recall_undo"}


def ask(loan: Loan, wish: AskLonger, *, by: Me, at: datetime) -> Loan:
    """The wish is written down; nothing moves until it is answered."""
    loan = loans.mine(loan, by)
    loans.check_open(loan)
    loans.check_due(wish.due_on, day_of(at))
    lines = loans.out_of(loan, wish.devices)
    if requests.open_of(loan):
        raise Refused("already_asked", _("This is asked already: answer that first."))
    codes = [line.device.code for line in lines] if wish.devices else []
    told = {"loan": loan.uuid.hex, "due_on": wish.due_on.isoformat(), "devices": codes, "how": wish.how}
    act = history.record(
        "extension_ask", wish, by=by, at=at, subject=loan.household.code, centre_id=loan.centre_id, **told
    )
    numbers = {"centre_id": loan.centre_id, "loan_id": loan.id, "act_id": act.id}
    put(ExtensionRequest(wished_on=wish.due_on, how=wish.how, devices=codes, state="open", **numbers))
    return loan


def refuse(loan: Loan, number: int, wish: RefuseLonger, *, by: Me, at: datetime) -> Loan:
    """Not this time: the household is told why."""
    loan = loans.mine(loan, by)
    row = requests.open_of(loan)
    if row is None or row.id != number:
        raise _answered(loan, number)
    told = {"loan": loan.uuid.hex, "request": row.id, "said": requests.said(wish.reason)}
    act = history.record(
        "extension_refuse", wish, by=by, at=at, subject=loan.household.code, centre_id=loan.centre_id, **told
    )
    requests.answer(row, "refused", wish.reason, act)
    return loan


def _answered(loan: Loan, number: int) -> Refused:
    row = session().get(ExtensionRequest, number)
    if row is None or row.loan_id != loan.id:
        return NotThere(_("Nothing like this was asked for this loan."))
    return Refused("already_answered", _("This was answered already."))


def undo(loan: Loan, wish: UndoExtension, *, by: Me, at: datetime) -> Loan:
    """The day just changed was a mistake: the things are due as they were before."""
    loan = loans.mine(loan, by)
    act, days = _last(loan)
    for line in days:
        _check_last(line, act, at)
    kind = UNDOES[act.kind]
    told = {"undoes": act.uuid.hex} | ({"request": act.told["request"]} if "request" in act.told else {})
    undone = redate(loan, days, kind, wish, by=by, at=at, **told)
    requests.take_back(act, undone)
    return loan


def _last(loan: Loan) -> tuple[Act, dict[LoanLine, date]]:
    """The last change of days of what is out on this loan, and the day each was due before."""
    query = select(Extension).join(LoanLine, LoanLine.id == Extension.line_id).where(LoanLine.loan_id == loan.id)
    last = session().scalars(query.order_by(Extension.id.desc()).limit(1)).one_or_none()
    act = session().get(Act, last.act_id) if last else None
    if act is None or act.kind not in UNDOES:
        raise Refused("nothing_to_undo", _("There is nothing to undo."))
    rows = session().scalars(query.where(Extension.act_id == act.id).order_by(Extension.id)).all()
    lines = {line.id: line for line in loan.lines}
    return act, {lines[row.line_id]: row.from_day for row in rows}


def _check_last(line: LoanLine, act: Act, at: datetime) -> None:
    link = custody.last_link(line.device)
    care.check_fresh(link, at, *UNDOES)
    if link.act_id != act.id:
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))


def can_be_undone(loan: Loan, at: datetime) -> str:
    """The kind of the last change of days while it is a fresh mistake, as far as one looks without the lock."""
    try:
        act, days = _last(loan)
        for line in days:
            _check_last(line, act, at)
    except Refused:
        return ""
    return act.kind


def of_act(act: Act) -> Loan:
    return session().scalars(select(Loan).where(Loan.uuid == UUID(act.told["loan"]))).one()
