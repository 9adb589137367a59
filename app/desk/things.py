"""The story of one thing as its page tells it: where it is, who has it for those who may know, what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select

from app.db import session
from app.history import Act
from app.inventory.models import CustodyLink, Device
from app.inventory.states import LOOKS, State
from app.lending.models import Loan, LoanLine
from app.people.models import Centre, Household, HouseholdIdentity, Person
from app.people.roles import Me
from app.words import _

NEWEST = 2**31  # no thing has so many steps
KNOWN_AS = func.coalesce(HouseholdIdentity.name, Household.code)


@dataclass(frozen=True)
class Step:
    """One step of a thing's way, in words. `link` is its number, state, reason and moment."""

    link: Any
    look: State
    word: Any
    by: str


# Statements of the page asked for most are made once, and answer plain rows.
_STEPS = (
    select(
        CustodyLink.number,
        CustodyLink.state,
        CustodyLink.why,
        CustodyLink.at,
        CustodyLink.undoes,
        Centre.name.label("centre"),
        func.coalesce(Person.name, "").label("staff"),
        KNOWN_AS.label("household"),
    )
    .join(Centre, Centre.id == CustodyLink.centre_id)
    .outerjoin(Person, Person.id == CustodyLink.by)
    .outerjoin(Loan, and_(Loan.act_id == CustodyLink.act_id, Loan.centre_id == bindparam("mine")))
    .outerjoin(Household, Household.id == Loan.household_id)
    .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
    .where(CustodyLink.device_id == bindparam("device"), CustodyLink.number < bindparam("before"))
    .order_by(CustodyLink.number.desc())
    .limit(bindparam("most"))
)


def steps(device: Device, me: Me, *, limit: int = 5, before: int | None = None) -> list[Step]:
    """The way of a thing, newest first. That it was lent is everybody's to know; to whom, only the lending centre's."""
    wanted = {"device": device.id, "mine": _mine(me), "before": before or NEWEST, "most": limit}
    rows: Iterable[Any] = session().execute(_STEPS, wanted)
    return [Step(row, LOOKS[row.state], _word(row), row.staff) for row in rows]


def _mine(me: Me) -> int:
    """The centre whose people this person may see; 0 is none."""
    return me.centre_id if me.may("households") else 0


def _word(link: Any) -> Any:
    if link.why == "lend":
        return _("Lent to %(who)s", who=link.household) if link.household else _("Lent to a household")
    if link.undoes:
        return _("Correction: %(state)s, at %(centre)s", state=LOOKS[link.state].word, centre=link.centre)
    words = {
        "extend": _("Kept longer"),
        "take_back": _("Brought back, to check"),
        "wipe": _("Free after its data were wiped, at %(centre)s", centre=link.centre),
        "check": _("Free after its check, at %(centre)s", centre=link.centre),
        "new": _("New in the register, at %(centre)s", centre=link.centre),
    }
    return words.get(link.why, LOOKS[link.state].word)


@dataclass(frozen=True)
class Out:
    """The loan a thing is out on, as its page tells it."""

    uuid: UUID
    household: str
    household_code: str
    lent_at: datetime
    due_on: date

    def is_late(self, day: date) -> bool:
        return self.due_on < day


_OUT = (
    select(Loan.uuid, KNOWN_AS, Household.code, Loan.lent_at, Loan.due_on)
    .join(LoanLine, LoanLine.loan_id == Loan.id)
    .join(Household, Household.id == Loan.household_id)
    .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
    .where(LoanLine.device_id == bindparam("device"), LoanLine.closed_at.is_(None), Loan.centre_id == bindparam("mine"))
)


def open_loan(device: Device, me: Me) -> Out | None:
    """The loan a thing is out on, when it is this centre's and this person's to see."""
    if device.state != "on_loan" or not _mine(me):
        return None
    row = session().execute(_OUT, {"device": device.id, "mine": _mine(me)}).one_or_none()
    return Out(*row) if row else None


def loans_of(household: Household) -> list[Loan]:
    query = select(Loan).where(Loan.household_id == household.id, Loan.centre_id == household.centre_id)
    return list(session().scalars(query.order_by(Loan.id.desc()).limit(50)))


def acts_on(code: str, limit: int = 20) -> list[Act]:
    return list(session().scalars(select(Act).where(Act.subject == code).order_by(Act.id.desc()).limit(limit)))
