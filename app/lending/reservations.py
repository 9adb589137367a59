"""Reservations: things kept for days to come, for a household, a workshop or an outing.

Whoever wants "three tablets" is promised three things at once, so that the database guards the promise; until they
leave any other of the model will do, and they are dealt anew when that makes room for somebody else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm.attributes import set_committed_value

from app import history
from app.db import change, change_where, draft, put, session
from app.errors import NotThere, Refused
from app.inputs import Act
from app.inventory import care, custody
from app.inventory.models import Device
from app.lending import bookings, choosing, policy
from app.lending.booking_forms import CancelReservation, ChooseThing, ReservationList, Reserve, RestoreReservation
from app.lending.booking_models import Reservation, ReservationLine, Waiting
from app.people import households
from app.people.models import Centre, Household
from app.people.roles import Me
from app.times import day_of
from app.web.looks import day as said
from app.words import _

NEVER_THERE = ("lost", "stolen", "retired", "gone", "elsewhere")  # what no waiting mends
NEAR = 3  # days ahead: what is not ready by then is told
# How waiting for a thing ended, by how its reservation did.
WAITED_FOR = {"taken": "served", "cancelled": "left", "missed": "missed", "over": "missed"}


def seen_by(me: Me) -> Select[Reservation]:
    """The reservations of the centre this person works in, when the role opens its people; else none."""
    return select(Reservation).where(Reservation.centre_id == me.people_of)


def get(uuid: str, me: Me) -> Reservation:
    try:
        found = session().scalar(seen_by(me).where(Reservation.uuid == UUID(uuid)))
    except ValueError:
        found = None
    if found is None:
        raise NotThere(_("There is no such reservation in this centre."))
    return found


def listed(wish: ReservationList, me: Me) -> Select[Reservation]:
    query = seen_by(me)
    if wish.state:
        query = query.where(
            Reservation.closed_at.is_(None) if wish.state == "open" else Reservation.closed_at.is_not(None)
        )
    if wish.q:
        found = households.search(wish.q, me).with_only_columns(Household.id)
        query = query.where(Reservation.household_id.in_(found) | Reservation.title.contains(wish.q, autoescape=True))
    return query


def reserve(wish: Reserve, *, by: Me, at: datetime) -> Reservation:
    """Keep things for days to come: all of them or none."""
    _check_days(wish, by, day_of(at))
    household = _household(wish, by)
    return keep(wish, household, choosing.chosen(wish, by, day_of(at)), _centre(by), by=by, at=at)


def keep(
    wish: Reserve,
    household: Household | None,
    chosen: Sequence[tuple[Device, bool]],
    centre: Centre,
    *,
    by: Me,
    at: datetime,
    **facts: str,
) -> Reservation:
    """Write it down: the things that were found, each with whether any other of its model would do."""
    facts |= {"purpose": wish.purpose, "from_day": wish.from_day.isoformat(), "to_day": wish.to_day.isoformat()}
    buffer = policy.of(centre.id).buffer_days
    told = {"devices": [{"code": device.code, "loose": loose} for device, loose in chosen], "buffer_days": buffer}
    subject = household.code if household else centre.code
    act = history.record("reserve", wish, by=by, at=at, subject=subject, centre_id=centre.id, **facts, **told)
    title = "" if household else wish.title
    numbers = {"centre_id": centre.id, "household_id": household.id if household else None, "act_id": act.id}
    days = {"from_day": wish.from_day, "to_day": wish.to_day}
    row = draft(Reservation, uuid=wish.id, purpose=wish.purpose, title=title, **days, **numbers)
    put(row, household=household, centre=centre)
    set_committed_value(row, "lines", [_line(row, device, buffer, loose=loose) for device, loose in chosen])
    return row


def _line(row: Reservation, device: Device, buffer: int, *, loose: bool) -> ReservationLine:
    booked = bookings.take(device, row.from_day, row.to_day, buffer)
    numbers = {"centre_id": row.centre_id, "reservation_id": row.id, "device_id": device.id, "booking_id": booked}
    return put(draft(ReservationLine, loose=loose, **numbers), device=device, reservation=row)


def _check_days(wish: Reserve, by: Me, day: date) -> None:
    if wish.from_day < day:
        words = _("The first day must be today or later.")
        raise Refused("due_in_past", words, fields={"from_day": words})
    if wish.to_day < wish.from_day:
        words = _("The last day must not lie before the first.")
        raise Refused("days_reversed", words, fields={"to_day": words})
    centre = _centre(by)
    if wish.purpose == "household" and not centre.is_open(wish.from_day):
        opening = centre.open_day_from(wish.from_day)
        words = _("The centre is closed that day. It opens on %(day)s.", day=said(opening))
        raise Refused("closed_that_day", words, fields={"from_day": words})


def _centre(by: Me) -> Centre:
    centre = session().get(Centre, by.centre_id)
    if centre is None:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    return centre


def _household(wish: Reserve, by: Me) -> Household | None:
    """For whom it is kept; nobody forgets them meanwhile."""
    if wish.purpose != "household":
        if not wish.title:
            words = _("Say what it is for, in a few words.")
            raise Refused("invalid", words, status=422, fields={"title": words})
        return None
    return wished_household(wish.household or "", by)


def wished_household(code: str, by: Me) -> Household:
    """The household of that code, kept from being forgotten meanwhile. Raises `Refused` beside the field."""
    try:
        household = households.kept(households.get(code, by).id)
    except NotThere as no:
        raise Refused("household_unknown", no.words, fields={"household": no.words}) from no
    if household.identity is None:
        words = _("This household was erased or merged. Write down who they are anew.")
        raise Refused("household_unknown", words, fields={"household": words})
    return household


def of_act(act: history.Act) -> Reservation:
    uuid = act.uuid if act.kind == "reserve" else UUID(act.told["reservation"])
    return session().scalars(select(Reservation).where(Reservation.uuid == uuid)).one()


def mine(row: Reservation, by: Me) -> Reservation:
    """The reservation, if it is this person's to change, with its things locked."""
    row = get(row.uuid.hex, by)
    loose = {line.device.model_id for line in row.lines if line.loose}  # another's wish may deal them anew meanwhile
    near = [thing.code for model in sorted(loose) for thing in choosing.candidates(model, row.centre_id)]
    custody.locked([*(line.device.code for line in row.lines), *near])
    session().expire_all()
    return get(row.uuid.hex, by)


