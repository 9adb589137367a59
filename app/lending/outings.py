"""What is kept for a workshop or an outing leaves with the team in one act, and its coming back ends what was kept.

The lines stay open while their things are out, so that their bookings go on keeping them; whichever way a thing comes
back, or is lost out there, its line ends with that movement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from sqlalchemy import Select, select

from app.db import change, for_update, session
from app.errors import Refused
from app.inventory import movements
from app.inventory.care_forms import Move
from app.inventory.forms import UndoIt
from app.inventory.models import CustodyLink, Device
from app.lending import bookings, broken, reservations
from app.lending.booking_forms import ComeBack, TakeOut, UndoOut
from app.lending.booking_models import Reservation, ReservationLine
from app.people.roles import Me
from app.times import day_of
from app.words import _


def take_out(row: Reservation, wish: TakeOut, *, by: Me, at: datetime) -> Reservation:
    """All that is kept leaves, or those things of it that are named; all of them or none."""
    row = reservations.mine(row, by)
    reservations.check_open(row)
    if row.purpose == "household":
        raise Refused("for_a_household", _("This is kept for a household: lend it to them."))
    lines = _wished(row, wish.devices)
    told = {"devices": [line.device.code for line in lines]}
    act = reservations.noted("reserve_out", row, wish, by=by, at=at, **told)
    for place, line in enumerate(lines):
        _leave(line, place, wish, by=by, at=at)
        change(line, out_act_id=act.id)
    return row


def _wished(row: Reservation, codes: Sequence[str]) -> list[ReservationLine]:
    kept = {line.device.code: line for line in row.kept_lines}
    for place, code in enumerate(codes):
        if code not in kept:
            words = _("This thing is not kept here any more.")
            raise Refused("device_unknown", words, fields={f"devices.{place}": words})
    lines = [kept[code] for code in dict.fromkeys(codes)] if codes else row.kept_lines
    if not lines:
        raise Refused("things_out", _("Everything is out already."))
    return lines


def _leave(line: ReservationLine, place: int, wish: TakeOut, *, by: Me, at: datetime) -> None:
    """One thing of it leaves until the last day. A refusal names it, and what is there instead."""
    row, day = line.reservation, day_of(wish.happened(at))
    facts = {"what": "outing", "due_on": max(row.to_day, day), "occurred_at": wish.occurred_at}
    try:
        bookings.check_still_free(line.booking_id, line.device, min(row.from_day, day), row.to_day)
        movements.move(line.device, Move(id=uuid5(wish.id, line.device.code), **facts), by=by, at=at)
    except Refused as no:
        other = next((one for one in broken.instead_of(line, day) if one.state == "available"), None)
        words = _("%(why)s Instead, %(name)s is here and free.", why=no.words, name=other.name) if other else no.words
        raise Refused(no.code, no.words, fields={f"devices.{place}": words}) from no


def undo(row: Reservation, wish: UndoOut, *, by: Me, at: datetime) -> Reservation:
    """What left last did not leave after all: the reservation is as it stood."""
    row = reservations.mine(row, by)
    if not row.out_lines:
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
    last = max(line.out_act_id or 0 for line in row.out_lines)
    lines = [line for line in row.out_lines if line.out_act_id == last]
    reservations.noted("reserve_out_undo", row, wish, by=by, at=at, devices=[line.device.code for line in lines])
    for line in lines:
        movements.undo(line.device, UndoIt(id=uuid5(wish.id, line.device.code)), by=by, at=at)
        change(line, out_act_id=None)
    return row


def come_back(row: Reservation, wish: ComeBack, *, by: Me, at: datetime) -> Reservation:
    """Everything that is out is back, to be checked."""
    row = reservations.mine(row, by)
    lines = row.out_lines
    if not lines:
        raise Refused("nothing_out", _("Nothing of it is out."))
    reservations.noted("reserve_return", row, wish, by=by, at=at, devices=[line.device.code for line in lines])
    for line in lines:
        back = Move(id=uuid5(wish.id, line.device.code), what="back", occurred_at=wish.occurred_at)
        movements.move(line.device, back, by=by, at=at)
    reservations.close(row, lines, "taken", at=wish.happened(at))
    return row


def undo_back(row: Reservation, wish: UndoOut, *, by: Me, at: datetime) -> Reservation:
    """It was not back: what came back last is out again."""
    row = reservations.mine(row, by)
    ended = [line for line in row.lines if line.out_act_id and line.closed_at]
    lines = [line for line in ended if line.closed_at == max(one.closed_at for one in ended if one.closed_at)]
    if not lines:
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
    reservations.noted("reserve_return_undo", row, wish, by=by, at=at, devices=[line.device.code for line in lines])
    for line in lines:
        movements.undo(line.device, UndoIt(id=uuid5(wish.id, line.device.code)), by=by, at=at)
        _out_again(line)
    return row


def ended(device: Device, *, at: datetime) -> None:
    """A thing that was out is not any more: so ends what was kept of it, whatever the movement was."""
    line = session().scalar(_of(device).where(ReservationLine.closed_at.is_(None)))
    if line is not None:
        reservations.close(_locked(line.reservation_id), [line], "taken", at=at)


def undone(device: Device, link: CustodyLink) -> None:
    """That step of the thing was a mistake: it never left, or it is out again."""
    at = link.at if link.state != "on_outing" else None
    line = session().scalar(_of(device).where(ReservationLine.closed_at == at).limit(1))
    if line is None:
        return
    _locked(line.reservation_id)
    if at is None:
        change(line, out_act_id=None)
    else:
        _out_again(line)


def _of(device: Device) -> Select[ReservationLine]:
    """What of this thing left for a workshop or an outing."""
    return select(ReservationLine).where(
        ReservationLine.device_id == device.id, ReservationLine.out_act_id.is_not(None)
    )


def _locked(number: int) -> Reservation:
    """The reservation with its lines as they are now: two of its things may come back at once."""
    session().scalars(for_update(select(Reservation), of=Reservation).where(Reservation.id == number)).one()
    lines = select(ReservationLine).where(ReservationLine.reservation_id == number)
    session().scalars(lines.execution_options(populate_existing=True)).all()
    return session().get_one(Reservation, number)


def _out_again(line: ReservationLine) -> None:
    reservations.stand(line)
    reservations.open_again(line.reservation)
