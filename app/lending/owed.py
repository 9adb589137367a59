"""What is still owed of things that came back: a charger, a case. The thing itself goes its usual road meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from sqlalchemy import Select, func, select

from app import history
from app.db import change, for_update, session
from app.errors import NotThere, Refused
from app.history import FRESH, Act
from app.history.models import canonical
from app.history.seals import digest
from app.inventory import custody, faults, supplies
from app.inventory.stock_forms import SupplyIn, SupplyOut
from app.inventory.supplies import SupplyMove
from app.lending.forms import EndOwed, OwedList, ReopenOwed
from app.lending.models import HandOver, Loan, LoanLine, OwedPart
from app.people import households
from app.people.models import Household, HouseholdIdentity
from app.people.roles import Me
from app.words import _

_LOCKED = for_update(select(OwedPart), of=OwedPart)


def seen_by(me: Me) -> Select[OwedPart]:
    """The parts owed in the centre this person works in, when the role opens its people; else none."""
    return select(OwedPart).where(OwedPart.centre_id == me.people_of)


def get(number: int, me: Me) -> OwedPart:
    row = session().scalar(seen_by(me).where(OwedPart.id == number))
    if row is None:
        raise NotThere(_("Nothing like this is owed in this centre."))
    return row


def listed(wish: OwedList, me: Me) -> Select[OwedPart]:
    """The parts of those who are still known here: of the others nobody can be asked."""
    over = OwedPart.closed_at.is_not(None) if wish.state == "closed" else OwedPart.closed_at.is_(None)
    query = seen_by(me).join(LoanLine, LoanLine.id == OwedPart.line_id).join(Loan, Loan.id == LoanLine.loan_id)
    query = query.join(HouseholdIdentity, HouseholdIdentity.household_id == Loan.household_id).where(over)
    if wish.q:
        query = query.where(Loan.household_id.in_(households.search(wish.q, me).with_only_columns(Household.id)))
    return query


def count_open(me: Me) -> int:
    """How many this centre still expects."""
    query = listed(OwedList(), me).with_only_columns(func.count(), maintain_column_froms=True)
    return session().scalar(query) or 0


def of_loans(loans: Sequence[Loan]) -> dict[int, list[OwedPart]]:
    """What these loans leave owed or left so, by the number of the loan; what a return undone opened is no more."""
    query = select(OwedPart).join(LoanLine, LoanLine.id == OwedPart.line_id)
    here = LoanLine.loan_id.in_([loan.id for loan in loans]), OwedPart.ending.is_distinct_from("undone")
    found: dict[int, list[OwedPart]] = {}
    for part in session().scalars(query.where(*here).order_by(OwedPart.id)) if loans else ():
        found.setdefault(part.line.loan_id, []).append(part)
    return found


def end(part: OwedPart, wish: EndOwed, *, by: Me, at: datetime) -> OwedPart:
    """It came back, one of the supplies takes its place, or it is let go: then the next borrower is told."""
    device = custody.locked([part.line.device.code])[part.line.device.code]
    part = _mine(part, by)
    if part.closed_at is not None:
        raise Refused("part_settled", _("This is settled already: nothing is owed any more."))
    _check_told(wish)
    if wish.how == "replaced":
        _replace(part, wish, by=by, at=at)
    reason = wish.reason or None
    there = faults.Change() if wish.how == "let_go" else faults.missing(device, part.name)
    facts = {"part": part.id, "how": wish.how, "said": said(reason)} | faults.facts_of({device.code: there})
    act = history.record("owed_end", wish, by=by, at=at, subject=_household(part), centre_id=part.centre_id, **facts)
    faults.keep(device, there, act)
    change(part, closed_at=act.occurred_at, ending=wish.how, act_id=act.id, reason=reason)
    return part


def _mine(part: OwedPart, by: Me) -> OwedPart:
    get(part.id, by)
    row: OwedPart = session().scalars(_LOCKED.where(OwedPart.id == part.id)).one()
    return row


def _check_told(wish: EndOwed) -> None:
    needed = {"replaced": ("supply", wish.supply), "let_go": ("reason", wish.reason)}
    name, value = needed.get(wish.how, ("", True))
    if not value:
        words = _("Please fill this in.")
        raise Refused("invalid", _("Something is missing or not right."), status=422, fields={name: words})


def _replace(part: OwedPart, wish: EndOwed, *, by: Me, at: datetime) -> None:
    """One of the centre's supplies now goes with the thing."""
    try:
        taken = SupplyOut(id=uuid5(wish.id, "supply"), quantity=1, thing=part.line.device.code)
        supplies.use(supplies.get(wish.supply or 0), taken, by=by, at=at)
    except (Refused, NotThere) as no:
        raise Refused("not_enough", no.words, fields={"supply": no.words}) from no


def said(reason: str | None) -> str:
    """The words of why, as the journal may hold them."""
    return digest(canonical({"reason": reason}))


def _household(part: OwedPart) -> str:
    return part.line.loan.household.code


def reopen(part: OwedPart, wish: ReopenOwed, *, by: Me, at: datetime) -> OwedPart:
    """What was just written about it was a mistake: it is owed again, and what was taken lies in the stock again."""
    device = custody.locked([part.line.device.code])[part.line.device.code]
    part = _mine(part, by)
    ended = session().get(Act, part.act_id) if part.act_id else None
    if ended is None or ended.kind != "owed_end" or ended.recorded_at < at - FRESH:
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
    if part.ending == "replaced":
        _put_back(ended, wish, by=by, at=at)
    missing = faults.ended_by(device, ended)
    told: dict[str, object] = {"part": part.id}
    told |= {"reopened": [[device.code, row.point] for row in missing]} if missing else {}
    history.record("owed_undo", wish, by=by, at=at, subject=_household(part), centre_id=part.centre_id, **told)
    faults.reopen(device, missing)
    change(part, closed_at=None, ending=None, act_id=None, reason=None)
    return part


def _put_back(ended: Act, wish: ReopenOwed, *, by: Me, at: datetime) -> None:
    taken = select(SupplyMove).join(Act, Act.id == SupplyMove.act_id).where(Act.uuid == uuid5(ended.uuid, "supply"))
    move = session().scalars(taken).one()
    supply = (
        session()
        .scalars(select(supplies.Supply).join(supplies.SupplyStock).where(supplies.SupplyStock.id == move.stock_id))
        .one()
    )
    back = SupplyIn(id=uuid5(wish.id, "supply"), quantity=1, cost_cents=-move.cost_cents)
    supplies.bring(supply, back, by=by, at=at)


def of_act(act: Act) -> OwedPart:
    return session().get_one(OwedPart, act.told["part"])


def call_off(event: HandOver, act: Act, *, at: datetime) -> None:
    """The return was a mistake: what it left owed is with its thing again."""
    opened = _LOCKED.where(OwedPart.hand_over_id == event.id, OwedPart.closed_at.is_(None))
    for part in session().scalars(opened):
        change(part, closed_at=at, ending="undone", act_id=act.id)
