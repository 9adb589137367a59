"""What `flask verify` asks of people: each household was written down by an act, in the centre where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.db import session
from app.history import Act
from app.people.models import Household, HouseholdIdentity
from app.words import fold
from labels import codes


def check_people() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    query = select(Household, Act.centre_id).outerjoin(
        Act, (Act.subject == Household.code) & (Act.kind == "household_new")
    )
    for household, centre_id in session().execute(query).yield_per(1000):
        if not codes.is_right(household.code) or centre_id != household.centre_id:
            yield f"household {household.id}: no act wrote it down in this centre"
    rows = select(HouseholdIdentity, Household.centre_id).join(
        Household, Household.id == HouseholdIdentity.household_id
    )
    for who, centre_id in session().execute(rows).yield_per(1000):
        if who.centre_id != centre_id or who.folded != fold(who.name):
            yield f"household_identity {who.household_id}: does not agree with its household"
