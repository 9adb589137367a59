"""Lost or stolen while on loan: the line ends so, and the loan with its last one. Any other movement passes through."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import history
from app.db import change, session
from app.errors import Refused
from app.inventory import custody, movements
from app.inventory.care_forms import Move
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from app.lending import agreements, loans, locks, returns
from app.lending.models import Loan, LoanLine
from app.people.roles import Me


def move(device: Device, wish: Move, *, by: Me, at: datetime) -> Device:
    """A movement of any thing; one that is on loan can only be lost or stolen."""
    device = custody.locked([device.code])[device.code]
    line = loans.open_line_of(device)
    if line is None:
        return movements.move(device, wish, by=by, at=at)
    movements.check_may(device, wish, by)
    _check_theirs(line, by)
    loan = locks.locked([line.loan_id])[0]
    returns.check_after(loan.lent_at, wish.occurred_at)
    movements.step(device, wish, by=by, at=at, loan=loan.uuid.hex)
    line.close("lost", at=wish.happened(at))
    returns.settle(loan, at=wish.happened(at))
    return device


def undo(device: Device, wish: UndoIt, *, by: Me, at: datetime) -> Device:
    """The movement just made was a mistake; what it ended runs again."""
    device = custody.locked([device.code])[device.code]
    line = _line_ended_by(device)
    if line is not None:
        _check_theirs(line, by)
        returns.check_known([line])
        locks.locked([line.loan_id])
    movements.undo(device, wish, by=by, at=at)
    if line is not None:
        line.run_again()
        change(line.loan, closed_at=None, ending=None)
        agreements.keep_on(line.loan)
        returns.settle(line.loan, at=at)
    return device


def _line_ended_by(device: Device) -> LoanLine | None:
    """The line that the last step of this thing ended, if it was lost or stolen on loan."""
    act = session().get_one(history.Act, custody.last_link(device).act_id)
    if act.kind not in {"lost", "stolen"} or "loan" not in act.told:
        return None
    query = select(LoanLine).join(Loan, Loan.id == LoanLine.loan_id).where(LoanLine.device_id == device.id)
    return session().scalars(query.where(Loan.uuid == UUID(act.told["loan"]))).one()


def _check_theirs(line: LoanLine, by: Me) -> None:
    """A loan is its centre's: whoever may not lend there asks them."""
    custody.check_here(line.device, by)
    if line.centre_id != by.people_of:
        raise Refused("forbidden", movements.ASK_THE_DESK, status=403)
