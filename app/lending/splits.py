"""A household parts: what each side keeps goes on under a new loan with a new agreement, and nothing comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import uuid5

from sqlalchemy.orm.attributes import set_committed_value

from app import history
from app.db import ask_each, draft, put
from app.errors import Refused
from app.inputs import Act
from app.inventory import custody, leaving
from app.lending import agreements, handovers, loans, locks, returns
from app.lending.forms import Lend
from app.lending.models import Loan, LoanLine
from app.people.models import Household
from app.people.roles import Me
from app.times import day_of
from app.words import _

Sides = Sequence[tuple[Household, Sequence[str]]]  # each new household, and the codes of the things it keeps


def open_lines(household: Household) -> list[LoanLine]:
    """What is still out with them, the oldest loan first."""
    return [line for loan in reversed(loans.at_home_with(household)) for line in loan.open_lines]


def part(household: Household, sides: Sides, wish: Act, *, by: Me, at: datetime) -> None:
    """Each thing goes on with the side that keeps it: the old lines end, nothing is checked nor wiped."""
    lines = _locked(household, sides, wish, by)
    happened = wish.happened(at)
    for line in lines.values():
        line.close("split", at=happened)
    for loan in {line.loan for line in lines.values()}:
        returns.settle(loan, at=happened)
    for home, codes in sides:
        for due_on, kept in _by_due_day([lines[code] for code in codes]):
            _go_on(home, list(kept), due_on, wish, by=by, at=at)


def _locked(household: Household, sides: Sides, wish: Act, by: Me) -> Mapping[str, LoanLine]:
    """The open lines by the codes that were given, locked; they must be all that the household has, each once."""
    codes = [code for _home, kept in sides for code in kept]
    things, out = locks.of_things(codes)
    lines = {code: out[things[code].id] for code in codes if code in things and things[code].id in out}
    given = sorted(line.id for line in lines.values() if line.loan.household_id == household.id)
    if given != sorted(line.id for line in open_lines(household)) or len(codes) != len(given):
        words = _("Say of each thing that they have, and of no other, who keeps it. Look again at what they have.")
        raise Refused("things_differ", words, fields={"things": words})
    for line in lines.values():
        custody.check_here(line.device, by)
        returns.check_after(line.loan.lent_at, wish.occurred_at)
    return lines


def _by_due_day(lines: Sequence[LoanLine]) -> Iterator[tuple[date, Iterator[LoanLine]]]:
    """One agreement a due day: a loan runs until one day."""
    return groupby(sorted(lines, key=lambda line: (line.due_on, line.id)), key=lambda line: line.due_on)


def _go_on(home: Household, lines: Sequence[LoanLine], due_on: date, wish: Act, *, by: Me, at: datetime) -> Loan:
    """The new loan of these things, drawn and sealed as any loan is."""
    codes, number = [line.device.code for line in lines], uuid5(wish.id, f"{home.code}/{due_on.isoformat()}")
    lend = Lend(id=number, household=home.code, devices=codes, due_on=due_on, occurred_at=wish.occurred_at)
    happened = lend.happened(at)
    devices = [line.device for line in lines]
    _things, known = leaving.standing(*ask_each(*leaving.locking(codes, day_of(happened)), locking=True))
    words = agreements.words_of(lend, home, devices, known, by=by, at=happened)
    parts = handovers.parts_out(lend, home, devices, words, by=by, at=happened)
    facts = {"devices": codes, "due_on": due_on.isoformat(), "seal": history.digest_of(parts)}
    facts |= {"loans": sorted({line.loan.uuid.hex for line in lines})}
    act = history.record("lend_split", lend, by=by, at=at, subject=home.code, centre_id=by.centre_id, **facts)
    numbers = {"centre_id": by.centre_id, "household_id": home.id, "act_id": act.id, "lent_by": by.id}
    loan = put(draft(Loan, uuid=number, lent_at=happened, due_on=due_on, **numbers), household=home)
    set_committed_value(loan, "lines", [_line(loan, old, act, by=by, at=happened) for old in lines])
    agreements.keep(loan, words, handovers.give(loan, parts, act=act, by=by, at=happened))
    return loan


def _line(loan: Loan, old: LoanLine, act: history.Act, *, by: Me, at: datetime) -> LoanLine:
    """The thing stays where it is: a link says on whose loan from now on."""
    link_id = custody.move(old.device, "on_loan", act=act, by=by, at=at, why="split", due_back_on=loan.due_on)
    numbers = {"centre_id": loan.centre_id, "loan_id": loan.id, "device_id": old.device_id, "link_id": link_id}
    return put(draft(LoanLine, due_on=loan.due_on, **numbers), loan=loan, device=old.device)
