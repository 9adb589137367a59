"""What a household may ask for: to be forgotten, and to be one card instead of two."""

from __future__ import annotations

from datetime import datetime

from app import history
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
    lending.check_erasable(household)
    gone = [name for wing in WINGS for name in wing.erase(household)]
    copies.let_go(household, at=at)
    history.record("erase", wish, by=by, at=at, subject=household.code, centre_id=household.centre_id, gone=gone)
    return household


def merge(household: Household, wish: Merge, *, by: Me, at: datetime) -> Household:
    """Make one card of two: the loans move, the double's code goes on finding the one kept."""
    kept = households.get(wish.into, by)
    if kept.id == household.id:
        words = _("These are the same card.")
        raise Refused("same_household", words, fields={"into": words})
    for wing in WINGS:
        wing.merge(household, kept)
    history.record("merge", wish, by=by, at=at, subject=household.code, centre_id=household.centre_id, into=kept.code)
    return kept
