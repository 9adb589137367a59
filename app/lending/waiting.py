"""The waiting list of a centre: who waits for which model. Who waited longest comes first, unless the team decided.

When a thing of the model is free it is kept for them a few days, as a reservation; the desk calls. Nobody is ever put
first by a rule about who they are (GDPR article 22): only people decide that, with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from app import history
from app.db import change, draft, for_update, put, session
from app.errors import NotThere, Refused
from app.inventory import custody, devices
from app.inventory.models import Device
from app.lending import bookings, choosing, policy, reservations
from app.lending.booking_forms import Reserve, StopWaiting, Wait, WaitFirst, WaitingList
from app.lending.booking_models import Waiting
from app.lending.models import Loan, LoanLine
from app.people.models import Centre
from app.people.roles import THE_HOUSE, Me
from app.words import _

KEPT_DAYS = 5
_ORDER = Waiting.first_at.is_(None), Waiting.since, Waiting.id


def seen_by(me: Me) -> Select[Waiting]:
    return select(Waiting).where(Waiting.centre_id == me.people_of)


def listed(wish: WaitingList, me: Me) -> Select[Waiting]:
    """Those who wait, in the order in which they come."""
    query = seen_by(me).where(Waiting.closed_at.is_(None))
    return query.where(Waiting.model_id == wish.model) if wish.model else query


def in_order(wish: WaitingList, me: Me) -> Sequence[Waiting]:
    return session().scalars(listed(wish, me).order_by(*_ORDER).limit(wish.limit)).all()


def get(uuid: str, me: Me) -> Waiting:
    try:
        found = session().scalar(seen_by(me).where(Waiting.uuid == UUID(uuid)))
    except ValueError:
        found = None
    if found is None:
        raise NotThere(_("Nobody of this centre waits under this number."))
    return found


def wait(wish: Wait, *, by: Me, at: datetime) -> Waiting:
    household = reservations.wished_household(wish.household, by)
    try:
        model = devices.model(wish.model)
    except NotThere as no:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"model": words}) from no
    if session().scalar(_open(household.id, model.id)) is not None:
        raise Refused("waits_already", _("This household is on the list for this already."))
    act = history.record(
        "wait", wish, by=by, at=at, subject=household.code, centre_id=household.centre_id, model=model.id
    )
    numbers = {"centre_id": household.centre_id, "household_id": household.id, "model_id": model.id, "act_id": act.id}
    return put(draft(Waiting, uuid=wish.id, since=wish.happened(at), **numbers), household=household, model=model)


def _open(household_id: int, model_id: int) -> Select[int]:
    of_them = (Waiting.household_id == household_id) & (Waiting.model_id == model_id)
    return select(Waiting.id).where(of_them, Waiting.closed_at.is_(None))


def of_act(act: history.Act) -> Waiting:
    uuid = act.uuid if act.kind == "wait" else UUID(act.told["waiting"])
    return session().scalars(select(Waiting).where(Waiting.uuid == uuid)).one()


def stop(row: Waiting, wish: StopWaiting, *, by: Me, at: datetime) -> Waiting:
    """They found another way; what was kept for them is free."""
    row = _waits(row, by)
    _noted("wait_stop", row, wish, by=by, at=at)
    change(row, closed_at=at, ending="left")
    if row.reservation and row.reservation.closed_at is None:
        reservations.close(row.reservation, row.reservation.open_lines, "cancelled", at=at)
    return row


def first(row: Waiting, wish: WaitFirst, *, by: Me, at: datetime) -> Waiting:
    """The team decided that they come before the others."""
    row = _waits(row, by)
    _noted("wait_first", row, wish, by=by, at=at)
    change(row, first_at=row.first_at or at, first_why=wish.reason)
    return row


def _waits(row: Waiting, by: Me) -> Waiting:
    row = session().scalars(for_update(select(Waiting), of=Waiting).where(Waiting.id == get(row.uuid.hex, by).id)).one()
    if row.closed_at is not None:
        raise Refused("not_waiting", _("They do not wait any more."))
    return row


def _noted(kind: str, row: Waiting, wish: StopWaiting | WaitFirst, *, by: Me, at: datetime) -> None:
    told = {"waiting": row.uuid.hex} | ({"reservation": row.reservation.uuid.hex} if row.reservation else {})
    history.record(kind, wish, by=by, at=at, subject=row.household.code, centre_id=row.centre_id, **told)


def wanted(things: Sequence[Device], centre_id: int) -> dict[int, int]:
    """How many households of this centre wait for the models of these things and have nothing kept for them."""
    models = {thing.model_id for thing in things}
    query = select(Waiting.model_id).where(Waiting.centre_id == centre_id, Waiting.model_id.in_(models))
    found = list(session().scalars(query.where(Waiting.closed_at.is_(None), Waiting.reservation_id.is_(None))))
    return {model: found.count(model) for model in set(found)}


def offer_free(*, day: date, at: datetime) -> int:
    """Chore: what is free is kept for whoever waits for it, the first first. Answers for how many."""
    _let_go_served(at)
    rows = select(Waiting).where(Waiting.closed_at.is_(None), Waiting.reservation_id.is_(None))
    return sum(_offered(row, day, at) for row in session().scalars(rows.order_by(*_ORDER)).all())


def _let_go_served(at: datetime) -> None:
    """Whoever was lent one meanwhile does not wait any more."""
    lent = select(Loan.id).join(LoanLine, LoanLine.loan_id == Loan.id).join(Device, Device.id == LoanLine.device_id)
    lent = lent.where(Loan.household_id == Waiting.household_id, Device.model_id == Waiting.model_id)
    served = select(Waiting).where(Waiting.closed_at.is_(None), Waiting.reservation_id.is_(None))
    for row in session().scalars(served.where(lent.where(Loan.lent_at >= Waiting.since).exists())).all():
        change(row, closed_at=at, ending="served")


def _offered(row: Waiting, day: date, at: datetime) -> bool:
    centre = session().get_one(Centre, row.centre_id)
    until = centre.open_day_from(day + timedelta(days=KEPT_DAYS))
    thing = _free(row, day, until)
    if thing is None or row.household.identity is None:
        return False
    wish = Reserve(household=row.household.code, from_day=day, to_day=until, devices=[thing.code])
    facts = {"waiting": row.uuid.hex}
    kept = reservations.keep(wish, row.household, [(thing, True)], centre, by=THE_HOUSE, at=at, **facts)
    change(row, reservation_id=kept.id)
    return True


def _free(row: Waiting, day: date, until: date) -> Device | None:
    """A thing of this model that stands there, that nothing holds and nobody else was promised."""
    things = choosing.candidates(row.model_id, row.centre_id)
    here = custody.locked([thing.code for thing in things if thing.state == "available"]).values()
    standing = [thing for thing in here if thing.state == "available"]
    buffer = policy.of(row.centre_id).buffer_days
    free = choosing.free(standing, (day, bookings.end_of(until, buffer)), day)
    return free[0] if free else None
