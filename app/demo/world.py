"""The demo world, made through the same rules as real acts; seeded, so that two runs make the same one.

Centres and organisations are real; people, incidents and dates of loans are invented (names end in “-Test”).
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from operator import itemgetter
from pathlib import Path

from sqlalchemy import select

from app.db import session
from app.demo import (
    agreed,
    care,
    cast,
    checked,
    families,
    fiction,
    imports,
    incidents,
    models,
    money,
    opening,
    past,
    present,
    promises,
    publicity,
    reminded,
    shelves,
)
from app.demo.house import House, Plan
from app.people.models import Person

SEED = 22605
HERE = "http://localhost:5070"


def is_demo() -> bool:
    return session().scalar(select(Person.id).where(Person.demo).limit(1)) is not None


def accounts() -> str:
    """The demo accounts, as printed and as the README has them."""
    rows = [f"  {email:32} {what}" for email, _name, _role, _where, what in cast.STAFF]
    return "\n".join([f"Demo accounts, password “{cast.PASSWORD}”, PIN {cast.PIN}:", *rows])


def make(*, at: datetime, public_url: str = HERE, folder: Path | None = None) -> None:
    """Fill an empty house: who there is, what there is, and what happened so far, each act at its moment.

    `folder`: where photos and documents go; none are made without it.
    """
    house = House(at, random.Random(SEED))  # noqa: S311 - a world to look at, not a secret
    opening.open_house(house, public_url)
    for moment, act in sorted(_story(house, public_url, folder), key=itemgetter(0)):
        if moment <= at:
            act()


def _story(house: House, public_url: str, folder: Path | None) -> Plan:
    """Everything that happens once the house is open. Events choose their things first, the past takes the rest."""
    arrivals, known = past.arrivals(house)
    case = [house.take(cast.BREBIS, "tablet") for _n in range(3)]
    told = [
        incidents.holds,
        present.to_check,
        incidents.mistakes,
        incidents.people,
        incidents.labels,
        care.care_of_things,
        families.told,
    ]
    events = [step for plan in told for step in plan(house)]
    events += list(models.cards(house, folder))
    plans, out = present.out_now(house, folder)
    events += [*incidents.found_somewhere(house, out), *promises.promised(house, out), *agreed.asked_longer(house)]
    events += agreed.prepared(house)
    yield from chain(arrivals, events, *plans, _today(house), imports.waiting(house))
    yield from past.closed_loans(house, known, out)
    yield from reminded.said_so_far(house)
    yield from opening.staff_since(house, public_url)
    yield from shelves.stocked(house, case)
    yield from money.spent(house, folder)
    yield from publicity.shown(house, folder)
    yield from fiction.next_period(house)
    yield from checked.looked_at(house)


def _today(house: House) -> Plan:
    """A loan just made, so that the desk has something to undo."""
    at, thing = house.at - timedelta(minutes=25), house.take(cast.BREBIS, "tablet")
    due = house.today + timedelta(days=91)
    yield at, partial(house.lend, "just now", house.desk(cast.BREBIS), "Jeanine Wattelet-Test", [thing], due, at=at)
