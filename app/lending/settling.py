"""What was done about a letter to print, a visit to plan or a loan to decide about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import history
from app.db import change, session
from app.errors import NotThere, Refused
from app.lending import reaching
from app.lending.reminder_forms import Reopen, Settle
from app.lending.reminder_models import Reminder
from app.people.roles import Me
from app.words import _

# What can be said of each.
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "letter": ("sent", "not_needed"),
    "visit": ("done", "not_needed"),
    "decision": ("decided",),
}


def get(uuid: str, me: Me) -> Reminder:
    """The reminder, if it is of the centre this person works in. Raises `NotThere`."""
    try:
        query = select(Reminder).where(Reminder.centre_id == me.people_of, Reminder.uuid == UUID(uuid))
    except ValueError:
        raise _not_there() from None
    found = session().scalar(query)
    if found is None:
        raise _not_there()
    return found


def to_print(uuid: str, me: Me) -> Reminder:
    """A letter, as long as they want reminders and have an address that may be used. Raises `NotThere`."""
    row = get(uuid, me)
    if row.words is None or not reaching.of_all([row.household])[row.household_id].means("letter"):
        raise NotThere(_("They have no address that may be used, or want no reminders."))
    return row


def _not_there() -> NotThere:
    return NotThere(_("There is no such reminder."))


def settle(row: Reminder, wish: Settle, *, by: Me, at: datetime) -> Reminder:
    if wish.outcome not in OUTCOMES.get(row.way, ()):
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"outcome": words})
    if row.way == "decision" and not by.may("hold"):
        raise Refused("forbidden", _("The manager decides about this."), status=403)
    if row.outcome is not None:
        raise Refused("already_settled", _("Somebody saw to this already."))
    facts = {"reminder": row.uuid.hex, "outcome": wish.outcome}
    subject, centre_id = row.household.code, row.centre_id
    act = history.record("reminder_done", wish, by=by, at=at, subject=subject, centre_id=centre_id, **facts)
    change(row, outcome=wish.outcome, done_act_id=act.id)
    return row


def reopen(row: Reminder, wish: Reopen, *, by: Me, at: datetime) -> Reminder:
    """It was a mistake: it waits again."""
    if row.outcome is None:
        raise Refused("not_settled", _("This waits already."))
    facts = {"reminder": row.uuid.hex}
    subject, centre_id = row.household.code, row.centre_id
    history.record("reminder_reopen", wish, by=by, at=at, subject=subject, centre_id=centre_id, **facts)
    change(row, outcome=None, done_act_id=None)
    return row


def of_act(act: history.Act) -> Reminder:
    return session().scalars(select(Reminder).where(Reminder.uuid == UUID(act.told["reminder"]))).one()
