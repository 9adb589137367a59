"""A couple parts: two new households, and a bare card that leads to neither."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import uuid5

from pydantic import Field
from sqlalchemy import select

from app import history
from app.db import session
from app.errors import NotThere
from app.inputs import Act, Answer, DeviceCode, Input, Line, Name
from app.lending import splits as lending
from app.people import households, oppositions
from app.people.answers import HouseholdAnswer
from app.people.forms import NewHousehold, Oppose, Tongue
from app.people.models import Household
from app.people.roles import Me
from app.privacy import copies
from app.privacy.wings import WINGS
from app.words import _


class Side(Input):
    name: Name
    contact: Line = ""
    language: Tongue = "fr"


class Keeps(Input):
    """Who keeps a thing."""

    code: DeviceCode
    side: Literal["a", "b"]


class Split(Act):
    """Two sides, `a` and `b`, and for each thing that they have who keeps it."""

    sides: Annotated[list[Side], Field(min_length=2, max_length=2)]
    things: Annotated[list[Keeps], Field(max_length=200)] = Field(default_factory=list)


class SplitAnswer(Answer):
    """Both new households, in the order of the sides. Nothing tells of one beside the other again."""

    households: list[HouseholdAnswer]


def split(household: Household, wish: Split, *, by: Me, at: datetime) -> list[Household]:
    """Two new cards with new codes; the old one stays as a bare row that finds nobody."""
    household = households.not_split(households.locked(household.id))
    if household.identity is None or household.merged_into_id:
        raise NotThere(_("This household was erased or merged. Write down who they are anew."))
    homes = [_side(household, wish, turn, by=by, at=at) for turn in (0, 1)]
    kept = [[thing.code for thing in wish.things if thing.side == side] for side in ("a", "b")]
    lending.part(household, list(zip(homes, kept, strict=True)), wish, by=by, at=at)
    for wing in WINGS:
        wing.erase(household)
    copies.let_go(household, at=at)
    code, centre, sides = household.code, household.centre_id, [home.code for home in homes]
    act = history.record("split", wish, by=by, at=at, subject=code, centre_id=centre, sides=sides)
    household.split_at = act.occurred_at
    return homes


def _side(old: Household, wish: Split, turn: int, *, by: Me, at: datetime) -> Household:
    """A card for one of them, followed as before; whoever said no before has said no."""
    side, number = wish.sides[turn], uuid5(wish.id, f"side/{turn}")
    said = NewHousehold(id=number, name=side.name, contact=side.contact, language=side.language)
    home = households.add(said, by=by, at=at)
    if home.identity and old.identity:
        home.identity.referent_id = old.identity.referent_id
    for row in oppositions.standing(old):
        oppositions.oppose(home, Oppose(id=uuid5(number, row.what), what=row.what), by=by, at=at)
    return home


def of_act(act: history.Act) -> list[Household]:
    """Both sides, for a repeat."""
    found = session().scalars(select(Household).where(Household.code.in_(act.told["sides"]))).all()
    return sorted(found, key=lambda home: list(act.told["sides"]).index(home.code))
