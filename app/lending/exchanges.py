"""Exchange: another thing on the same loan, in one act. The old one waits for its check, the new one is due like it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app import history
from app.db import draft, put, session
from app.errors import Refused
from app.inventory import custody
from app.inventory.models import Device, GivenCode
from app.lending import bookings, condition, halves, handovers, loans, locks, moments, policy, returns, taking_up
from app.lending.booking_models import ReservationLine
from app.lending.forms import Exchange, Lend, TakeBack, ThingBack
from app.lending.models import Loan, LoanLine
from app.people.roles import Me
from app.times import day_of
from app.words import _


def exchange(loan: Loan, wish: Exchange, *, by: Me, at: datetime) -> Loan:
    """The new thing leaves before the old one is taken back, so that the loan is never over in between."""
    loan = loans.get(loan.uuid.hex, by)
    happened = wish.happened(at)
    lend = Lend(household=loan.household.code, devices=[wish.instead], due_on=_line(loan, wish).due_on)
    device, taken, buffer = _free(lend, by, day_of(happened))
    [loan] = locks.locked([loan.id])
    old = _line(loan, wish)
    returns.check_after(loan.lent_at, wish.occurred_at)
    moments.check_left([("device", old)], wish.occurred_at)
    mine = [point for point in wish.points if point.device in {wish.device, old.device.code}]
    looks = condition.going_out([device], [point for point in wish.points if point not in mine])
    told = handovers.parts_out(lend, loan.household, looks, "", by=by, at=happened)
    parts = {"hand_over": told["hand_over"]}  # the agreement is the loan's own
    facts: dict[str, Any] = {"loan": loan.uuid.hex, "devices": [device.code], "instead_of": old.device.code}
    facts |= {"due_on": old.due_on.isoformat(), "seal": history.digest_of(parts), "buffer_days": buffer}
    facts |= condition.facts_out(looks)
    facts |= {"took": [row.id for row in taken]} if taken else {}
    subject = loan.household.code
    act = history.record("exchange", wish, by=by, at=at, subject=subject, centre_id=loan.centre_id, **facts)
    taking_up.close(taken, loan, at=happened)
    link_id = custody.move(device, "on_loan", act=act, by=by, at=happened, why="exchange", due_back_on=old.due_on)
    numbers = {"centre_id": loan.centre_id, "loan_id": loan.id, "device_id": device.id, "link_id": link_id}
    numbers["booking_id"] = bookings.take(device, day_of(happened), old.due_on, buffer)
    line = put(draft(LoanLine, due_on=old.due_on, **numbers), loan=loan, device=device)
    set_committed_value(loan, "lines", [*loan.lines, line])
    condition.keep(looks, [device], act)
    handovers.give([line], looks, parts, act=act, by=by, at=happened)
    back = ThingBack(code=old.device.code, condition=wish.condition, missing=wish.missing)
    returned = TakeBack(id=halves.number_of(wish.id), devices=[back], occurred_at=wish.occurred_at, points=mine)
    returns.take_back(returned, by=by, at=at)
    return loan


def _free(lend: Lend, by: Me, day: date) -> tuple[Device, list[ReservationLine], int]:
    """The new thing, locked and free to leave for this household, what of theirs it takes up, its days to be wiped.

    Raises `Refused` beside its field.
    """
    try:
        home, [device], known = loans.asked(lend, by, day)
        return device, taking_up.lines(lend, home, [device], known, day), policy.buffer_of(known)
    except Refused as no:
        raise Refused(no.code, no.words, fields={"instead": no.words}) from no


def _line(loan: Loan, wish: Exchange) -> LoanLine:
    """The open line of the thing that is given back. Raises `Refused` when it is not out on this loan."""
    given = session().get(GivenCode, wish.device)
    line = next((one for one in loan.open_lines if given and one.device_id == given.device_id), None)
    if line is None:
        words = _("This thing is not out on this loan.")
        raise Refused("not_on_loan", words, fields={"device": words})
    return line


def of_act(act: history.Act) -> Loan:
    return session().scalars(select(Loan).where(Loan.uuid == UUID(act.told["loan"]))).one()
