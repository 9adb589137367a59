"""Clerks who also lend, reserve and take back whole kits, and fill and empty them, among all their other acts."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import func, select

from app.db import session
from app.inventory import kits
from app.inventory.kits import KitThing
from app.inventory.stock_forms import KitBack, KitEnd, KitThingIn, KitThingOut, NewKit
from app.lending.forms import TakeBack
from tests.lending.test_machine import CLERKS, Desk, run
from tests.lending.test_promises_machine import Promises
from tests.make import World, do


class Cases(Promises):
    """Two kits. A kit goes out whole or not at all; of what is out it comes back, but for what is named as missing."""

    reservations_made = Promises.reservations_made
    loans_made, returns_made = Desk.loans_made, Desk.returns_made

    @initialize()
    def begin(self) -> None:
        Desk.begin(self)
        self.names = {code: kits.devices.get(code, self.world.me("ada")).name for code in self.things}
        self.inside: dict[str, list[str]] = {}
        self.ended: dict[str, list[str]] = {}  # what lay in a kit that is no more, by its code
        for codes in (list(self.things)[:2], list(self.things)[2:3]):
            kit = do(kits.add, NewKit(name="Mallette"), by=self.world.me("ada"), at=self.now)
            self.inside[kit.code] = []
            for code in codes:
                do(kits.put_in, KitThingIn(thing=code), kit, by=self.world.me("ada"), at=self.now)
                self.inside[kit.code].append(code)

    def drawn(self, data: st.DataObject) -> tuple[str, list[str]]:
        """A kit and what goes out with it: nothing when it is empty or no more."""
        kit = data.draw(st.sampled_from(list(self.inside)))
        return kit, [] if kit in self.ended else list(self.inside[kit])

    @rule(target=Desk.loans_made, data=st.data(), by=CLERKS)
    def lend_kit(self, data: st.DataObject, by: str) -> Any:
        """As one, and with another thing beside it if that does not lie in it."""
        kit, codes = self.drawn(data)
        beside = data.draw(st.sampled_from([None, *self.things]))
        wished, more = ([kit, beside], [beside]) if beside else ([kit], [])
        whole = [] if not codes or beside in codes else [*codes, *more]
        return self._lends(data.draw(st.sampled_from(self.homes)), wished, whole, by)

    @rule(target=Promises.reservations_made, data=st.data(), by=CLERKS, days=st.integers(9, 40))
    def reserve_kit(self, data: st.DataObject, by: str, days: int) -> Any:
        kit, codes = self.drawn(data)
        return self._reserves(data.draw(st.sampled_from(self.homes)), [kit], codes, by, days, 3)

    @rule(target=Desk.returns_made, data=st.data(), by=CLERKS)
    def take_kit_back(self, data: st.DataObject, by: str) -> Any:
        """Whole, or but for one thing, named as people say it or by its code."""
        kit, codes = self.drawn(data)
        out = [code for code in codes if self.things[code].state == "on_loan"]
        missing = data.draw(st.sampled_from([None, None, *self.things]))
        named = [data.draw(st.sampled_from([missing, self.names[missing].upper()]))] if missing else []
        back = [code for code in out if code != missing] if missing in {None, *out} else []
        return self._takes_back(TakeBack(devices=[{"code": kit, "missing": named}]), back, by)

    def kit(self, code: str, by: str) -> tuple[Any, Any]:
        me = self.world.me(by)
        return kits.get(code, me), me

    @rule(data=st.data(), by=CLERKS)
    def put_in(self, data: st.DataObject, by: str) -> None:
        """Also what is out at that moment: it lies in the kit once it is back."""
        code, thing = (data.draw(st.sampled_from(list(those))) for those in (self.inside, self.things))
        kit, me = self.kit(code, by)
        free = code not in self.ended and not any(
            thing in things for one, things in self.inside.items() if one not in self.ended
        )
        act = lambda: do(kits.put_in, KitThingIn(thing=thing), kit, by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=free, by=by) is not None:
            self.inside[code].append(thing)

    @rule(data=st.data(), by=CLERKS)
    def take_out(self, data: st.DataObject, by: str) -> None:
        code, thing = (data.draw(st.sampled_from(list(those))) for those in (self.inside, self.things))
        kit, me = self.kit(code, by)
        act = lambda: do(kits.take_out, KitThingOut(thing=thing), kit, by=me, at=self.now)  # noqa: E731
        there = code not in self.ended and thing in self.inside[code]
        if self.tried(act, may=there, by=by) is not None:
            self.inside[code].remove(thing)

    @rule(data=st.data(), by=CLERKS)
    def end_kit(self, data: st.DataObject, by: str) -> None:
        """Not while a thing of it is out."""
        code, things = self.drawn(data)
        kit, me = self.kit(code, by)
        may = code not in self.ended and not any(self.things[thing].state == "on_loan" for thing in things)
        act = lambda: do(kits.end, KitEnd(), kit, by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=may, by=by) is not None:
            self.ended[code] = self.inside[code]
            self.inside[code] = []

    @rule(data=st.data(), by=CLERKS)
    def put_kit_back(self, data: st.DataObject, by: str) -> None:
        """With what lay in it and lies in no other meanwhile."""
        code, _things = self.drawn(data)
        kit, me = self.kit(code, by)
        act = lambda: do(kits.put_back, KitBack(), kit, by=me, at=self.now)  # noqa: E731
        if self.tried(act, may=True, by=by) is not None and code in self.ended:
            elsewhere = {thing for things in self.inside.values() for thing in things}
            self.inside[code] = [thing for thing in self.ended.pop(code) if thing not in elsewhere]

    @invariant()
    def the_kits_hold_what_the_model_says(self) -> None:
        if not hasattr(self, "inside"):
            return
        session().rollback()
        for code, things in self.inside.items():
            kit = kits.get(code, self.world.me("ada"))
            assert (kit.ended_at is not None) == (code in self.ended)
            assert sorted(device.code for device in kits.things_of(kit)) == sorted(things)
        twice = select(KitThing.device_id).where(KitThing.left_at.is_(None)).group_by(KitThing.device_id)
        assert session().scalars(twice.having(func.count() > 1)).all() == []


@pytest.mark.slow("eight stories of twenty acts, each act its own transaction")
def test_whatever_becomes_of_kits_each_thing_is_in_one_place_and_promised_once(inside: World, app: Any):
    run(inside, app, examples=8, steps=20, desk=Cases)


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.slow("long stories")
def test_whatever_becomes_of_kits_for_long_each_thing_is_in_one_place_and_promised_once(inside: World, app: Any):
    run(inside, app, examples=60, steps=50, desk=Cases)
