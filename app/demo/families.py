"""Households of the demo world whose cards tell more than a name and a contact."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from app.demo import homes
from app.demo.cast import BREBIS, CITES, ESCAUDAIN
from app.demo.house import House, Plan, do, number
from app.people import households, oppositions
from app.people.forms import EditHousehold, Oppose
from app.people.roles import Me

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


def told(house: House) -> Plan:
    """What was written on cards since, and one household that wants no reminder."""
    for n, (centre, name, facts) in enumerate(CARDS):
        at = house.moment(20 + n)
        yield at, partial(_edit, house, name, facts, house.desk(centre), at=at)
    at, me = house.moment(11), house.desk(BREBIS)
    wish = Oppose(id=number("oppose"), what="reminders")
    yield at, lambda: do(oppositions.oppose, wish, house.household("Mireille Caron-Test"), by=me, at=at)


def _edit(house: House, name: str, facts: dict[str, Any], me: Me, *, at: datetime) -> None:
    home = house.household(name)
    who = home.identity
    assert who is not None
    known = {"name": who.name, "contact": who.contact or "", "language": who.language}
    do(households.edit, EditHousehold(id=number("card", name), **(known | facts)), home, by=me, at=at)
