"""Things are called back before their day: 15 days ahead, at once when dangerous; with the letter that says so.

Law: articles 1888 and 1889 of the Code civil (no early withdrawal but as agreed), clause 11 of the agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.db import session
from app.errors import NotThere, Refused
from app.history import Act
from app.inventory.models import GivenCode
from app.lending import agreements, loans
from app.lending.forms import RecallLoan
from app.lending.models import Extension, Loan, LoanLine
from app.lending.redating import redate
from app.people.models import Centre
from app.people.roles import Me
from app.times import day_of
from app.web.looks import day as said
from app.words import _

NOTICE = timedelta(days=15)
BECAUSE: Mapping[str, str] = {
    "dangerous": "ce matériel peut être dangereux. Ne l’utilisez plus et débranchez-le.",
    "audit": "un contrôle du projet demande de voir ce matériel.",
    "agreement": "la convention n’est pas respectée. Nous en parlons d’abord avec vous.",
}


@dataclass(frozen=True)
class Called:
    """The recall that holds: why, until when, since when, and the things it is about."""

    reason: str
    due_on: date
    day: date
    codes: list[str]


def recall(loan: Loan, wish: RecallLoan, *, by: Me, at: datetime) -> Loan:
    """The day comes forward for what is out; what is due before that anyway stays as it is."""
    loan = loans.mine(loan, by)
    loans.check_open(loan)
    _check_notice(wish, day_of(at))
    lines = [line for line in loans.out_of(loan, wish.devices) if line.due_on > wish.due_on]
    if not lines:
        words = _("It is due by then already.")
        raise Refused("not_sooner", words, fields={"due_on": words})
    days = dict.fromkeys(lines, wish.due_on)
    told = {"reason": wish.reason, "due_on": wish.due_on.isoformat()}
    redate(loan, days, "loan_recall", wish, by=by, at=at, **told)
    return loan


def earliest(reason: str, day: date) -> date:
    return day if reason == "dangerous" else day + NOTICE


def _check_notice(wish: RecallLoan, day: date) -> None:
    first = earliest(wish.reason, day)
    if wish.due_on < first:
        words = _("A recall leaves at least 15 days: not before %(day)s.", day=said(first))
        raise Refused("too_soon", words, fields={"due_on": words})


def holding(loan: Loan) -> Called | None:
    """The recall of this loan, if nothing moved its day since."""
    query = select(Act).join(Extension, Extension.act_id == Act.id).join(LoanLine, LoanLine.id == Extension.line_id)
    act = session().scalars(query.where(LoanLine.loan_id == loan.id).order_by(Extension.id.desc()).limit(1)).first()
    if act is None or act.kind != "loan_recall":
        return None
    told = act.told
    return Called(told["reason"], date.fromisoformat(told["due_on"]), day_of(act.occurred_at), told["devices"])


def letter(loan: Loan) -> str:
    """The words of the letter, in French, to print or to read aloud. Raises `NotThere` when nothing is called back."""
    called = holding(loan)
    if called is None:
        raise NotThere(_("Nothing of this loan is called back."))
    centre = session().get_one(Centre, loan.centre_id)
    devices = set(session().scalars(select(GivenCode.device_id).where(GivenCode.code.in_(called.codes))))
    filled = {
        "centre": centre.name,
        "organisation": centre.organisation.name,
        "phone": centre.phone or "—",
        "town": centre.town or centre.name,
        "name": loan.household.name,
        "things": "\n".join(f"– {line.device.name}" for line in loan.lines if line.device_id in devices),
        "number": loan.uuid.hex[:8].upper(),
        "because": BECAUSE[called.reason],
        "due": agreements.in_words(called.due_on),
        "day": agreements.in_words(called.day),
    }
    return (Path(__file__).parent / "letters" / "recall.txt").read_text(encoding="utf-8").format_map(filled)
