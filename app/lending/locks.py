"""Loans as they stand, locked until the write ends. Everybody locks people first, then things, then loans."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from app.db import ask_each, for_update, stand, whole
from app.inventory import custody
from app.inventory.models import Device, GivenCode
from app.lending.models import Loan, LoanLine
from app.people.models import Household, HouseholdIdentity

_WHOLE = (
    select(*whole(Loan), *whole(Household, "to_"), *whole(HouseholdIdentity, "who_"))
    .join(Household, Household.id == Loan.household_id)
    .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
    .order_by(Loan.id)
)
_LINES = select(*whole(LoanLine)).order_by(LoanLine.id)
_THESE: BindParameter[int] = bindparam("numbers", expanding=True)
_BORNE = select(GivenCode.device_id).where(GivenCode.code.in_(bindparam("codes", expanding=True)))
_OUT = select(LoanLine.loan_id).where(LoanLine.device_id.in_(_BORNE), LoanLine.closed_at.is_(None))
# By their numbers, and by the codes of things that are out on them: the loans, locked, then their lines.
_NUMBERED = for_update(_WHOLE.where(Loan.id.in_(_THESE)), of=Loan), _LINES.where(LoanLine.loan_id.in_(_THESE))
_ON_LOAN = for_update(_WHOLE.where(Loan.id.in_(_OUT)), of=Loan), _LINES.where(LoanLine.loan_id.in_(_OUT))


def locked(numbers: Collection[int]) -> list[Loan]:
    """The loans of these numbers, with their lines."""
    wanted = {"numbers": list(numbers)}
    return _standing(*ask_each(*((question, wanted) for question in _NUMBERED)))


def of_things(codes: Sequence[str]) -> tuple[Mapping[str, Device], Mapping[int, LoanLine]]:
    """The things, as by `custody.locked`, and by their numbers the lines they are out on; the loans are locked too."""
    wanted = {"codes": list(codes)}
    found, *loans = ask_each(*((question, wanted) for question in (custody.LOCKED, *_ON_LOAN)), locking=True)
    things = custody.standing(found)
    out = {line.device_id: line for loan in _standing(*loans) for line in loan.open_lines}
    for device in things.values():
        if device.id in out:
            set_committed_value(out[device.id], "device", device)
    return things, out


def _standing(loans: Sequence[Any], rows: Sequence[Any]) -> list[Loan]:
    """Loans as they were just read, each with its household and its lines, so that nobody asks for them again."""
    lines: dict[int, list[LoanLine]] = {row.id: [] for row in loans}
    for row in rows:
        lines[row.loan_id].append(stand(LoanLine, row))
    return [_with(row, lines[row.id]) for row in loans]


def _with(row: Any, lines: list[LoanLine]) -> Loan:
    loan, household = stand(Loan, row), stand(Household, row, "to_")
    known = stand(HouseholdIdentity, row, "who_") if row.who_household_id is not None else None
    set_committed_value(household, "identity", known)
    set_committed_value(loan, "household", household)
    set_committed_value(loan, "lines", lines)
    for line in lines:
        set_committed_value(line, "loan", loan)
    return loan
