"""Whether a household may be reminded, and how it is reached: the one place that asks people's rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.db import session
from app.lending.reminder_models import Reminder
from app.mail import Letter
from app.people.models import Household


@dataclass(frozen=True)
class Way:
    """`kind` is mail or phone."""

    kind: str
    to: str


def may_remind(household: Household) -> bool:
    """Nobody is written to who was erased or merged."""
    return household.identity is not None and household.merged_into_id is None


def ways(household: Household) -> list[Way]:
    """How to reach them, the way they like best first; an address from which letters came back is none."""
    who = household.identity
    if who is None or not who.contact or who.contact_kind not in {"mail", "phone"}:
        return []
    found = [Way(str(who.contact_kind), who.contact)]
    return [way for way in found if way.kind != "mail" or not bounced(household, way.to)]


def bounced(household: Household, address: str) -> Letter | None:
    """The newest reminder to this address that did not arrive, unless a later one did leave."""
    query = select(Letter).join(Reminder, Reminder.letter_id == Letter.id)
    theirs = query.where(Reminder.household_id == household.id, Letter.address == address, Letter.next_try_at.is_(None))
    newest = session().scalar(theirs.order_by(Letter.id.desc()).limit(1))
    return newest if newest is not None and newest.failed else None


def postal(household: Household) -> list[str]:
    """Who stands in the window of an envelope: the name, then the address where one is known."""
    return [household.name]
