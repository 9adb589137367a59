"""The loop over the wings. A new wing that holds people's rows joins the list below and offers the same functions."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType

from app import history
from app.errors import Refused
from app.inputs import Act, HouseholdCode
from app.lending import privacy as lending
from app.people import households
from app.people.models import Household
from app.people.roles import Me
from app.words import _

WINGS: tuple[ModuleType, ...] = (lending, households)  # from the top floor down: people's own rows go last


class Erase(Act):
    """The household asks to be forgotten."""


class Merge(Act):
    """Two cards for the same household: this one gives way to `into`."""

    into: HouseholdCode


def tell(household: Household) -> dict[str, object]:
    """Everything the house knows of these people, for the copy they are owed (GDPR article 15)."""
    copy: dict[str, object] = {}
    for wing in WINGS:
        copy |= wing.tell(household)
    return copy


def erase(household: Household, wish: Erase, *, by: Me, at: datetime) -> Household:
    """Forget who they are (GDPR article 17); the bare row, and what a named duty keeps, stay."""
    lending.check_erasable(household)
    gone = [name for wing in WINGS for name in wing.erase(household)]
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
