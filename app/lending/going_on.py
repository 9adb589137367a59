"""Things stay where they are, and go on under a new loan with a new agreement: of whom, or which, was not as written.

A household parts, two things were swapped, a loan was to the wrong people: nothing comes back, nothing is wiped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm.attributes import set_committed_value

from app import history
from app.db import ask_each, draft, put
from app.inputs import Act
from app.inventory import custody, leaving
from app.lending import agreements, bookings, condition, handovers, loans
from app.lending.forms import Lend
from app.lending.models import Loan, LoanLine
from app.people.models import Household
from app.people.roles import Me
from app.times import day_of

KINDS = {"lend_split", "lend_swap", "lend_correct"}  # acts of such loans, beside `lend`


def go_on(
    home: Household, lines: Sequence[LoanLine], due_on: date, wish: Act, why: str, *, by: Me, at: datetime
) -> Loan:
    """The new loan of the things of these lines, which have ended; drawn and sealed as any loan is."""
    codes = [line.device.code for line in lines]
    lend = Lend(
        id=number_of(wish.id, home, due_on),
        household=home.code,
        devices=codes,
        due_on=due_on,
        occurred_at=wish.occurred_at,
    )
    happened = lend.happened(at)
    buffer = max(bookings.buffer_of(line.booking_id) for line in lines)  # as it was kept it goes on
    for line in lines:
        bookings.check_free(line.device, day_of(happened), due_on, buffer)
    _things, known = leaving.standing(*ask_each(*leaving.locking(codes, day_of(happened), loans.KNOWN), locking=True))
    things = [line.device for line in lines]
    looks = condition.going_out(things, ())
    words = agreements.words_of(lend, home, things, known, looks, by=by, at=happened)
    parts = handovers.parts_out(lend, home, looks, words, by=by, at=happened)
    facts: dict[str, Any] = {"devices": codes, "due_on": due_on.isoformat(), "seal": history.digest_of(parts)}
    facts |= condition.facts_out(looks)
    facts |= {"loans": sorted({line.loan.uuid.hex for line in lines}), "of": wish.id.hex, "buffer_days": buffer}
    act = history.record(f"lend_{why}", lend, by=by, at=at, subject=home.code, centre_id=by.centre_id, **facts)
    numbers = {"centre_id": by.centre_id, "household_id": home.id, "act_id": act.id, "lent_by": by.id}
    loan = put(draft(Loan, uuid=lend.id, lent_at=happened, due_on=due_on, **numbers), household=home)
    set_committed_value(loan, "lines", [_line(loan, old, why, act, buffer, by=by, at=happened) for old in lines])
    sealed = handovers.give(loan.lines, looks, parts, act=act, by=by, at=happened)
    agreements.keep(loan, agreements.version_in_force(known), words, sealed)
    return loan


def number_of(act: UUID, home: Household, due_on: date) -> UUID:
    """The number of the loan that such an act makes for this household until that day."""
    return uuid5(act, f"{home.code}/{due_on.isoformat()}")


def _line(loan: Loan, old: LoanLine, why: str, act: history.Act, buffer: int, *, by: Me, at: datetime) -> LoanLine:
    """The thing stays where it is: a link says on whose loan from now on."""
    link_id = custody.move(old.device, "on_loan", act=act, by=by, at=at, why=why, due_back_on=loan.due_on)
    numbers = {"centre_id": loan.centre_id, "loan_id": loan.id, "device_id": old.device_id, "link_id": link_id}
    numbers["booking_id"] = bookings.take(old.device, day_of(at), loan.due_on, buffer)
    return put(draft(LoanLine, due_on=loan.due_on, **numbers), loan=loan, device=old.device)
