"""What `flask verify` asks of people: households were written down, merged and erased by acts, where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.db import once, walk
from app.history import Act, of_kind
from app.people.closures import check_closures
from app.people.households import contact_of
from app.people.models import Household, HouseholdIdentity
from app.words import fold
from labels import codes


def check_people() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from _check_households()
    yield from _check_identities()
    yield from check_closures()


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
    gone = {act.subject for act in of_kind("erase", "merge")}
    query = select(Household, Act).outerjoin(Act, (Act.subject == Household.code) & (Act.kind == "household_new"))
    for row, act in walk(query):
        told = (act.centre_id, act.recorded_at) if act is not None else None
        if not codes.is_right(row.code) or told != (row.centre_id, row.known_since):
            yield f"household {row.id}: no act wrote it down in this centre"
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
