"""Two things of one model ended up with each other's household: both records are put right in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import history
from app.db import session
from app.errors import Refused
from app.inventory import custody
from app.inventory.models import Device
from app.lending import going_on, locks, moments, returns, stops
from app.lending.forms import Swap
from app.lending.models import Loan, LoanLine
from app.people.roles import Me
from app.words import _


def others(device: Device, me: Me) -> Sequence[LoanLine]:
    """What other households of this centre have of the same model: with one of these it was swapped."""
    query = select(LoanLine).join(Device, Device.id == LoanLine.device_id).join(Loan, Loan.id == LoanLine.loan_id)
    mine = select(Loan.household_id).join(LoanLine, LoanLine.loan_id == Loan.id)
    mine = mine.where(LoanLine.device_id == device.id, LoanLine.closed_at.is_(None))
    query = query.where(LoanLine.centre_id == me.people_of, LoanLine.closed_at.is_(None))
    query = query.where(Device.model_id == device.model_id, Loan.household_id.not_in(mine.scalar_subquery()))
    return session().scalars(query.order_by(LoanLine.due_on, LoanLine.id).limit(50)).all()


def swap(wish: Swap, *, by: Me, at: datetime) -> list[Loan]:
    """Each household goes on with the thing it really has, until the day its own loan ran."""
    things, out = locks.of_things([wish.device, wish.other])
    lines = [
        _line(things.get(code), out, field, by) for field, code in (("device", wish.device), ("other", wish.other))
    ]
    first, second = lines
    if first.loan.household_id == second.loan.household_id:
        words = _("Both are with the same household already.")
        raise Refused("same_household", words, fields={"other": words})
    for line in lines:
        returns.check_after(line.loan.lent_at, wish.occurred_at)
    moments.check_left([("device", first), ("other", second)], wish.occurred_at)
    returns.check_known(lines)
    happened = wish.happened(at)
    whose = [(line.loan.household, line.due_on) for line in lines]
    facts = {"devices": [line.device.code for line in lines]}
    facts["loans"] = [going_on.number_of(wish.id, home, due_on).hex for home, due_on in whose]
    history.record("swap", wish, by=by, at=at, subject=first.device.code, centre_id=by.centre_id, **facts)
    for line in lines:
        line.close("swapped", at=happened)
    for loan in {line.loan for line in lines}:
        returns.settle(loan, at=happened)
    made = [
        going_on.go_on(home, [line], due_on, wish, "swap", by=by, at=at)
        for (home, due_on), line in zip(whose, reversed(lines), strict=True)
    ]
    for line, loan in zip(lines, made, strict=True):
        stops.pass_on([line.loan], loan, by=by, at=at)
    return made


def _line(device: Device | None, out: Mapping[int, LoanLine], field: str, by: Me) -> LoanLine:
    try:
        if device is None:
            raise Refused("device_unknown", _("No thing bears this code."))
        custody.check_here(device, by)
        line = out.get(device.id)
        if line is None or line.centre_id != by.centre_id:
            raise Refused("not_on_loan", _("%(name)s is not on loan.", name=device.name))
    except Refused as no:
        raise Refused(no.code, no.words, fields={field: no.words}) from no
    return line


def of_act(act: history.Act) -> list[Loan]:
    """The two loans that came of it, for a repeat."""
    numbers = [UUID(number) for number in act.told["loans"]]
    return sorted(
        session().scalars(select(Loan).where(Loan.uuid.in_(numbers))), key=lambda loan: numbers.index(loan.uuid)
    )
