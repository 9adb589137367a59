"""The loan agreement: its text is filled and sealed with the hand-over, then shown; pages.py draws it.

Text and law: domain.md 3 and 9.7 (Code civil 1875-1891; clause 8 sets article 1883 aside whenever a value is printed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from sqlalchemy import select, update

from app.db import change_where, note, session
from app.inventory.models import Device
from app.inventory.programmes import SHIPPED
from app.lending import filling, policy, wording
from app.lending.condition import Look, in_french
from app.lending.forms import Lend
from app.lending.models import Agreement, Loan
from app.people.models import Centre, Household
from app.people.roles import Me
from app.times import add_months, day_of
from app.web.looks import french_money, spoken_day
from app.words import fold
from labels import codes

# A value printed would make an accident the borrower's (Code civil 1883): never print one without this.
_AGAINST_1883 = (
    "Si une valeur est indiquée dans la liste, elle sert seulement à l’inventaire : par accord entre nous, et "
    "contrairement à l’article 1883 du Code civil, vous ne payez pas une perte due à un accident ou à un événement "
    "que vous ne pouviez pas empêcher."
)
KEPT_MONTHS = 60  # five years after the return: prescription of article 2224 of the Code civil


def words_of(
    wish: Lend,
    household: Household,
    devices: Sequence[Device],
    known: Mapping[int, Any],
    looks: Sequence[Look],
    *,
    by: Me,
    at: datetime,
) -> str:
    """The agreement of this loan, in French, filled with what it is about. `known`: what leaving.facts_of tells."""
    facts = [known[d.id] for d in devices]
    centre = facts[0]  # all of them leave the same one
    who_lends = _who_lends(
        organisation=centre.organisation,
        address=centre.organisation_address,
        centre=centre.centre,
        town=centre.town,
        phone=centre.phone or centre.organisation_phone,
        contact=centre.privacy_contact,
        cap=centre.cap_cents,
    )
    return filling.filled(
        wording.of_version(centre.terms),
        who_lends
        | {
            "numero": wish.id.hex[:8].upper(),
            "agent": by.name,
            "nom": household.name,
            "foyer": codes.grouped(household.code),
            "date_fin": in_words(wish.due_on),
            "date_debut": in_words(day_of(at)),
            "materiel": "\n".join(_thing(d, f.parts, look) for d, f, look in zip(devices, facts, looks, strict=True)),
            "proprietaire": ", ".join(sorted({f.owner for f in facts})),
            "article_1883": _AGAINST_1883 if any(d.stated_value_cents is not None for d in devices) else "",
            "caution": deposit_line(centre.deposit_cents),
            "union_europeenne": _funding(devices, known),
        },
    )


def _who_lends(
    *, organisation: str, address: str, centre: str, town: str, phone: str, contact: str, cap: int | None
) -> dict[str, str]:
    return {
        "organisation": organisation,
        "adresse": address or town or centre,
        "centre": centre,
        "telephone": phone or "—",
        "lieu": town or centre,
        "plafond": french_money(cap) if cap is not None else "",
        "contact_rgpd": contact or f"tél. {phone or '—'}",
    }


def blank(centre: Centre, number: str) -> str:
    """The same text with room to write by hand, for a form printed ahead."""
    room = dict.fromkeys(("agent", "nom", "foyer", "date_debut", "date_fin"), "." * 40)
    things = "\n".join(["– " + "." * 110] * 3)
    owner = f"{centre.organisation.name} ou l’organisme nommé sur l’étiquette"
    return _unsent(centre, wording.of_version(centre.terms), room, number, things, owner)


def tried(centre: Centre, words: str) -> str:
    """A text that may come, filled with invented people."""
    room = {"agent": "Nadia Exemple", "nom": "Odile Exemple", "foyer": "FBCD FGHJ"}
    room |= {"date_debut": "mardi 1er décembre 2026", "date_fin": "lundi 1er mars 2027"}
    things = "– Un ordinateur, DBCD FGHJ ; avec chargeur ; valeur pour l’inventaire 450,00\u00a0€"
    return _unsent(centre, words, room, "EXEMPLE", things, centre.organisation.name)


def _unsent(centre: Centre, words: str, people: Mapping[str, str], number: str, things: str, owner: str) -> str:
    """The text of no loan yet, of this centre."""
    who = centre.organisation
    who_lends = _who_lends(
        organisation=who.name,
        address=who.address,
        centre=centre.name,
        town=centre.town,
        phone=centre.phone or who.phone,
        contact=who.privacy_contact,
        cap=(terms := policy.of(centre.id)).cap_cents,
    )
    known = {
        "numero": number,
        "materiel": things,
        "proprietaire": owner,
        "article_1883": _AGAINST_1883,
        "caution": deposit_line(terms.deposit_cents),
        "union_europeenne": "14. L’Union européenne. Le matériel qui porte l’emblème européen est cofinancé.",
    }
    return filling.filled(words, {**who_lends, **people, **known})


def deposit_line(cents: int | None) -> str:
    """What clause 9 says of a deposit."""
    if cents is None:
        return "Aucune caution n’est demandée."
    return (
        f"Vous remettez un chèque de {french_money(cents)}. Le centre s’engage à ne pas l’encaisser pendant le prêt "
        "et à vous le rendre au retour du matériel."
    )


@lru_cache(maxsize=500)
def in_words(day: date) -> str:
    """A day as a French letter says it, in full."""
    return spoken_day(format_date(day, "EEEE d MMMM y", locale="fr"), "fr")


def _thing(device: Device, parts_of_it: Sequence[str], look: Look) -> str:
    parts = [f"{device.name}, {codes.grouped(device.code)}"]
    if device.serial_number:
        parts.append(f"n° de série {device.serial_number}")
    missing = {fold(part) for part in look.missing}
    if goes_with := [part for part in parts_of_it if fold(part) not in missing]:
        parts.append("avec " + ", ".join(goes_with))
    if look.missing:
        parts.append("sans " + ", ".join(look.missing))
    if look.points:
        parts.append("déjà noté\u00a0: " + in_french(look.points))
    if device.stated_value_cents is not None:
        parts.append(f"valeur pour l’inventaire {french_money(device.stated_value_cents)}")
    return "– " + " ; ".join(parts)


def _funding(devices: Sequence[Device], known: Mapping[int, Any]) -> str:
    """The statement of each period that paid for one of these things."""
    settled = {d.programme: known[d.id].statement for d in devices if d.programme}
    if not settled:
        return ""
    said = " ; ".join(", ".join((settled[p] or SHIPPED[p].statement).splitlines()) for p in sorted(settled))
    return f"14. L’Union européenne. Ce matériel est cofinancé. {said}."


def version_in_force(known: Mapping[int, Any]) -> str:
    """The version of the text under which the centre of these things lends."""
    return next(iter(known.values())).terms or wording.SHIPPED


def keep(loan: Loan, version: str, words: str, seal_id: int) -> None:
    note(Agreement, centre_id=loan.centre_id, loan_id=loan.id, version=version, words=words, seal_id=seal_id)


def of_loan(loan: Loan) -> Agreement | None:
    query = select(Agreement).where(Agreement.loan_id == loan.id, Agreement.centre_id == loan.centre_id)
    return session().scalar(query)


def let_go(loan: Loan, day: date) -> None:
    """The loan is over: from now on the agreement is kept for five years, then its words go."""
    _keep_until(loan, end_of(day))


def end_of(day: date) -> date:
    """Until when the agreement of a loan that ended on that day is kept."""
    return add_months(day, KEPT_MONTHS)


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
