"""Eighteen months of loans that are over: 400 came back, uneven by centre; the events of the present are among them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo import homes
from app.demo.cast import BREBIS, CITES, ESCAUDAIN, ESCAUTPONT, LOURCHES, MQCV, OUTREACH, RAISMES, SEAT, WALLERS
from app.demo.house import House, Plan, Thing, do, number
from app.people import households
from app.people.forms import NewHousehold
from app.people.roles import Me
from app.times import day_of

CLOSED = {
    BREBIS: 131, MQCV: 92, RAISMES: 66, CITES: 58, ESCAUDAIN: 21, SEAT: 12, LOURCHES: 9, WALLERS: 7, ESCAUTPONT: 4,
}  # fmt: skip
FIRST, LAST = 536, 8  # days ago
CONDITIONS = ("good", "good", "good", "good", "worn", "worn", "damaged")
LENT_FOR, LONGEST = 91, 140  # days: what is usual, and a loan with all that goes around it
WEEK_END = 2  # days: two moments of one week-end both fall on its Friday, in any order


def arrivals(house: House) -> tuple[Plan, dict[str, int]]:
    """Who comes when: the writing down of each household, and how many days ago each was."""
    known: dict[str, int] = {}
    steps = []
    for centre, people in homes.HOMES.items():
        for n, (name, how, language) in enumerate(people, 1):
            known[name] = (
                FIRST + 8 if n <= 1 + len(people) // 2 or name == homes.FORGOTTEN else house.dice.randint(160, 420)
            )
            wish = NewHousehold(
                id=number("household", name), name=name, language=language,
                contact=homes.contact_of(centre, n, name, how),
            )  # fmt: skip
            at = house.moment(known[name])
            steps.append((at, partial(write_down, house, wish, by=_writer(house, centre, n), at=at)))
    return iter(steps), known


def write_down(house: House, wish: NewHousehold, *, by: Me, at: datetime) -> None:
    house.homes[wish.name] = do(households.add, wish, by=by, at=at).code


def _writer(house: House, centre: str, n: int) -> Me:
    """Whoever writes a household down follows them: at Brebis every third is met on a doorstep."""
    return house.me(OUTREACH, BREBIS) if centre == BREBIS and n % 3 == 0 else house.desk(centre)


def closed_loans(house: House, known: dict[str, int], out_now: dict[str, list[Thing]]) -> Plan:
    """Each thing's loans follow one another; what is out now came back in time to leave again."""
    for centre, all_of_them in CLOSED.items():
        busy = out_now[centre]
        things = [thing for thing in [*busy, *house.pool[centre]] if thing.category != "printer3d"]
        house.dice.shuffle(things)
        count = all_of_them - house.back_so_far[centre]
        for place, thing in enumerate(things):
            turns = len(range(place, count, len(things)))
            last = 155 if thing in busy else LAST
            slot = (FIRST - last) // max(turns, 1)
            for turn in range(turns):
                yield from _one(house, known, centre, thing, FIRST - turn * slot, slot)


def _one(house: House, known: dict[str, int], centre: str, thing: Thing, began: int, slot: int) -> Plan:
    """Out, perhaps kept longer, back, wiped or checked; all within `slot` days from the day it `began`."""
    dice, name = house.dice, f"{thing.code}/{began}"
    began -= dice.randint(0, max(slot // 6, slot - LONGEST))
    slot = min(slot, LONGEST)
    ended = began - dice.randint(slot // 3, slot * 2 // 3)
    people = [who for who, *_rest in homes.HOMES[centre] if known[who] > began + WEEK_END and who != homes.FORGOTTEN]
    home, desk = dice.choice(people), house.desk(centre)
    goes = house.me(OUTREACH, BREBIS) if centre == BREBIS and dice.random() < 0.4 else desk  # noqa: PLR2004
    out, back = house.moment(began), house.moment(ended)
    due = day_of(out) + timedelta(days=min(LENT_FOR, slot // 2))
    yield out, partial(house.lend, name, goes, home, [thing], due, at=out)
    if began - ended > slot // 2 and dice.random() < 0.6:  # noqa: PLR2004 - a little more than half are asked for in time
        longer = house.moment(began - slot // 3 + 3)
        yield longer, partial(house.extend, name, desk, due + timedelta(days=28), at=longer)
    condition = dice.choice(CONDITIONS)
    yield back, partial(house.take_back, name, desk, [thing], {"condition": condition}, at=back)
    yield from _freed(house, centre, thing, ended, condition, name)


def _freed(house: House, centre: str, thing: Thing, ended: int, condition: str, name: str) -> Plan:
    me = house.desk(centre)
    first, found = house.moment(ended - 3), dict[str, Any]()
    if condition == "damaged" and house.dice.random() < 0.5:  # noqa: PLR2004 - one in two needs a second look
        found = {"result": "unfit", "note": "La coque est fendue, à recoller."}
        later = house.moment(ended - 6)
        yield later, partial(house.check, f"{name}/again", me, thing, at=later)
    yield first, partial(house.check, name, me, thing, at=first, **found)