def noted(kind: str, row: Reservation, wish: Act, *, by: Me, at: datetime, **facts: object) -> history.Act:
    subject = row.household.code if row.household else row.centre.code
    facts |= {"reservation": row.uuid.hex}
    return history.record(kind, wish, by=by, at=at, subject=subject, centre_id=row.centre_id, **facts)


def cancel(row: Reservation, wish: CancelReservation, *, by: Me, at: datetime) -> Reservation:
    row = mine(row, by)
    check_open(row)
    if row.out_lines:
        raise Refused("things_out", _("Some of it is out. Note first that it is back."))
    noted("reserve_cancel", row, wish, by=by, at=at)
    close(row, row.open_lines, "cancelled", at=at)
    return row


def restore(row: Reservation, wish: RestoreReservation, *, by: Me, at: datetime) -> Reservation:
    """It was cancelled by mistake: the things are kept again, if nobody else wants them meanwhile."""
    row = mine(row, by)
    if row.ending != "cancelled" or row.to_day < day_of(at):
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
    noted("reserve_back", row, wish, by=by, at=at)
    for line in [line for line in row.lines if line.ending == "cancelled"]:
        stand(line)
    open_again(row)
    return row


def open_again(row: Reservation) -> None:
    change(row, closed_at=None, ending=None)
    change_where(Waiting, {"reservation_id": row.id, "centre_id": row.centre_id}, closed_at=None, ending=None)


