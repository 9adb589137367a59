"""A loan that was written wrongly and found later: to the wrong household, or of things that never left.

A manager puts it right, with a reason. Its reminders stop with it, for it is over; the right household gets an
agreement of its own from the moment of the correction on.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import PERSONAL, Base, Id, Ref, change, note, session
from app.errors import Refused
from app.inventory import custody
from app.lending import going_on, loans, moments, reservations, returns
from app.lending.forms import CorrectLoan
from app.lending.models import Loan
from app.people.models import Household
from app.people.roles import Me
from app.words import _


class Correction(Base):
    """Why a loan was put right. The reason is about people and goes with them."""

    __tablename__ = "correction"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        Index("ix_correction_loan_id", "loan_id"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(info=PERSONAL)


def correct(loan: Loan, wish: CorrectLoan, *, by: Me, at: datetime) -> Loan:
    """The loan ends as corrected; answers the one that is right, or itself when the things never left."""
    home = reservations.wished_household(wish.household, by) if wish.household else None
    loan = loans.mine(loan, by)
    loans.check_open(loan)
    _check_other(home, loan)
    lines, happened = loan.open_lines, wish.happened(at)
    for line in lines:
        custody.check_here(line.device, by)
    returns.check_after(loan.lent_at, wish.occurred_at)
    moments.check_left([("", line) for line in lines], wish.occurred_at)
    facts = {"loan": loan.uuid.hex, "devices": [line.device.code for line in lines]}
    days = sorted({line.due_on for line in lines})
    if home is not None:
        facts["loans"] = [going_on.number_of(wish.id, home, day).hex for day in days]
    subject = loan.household.code
    act = history.record("correct", wish, by=by, at=at, subject=subject, centre_id=loan.centre_id, **facts)
    note(Correction, centre_id=loan.centre_id, loan_id=loan.id, act_id=act.id, reason=wish.reason)
    for line in lines:
        if home is None:
            custody.move(line.device, "to_check", act=act, by=by, at=happened, why="never_left")
        line.close("corrected", at=happened)
    returns.settle(loan, at=happened)
    if home is None:
        return loan
    made = [
        going_on.go_on(home, [n for n in lines if n.due_on == day], day, wish, "correct", by=by, at=at) for day in days
    ]
    return made[0]


def _check_other(home: Household | None, loan: Loan) -> None:
    if home is not None and home.id == loan.household_id:
        words = _("The loan is to this household already.")
        raise Refused("same_household", words, fields={"household": words})


def of_act(act: history.Act) -> Loan:
    """The loan that is right, for a repeat."""
    number = next(iter(act.told.get("loans", [])), act.told["loan"])
    return session().scalars(select(Loan).where(Loan.uuid == UUID(number))).one()


def forget(act: history.Act) -> None:
    """It was a mistake: nobody keeps why."""
    change(session().scalars(select(Correction).where(Correction.act_id == act.id)).one(), reason=None)


def of_loan(loan: Loan) -> Correction | None:
    query = select(Correction).where(Correction.loan_id == loan.id, Correction.centre_id == loan.centre_id)
    return session().scalar(query.order_by(Correction.id.desc()).limit(1))


def erase(household: Household) -> list[str]:
    """Why their loans were put right goes with them."""
    theirs = select(Loan.id).where(Loan.household_id == household.id, Loan.centre_id == household.centre_id)
    rows = session().scalars(select(Correction).where(Correction.loan_id.in_(theirs), Correction.reason.is_not(None)))
    found = list(rows)
    for row in found:
        row.reason = None
    return ["corrections"] if found else []
