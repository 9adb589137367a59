"""The story of one thing as its page tells it: where it is, who has it for those who may know, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import session
from app.history import Act
from app.inventory import custody
from app.inventory.models import CustodyLink, Device
from app.inventory.states import LOOKS, State
from app.lending.models import Loan, LoanLine
from app.people.models import Centre, Household, Person
from app.people.roles import Me
from app.words import _


@dataclass(frozen=True)
class Step:
    """One step of a thing's way, in words."""

    link: CustodyLink
    look: State
    word: Any
    by: str


def steps(device: Device, me: Me, *, limit: int = 5, before: int | None = None) -> list[Step]:
    """The way of a thing, newest first. That it was lent is everybody's to know; to whom, only the lending centre's."""
    links = custody.story(device, limit=limit, before=before)
    names = _names({link.by for link in links})
    centres = _centre_names({link.centre_id for link in links})
    borrowers = _borrowers([link.act_id for link in links if link.why == "lend"], me)
    return [
        Step(link, LOOKS[link.state], _word(link, centres[link.centre_id], borrowers), names.get(link.by, ""))
        for link in links
    ]


def _word(link: CustodyLink, centre: str, borrowers: Mapping[int, str]) -> Any:
    if link.why == "lend":
        who = borrowers.get(link.act_id)
        return _("Lent to %(who)s", who=who) if who else _("Lent to a household")
    if link.undoes:
        return _("Correction: %(state)s, at %(centre)s", state=LOOKS[link.state].word, centre=centre)
    words = {
        "extend": _("Kept longer"),
        "take_back": _("Brought back, to check"),
        "wipe": _("Free after its data were wiped, at %(centre)s", centre=centre),
        "check": _("Free after its check, at %(centre)s", centre=centre),
        "new": _("New in the register, at %(centre)s", centre=centre),
    }
    return words.get(link.why, LOOKS[link.state].word)


def _names(people: set[int]) -> Mapping[int, str]:
    rows = session().execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: row.name for row in rows}


def _centre_names(centres: set[int]) -> Mapping[int, str]:
    rows = session().execute(select(Centre.id, Centre.name).where(Centre.id.in_(centres)))
    return {row.id: row.name for row in rows}


def _borrowers(acts: list[int], me: Me) -> Mapping[int, str]:
    if not acts or not me.may("households"):
        return {}
    mine = select(Loan).where(Loan.act_id.in_(acts), Loan.centre_id == me.centre_id)
    return {loan.act_id: loan.household.name for loan in session().scalars(mine)}


def open_loan(device: Device, me: Me) -> Loan | None:
    """The loan a thing is out on, when it is this centre's and this person's to see."""
    if device.state != "on_loan" or not me.may("households"):
        return None
    query = (
        select(Loan)
        .join(LoanLine, LoanLine.loan_id == Loan.id)
        .where(LoanLine.device_id == device.id, LoanLine.closed_at.is_(None), Loan.centre_id == me.centre_id)
    )
    return session().scalars(query).one_or_none()


def loans_of(household: Household) -> list[Loan]:
    query = select(Loan).where(Loan.household_id == household.id, Loan.centre_id == household.centre_id)
    return list(session().scalars(query.order_by(Loan.id.desc()).limit(50)))


def acts_on(code: str, limit: int = 20) -> list[Act]:
    return list(session().scalars(select(Act).where(Act.subject == code).order_by(Act.id.desc()).limit(limit)))
