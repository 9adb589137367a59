"""The clerks of the lending machine, and a manager who splits households between their acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import multiple, rule

from app.lending import loans
from app.lending.splits import open_lines
from app.people import households
from app.privacy import splits
from app.privacy.splits import Split
from tests.lending.test_machine import Desk, Thing, run
from tests.make import World, do

SIDES = [{"name": "Anne-Test"}, {"name": "Boris-Test"}]


class Parting(Desk):
    @rule(target=Desk.loans_made, data=st.data(), by=st.sampled_from(["mia", "mia", "zoe"]))
    def split(self, data: st.DataObject, by: str) -> Any:
        """Everything that is out with a household goes on, on the side drawn for it."""
        self.now += timedelta(hours=3)  # what came back before is no longer a fresh mistake
        code = data.draw(st.sampled_from(self.homes))
        home = households.get(code, self.world.me("mia"))
        out = [line.device.code for line in open_lines(home)]
        things = [{"code": one, "side": data.draw(st.sampled_from("ab"))} for one in out]
        wish = Split(sides=SIDES, things=things)
        act = lambda: do(splits.split, wish, households.get(code, self.world.me(by)), by=self.world.me(by), at=self.now)  # noqa: E731
        homes = self.tried(act, may=True, by=by)
        if homes is None:
            return multiple()
        self.homes = [one for one in self.homes if one != code] + [home.code for home in homes]
        return multiple(*(self._goes_on(loan) for home in homes for loan in loans.at_home_with(home)))

    def _goes_on(self, loan: Any) -> Any:
        codes = [line.device.code for line in loan.lines]
        for code in codes:
            next(out for out in self.lent.values() if code in out).remove(code)
            self.things[code].steps.append(("on_loan", "split", loan.uuid, self.now))
        self.lent[loan.uuid], self.whole[loan.uuid] = list(codes), codes
        return loan.uuid

    def _last(self, loan: Any, thing: Thing) -> bool:
        out = [act for _state, why, act, _at in thing.steps if why in {"lend", "split"}]
        return bool(out) and out[-1] == loan


@pytest.mark.slow("eight stories of twenty acts, each act its own transaction")
def test_whoever_parts_things_are_in_one_place_and_on_one_loan(inside: World, app: Any):
    run(inside, app, examples=8, steps=20, desk=Parting)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.slow("long stories")
def test_whoever_parts_for_long_things_are_in_one_place_and_on_one_loan(inside: World, app: Any):
    run(inside, app, examples=60, steps=50, desk=Parting)
