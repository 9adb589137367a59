"""Agreements that nobody who borrows has signed yet: listed until the loan is closed, the dearest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, exists, func, select

from app.db import session
from app.inventory.models import Device
from app.lending import signatures
from app.lending.forms import LoanList
from app.lending.models import Agreement, Loan, LoanLine
from app.lending.signature_models import BINDING, Signature
from app.lending.signatures import REQUIRED_FROM_CENTS
from app.people.roles import Me

_SIGNED = exists().where(Signature.loan_id == Loan.id, Signature.capacity.in_(BINDING))
_DEAR = (
    select(func.sum(Device.stated_value_cents))
    .join(LoanLine, LoanLine.device_id == Device.id)
    .where(LoanLine.loan_id == Loan.id)
    .correlate(Loan)
    .scalar_subquery()
)
# 0 for those that must be signed, 1 for the others: their place in the list.
_PLACE = case((_DEAR > REQUIRED_FROM_CENTS, 0), else_=1)


def to_sign(query: Select[Loan]) -> Select[Loan]:
    """Of these loans, those that run, whose agreement is there and not signed."""
    kept = exists().where(Agreement.loan_id == Loan.id, Agreement.words.is_not(None))
    return query.where(Loan.closed_at.is_(None), ~_SIGNED, kept)


def order_of(wish: LoanList) -> dict[str, Any]:
    """How a list of loans is sorted: what must be signed first, what is due first, or the newest first."""
    if wish.state == "to_sign":
        return {"by": (_PLACE, Loan.due_on, Loan.id), "key": _place_of}
    if wish.state in {"open", "late"}:
        return {"by": (Loan.due_on, Loan.id), "key": lambda loan: (loan.due_on, loan.id)}
    return {"by": (Loan.id,), "key": lambda loan: (loan.id,), "backwards": True}


def _place_of(loan: Loan) -> tuple[int, date, int]:
    place = session().scalar(select(_PLACE).select_from(Loan).where(Loan.id == loan.id))
    return (1 if place is None else int(place), loan.due_on, loan.id)


@dataclass(frozen=True)
class Signing:
    """Who signed so far, whether the words are still kept, whether a loan waits to be signed and must be."""

    rows: Sequence[Signature]
    kept: bool = True
    waits: bool = False
    must: bool = False


def signing_of(loan: Loan) -> Signing:
    what = signatures.of_loan(loan)
    rows = signatures.under(what)
    waits = loan.closed_at is None and what.words is not None and not any(row.binds for row in rows)
    return Signing(rows, what.words is not None, waits, waits and is_dear([line.device for line in loan.lines]))


def is_dear(things: Sequence[Device]) -> bool:
    """Whether these things together state a value above which only a writing proves the loan."""
    return sum(device.stated_value_cents or 0 for device in things) > REQUIRED_FROM_CENTS


def count(me: Me) -> int:
    """How many wait to be signed in this centre."""
    mine = select(Loan).where(Loan.centre_id == me.people_of)
    return session().scalar(to_sign(mine).with_only_columns(func.count(Loan.id))) or 0
