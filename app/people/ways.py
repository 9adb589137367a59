"""How a household is reached: by phone, by mail, by post, through whoever follows them; and whether to remind them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.db import session
from app.people.card_models import HouseholdCard, Opposition
from app.people.models import Household


@dataclass(frozen=True)
class Way:
    """`kind`: phone, mail, post, via_referent. `to`: the number, the address, or the name of who follows them."""

    kind: str
    to: str


@dataclass(frozen=True)
class Ways:
    """The ways known, the one wished for reminders first; and whether reminders may be sent at all."""

    known: tuple[Way, ...] = ()
    may_remind: bool = False


def of(household: Household) -> Ways:
    """The ways of a household; none once they are erased. An address that is not to be shown is no way to write to."""
    return of_all([household])[household.id]


def of_all(households: Collection[Household]) -> Mapping[int, Ways]:
    """The same of many, by their numbers, with one question for all."""
    said_no = select(Opposition.id).where(
        Opposition.household_id == Household.id, Opposition.what == "reminders", Opposition.until.is_(None)
    )
    query = select(Household.id, HouseholdCard, said_no.exists().label("said_no")).outerjoin(
        HouseholdCard, HouseholdCard.household_id == Household.id
    )
    numbers = [household.id for household in households]
    rows = {row.id: row for row in session().execute(query.where(Household.id.in_(numbers)))}
    return {one.id: _ways(one, rows[one.id].HouseholdCard, said_no=rows[one.id].said_no) for one in households}


def _ways(household: Household, card: HouseholdCard | None, *, said_no: bool) -> Ways:
    if household.identity is None:
        return Ways()
    wished = card.reminders if card else ""
    known = sorted(_known(household, card), key=lambda way: way.kind != wished)
    return Ways(tuple(known), may_remind=not (said_no or wished == "never"))


def _known(household: Household, card: HouseholdCard | None) -> Iterator[Way]:
    who = household.identity
    assert who is not None
    if who.contact:
        yield Way(who.contact_kind, who.contact)
    if card and card.also:
        yield Way(card.also_kind, card.also)
    if card and card.address and card.show_address:
        yield Way("post", card.address)
    if who.referent:
        yield Way("via_referent", who.referent.name)


def contact_of(text: str) -> tuple[str, str | None]:
    """`("phone", "0639980142")`, `("mail", "…@…")`, or `("via_referent", None)` when nothing reachable was written."""
    digits = "".join(c for c in text if c.isdigit() or c == "+")
    if "@" in text:
        return "mail", text.lower()
    if len(digits) >= 6:  # noqa: PLR2004 - the shortest numbers anyone calls
        return "phone", digits
    return "via_referent", None
