"""The day things of a loan are due moves: kept longer, called back, or a mistake of these. One row of it a thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app import history
from app.db import change, put
from app.inputs import Act as Wish
from app.inventory import custody
from app.lending import bookings
from app.lending.models import Extension, Loan, LoanLine
from app.people.roles import Me
from app.times import day_of


def redate(
    loan: Loan, days: Mapping[LoanLine, date], kind: str, wish: Wish, *, by: Me, at: datetime, **told: Any
) -> history.Act:
    """Record that these lines of a locked loan are due on new days, and do it. All of them are out and here."""
    for line, day in days.items():
        custody.check_here(line.device, by)
        bookings.check_still_free(line.booking_id, line.device, day_of(loan.lent_at), day)
    facts = facts_of(days) | {"days": [day.isoformat() for day in days.values()]} | told
    act = history.record(kind, wish, by=by, at=at, subject=loan.household.code, centre_id=loan.centre_id, **facts)
    for line, day in days.items():
        _move(line, day, kind, act=act, by=by, at=at)
        put(Extension(centre_id=loan.centre_id, line_id=line.id, act_id=act.id, from_day=line.due_on, to_day=day))
        change(line, due_on=day)
        bookings.move(line.booking_id, day)
    change(loan, due_on=min(line.due_on for line in loan.open_lines))
    return act


def _move(line: LoanLine, day: date, kind: str, *, act: history.Act, by: Me, at: datetime) -> None:
    if kind.endswith("_undo"):
        custody.step_back(line.device, act=act, by=by, at=at, why="undo")
    else:
        custody.move(line.device, "on_loan", act=act, by=by, at=at, why=kind, due_back_on=day)


def facts_of(lines: Mapping[LoanLine, date]) -> dict[str, Any]:
    first = next(iter(lines))
    return {"loan": first.loan.uuid.hex, "devices": [line.device.code for line in lines]}
