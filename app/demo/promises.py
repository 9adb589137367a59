"""What is promised: a workshop, a household next week, a thing that is late for the next one; and who waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial

from app.demo import homes
from app.demo.cast import BREBIS
from app.demo.house import House, Plan, Thing, do, number
from app.inventory import devices
from app.lending import reservations, waiting
from app.lending.booking_forms import Reserve, Wait

WAIT_FOR = "Galaxy Tab A7 LTE"


def promised(house: House, out: Mapping[str, list[Thing]]) -> Plan:
    """`out`: what is on loan now, by centre; the third of the Brebis is six days late."""
    next_week, soon = _day(house, 9), _day(house, 2)
    ago = house.moment(10)
    workshop = {"purpose": "workshop", "title": "Atelier CV et lettres"}
    laptop, other, late = house.take(BREBIS, "laptop"), house.take(BREBIS, "laptop"), out[BREBIS][2]
    day = _day(house, 6)
    yield ago, partial(_reserve, house, "workshop", laptop, day, day + timedelta(days=1), at=ago, **workshop)
    first, second, *others = [name for name, *_rest in homes.HOMES[BREBIS][-4:]]
    until = next_week + timedelta(days=60)
    yield ago, partial(_reserve, house, "next", other, next_week, until, at=ago, home=first)
    yield ago, partial(_reserve, house, "late", late, soon, soon + timedelta(days=30), at=ago, home=second)
    for n, home in enumerate(others):
        at = house.moment(6 - 2 * n)
        yield at, partial(_wait, house, home, at=at)


def _day(house: House, days: int) -> date:
    return house.centres[BREBIS].open_day_from(house.today + timedelta(days=days))


def _reserve(
    house: House, name: str, thing: Thing, from_day: date, to_day: date, *, at: datetime, home: str = "", **words: str
) -> None:
    who = {"household": house.homes[home]} if home else words
    wish = Reserve(id=number("reserve", name), devices=[thing.code], from_day=from_day, to_day=to_day, **who)
    do(reservations.reserve, wish, by=house.desk(BREBIS), at=at)


def _wait(house: House, home: str, *, at: datetime) -> None:
    me = house.desk(BREBIS)
    model = next(model for model in devices.models() if model.name == WAIT_FOR)
    wish = Wait(id=number("wait", home), household=house.homes[home], model=model.id)
    do(waiting.wait, wish, by=me, at=at)
