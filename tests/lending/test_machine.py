"""Clerks do whatever comes to mind, in any order; a small model says what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.cli.verifying import all_faults
from app.db import session
from app.errors import Refused
from app.history import FRESH
from app.inventory import care, devices
from app.inventory.forms import CheckDone, UndoIt
from app.inventory.models import Device
from app.lending import loans, returns
from app.lending.forms import Extend, Lend, TakeBack, UndoLoan, UndoReturn
from app.lending.models import LoanLine
from tests.make import NOW, World, do, make_device, make_household

CLERKS = st.sampled_from(["ada", "ada", "odile", "zoe"])  # Zoé works elsewhere: she is refused whatever she tries


@dataclass
class Thing:
    """What the model knows: each step as (state, why, of which act, when)."""

    code: str
    steps: list[tuple[str, str, Any, datetime]] = field(default_factory=lambda: [("available", "new", None, NOW)])

    @property
    def state(self) -> str:
        return self.steps[-1][0]

    def fresh(self, why: str, of: Any, now: datetime) -> bool:
        _state, last, act, at = self.steps[-1]
        return last == why and act == of and at >= now - FRESH

    def back(self, now: datetime) -> None:
        self.steps.append((self.steps[-2][0], "undo", None, now))


class Desk(RuleBasedStateMachine):
    """Whatever is drawn from stands in the order of its making: codes are chance, and a story must replay as it was."""

    world: World
    lendable = frozenset({"available"})
    loans_made = Bundle("loans")
    returns_made = Bundle("returns")

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.things = {d.code: Thing(d.code) for d in (make_device(self.world) for _n in range(4))}
        self.homes = [make_household(self.world).code for _n in range(2)]
        self.lent: dict[Any, list[str]] = {}  # loan -> the things still out on it
        self.whole: dict[Any, list[str]] = {}

    def tried(self, act: Callable[[], Any], *, may: bool, by: str) -> Any:
        """The house must agree with the model: it does what may be done, and refuses the rest."""
        self.now += timedelta(minutes=1)
        try:
            done = act()
        except Refused:
            assert by == "zoe" or not may
            return None
        assert may
        assert by != "zoe"
        return done

    @rule(hours=st.integers(1, 3))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(target=loans_made, data=st.data(), by=CLERKS)
    def lend(self, data: st.DataObject, by: str) -> Any:
        codes = data.draw(st.lists(st.sampled_from(list(self.things)), min_size=1, max_size=3, unique=True))
        home = data.draw(st.sampled_from(self.homes))
        wish = Lend(household=home, devices=codes, due_on=(self.now + timedelta(days=30)).date())
        free = all(self.things[c].state in self.lendable for c in codes)
        loan = self.tried(lambda: do(loans.lend, wish, by=self.world.me(by), at=self.now), may=free, by=by)
        if loan is None:
            return None
        self.lent[loan.uuid], self.whole[loan.uuid] = list(codes), codes
        for code in codes:
            self.things[code].steps.append(("on_loan", "lend", loan.uuid, self.now))
        return loan.uuid

    @rule(target=returns_made, data=st.data(), by=CLERKS)
    def take_back(self, data: st.DataObject, by: str) -> Any:
        codes = data.draw(st.lists(st.sampled_from(list(self.things)), min_size=1, max_size=2, unique=True))
        return self._takes_back(TakeBack(devices=[{"code": c} for c in codes]), codes, by)

    def _takes_back(self, wish: TakeBack, codes: list[str], by: str) -> Any:
        """`codes`: the things that come back by this wish, none when it is a bad one."""
        out = bool(codes) and all(self.things[c].state == "on_loan" for c in codes)
        event = self.tried(lambda: do(returns.take_back, wish, by=self.world.me(by), at=self.now), may=out, by=by)
        if event is None:
            return None
        for code in codes:
            self.things[code].steps.append(("to_check", "take_back", event.uuid, self.now))
            next(out for out in self.lent.values() if code in out).remove(code)
        return event.uuid

    @rule(data=st.data(), by=CLERKS)
    def check(self, data: st.DataObject, by: str) -> None:
        thing = self.things[data.draw(st.sampled_from(list(self.things)))]
        wish, me = CheckDone(method="remise à zéro"), self.world.me(by)
        waiting = thing.state == "to_check"
        row = self.tried(
            lambda: do(care.check, wish, devices.get(thing.code, me), by=me, at=self.now), may=waiting, by=by
        )
        if row is not None:
            thing.steps.append(("available", "wipe", None, self.now))

    @rule(data=st.data(), by=CLERKS)
    def undo_check(self, data: st.DataObject, by: str) -> None:
        thing = self.things[data.draw(st.sampled_from(list(self.things)))]
        me = self.world.me(by)
        soon = self.now + timedelta(minutes=1)
        act = lambda: do(care.undo_check, UndoIt(), devices.get(thing.code, me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=thing.fresh("wipe", None, soon), by=by) is not None:
            thing.back(self.now)

    @rule(loan=loans_made, by=CLERKS)
    def undo_loan(self, loan: Any, by: str) -> None:
        if loan is None:
            return
        whole = [self.things[c] for c in self.whole[loan]]
        soon = self.now + timedelta(minutes=1)
        may = self.lent[loan] == self.whole[loan] and all(t.fresh("lend", loan, soon) for t in whole)
        me = self.world.me(by)
        act = lambda: do(loans.undo, UndoLoan(), loans.get(str(loan), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is not None:
            self.lent[loan] = []
            for thing in whole:
                thing.back(self.now)

    @rule(loan=loans_made, by=CLERKS, days=st.integers(1, 60))
    def extend(self, loan: Any, by: str, days: int) -> None:
        if loan is None:
            return
        me, wish = self.world.me(by), Extend(due_on=(self.now + timedelta(days=days)).date())
        act = lambda: do(loans.extend, wish, loans.get(str(loan), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=bool(self.lent[loan]), by=by) is not None:
            for code in self.lent[loan]:
                self.things[code].steps.append(("on_loan", "extend", loan, self.now))

    @rule(event=returns_made, by=CLERKS)
    def undo_return(self, event: Any, by: str) -> None:
        if event is None:
            return
        soon = self.now + timedelta(minutes=1)
        came = [t for t in self.things.values() if any(s[2] == event and s[1] == "take_back" for s in t.steps)]
        me = self.world.me(by)
        act = lambda: do(returns.undo, UndoReturn(), returns.get(str(event), me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=all(t.fresh("take_back", event, soon) for t in came), by=by) is not None:
            for thing in came:
                thing.back(self.now)
                loan = next(
                    loan for loan, codes in self.whole.items() if thing.code in codes and self._last(loan, thing)
                )
                self.lent[loan] = [c for c in self.whole[loan] if c in {*self.lent[loan], thing.code}]

    def _last(self, loan: Any, thing: Thing) -> bool:
        """Whether this is the loan the thing was out on when it came back."""
        lends = [act for _state, why, act, _at in thing.steps if why == "lend"]
        return bool(lends) and lends[-1] == loan

    @invariant()
    def the_house_and_the_model_agree(self) -> None:
        if not hasattr(self, "things"):
            return
        session().rollback()
        states = dict(session().execute(select(Device.code, Device.state).where(Device.code.in_(self.things))).all())
        assert states == {code: thing.state for code, thing in self.things.items()}
        open_lines = select(LoanLine.device_id).where(LoanLine.closed_at.is_(None)).group_by(LoanLine.device_id)
        assert session().scalars(open_lines.having(func.count() > 1)).all() == []

    def teardown(self) -> None:
        settings_ = self.world_settings
        assert list(all_faults(settings_)) == []


def run(world: World, app: Any, *, examples: int, steps: int, desk: type[Desk] = Desk) -> None:
    machine = type("Machine", (desk,), {"world": world, "world_settings": app.config["SETTINGS"]})
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(machine, settings=limits)


@pytest.mark.slow("twelve stories of twenty acts, each act its own transaction")
def test_whatever_the_clerks_do_things_are_in_one_place(inside: World, app: Any):
    run(inside, app, examples=12, steps=20)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.slow("long stories")
def test_whatever_the_clerks_do_for_long_things_are_in_one_place(inside: World, app: Any):
    run(inside, app, examples=100, steps=60)
