"""What a household says no to (GDPR article 21): figures about them, reminders. Said and taken back by acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from app import history
from app.db import session
from app.errors import NotThere, Refused
from app.people.card_models import Opposition
from app.people.forms import Oppose, Withdraw
from app.people.models import Household
from app.people.roles import Me
from app.words import _


def of(household: Household) -> Sequence[Opposition]:
    """All they ever said no to, the oldest first."""
    query = select(Opposition).where(Opposition.household_id == household.id).order_by(Opposition.id)
    return session().scalars(query.where(Opposition.centre_id == household.centre_id)).all()


def standing(household: Household) -> list[Opposition]:
    return [row for row in of(household) if row.until is None]


def stands(household: Household, what: str) -> bool:
    """Whether they say no to `figures` or to `reminders` now."""
    return any(row.what == what for row in standing(household))


def oppose(household: Household, wish: Oppose, *, by: Me, at: datetime) -> Household:
    if household.identity is None:
        raise NotThere(_("This household was erased: nothing more is kept about them."))
    if stands(household, wish.what):
        raise Refused("already_opposed", _("This is written down already."))
    act = _record("oppose", household, wish, by=by, at=at)
    numbers = {"centre_id": household.centre_id, "household_id": household.id, "act_id": act.id}
    session().add(Opposition(what=wish.what, since=act.occurred_at, until=None, **numbers))
    session().flush()
    return household


def withdraw(household: Household, wish: Withdraw, *, by: Me, at: datetime) -> Household:
    """They no longer mind: what stands of this ends."""
    rows = [row for row in standing(household) if row.what == wish.what]
    if not rows:
        raise Refused("not_opposed", _("They do not say no to this."))
    act = _record("oppose_end", household, wish, by=by, at=at)
    for row in rows:
        row.until = act.occurred_at
    return household


def _record(kind: str, household: Household, wish: Oppose, *, by: Me, at: datetime) -> history.Act:
    code, centre = household.code, household.centre_id
    return history.record(kind, wish, by=by, at=at, subject=code, centre_id=centre, what=wish.what)


def tell(household: Household) -> list[dict[str, object]]:
    """For their copy: each time they said no, and until when."""
    return [
        {"what": row.what, "since": row.since.isoformat(), "until": row.until.isoformat() if row.until else None}
        for row in of(household)
    ]


def erase(household: Household) -> None:
    session().execute(delete(Opposition).where(Opposition.household_id == household.id))


def merge(double: Household, kept: Household) -> None:
    """Whoever said no on either card said no."""
    session().execute(update(Opposition).where(Opposition.household_id == double.id).values(household_id=kept.id))
