"""Lost or stolen while on loan: the line ends so, and the loan with its last one. Any other movement passes through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app import history
from app.db import change, note, session
from app.errors import Refused
from app.history.models import canonical
from app.history.seals import digest
from app.inventory import custody, movements, together
from app.inventory.care_forms import Move, MoveMany
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from app.inventory.moved import WORDS, Movement, digest_of
from app.lending import agreements, loans, locks, moments, outings, returns
from app.lending.forms import LetGoOf
from app.lending.models import LetGo, Loan, LoanLine
from app.people.roles import Me
from app.times import day_of
from app.words import _

DECIDED_AFTER = 45  # days late


def move(device: Device, wish: Move, *, by: Me, at: datetime) -> Device:
    """A movement of any thing; one that is on loan can only be lost or stolen."""
    device = custody.locked([device.code])[device.code]
    line = loans.open_line_of(device)
    if line is None:
        return _moved(device, wish, by=by, at=at)
    movements.check_may(device, wish, by)
    _check_theirs(line, by)
    loan = locks.locked([line.loan_id])[0]
    returns.check_after(loan.lent_at, wish.occurred_at)
    moments.check_left([("", line)], wish.occurred_at)
    movements.step(device, wish, by=by, at=at, loan=loan.uuid.hex)
    line.close("lost", at=wish.happened(at))
    returns.settle(loan, at=wish.happened(at))
    return device


def _moved(device: Device, wish: Move, *, by: Me, at: datetime) -> Device:
    """It is not on loan; what was out for a workshop or an outing is out no more."""
    was = device.state
    device = movements.move(device, wish, by=by, at=at)
    if was == "on_outing":
        outings.ended(device, at=wish.happened(at))
    return device


def move_all(wish: MoveMany, *, by: Me, at: datetime) -> list[Device]:
    return together.move_all(wish, by=by, at=at, rule=move)


def undo_all(act: history.Act, wish: UndoIt, *, by: Me, at: datetime) -> list[Device]:
    return together.undo_all(act, wish, by=by, at=at, rule=undo)


def let_go(loan: Loan, wish: LetGoOf, *, by: Me, at: datetime) -> Loan:
    """The thing does not come back and the loan ends without it: decided late enough, or told by the household."""
    loan = loans.mine(loan, by)
    loans.check_open(loan)
    line = loans.out_of(loan, [wish.device])[0]
    device = line.device
    custody.check_here(device, by)
    returns.check_after(loan.lent_at, wish.occurred_at)
    moments.check_left([("device", line)], wish.occurred_at)
    _check_late_enough(line, wish, day_of(at))
    empty = dict.fromkeys(WORDS, "")
    told = {"loan": loan.uuid.hex, "why": wish.why, "decided": said(wish.reason), "said": digest_of(empty)}
    act = history.record("let_go", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **told)
    custody.move(device, "lost", act=act, by=by, at=at, why="let_go")
    note(Movement, device_id=device.id, act_id=act.id, **empty)
    note(LetGo, centre_id=loan.centre_id, line_id=line.id, act_id=act.id, reason=wish.reason)
    line.close("let_go", at=act.occurred_at)
    returns.settle(loan, at=act.occurred_at)
    return loan


def _check_late_enough(line: LoanLine, wish: LetGoOf, day: date) -> None:
    if wish.why == "not_back" and (day - line.due_on).days < DECIDED_AFTER:
        words = _("This is decided 45 days after the day it was due, not before.")
        raise Refused("too_early", words, fields={"why": words})


def said(reason: str) -> str:
    """The words of why, as the journal may hold them."""
    return digest(canonical({"reason": reason}))


def decided(loan: Loan) -> Sequence[LetGo]:
    """Why lines of this loan ended without their things, as far as that still holds."""
    lines = [line.id for line in loan.lines if line.ending == "let_go"]
    return session().scalars(select(LetGo).where(LetGo.line_id.in_(lines)).order_by(LetGo.id)).all() if lines else []


def undo(device: Device, wish: UndoIt, *, by: Me, at: datetime) -> Device:
    """The movement just made was a mistake; what it ended runs again."""
    device = custody.locked([device.code])[device.code]
    line = _line_ended_by(device)
    if line is not None:
        _check_theirs(line, by)
        returns.check_known([line])
        locks.locked([line.loan_id])
    last, before = custody.last_two(device)
    movements.undo(device, wish, by=by, at=at)
    if "on_outing" in {last.state, before.state}:
        outings.undone(device, last)
    if line is not None:
        line.run_again()
        change(line.loan, closed_at=None, ending=None)
        agreements.keep_on(line.loan)
        returns.settle(line.loan, at=at)
    return device


def _line_ended_by(device: Device) -> LoanLine | None:
    """The line that the last step of this thing ended, if it was lost or stolen on loan."""
    act = session().get_one(history.Act, custody.last_link(device).act_id)
    if act.kind not in {"lost", "stolen", "let_go"} or "loan" not in act.told:
        return None
    query = select(LoanLine).join(Loan, Loan.id == LoanLine.loan_id).where(LoanLine.device_id == device.id)
    return session().scalars(query.where(Loan.uuid == UUID(act.told["loan"]))).one()


def _check_theirs(line: LoanLine, by: Me) -> None:
    """A loan is its centre's: whoever may not lend there asks them."""
    custody.check_here(line.device, by)
    if line.centre_id != by.people_of:
        raise Refused("forbidden", movements.ASK_THE_DESK, status=403)
