"""What the day asks: due today, late, to check, the last acts, what is free here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.db import session
from app.desk import moving
from app.history import FRESH, Act
from app.inventory import arrivals, found, sims, supplies
from app.inventory.models import Category, Device, DeviceModel, FoundNote
from app.lending.halves import back_of
from app.lending.models import Loan, LoanLine
from app.people.models import Household, HouseholdIdentity, Person
from app.people.roles import Me
from app.words import _

SHOWN = 4


@dataclass(frozen=True)
class Due:
    """One thing out: what it is, who has it, how to reach them, how many days late (0: due today)."""

    loan: UUID
    device: str
    code: str
    household: str
    household_code: str
    contact_kind: str
    contact: str | None
    due_on: date
    days: int


@dataclass(frozen=True)
class Deed:
    """One of the last acts, as the board tells it, with the address that undoes it while it is fresh."""

    word: Any
    what: str
    by: str
    at: datetime
    go: tuple[str, dict[str, Any]]
    undo: tuple[str, dict[str, Any]] | None


def due(me: Me, day: date, *, late: bool, limit: int = 500) -> list[Due]:
    """What is due back on that day, or was due before it, longest first."""
    when = LoanLine.due_on < day if late else LoanLine.due_on == day
    query = (
        select(Loan.uuid, Device.name, Device.code, Household.code, HouseholdIdentity, LoanLine.due_on)
        .join(LoanLine, LoanLine.loan_id == Loan.id)
        .join(Device, Device.id == LoanLine.device_id)
        .join(Household, Household.id == Loan.household_id)
        .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
        .where(Loan.centre_id == me.people_of, Loan.closed_at.is_(None), LoanLine.closed_at.is_(None), when)
        .order_by(LoanLine.due_on, LoanLine.id)
        .limit(limit)
    )
    return [_due(row, day) for row in session().execute(query)]


def _due(row: Any, day: date) -> Due:
    loan, name, code, household, who, due_on = row
    kind, contact = (who.contact_kind, who.contact) if who else ("via_referent", None)
    known_as = who.name if who else household
    return Due(loan, name, code, known_as, household, kind, contact, due_on, (day - due_on).days)


def to_check(me: Me, limit: int = 100) -> list[Device]:
    """What was brought back; new things wait on the page of their delivery."""
    query = select(Device).where(Device.centre_id == me.centre_id, Device.state == "to_check", Device.link_number > 1)
    return list(session().scalars(query.order_by(Device.folded, Device.id).limit(limit)))


def free_here(me: Me) -> list[tuple[Category, int, int]]:
    """For each category of this centre: how many are free, of how many."""
    counts = (
        select(DeviceModel.category_code, Device.state, func.count())
        .join(Device, Device.model_id == DeviceModel.id)
        .where(Device.centre_id == me.centre_id, Device.state.not_in(("gone", "retired")))
        .group_by(DeviceModel.category_code, Device.state)
    )
    free: dict[str, int] = {}
    total: dict[str, int] = {}
    for category, state, count in session().execute(counts):
        total[category] = total.get(category, 0) + count
        free[category] = free.get(category, 0) + (count if state == "available" else 0)
    categories = session().scalars(select(Category).where(Category.code.in_(total)).order_by(Category.name_fr))
    return [(category, free[category.code], total[category.code]) for category in categories]


WORDS: Mapping[str, Any] = {
    "lend": _("Lent"),
    "take_back": _("Taken back"),
    "exchange": _("Exchanged"),
    "swap": _("Swapped things put right"),
    "correct": _("Loan put right"),
    "check": _("Checked"),
    "extend": _("Kept longer"),
    "loan_recall": _("Called back early"),
    "lend_undo": _("Loan undone"),
    "return_undo": _("Return undone"),
    "exchange_undo": _("Exchange undone"),
    "swap_undo": _("Correction"),
    "correct_undo": _("Correction"),
    "check_undo": _("Check undone"),
    "device_new": _("New in the register"),
    "device_brought": _("New in the register"),
    "household_new": _("New household"),
    **moving.STEPS,
    "move_undo": _("Correction"),
}


def last_deeds(me: Me, at: datetime, limit: int = 5) -> list[Deed]:
    query = select(Act).where(Act.centre_id == me.people_of, Act.kind.in_(list(WORDS))).order_by(Act.id.desc())
    found = session().scalars(query.limit(2 * limit)).all()
    halves = {back_of(act) for act in found if act.kind == "exchange"}  # told with the exchange, undone with it
    acts = [act for act in found if act.uuid not in halves][:limit]
    names = dict(session().execute(select(Person.id, Person.name).where(Person.id.in_({a.author for a in acts}))).all())
    return [_deed(act, names, me, at) for act in acts]


def _deed(act: Act, names: Mapping[int, str], me: Me, at: datetime) -> Deed:
    fresh = act.recorded_at > at - FRESH and me.may("lend")
    go, undo = _addresses(act)
    return Deed(
        WORDS[act.kind], _what(act), names.get(act.author, "Va-et-vient"), act.occurred_at, go, undo if fresh else None
    )


def _addresses(act: Act) -> tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]] | None]:
    if act.kind == "lend":
        return ("lending.show", {"uuid": act.uuid}), ("lending.undo", {"uuid": act.uuid})
    if act.kind == "take_back":
        return ("lending.show_return", {"uuid": act.uuid}), ("lending.undo_return", {"uuid": act.uuid})
    if act.kind == "exchange":
        return ("lending.show", {"uuid": act.told["loan"]}), ("mending.undo_exchange", {"uuid": act.uuid})
    if act.kind == "swap":
        return ("lending.show", {"uuid": act.told["loans"][-1]}), ("mending.undo_swap", {"uuid": act.uuid})
    if act.subject.startswith("F"):
        return ("desk.household", {"code": act.subject}), None
    undo = ("inventory.undo_check", {"code": act.subject}) if act.kind == "check" else None
    undo = ("moves.undo", {"code": act.subject}) if act.kind in moving.STEPS else undo
    return ("desk.thing", {"code": act.subject}), undo


def _what(act: Act) -> str:
    """The things of an act by name, from the codes its facts hold."""
    told = act.told.get("devices", [])
    wanted = [d["code"] if isinstance(d, dict) else d for d in told] or [act.subject]
    found = session().scalars(select(Device.name).where(Device.code.in_(wanted)).limit(SHOWN)).all()
    return ", ".join(found) or _household_name(act.subject)


def _household_name(code: str) -> str:
    """The board shows acts of one's own centre alone, so its households have their names."""
    names = select(HouseholdIdentity.name).join(Household, Household.id == HouseholdIdentity.household_id)
    return session().scalar(names.where(Household.code == code)) or code


def found_notes(me: Me) -> list[FoundNote]:
    """What finders wrote about things this centre answers for."""
    return list(session().scalars(found.open_for(me).order_by(FoundNote.id.desc()).limit(20)))


def stock_waits(me: Me, day: date) -> dict[str, Any]:
    """What the shelves ask for: supplies under their minimum, deliveries on their way, cards whose plan ends."""
    rows = {
        "orders": supplies.to_order(me),
        "deliveries": arrivals.open_here(me, 3),
        "sims": sims.ending(me, day)[:3],
    }
    return rows if any(rows.values()) else {}
