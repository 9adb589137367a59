"""What a household may ask for: to be forgotten, and to be one card instead of two."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import history
from app.db import session
from app.errors import Refused
from app.inputs import Act, HouseholdCode
from app.lending import privacy as lending
from app.people import households
from app.people.models import Household
from app.people.roles import Me
from app.privacy import copies
from app.privacy.wings import WINGS
from app.words import _


class Erase(Act):
    """The household asks to be forgotten."""


class Merge(Act):
    """Two cards for the same household: this one gives way to `into`."""

    into: HouseholdCode


def erase(household: Household, wish: Erase, *, by: Me, at: datetime) -> Household:
    """Forget who they are (GDPR article 17); the bare row, and what a named duty keeps, stay."""
    household = households.locked(household.id)
    lending.check_erasable(household)
    gone = [name for wing in WINGS for name in wing.erase(household)]
    copies.let_go(household, at=at)
    history.record("erase", wish, by=by, at=at, subject=household.code, centre_id=household.centre_id, gone=gone)
    return household


def merge(household: Household, wish: Merge, *, by: Me, at: datetime) -> Household:
    """Make one card of two: the loans move, the double's code goes on finding the one kept."""
    household, kept = _both(household, households.get(wish.into, by))
    for wing in WINGS:
        wing.merge(household, kept)
    history.record("merge", wish, by=by, at=at, subject=household.code, centre_id=household.centre_id, into=kept.code)
    return kept


def merged(act: history.Act) -> Household:
    """The card that was kept, for a repeat."""
    return session().scalars(select(Household).where(Household.code == act.told["into"])).one()


def _both(double: Household, kept: Household) -> tuple[Household, Household]:
    """The two cards, locked; refused when they are one already, or when nobody is known on the one to be kept."""
    locked = {number: households.locked(number) for number in sorted({double.id, kept.id})}
    double, kept = (households.not_split(locked[number]) for number in (double.id, kept.id))
    if kept.id == double.id or double.merged_into_id:
        words = _("These are the same card.")
        raise Refused("same_household", words, fields={"into": words})
    if kept.identity is None:
        words = _("Who this household is was erased: keep the other card.")
        raise Refused("household_unknown", words, fields={"into": words})
    return double, kept
