"""Households of the demo world whose cards tell more than a name and a contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo import homes
from app.demo.cast import BREBIS, CITES, ESCAUDAIN
from app.demo.house import House, Plan, do, number
from app.demo.past import write_down
from app.people import households, oppositions
from app.people.forms import EditHousehold, NewHousehold, Oppose
from app.people.roles import Me
from app.privacy import splits
from app.privacy.splits import Keeps, Side, Split

CARDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    # Lucie borrows for her son (domain.md 9.5); nobody asks what he is called.
    (CITES, homes.LUCIE, {"minors": [{"band": "11-14", "count": 1}], "prescriber": "Collège Blaise-Pascal"}),
    (
        BREBIS, "Hassan Amrani-Test",
        {
            "interpreter": True, "adults": [{"name": "Latifa Amrani-Test", "signs": True, "guardian": True}],
            "minors": [{"band": "0-5", "count": 1}, {"band": "6-10", "count": 2}], "prescriber": "Médiathèque",
            "also": "amrani@example.org", "reminders": "mail", "address": "12 rue des Acacias\n62670 Mazingarbe",
            "address_for": "fetch",
        },
    ),
    (
        BREBIS, "Oksana Melnyk-Test",
        {"interpreter": True, "address": "4 rue du Moulin\n62670 Mazingarbe", "address_for": "delivery",
         "show_address": False},
    ),
    (ESCAUDAIN, homes.STANISLAW, {"reminders": "via_referent", "interpreter": True}),
)  # fmt: skip


COUPLE = "Céline et Romain Lefranc-Test"


def told(house: House) -> Plan:
    """What was written on cards since, one household that wants no reminder, and one that parted."""
    for n, (centre, name, facts) in enumerate(CARDS):
        at = house.moment(20 + n)
        yield at, partial(_edit, house, name, facts, house.desk(centre), at=at)
    at, me = house.moment(11), house.desk(BREBIS)
    wish = Oppose(id=number("oppose"), what="reminders")
    yield at, lambda: do(oppositions.oppose, wish, house.household("Mireille Caron-Test"), by=me, at=at)
    yield from _parted(house)


def _parted(house: House) -> Plan:
    """They borrowed together; she keeps the laptop, he the tablet, each on an agreement of their own."""
    out, parted, me = house.moment(48), house.moment(5), house.desk(BREBIS)
    things, due = [house.take(BREBIS, "laptop"), house.take(BREBIS, "tablet")], house.today + timedelta(days=43)
    couple = NewHousehold(id=number("household", COUPLE), name=COUPLE, contact="06 39 98 01 60")
    yield out, partial(write_down, house, couple, by=me, at=out)
    later = out + timedelta(minutes=3)
    yield later, partial(house.lend, "parted", me, COUPLE, things, due, at=later)
    sides = [Side(name="Céline Lefranc-Test", contact="06 39 98 01 60"), Side(name="Romain Duhem-Test")]
    keeps = [Keeps(code=thing.code, side=side) for thing, side in zip(things, ("a", "b"), strict=True)]
    wish, manager = Split(id=number("split"), sides=sides, things=keeps), house.manager(BREBIS)
    yield parted, lambda: do(splits.split, wish, house.household(COUPLE), by=manager, at=parted)


def _edit(house: House, name: str, facts: dict[str, Any], me: Me, *, at: datetime) -> None:
    home = house.household(name)
    who = home.identity
    assert who is not None
    known = {"name": who.name, "contact": who.contact or "", "language": who.language}
    do(households.edit, EditHousehold(id=number("card", name), **(known | facts)), home, by=me, at=at)
