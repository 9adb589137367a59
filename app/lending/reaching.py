"""Whether a household may be reminded, and how it is reached: the one place that asks people's rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.db import session
from app.lending.reminder_models import Reminder
from app.mail import Letter
from app.people import households
from app.people.models import Household
from app.people.ways import Way

BY: Mapping[str, str] = {"mail": "mail", "phone": "call", "via_referent": "call", "post": "letter"}  # way of a reminder


@dataclass(frozen=True)
class Reach:
    """`ways`: the one they wish first. An address from which letters came back, or that is not to be shown, is none."""

    may_remind: bool = False
    ways: tuple[Way, ...] = ()

    def by(self, kind: str) -> str:
        """Where they are reached by this way; nothing when they are not."""
        return next((way.to for way in self.ways if way.kind == kind), "")

    def means(self, way: str) -> bool:
        """Whether a reminder by this way still means something: the centre decides whatever they wish."""
        return way == "decision" or (self.may_remind and (way != "letter" or bool(self.by("post"))))

    @property
    def wished(self) -> str:
        return self.ways[0].kind if self.ways else ""


def of(household: Household) -> Reach:
    """How to reach them; a mail address from which letters came back is asked for here alone."""
    reach = of_all([household])[household.id]
    ways = (way for way in reach.ways if way.kind != "mail" or not bounced(household, way.to))
    return Reach(reach.may_remind, tuple(ways))


def of_all(homes: Collection[Household]) -> Mapping[int, Reach]:
    """The same of many at once. Nobody is written to who was erased, merged or split, or who wants no reminders."""
    known = households.ways_of(homes)
    return {
        home.id: Reach(known[home.id].may_remind and not (home.merged_into_id or home.split_at), known[home.id].known)
        for home in homes
    }


def bounced(household: Household, address: str) -> Letter | None:
    """The newest reminder to this address that did not arrive, unless a later one did leave."""
    query = select(Letter).join(Reminder, Reminder.letter_id == Letter.id)
    theirs = query.where(Reminder.household_id == household.id, Letter.address == address, Letter.next_try_at.is_(None))
    newest = session().scalar(theirs.order_by(Letter.id.desc()).limit(1))
    return newest if newest is not None and newest.failed else None


def postal(household: Household) -> list[str]:
    """What stands in the window of an envelope: the name, then the address, when it may be used."""
    return [household.name, *of(household).by("post").splitlines()]
