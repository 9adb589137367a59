"""What programs are told of loans and returns (design 5b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.db import ask
from app.inputs import Answer
from app.inventory import kits, places
from app.inventory.answers import Place
from app.inventory.models import Device
from app.lending.handovers import came_by_third
from app.lending.models import ExtensionRequest, HandOver, Loan, LoanLine, OwedPart
from app.people.models import Household, HouseholdIdentity
from app.people.roles import Me
from app.web.listing import ListAnswer


class LineAnswer(Answer):
    device: str
    name: str
    due_on: date
    returned_at: datetime | None
    ending: str | None


class RequestAnswer(Answer):
    """A wish to keep longer. `devices`: those it is about, none for all. `state`: open, granted or refused."""

    id: int
    due_on: date
    devices: list[str]
    how: str
    state: str
    answered_at: datetime | None
    reason: str


class LoanAnswer(Answer):
    """`third`: somebody else than the borrower took the things with them."""

    id: UUID
    household: str
    household_name: str
    devices: list[str]
    due_on: date
    state: str
    lent_at: datetime
    third: bool
    closed_at: datetime | None
    lines: list[LineAnswer]
    owed: list[str]
    requests: list[RequestAnswer]


class PointAnswer(Answer):
    """A point that is worn or damaged. `point`: which part, empty for the whole."""

    point: str
    grade: str
    note: str


class BackAnswer(Answer):
    code: str
    name: str
    state: str
    condition: str
    missing: list[str]
    points: list[PointAnswer]


class StillOut(Answer):
    """A thing that lies in the same kit as something that came back, and is still on loan."""

    kit: str
    code: str
    name: str


class ReturnAnswer(Answer):
    id: UUID
    at: datetime
    third: bool
    devices: list[BackAnswer]
    still_out: list[StillOut]


Loans = ListAnswer[LoanAnswer]


class OwedAnswer(Answer):
    """A part that did not come back with its thing. `state`: open, received, replaced, let_go or undone."""

    id: int
    part: str
    device: str
    name: str
    loan: UUID
    household: str
    household_name: str
    opened_by: UUID
    opened_at: datetime
    state: str
    closed_at: datetime | None
    reason: str


OwedParts = ListAnswer[OwedAnswer]


def owed_part(row: OwedPart) -> OwedAnswer:
    device, loan = row.line.device, row.line.loan
    return OwedAnswer(
        id=row.id,
        part=row.name,
        device=device.code,
        name=device.name,
        loan=loan.uuid,
        household=loan.household.code,
        household_name=loan.household.name,
        opened_by=row.hand_over.uuid,
        opened_at=row.hand_over.at,
        state=row.ending or "open",
        closed_at=row.closed_at,
        reason=row.reason or "",
    )


def loan(
    row: Loan, day: date, owed: Sequence[OwedPart] = (), requests: Sequence[ExtensionRequest] = (), *, third: bool
) -> LoanAnswer:
    """`owed`: its parts that did not come back, `requests`: what was asked; a fresh loan has none of either.

    `third`: whether somebody else took the things with them, which the act of the loan knows.
    """
    state = "closed" if row.closed_at else "late" if row.is_late(day) else "open"
    return LoanAnswer(
        id=row.uuid,
        household=row.household.code,
        household_name=row.household.name,
        devices=[line.device.code for line in row.lines],
        due_on=row.due_on,
        state=state,
        lent_at=row.lent_at,
        third=third,
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
        owed=[part.name for part in owed if part.closed_at is None],
        requests=[_request(one) for one in requests],
    )


def _request(row: ExtensionRequest) -> RequestAnswer:
    told = {"devices": row.devices, "how": row.how, "state": row.state, "reason": row.reason or ""}
    return RequestAnswer(id=row.id, due_on=row.wished_on, answered_at=row.answered_at, **told)


def hand_over(row: HandOver, third: bool | None = None) -> ReturnAnswer:
    """`third`: whether somebody else than the borrower came, where that is known already."""
    things = [
        BackAnswer(
            code=item.line.device.code,
            name=item.line.device.name,
            state=item.line.device.state,
            condition=item.condition,
            missing=item.missing,
            points=[PointAnswer(**one) for one in item.points or ()],
        )
        for item in row.items
    ]
    left = kits.left_behind([item.line.device for item in row.items])
    still = [StillOut(kit=kit, code=thing.code, name=thing.name) for kit, out in left.items() for thing in out]
    return ReturnAnswer(
        id=row.uuid, at=row.at, third=came_by_third(row) if third is None else third, devices=things, still_out=still
    )


_WITH = (
    select(LoanLine.device_id, Household.code, func.coalesce(HouseholdIdentity.name, Household.code).label("name"))
    .join(Loan, Loan.id == LoanLine.loan_id)
    .join(Household, Household.id == Loan.household_id)
    .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
    .where(LoanLine.closed_at.is_(None), LoanLine.centre_id == bindparam("mine"))
    .where(LoanLine.device_id.in_(bindparam("things", expanding=True)))
)


def places_with(devices: Sequence[Device], me: Me) -> Mapping[int, Place]:
    """Where things are that stand in no store, by the number of the thing; of some the kind is enough.

    The household of those on loan, for those whose doors open that.
    """
    elsewhere = places.of(devices)
    out = [device.id for device in devices if device.state == "on_loan"]
    if not out or not me.people_of:
        return elsewhere
    found = ask(_WITH, things=out, mine=me.people_of)
    return dict(elsewhere) | {row.device_id: Place(kind="household", code=row.code, name=row.name) for row in found}
