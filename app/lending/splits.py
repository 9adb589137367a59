"""A household parts: what each side keeps goes on under a new loan with a new agreement, and nothing comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from app.errors import Refused
from app.inputs import Act
from app.inventory import custody
from app.lending import going_on, loans, locks, moments, promised, returns, stops
from app.lending.models import LoanLine
from app.people.models import Household
from app.people.roles import Me
from app.words import _

Sides = Sequence[tuple[Household, Sequence[str]]]  # each new household, and the codes of the things it keeps


def open_lines(household: Household) -> list[LoanLine]:
    """What is still out with them, the oldest loan first."""
    return [line for loan in reversed(loans.at_home_with(household)) for line in loan.open_lines]


def part(household: Household, sides: Sides, wish: Act, *, by: Me, at: datetime) -> None:
    """Each thing goes on with the side that keeps it: the old lines end, nothing is checked nor wiped."""
    promised.check_erasable(household)
    lines = _locked(household, sides, wish, by)
    happened = wish.happened(at)
    for line in lines.values():
        line.close("split", at=happened)
    for loan in {line.loan for line in lines.values()}:
        returns.settle(loan, at=happened)
    for home, codes in sides:
        for due_on, kept in _by_due_day([lines[code] for code in codes]):
            loan = going_on.go_on(home, ones := list(kept), due_on, wish, "split", by=by, at=at)
            stops.pass_on({line.loan for line in ones}, loan, parted=True, by=by, at=at)


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
    moments.check_left([("things", line) for line in lines.values()], wish.occurred_at)
    return lines


def _by_due_day(lines: Sequence[LoanLine]) -> Iterator[tuple[date, Iterator[LoanLine]]]:
    """One agreement a due day: a loan runs until one day."""
    return groupby(sorted(lines, key=lambda line: (line.due_on, line.id)), key=lambda line: line.due_on)
