"""Which things call for a reminder on a day: those that have reached a rung of the ladder and were not told of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.db import session
from app.history import Act
from app.inventory.models import CustodyLink
from app.lending.ladder import Rung, reached
from app.lending.models import Extension, Loan, LoanLine
from app.lending.reminder_models import RUNGS, Reminder, ReminderLine, ReminderStop
from app.times import day_of

_LONGER = (
    select(func.max(Act.occurred_at))
    .join(Extension, Extension.act_id == Act.id)
    .where(Extension.line_id == LoanLine.id)
    .correlate(LoanLine)
    .scalar_subquery()
)
STOPPED = select(ReminderStop.id).where(ReminderStop.loan_id == Loan.id, ReminderStop.lifted_act_id.is_(None)).exists()


@dataclass(frozen=True)
class Owed:
    """A thing that has reached this rung. `new`: nobody was told so yet."""

    line: LoanLine
    loan: Loan
    rung: Rung
    new: bool


def owed(centre_id: int, rungs: Sequence[Rung], day: date, household_id: int | None = None) -> dict[int, list[Owed]]:
    """By household: everything of theirs that has reached a rung, what is due first before the rest."""
    used = [rung.days for rung in rungs if rung.used]
    if not used:
        return {}
    found: dict[int, list[Owed]] = {}
    rows = _out(centre_id, day.toordinal() - min(used), household_id)
    told = _told([line.id for line, *_rest in rows])
    for line, loan, left_at, longer in rows:
        since = day_of(max(left_at, longer or left_at))
        rung = reached(rungs, line.due_on, since, day)
        if rung:
            new = RUNGS.index(rung.kind) > told.get((line.id, line.due_on), -1)
            found.setdefault(loan.household_id, []).append(Owed(line, loan, rung, new))
    return found


def _out(centre_id: int, until: int, household_id: int | None) -> Sequence[Any]:
    """What is out, reminded of, and due until then; with the moments it left and was last kept longer."""
    query = (
        select(LoanLine, Loan, CustodyLink.at, _LONGER)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(CustodyLink, CustodyLink.id == LoanLine.link_id)
        .where(Loan.centre_id == centre_id, Loan.closed_at.is_(None), LoanLine.closed_at.is_(None), ~STOPPED)
        .where(LoanLine.due_on <= date.fromordinal(until))
        .order_by(LoanLine.due_on, LoanLine.id)
    )
    if household_id is not None:
        query = query.where(Loan.household_id == household_id)
    return session().execute(query).all()


def _told(lines: Collection[int]) -> dict[tuple[int, date], int]:
    """The highest rung told of each thing and the day it was due."""
    query = select(ReminderLine.line_id, ReminderLine.due_on, ReminderLine.kind).where(ReminderLine.line_id.in_(lines))
    highest: dict[tuple[int, date], int] = {}
    for number, due_on, kind in session().execute(query):
        highest[number, due_on] = max(RUNGS.index(kind), highest.get((number, due_on), -1))
    return highest


# Whether anything that a reminder says still holds: a thing of it is out, due on that day, and nobody stopped it.
HOLDS = (
    select(ReminderLine.id)
    .join(LoanLine, LoanLine.id == ReminderLine.line_id)
    .join(Loan, Loan.id == LoanLine.loan_id)
    .where(ReminderLine.reminder_id == Reminder.id, LoanLine.closed_at.is_(None), ~STOPPED)
    .where(LoanLine.due_on == ReminderLine.due_on)
    .exists()
)


def holds(row: Reminder) -> bool:
    return session().scalar(select(Reminder.id).where(Reminder.id == row.id, HOLDS)) is not None
