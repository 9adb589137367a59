"""What the day asks of what was agreed with households: wishes to answer, parts still owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.lending import deposits, owed, requests
from app.people.roles import Me
from app.web.looks import short_day as said
from app.words import _, _n


@dataclass(frozen=True)
class Agreed:
    """One line: its picture, what it is about, what about it, and the address where it is seen to."""

    icon: str
    name: str
    words: Any
    page: str
    told: dict[str, Any]


def matters(me: Me, day: date) -> list[Agreed]:
    """The lines of this person's centre; none for whom its people are not open."""
    return [*_wishes(me), *_cheques(me, day), *_owed(me)] if me.people_of else []


def _wishes(me: Me) -> Iterator[Agreed]:
    for row in requests.waiting(me):
        words = _("Asks to keep it until %(day)s: it waits for an answer.", day=said(row.wished_on))
        yield Agreed("calendar", row.loan.household.name, words, "lending.show", {"uuid": row.loan.uuid})


def _cheques(me: Me, day: date) -> Iterator[Agreed]:
    """A cheque that should be given back, or whose year is nearly over."""
    for row in deposits.to_see_to(me, day):
        words = _("The loan is over: give the cheque back.")
        if not row.loan.closed_at:
            words = _(
                "Its cheque is good until %(day)s: ask for another or do without.", day=said(deposits.good_until(row))
            )
        yield Agreed("euro", row.loan.household.name, words, "lending.show", {"uuid": row.loan.uuid})


def _owed(me: Me) -> Iterator[Agreed]:
    if count := owed.count_open(me):
        words = _n("%(num)d part is still owed.", "%(num)d parts are still owed.", count)
        yield Agreed("plug", _("Still owed"), words, "owed.list_owed", {})
