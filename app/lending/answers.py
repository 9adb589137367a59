"""What programs are told of loans and returns (design 5b)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.inputs import Answer
from app.inventory.answers import Place
from app.inventory.models import Device
from app.lending import loans
from app.lending.models import HandOver, Loan
from app.people.roles import Me
from app.web.listing import ListAnswer


class LineAnswer(Answer):
    device: str
    name: str
    due_on: date
    returned_at: datetime | None
    ending: str | None


class LoanAnswer(Answer):
    id: UUID
    household: str
    household_name: str
    devices: list[str]
    due_on: date
    state: str
    lent_at: datetime
    closed_at: datetime | None
    lines: list[LineAnswer]


class BackAnswer(Answer):
    code: str
    name: str
    state: str
    condition: str
    missing: list[str]


class ReturnAnswer(Answer):
    id: UUID
    at: datetime
    devices: list[BackAnswer]


Loans = ListAnswer[LoanAnswer]


def loan(row: Loan, day: date) -> LoanAnswer:
    state = "closed" if row.closed_at else "late" if row.is_late(day) else "open"
    return LoanAnswer(
        id=row.uuid,
        household=row.household.code,
        household_name=row.household.name,
        devices=[line.device.code for line in row.lines],
        due_on=row.due_on,
        state=state,
        lent_at=row.lent_at,
        closed_at=row.closed_at,
        lines=[
            LineAnswer(
                device=line.device.code,
                name=line.device.name,
                due_on=line.due_on,
                returned_at=line.closed_at,
                ending=line.ending,
            )
            for line in row.lines
        ],
    )


def hand_over(row: HandOver) -> ReturnAnswer:
    things = [
        BackAnswer(
            code=item.line.device.code,
            name=item.line.device.name,
            state=item.line.device.state,
            condition=item.condition,
            missing=item.missing,
        )
        for item in row.items
    ]
    return ReturnAnswer(id=row.uuid, at=row.at, devices=things)


def place_with(device: Device, me: Me) -> Place | None:
    """Where a thing on loan is: the household, for those whose doors open that; else None and the kind is enough."""
    line: Any = loans.open_line_of(device) if device.state == "on_loan" and me.may("households") else None
    if line is None or line.centre_id != me.centre_id:
        return None
    household = line.loan.household
    return Place(kind="household", code=household.code, name=household.name)