def stand(line: ReservationLine) -> None:
    """Its thing is kept again. Raises `Refused` when it is promised to somebody else meanwhile."""
    bookings.check_still_free(line.booking_id, line.device, line.reservation.from_day, line.reservation.to_day)
    change(line, closed_at=None, ending=None, loan_id=None)
    bookings.hold_again(line.booking_id, line.reservation.to_day)


def close(row: Reservation, lines: Sequence[ReservationLine], ending: str, *, at: datetime) -> None:
    """These lines are over, and with the last one the reservation; others may have the things."""
    for line in lines:
        change(line, closed_at=at, ending=ending)
        bookings.let_go_early(line.booking_id, day_of(at))
    if not row.open_lines:
        change(row, closed_at=at, ending=ending)
        waited = {"reservation_id": row.id, "centre_id": row.centre_id}
        change_where(Waiting, waited, closed_at=at, ending=WAITED_FOR[ending])


def choose(row: Reservation, wish: ChooseThing, *, by: Me, at: datetime) -> Reservation:
    """Another thing instead of one that is late, in check or gone."""
    row = mine(row, by)
    check_open(row)
    line = next((line for line in row.kept_lines if line.device.code == wish.instead_of), None)
    found = custody.locked([wish.device]).get(wish.device)
    if line is None or found is None:
        raise Refused("device_unknown", _("No thing bears this code."))
    custody.check_here(found, by)
    choosing.check_lent(found, row.purpose, row.from_day)
    bookings.check_free(found, row.from_day, row.to_day, bookings.buffer_of(line.booking_id))
    noted("reserve_choose", row, wish, by=by, at=at, instead_of=line.device.code, device=found.code)
    bookings.hand_on(line.booking_id, found)
    change(line, device_id=found.id)
    set_committed_value(line, "device", found)
    return row


def check_open(row: Reservation) -> None:
    if row.closed_at is not None:
        raise Refused("reservation_closed", _("This reservation is over."))


def let_pass(*, day: date, at: datetime) -> int:
    """Chore: reservations whose last day is over are over, taken or not; not while something of it is still out."""
    out = ReservationLine.closed_at.is_(None) & ReservationLine.out_act_id.is_not(None)
    out &= ReservationLine.reservation_id == Reservation.id
    due = select(Reservation).where(Reservation.closed_at.is_(None), Reservation.to_day < day)
    due = due.where(~select(ReservationLine.id).where(out).exists())
    rows = session().scalars(due.order_by(Reservation.id).limit(200)).all()
    for row in rows:
        close(row, row.open_lines, "missed" if row.purpose == "household" else "over", at=at)
    return len(rows)


def keeping(devices: Sequence[Device], me: Me) -> Sequence[Reservation]:
    """The reservations of this person's centre that keep one of these things, the next first."""
    lines = select(ReservationLine.reservation_id).where(ReservationLine.device_id.in_([d.id for d in devices]))
    query = seen_by(me).where(Reservation.id.in_(lines.where(ReservationLine.closed_at.is_(None))))
    return session().scalars(query.order_by(Reservation.from_day, Reservation.id)).all()


def troubles(row: Reservation, day: date) -> dict[int, str]:
    """What stands in the way of the things of a reservation, by line: late, or in what state they are not there."""
    held = care.held_among([line.device for line in row.kept_lines], row.from_day) if row.kept_lines else set()
    return {line.id: what for line in row.kept_lines if (what := _trouble(line.device, row, day, held))}


def _trouble(device: Device, row: Reservation, day: date, held: Collection[int]) -> str:
    if device.centre_id != row.centre_id:
        return "elsewhere"
    if device.id in held and device.state in choosing.COMES_BACK:
        return "held"
    if device.state == "on_loan":
        due = device.due_back_on or day
        return "late" if due < day or due >= row.from_day else ""
    if choosing.back_too_late(device, row.from_day) and row.from_day > day:
        return device.state
    if device.state == "available" or (device.state == "on_outing" and row.from_day <= day):
        return ""
    near = row.from_day <= day + timedelta(days=NEAR) or device.state not in choosing.COMES_BACK
    return device.state if near else ""
