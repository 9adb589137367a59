"""The loan agreement: its text is filled and sealed with the hand-over, then shown; pages.py draws it.

Text and law: domain.md 3 and 9.7 (Code civil 1875-1891; clause 8 sets article 1883 aside whenever a value is printed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from sqlalchemy import select, update

from app.db import change_where, note, session
from app.inventory.models import Device
from app.lending.forms import Lend
from app.lending.models import Agreement, Loan
from app.people.models import Household
from app.people.roles import Me
from app.times import add_months, day_of
from app.web.looks import french_money, spoken_day
from labels import FUNDING, codes

VERSION = "fr-1"
VERSIONS = {path.stem for path in (Path(__file__).parent / "terms").glob("*.txt")}
KEPT_MONTHS = 60  # five years after the return: prescription of article 2224 of the Code civil


def words_of(
    wish: Lend, household: Household, devices: Sequence[Device], known: Mapping[int, Any], *, by: Me, at: datetime
) -> str:
    """The agreement of this loan, in French, filled with what it is about. `known`: what leaving.facts_of tells."""
    facts = [known[d.id] for d in devices]
    centre = facts[0]  # all of them leave the same one
    filled = {
        "number": wish.id.hex[:8].upper(),
        "organisation": centre.organisation,
        "centre": centre.centre,
        "phone": centre.phone or centre.organisation_phone or "—",
        "town": centre.town or centre.centre,
        "staff": by.name,
        "name": household.name,
        "household": codes.grouped(household.code),
        "due": _day(wish.due_on),
        "start": _day(day_of(at)),
        "things": "\n".join(_thing(d, f.parts) for d, f in zip(devices, facts, strict=True)),
        "owners": ", ".join(sorted({f.owner for f in facts})),
        "funding": _funding({d.programme for d in devices if d.programme}),
    }
    return _terms(VERSION).format_map(filled)


@cache
def _terms(version: str) -> str:
    return (Path(__file__).parent / "terms" / f"{version}.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=500)
def _day(day: date) -> str:
    return spoken_day(format_date(day, "EEEE d MMMM y", locale="fr"), "fr")


def _thing(device: Device, goes_with: Sequence[str]) -> str:
    parts = [f"{device.name}, {codes.grouped(device.code)}"]
    if device.serial_number:
        parts.append(f"n° de série {device.serial_number}")
    if goes_with:
        parts.append("avec " + ", ".join(goes_with))
    if device.stated_value_cents is not None:
        parts.append(f"valeur pour l’inventaire {french_money(device.stated_value_cents)}")
    return "– " + " ; ".join(parts)


def _funding(programmes: set[str]) -> str:
    if not programmes:
        return ""
    said = " ; ".join(", ".join(FUNDING[p].statement) for p in sorted(programmes))
    return f"\n14. L’Union européenne. Ce matériel est cofinancé. {said}.\n"


def keep(loan: Loan, words: str, seal_id: int) -> None:
    note(Agreement, centre_id=loan.centre_id, loan_id=loan.id, version=VERSION, words=words, seal_id=seal_id)


def of_loan(loan: Loan) -> Agreement | None:
    query = select(Agreement).where(Agreement.loan_id == loan.id, Agreement.centre_id == loan.centre_id)
    return session().scalar(query)


def let_go(loan: Loan, day: date) -> None:
    """The loan is over: from now on the agreement is kept for five years, then its words go."""
    _keep_until(loan, end_of(day))


def end_of(day: date) -> date:
    """Until when the agreement of a loan that ended on that day is kept."""
    return add_months(day, KEPT_MONTHS)


def is_version(version: str) -> bool:
    return version in VERSIONS


def keep_on(loan: Loan) -> None:
    """The loan runs again: its agreement has no end yet."""
    _keep_until(loan, None)


def _keep_until(loan: Loan, day: date | None) -> None:
    change_where(Agreement, {"loan_id": loan.id, "centre_id": loan.centre_id}, keep_until=day)


def destroy_outdated(*, day: date, at: datetime) -> int:
    """Chore: the words of agreements whose time is over go; the seal with its hash stays."""
    due = (Agreement.keep_until < day) & Agreement.words.is_not(None)
    done = session().execute(update(Agreement).where(due).values(words=None, destroyed_at=at))
    return int(done.rowcount)  # type: ignore[attr-defined]
