"""The clerks again, with bags, outings, partners, repairs, losses and transfers among their loans and checks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import func, select

from app.db import session
from app.history import FRESH
from app.inventory import devices
from app.inventory.care_forms import Move
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from app.inventory.moved import LEADS_TO
from app.inventory.movements import BACK, CHOICES
from app.lending import losses
from app.lending.models import LoanLine
from app.people.models import Centre
from tests.lending.test_machine import CLERKS, Desk, Thing, run
from tests.make import World, do

ELSEWHERE = "@mqcv"  # behind the state of a thing that Zoé's centre answers for
WENT = ("bag", "outing", "partner", "repair", "lost", "stolen", "back", "found", "call_back", "send")


class Movers(Desk):
    lendable = frozenset({"available", "with_staff"})

    @initialize()
    def begin(self) -> None:
        super().begin()
        centres = dict(session().execute(select(Centre.name, Centre.code)).all())
        self.here, self.there = centres["Cité des Brebis"], centres["MQCV"]

    def moved(self, thing: Thing, what: str, by: str, *, may: bool, at: str = "", **facts: Any) -> None:
        """Try it; when it is done, the model follows. `at` is put behind the new state."""
        me, soon = self.world.me(by), (self.now + timedelta(days=9)).date()
        fields = {"partner": "Mairie", "supplier": "Répar", "reason": "essai", "unwiped": "essai", "due_on": soon}
        wish = Move(what=what, **(fields | facts))
        who = by if by != "zoe" or not (at or thing.state.endswith(ELSEWHERE)) else "ada"
        done = self.tried(
            lambda: do(losses.move, wish, devices.get(thing.code, me), by=me, at=self.now), may=may, by=who
        )
        if done is not None:
            why = BACK[thing.state] if what == "back" else "accept_ready" if facts.get("ready") else what
            loan = self.ended(thing)
            thing.steps.append((LEADS_TO[why] + at, why, loan, self.now))

    def ended(self, thing: Thing) -> Any:
        """The loan it was out on until now, if any; it is over for this thing."""
        for loan, codes in self.lent.items():
            if thing.code in codes:
                codes.remove(thing.code)
                return loan
        return None

    @rule(data=st.data(), what=st.sampled_from(WENT), by=CLERKS)
    def go(self, data: st.DataObject, what: str, by: str) -> None:
        thing = self.one(data)
        if by == "zoe" and thing.state.endswith(ELSEWHERE):
            return
        offered = CHOICES.get(thing.state, ())
        self.moved(thing, what, by, may=what in offered, **({"centre": self.there} if what == "send" else {}))

    @rule(data=st.data(), by=st.sampled_from(["mia", "ada"]), what=st.sampled_from(["retire", "restore"]))
    def decide(self, data: st.DataObject, by: str, what: str) -> None:
        thing = self.one(data)
        self.moved(thing, what, by, may=by == "mia" and what in CHOICES.get(thing.state, ()))

    @rule(data=st.data(), by=st.sampled_from(["zoe", "zoe", "ada"]))
    def accept(self, data: st.DataObject, by: str) -> None:
        """What left fit to be lent arrives so, where Zoé is; what waited for its check does not arrive in this story."""
        thing = self.one(data)
        if by == "zoe" and thing.state == "in_transit" and thing.steps[-2][0] == "available":
            self.moved(thing, "accept", "zoe", may=True, at=ELSEWHERE, ready=True)
        elif by == "ada":
            self.moved(thing, "accept", "ada", may=thing.state == "in_transit" + ELSEWHERE)

    @rule(data=st.data())
    def send_home(self, data: st.DataObject) -> None:
        thing = self.one(data)
        if thing.state == "available" + ELSEWHERE:
            self.moved(thing, "send", "zoe", may=True, at=ELSEWHERE, centre=self.here)

    @rule(data=st.data(), by=st.sampled_from(["ada", "mia"]))
    def undo_move(self, data: st.DataObject, by: str) -> None:
        thing, me = self.one(data), self.world.me(by)
        state, why, loan, at = thing.steps[-1]
        grave = why in {"retire", "restore"} and by != "mia"
        fresh = at >= self.now + timedelta(minutes=1) - FRESH
        may = why in LEADS_TO and fresh and not grave and not state.endswith(ELSEWHERE)
        act = lambda: do(losses.undo, UndoIt(), devices.get(thing.code, me), by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is not None:
            thing.back(self.now)
            if loan is not None:
                self.lent[loan] = [c for c in self.whole[loan] if c in {*self.lent[loan], thing.code}]

    def one(self, data: st.DataObject) -> Thing:
        return self.things[data.draw(st.sampled_from(list(self.things)))]

    @invariant()
    def the_house_and_the_model_agree(self) -> None:
        if not hasattr(self, "there"):
            return
        session().rollback()
        rows = session().execute(select(Device.code, Device.state, Device.centre_id))
        told = {code: (state, centre == self.world.centres["mqcv"]) for code, state, centre in rows}
        for code, thing in self.things.items():
            state, mark, _rest = thing.state.partition("@")
            assert told[code] == (state, bool(mark)), thing.steps
        open_lines = select(LoanLine.device_id).where(LoanLine.closed_at.is_(None)).group_by(LoanLine.device_id)
        assert session().scalars(open_lines.having(func.count() > 1)).all() == []


@pytest.mark.slow("ten stories of twenty-five acts, each act its own transaction")
def test_whatever_moves_is_in_one_place_and_its_loans_with_it(inside: World, app: Any):
    run(inside, app, examples=10, steps=25, desk=Movers)


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.slow("long stories")
def test_whatever_moves_for_long_is_in_one_place(inside: World, app: Any):
    run(inside, app, examples=100, steps=70, desk=Movers)
