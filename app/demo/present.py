"""What is out now: late, due today, soon or far ahead, kept longer; and what came back and waits to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from app.demo import homes, signing
from app.demo.cast import BREBIS, CITES, ESCAUDAIN, LOURCHES, MQCV, OUTREACH, RAISMES, SEAT, WALLERS
from app.demo.house import House, Plan, Thing

# For each open loan of a centre, in how many days it is due: less than none is late. The n-th is the n-th household's.
DUE_IN: Mapping[str, tuple[int, ...]] = {
    BREBIS: (-12, -8, -6, 0, 0, 33, 0, 2, 3, 9, 14, 20, 26, 61),
    CITES: (-12, -1, 4, 6, 21, 40, 55),
    MQCV: (0, 7, -3, 12, 80, 1, 28, 45, 70),
    RAISMES: (-41, -19, -7, -2, 0, 5, 11, 30),
    ESCAUDAIN: (50, -4, 16),
    LOURCHES: (8,),
    WALLERS: (35,),
    SEAT: (13, 60),
}
KINDS = ("tablet", "laptop", "laptop", "tablet", "laptop", "tablet", "router")
OF_OWN_CHOICE = {
    homes.ODILE: ("Galaxy Tab A7",), homes.YASSINE: ("ThinkPad L14",), homes.LUCIE: ("ProBook 450 G7",),
    homes.STANISLAW: ("Galaxy Tab A7 LTE",), homes.AYLIN: ("laptop",),
}  # fmt: skip
WITH_A_KEY = {"Bruno Hochart-Test", "Olena Kovalenko-Test"}  # a laptop and a 4G key on one loan
MONTHS = {homes.YASSINE: 182}
USUALLY = 91
KEPT_LONGER = {"Kevin Delannoy-Test", "Bruno Hochart-Test", homes.ODILE, "Gérard Ducrocq-Test", "Laure Gosselin-Test"}
# What waits to be checked, by centre: kind, how many days ago it came back, and how it looked.
GOOD: dict[str, Any] = {"condition": "good"}
BACK: Mapping[str, tuple[tuple[str, int, dict[str, Any]], ...]] = {
    BREBIS: (
        ("laptop", 2, {"condition": "incomplete", "missing": ["chargeur"]}), ("laptop", 4, GOOD),
        ("tablet", 1, GOOD), ("router", 6, {"condition": "worn"}),
    ),
    CITES: (("tablet", 3, GOOD), ("laptop", 9, {"condition": "damaged"})),
    MQCV: (("tablet", 1, GOOD),),
    RAISMES: (("tablet", 5, GOOD), ("tablet", 12, {"condition": "worn"}), ("laptop", 15, GOOD)),
    ESCAUDAIN: (("Galaxy Tab A7 LTE", 7, {"condition": "incomplete", "missing": ["chargeur"]}),),
}  # fmt: skip


def out_now(house: House, folder: Path | None = None) -> tuple[list[Plan], dict[str, list[Thing]]]:
    """The plans of the open loans, and the things that are out on them, by centre."""
    plans: list[Plan] = []
    things: dict[str, list[Thing]] = {centre: [] for centre in house.pool}
    for centre, days in DUE_IN.items():
        for n, ((name, *_rest), due_in) in enumerate(zip(homes.HOMES[centre], days, strict=False)):
            taken = [house.take(centre, *OF_OWN_CHOICE.get(name, KINDS[n % len(KINDS) :][:1]))]
            if name in WITH_A_KEY:
                taken = [house.take(centre, "laptop"), house.take(centre, "router")] if n else taken
            things[centre] += taken
            plans.append(_out(house, folder, centre, name, taken, due_in))
    return plans, things


def _out(house: House, folder: Path | None, centre: str, home: str, things: list[Thing], due_in: int) -> Plan:
    name, me = f"now/{home}", house.me(OUTREACH, BREBIS) if home == homes.ODILE else house.desk(centre)
    due, began = house.today + timedelta(days=due_in), MONTHS.get(home, USUALLY) - due_in
    if home not in KEPT_LONGER:
        out = house.moment(began)
        yield out, partial(house.lend, name, me, home, things, due, at=out)
        yield from signing.signed(house, folder, name, me, home, at=out)
        return
    asked = 6 if due_in > 0 else 28 - due_in  # days ago: before the first day it was due, and before the new one
    out, longer = house.moment(asked + USUALLY - 3), house.moment(asked)
    first = house.today - timedelta(days=asked - 3)
    yield out, partial(house.lend, name, me, home, things, first, at=out)
    yield from signing.signed(house, folder, name, me, home, at=out)
    yield longer, partial(house.extend, name, me, due, at=longer)


def to_check(house: House) -> Plan:
    """Things that came back and are not free yet: to be wiped, to be looked at, one without its charger."""
    for centre, rows in BACK.items():
        me, people = house.desk(centre), [name for name, *_rest in homes.HOMES[centre]]
        for n, (kind, ago, how) in enumerate(rows):
            thing, out, back = house.take(centre, kind), house.moment(ago + 58 + n), house.moment(ago)
            # The first to bring something back at Brebis is the one seen last: Sabrina.
            home = people[0] if centre == ESCAUDAIN else people[(2, -2, 2, -3)[n]]
            name, due = f"back/{centre}/{n}", house.today + timedelta(days=30)
            yield out, partial(house.lend, name, me, home, [thing], due, at=out)
            yield back, partial(house.take_back, name, me, [thing], how, at=back)
            house.back_so_far[centre] += 1
