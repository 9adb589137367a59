"""What `flask verify` asks of people: households were written down, merged and erased by acts, where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.db import once, walk
from app.history import Act, of_kind
from app.people.card_models import HouseholdCard, Opposition
from app.people.models import Household, HouseholdIdentity
from app.people.ways import contact_of
from app.words import fold
from labels import codes


def check_people() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from _check_households()
    yield from _check_identities()
    yield from _check_cards()
    yield from _check_oppositions()


def kept_of(code: str | None, merged: dict[str, str]) -> str | None:
    """The code of the card that one became, however often it was merged."""
    seen: set[str] = set()
    while code in merged and code not in seen:
        seen.add(code)
        code = merged[code]
    return code


@once
def merges() -> dict[str, str]:
    """Which card gave way to which, as the journal tells it."""
    return {act.subject: str(act.told.get("into")) for act in of_kind("merge")}


def _check_households() -> Iterator[str]:
    merged, code_of = merges(), dict(walk(select(Household.id, Household.code)))
    gone = {act.subject for act in of_kind("erase", "merge", "split")}
    split = {act.subject: act.occurred_at for act in of_kind("split")}
    query = select(Household, Act).outerjoin(Act, (Act.subject == Household.code) & (Act.kind == "household_new"))
    for row, act in walk(query):
        told = (act.centre_id, act.recorded_at) if act is not None else None
        if not codes.is_right(row.code) or told != (row.centre_id, row.known_since):
            yield f"household {row.id}: no act wrote it down in this centre"
        if row.split_at != split.get(row.code):
            yield f"household {row.id}: no act split it then"
        became = kept_of(row.code, merged) if row.code in merged else None
        if code_of.get(row.merged_into_id or 0) != became:
            yield f"household {row.id}: no act merged it so"
        if (row.identity is None) != (row.code in gone):
            yield f"household {row.id}: who they are is there or gone against what the acts tell"


def _check_identities() -> Iterator[str]:
    rows = select(HouseholdIdentity, Household.centre_id).join(
        Household, Household.id == HouseholdIdentity.household_id
    )
    for who, centre_id in walk(rows):
        reached = contact_of(who.contact or "") == (who.contact_kind, who.contact)
        if who.centre_id != centre_id or who.folded != fold(who.name) or not reached:
            yield f"household_identity {who.household_id}: does not agree with its household"


def _check_cards() -> Iterator[str]:
    """A card is written by an act, beside a name; its second contact is one, and it goes with the name alone."""
    merged, wrote = merges(), {act.id: act for act in of_kind("household_edit") if act.told.get("card")}
    written = {kept_of(act.subject, merged) for act in wrote.values()}
    query = select(Household, HouseholdCard).outerjoin(HouseholdCard, HouseholdCard.household_id == Household.id)
    for home, card in walk(query):
        if card is None:
            if home.identity is not None and home.code in written:
                yield f"household {home.id}: its card is gone"
            continue
        act = wrote.get(card.act_id)
        if home.identity is None or act is None or kept_of(act.subject, merged) != home.code:
            yield f"household_card {home.id}: no act wrote it"
        also = contact_of(card.also) if card.also else ("", "")
        if card.centre_id != home.centre_id or also != (card.also_kind, card.also):
            yield f"household_card {home.id}: does not agree with its household"


def _check_oppositions() -> Iterator[str]:
    """A no is said and taken back by acts; it is there until the household is erased."""
    merged, ends = merges(), list(of_kind("oppose_end"))
    there = dict(walk(select(Opposition.act_id, Opposition.id)))
    query = select(Opposition, Act, Household).join(Act, Act.id == Opposition.act_id)
    for row, act, home in walk(query.join(Household, Household.id == Opposition.household_id)):
        told = (act.kind, act.told.get("what"), act.occurred_at, act.centre_id, kept_of(act.subject, merged))
        if told != ("oppose", row.what, row.since, row.centre_id, home.code):
            yield f"opposition {row.id}: not what its act tells of"
        later = [end for end in ends if end.id > act.id and end.told.get("what") == row.what]
        over = {end.occurred_at for end in later if kept_of(end.subject, merged) == home.code}
        if (row.until is not None or any(end.subject == act.subject for end in later)) and row.until not in over:
            yield f"opposition {row.id}: no act took it back then"
    gone = {act.subject for act in of_kind("erase", "split")}
    for act in of_kind("oppose"):
        if act.id not in there and kept_of(act.subject, merged) not in gone:
            yield f"opposition: the one of act {act.id} is gone"
