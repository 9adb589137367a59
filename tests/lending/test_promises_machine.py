"""Clerks who also reserve, cancel, exchange, swap and correct, and undo these; a model says what is right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import Bundle, invariant, multiple, precondition, rule
from sqlalchemy import select

from app.db import session
from app.history import FRESH
from app.lending import corrections, exchanges, going_on, halves, loans, reservations, returns, reversals, swaps
from app.lending.booking_forms import CancelReservation, Reserve
from app.lending.booking_models import Booking
from app.lending.forms import CorrectLoan, Exchange, Extend, Lend, Swap, UndoLoan, UndoMending, UndoReturn
from app.people import households
from tests.lending.test_machine import CLERKS, Desk, run
from tests.make import World, do

AFTER = timedelta(days=2)  # the day it is due, and one to wipe it


@dataclass
class Kept:
    """A reservation as the model knows it: the things still kept, for whom, from when to when."""

    home: str
    codes: list[str]
    from_day: date
    to_day: date

    def touches(self, code: str, first: date, until: date) -> bool:
        return code in self.codes and self.from_day < until and first < self.to_day + AFTER


@dataclass
class Out:
    """A loan as the model knows it: to whom, since when, each thing until when, what it took up of whose reservations."""

    home: str
    since: date
    due: dict[str, date]
    taken: list[tuple[Kept, str]] = field(default_factory=list)


@dataclass
class Mended:
    """Something put right: when, how many steps each thing had taken then, what it brought out and what it ended."""

    kind: str
    number: Any
    at: datetime
    steps: dict[str, int]
    ended: list[tuple[Any, str]]
    former: list[tuple[Any, str]]
    taken: list[tuple[Kept, str]] = field(default_factory=list)


class Promises(Desk):
    reservations_made = Bundle("reservations")
    loans_made, returns_made = Desk.loans_made, Desk.returns_made

    def known(self) -> tuple[dict[Any, Kept], dict[Any, Out]]:
        if not hasattr(self, "kept"):
            self.kept, self.out, self.mended = {}, {}, []
        return self.kept, self.out

    def promised(self, code: str, first: date, until: date, but: str = "") -> bool:
        kept, _out = self.known()
        return any(one.touches(code, first, until) and one.home != but for one in kept.values())

    @rule(target=reservations_made, data=st.data(), by=CLERKS, days=st.integers(9, 40), long=st.integers(0, 20))
    def reserve(self, data: st.DataObject, by: str, days: int, long: int) -> Any:
        codes = data.draw(st.lists(st.sampled_from(list(self.things)), min_size=1, max_size=2, unique=True))
        return self._reserves(data.draw(st.sampled_from(self.homes)), codes, codes, by, days, long)

    def _reserves(self, home: str, wished: list[str], codes: list[str], by: str, days: int, long: int) -> Any:
        """`wished`: what stands in the wish, a kit perhaps; `codes`: the things that are meant, none for a bad wish."""
        kept, out = self.known()
        day = self.now.date() + timedelta(days=days)
        first = day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
        last = first + timedelta(days=long)
        wish = Reserve(household=home, devices=wished, from_day=first, to_day=last)
        lent = {code: out[loan].due[code] for loan, things in self.lent.items() for code in things}
        free = bool(codes) and not any(self.promised(code, first, last + AFTER) for code in codes)
        free = free and not any(code in lent and first < lent[code] + AFTER for code in codes)
        row = self.tried(lambda: do(reservations.reserve, wish, by=self.world.me(by), at=self.now), may=free, by=by)
        if row is not None:
            kept[row.uuid] = Kept(home, list(codes), first, last)
        return row.uuid if row else None

    @rule(number=reservations_made, by=CLERKS)
    def cancel(self, number: Any, by: str) -> None:
        kept, _out = self.known()
        if number is None or number not in kept:
            return
        me = self.world.me(by)
        act = lambda: do(  # noqa: E731
            reservations.cancel, CancelReservation(), reservations.get(str(number), me), by=me, at=self.now
        )
        if self.tried(act, may=bool(kept[number].codes), by=by) is not None:
            kept[number].codes.clear()

    @rule(target=Desk.loans_made, data=st.data(), by=CLERKS)
    def lend(self, data: st.DataObject, by: str) -> Any:
        codes = data.draw(st.lists(st.sampled_from(list(self.things)), min_size=1, max_size=3, unique=True))
        return self._lends(data.draw(st.sampled_from(self.homes)), codes, codes, by)

    def _lends(self, home: str, wished: list[str], codes: list[str], by: str) -> Any:
        kept, out = self.known()
        day, due = self.now.date(), (self.now + timedelta(days=30)).date()
        wish = Lend(household=home, devices=wished, due_on=due)
        free = bool(codes) and all(self.things[c].state in self.lendable for c in codes)
        free = free and not any(self.promised(c, day, due + AFTER, but=home) for c in codes)
        loan = self.tried(lambda: do(loans.lend, wish, by=self.world.me(by), at=self.now), may=free, by=by)
        if loan is None:
            return None
        self._noted(loan.uuid, home, codes, due)
        for one in [one for one in kept.values() if one.home == home]:
            for code in [code for code in codes if one.touches(code, day, due + AFTER)]:
                one.codes.remove(code)
                out[loan.uuid].taken.append((one, code))
        return loan.uuid

    def _noted(self, loan: Any, home: str, codes: list[str], due: date, why: str = "lend") -> None:
        self.lent[loan], self.whole[loan] = list(codes), list(codes)
        self.known()[1][loan] = Out(home, self.now.date(), dict.fromkeys(codes, due))
        for code in codes:
            self.things[code].steps.append(("on_loan", why, loan, self.now))

    @rule(loan=Desk.loans_made, by=CLERKS)
    def undo_loan(self, loan: Any, by: str) -> None:
        if loan is None:
            return
        whole, out = [self.things[c] for c in self.whole[loan]], self.known()[1][loan]
        soon = self.now + timedelta(minutes=1)
        may = self.lent[loan] == self.whole[loan] and all(t.fresh("lend", loan, soon) for t in whole)
        may = may and not any(self.promised(code, one.from_day, one.to_day + AFTER) for one, code in out.taken)
        me = self.world.me(by)
        act = lambda: do(loans.undo, UndoLoan(), loans.get(str(loan), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is not None:
            self.lent[loan] = []
            for thing in whole:
                thing.back(self.now)
            for one, code in out.taken:
                one.codes.append(code)

    @rule(loan=Desk.loans_made, by=CLERKS, days=st.integers(1, 60))
    def extend(self, loan: Any, by: str, days: int) -> None:
        if loan is None:
            return
        out, due = self.known()[1][loan], (self.now + timedelta(days=days)).date()
        me, wish = self.world.me(by), Extend(due_on=due)
        may = bool(self.lent[loan]) and not any(self.promised(c, out.since, due + AFTER) for c in self.lent[loan])
        act = lambda: do(loans.extend, wish, loans.get(str(loan), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is not None:
            out.due |= dict.fromkeys(self.lent[loan], due)
            for code in self.lent[loan]:
                self.things[code].steps.append(("on_loan", "extend", loan, self.now))

    @rule(event=Desk.returns_made, by=CLERKS)
    def undo_return(self, event: Any, by: str) -> None:
        if event is None:
            return
        soon = self.now + timedelta(minutes=1)
        came = [t for t in self.things.values() if any(s[2] == event and s[1] == "take_back" for s in t.steps)]
        of = {t.code: self._loan_of(t) for t in came}
        out = self.known()[1]
        may = all(t.fresh("take_back", event, soon) for t in came) and not any(
            self.promised(code, out[loan].since, out[loan].due[code] + AFTER) for code, loan in of.items()
        )
        me = self.world.me(by)
        act = lambda: do(returns.undo, UndoReturn(), returns.get(str(event), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is not None:
            for thing in came:
                thing.back(self.now)
                self._out_again(of[thing.code], thing.code)

    def _out_again(self, loan: Any, code: str) -> None:
        self.lent[loan] = [c for c in self.whole[loan] if c in {*self.lent[loan], code}]

    def _loan_of(self, thing: Any) -> Any:
        """The loan this thing was out on last, by what it did and was not undone."""
        stands: list[Any] = []
        for step in thing.steps:
            stands.pop() if step[1] == "undo" else stands.append(step)
        out = {"lend", "swap", "exchange", "correct"}
        return next(act for _state, why, act, _at in reversed(stands) if why in out)

    def _noted_mended(self, kind: str, wish: Any, codes: list[str], ended: Any, former: Any, taken: Any = ()) -> None:
        steps = {code: len(self.things[code].steps) for code in codes}
        self.mended.append(Mended(kind, wish.id, self.now, steps, list(ended), list(former), list(taken)))

    @rule(target=Desk.loans_made, data=st.data(), by=CLERKS)
    def swap(self, data: st.DataObject, by: str) -> Any:
        out_now = [code for code in self.things if any(code in codes for codes in self.lent.values())]
        near = out_now if len(out_now) > 1 and data.draw(st.integers(0, 3)) else list(self.things)
        one, other = data.draw(st.lists(st.sampled_from(near), min_size=2, max_size=2, unique=True))
        where = {code: loan for loan, codes in self.lent.items() for code in codes}
        out = self.known()[1]
        may = {one, other} <= where.keys() and out[where[one]].home != out[where[other]].home
        may = may and not self.promised(other, self.now.date(), out[where[one]].due[one] + AFTER)
        may = may and not self.promised(one, self.now.date(), out[where[other]].due[other] + AFTER)
        wish = Swap(device=one, other=other)
        made = self.tried(lambda: do(swaps.swap, wish, by=self.world.me(by), at=self.now), may=may, by=by)
        if made is None:
            return multiple()
        homes = [(out[where[code]].home, out[where[code]].due[code]) for code in (one, other)]
        for code in (one, other):
            self.lent[where[code]].remove(code)
        for loan, (home, due), code in zip(made, homes, (other, one), strict=True):
            self._noted(loan.uuid, home, [code], due, why="swap")
        ended = [(made[0].uuid, other), (made[1].uuid, one)]
        self._noted_mended("swap", wish, [one, other], ended, [(where[code], code) for code in (one, other)])
        return multiple(*(loan.uuid for loan in made))

    @rule(loan=Desk.loans_made, data=st.data(), by=CLERKS)
    def exchange(self, loan: Any, data: st.DataObject, by: str) -> None:
        if loan is None or not self.lent[loan]:
            return
        kept, out = self.known()
        free = [code for code in self.things if self.things[code].state in self.lendable]
        old, new = (data.draw(st.sampled_from(those)) for those in (self.lent[loan], 3 * free + list(self.things)))
        home, day, due = out[loan].home, self.now.date(), out[loan].due[old]
        may = self.things[new].state in self.lendable and not self.promised(new, day, due + AFTER, but=home)
        me, wish = self.world.me(by), Exchange(device=old, instead=new)
        act = lambda: do(exchanges.exchange, wish, loans.get(str(loan), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is None:
            return
        self.lent[loan].remove(old)
        self.lent[loan].append(new)
        self.whole[loan] += [new] if new not in self.whole[loan] else []
        out[loan].due[new] = due
        self.things[new].steps.append(("on_loan", "exchange", loan, self.now))
        self.things[old].steps.append(("to_check", "take_back", None, self.now))
        taken = [(one, new) for one in kept.values() if one.home == home and one.touches(new, day, due + AFTER)]
        for one, code in taken:
            one.codes.remove(code)
        self._noted_mended("exchange", wish, [old, new], [(loan, new)], [(loan, old)], taken)

    @rule(target=Desk.loans_made, loan=Desk.loans_made, data=st.data(), by=CLERKS)
    def correct(self, loan: Any, data: st.DataObject, by: str) -> Any:
        """It was to others; or nothing had left after all, and the things wait for their check."""
        if loan is None:
            return multiple()
        out = self.known()[1]
        home = data.draw(st.sampled_from([None, *self.homes]))
        me, wish = self.world.me(by), CorrectLoan(household=home, reason="mauvais code")
        codes, day = list(self.lent[loan]), self.now.date()
        may = bool(codes) and home != out[loan].home
        may = may and not any(home and self.promised(code, day, out[loan].due[code] + AFTER) for code in codes)
        act = lambda: do(corrections.correct, wish, loans.get(str(loan), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is None:
            return multiple()
        self.lent[loan] = []
        made = self._went_to(home, wish, loan, codes) if home else {}
        for code in codes if not home else ():
            self.things[code].steps.append(("to_check", "never_left", None, self.now))
        ended = [(number, code) for number, things in made.items() for code in things]
        self._noted_mended("correct", wish, codes, ended, [(loan, code) for code in codes])
        return multiple(*made)

    def _went_to(self, home: str, wish: Any, loan: Any, codes: list[str]) -> dict[Any, list[str]]:
        """The loans that are right, one a due day, each with its things."""
        made: dict[Any, list[str]] = {}
        row = households.get(home, self.world.me("ada"))
        for due in sorted({self.known()[1][loan].due[code] for code in codes}):
            things = [code for code in codes if self.known()[1][loan].due[code] == due]
            made[number := going_on.number_of(wish.id, row, due)] = things
            self._noted(number, home, things, due, why="correct")
        return made

    @precondition(lambda self: getattr(self, "mended", ()))
    @rule(data=st.data(), by=CLERKS)
    def undo_mended(self, data: st.DataObject, by: str) -> None:
        out = self.known()[1]
        what = data.draw(st.sampled_from([*self.mended[-4:], *3 * self.mended[-1:]]))
        fresh = what.at >= self.now + timedelta(minutes=1) - FRESH
        may = fresh and all(len(self.things[code].steps) == steps for code, steps in what.steps.items())
        again = [(code, out[loan].since, out[loan].due[code]) for loan, code in what.former]
        again += [(code, one.from_day, one.to_day) for one, code in what.taken]
        may = may and not any(self.promised(code, first, last + AFTER) for code, first, last in again)
        me = self.world.me(by)
        act = lambda: do(  # noqa: E731
            reversals.undo, UndoMending(), reversals.get(str(what.number), what.kind, me), by=me, at=self.now
        )
        if self.tried(act, may=may, by=by) is None:
            return
        for loan, code in what.ended:
            self.lent[loan].remove(code)
        for loan, code in what.former:
            self._out_again(loan, code)
        for code in what.steps:
            self.things[code].back(self.now)
        for one, code in what.taken:
            one.codes.append(code)

    @precondition(lambda self: any(getattr(self, "lent", {}).values()))
    @rule(data=st.data(), by=CLERKS)
    def put_right_and_think_again(self, data: st.DataObject, by: str) -> None:
        """Most mistakes are seen at once."""
        loan = data.draw(st.sampled_from([loan for loan, codes in self.lent.items() if codes]))
        kind = data.draw(st.sampled_from(["exchange", "swap", "correct"]))
        if kind == "swap":
            self.swap(data, by)
        else:
            (self.exchange if kind == "exchange" else self.correct)(loan, data, by)
        if self.mended:
            self.undo_mended(data, "ada")

    @precondition(lambda self: getattr(self, "mended", ()))
    @rule(data=st.data(), by=CLERKS)
    def undo_half_of_an_exchange(self, data: st.DataObject, by: str) -> None:
        """Its return alone is never undone."""
        made = [one.number for one in self.mended if one.kind == "exchange"]
        if not made:
            return
        back, me = halves.number_of(data.draw(st.sampled_from(made))), self.world.me(by)
        act = lambda: do(returns.undo, UndoReturn(), returns.get(str(back), me), by=me, at=self.now)  # noqa: E731
        self.tried(act, may=False, by=by)

    @invariant()
    def no_thing_is_promised_twice(self) -> None:
        if not hasattr(self, "things"):
            return
        session().rollback()
        rows = (
            session()
            .execute(
                select(Booking.device_id, Booking.from_day, Booking.to_day)
                .where(Booking.live, Booking.from_day < Booking.to_day)
                .order_by(Booking.device_id, Booking.from_day)
            )
            .all()
        )
        for one, next_one in pairwise(rows):
            assert one.device_id != next_one.device_id or one.to_day <= next_one.from_day


@pytest.mark.slow("eight stories of twenty acts, each act its own transaction")
def test_whatever_the_clerks_promise_no_thing_is_kept_for_two(inside: World, app: Any):
    run(inside, app, examples=8, steps=20, desk=Promises)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.slow("long stories")
def test_whatever_the_clerks_promise_for_long_no_thing_is_kept_for_two(inside: World, app: Any):
    run(inside, app, examples=60, steps=50, desk=Promises)
