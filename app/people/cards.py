"""The rest of a household's card: who else lives there, who sent them, a second contact, an address when needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import inspect

from app import history
from app.db import session
from app.errors import NotThere, Refused
from app.people.card_models import BANDS, HouseholdCard
from app.people.forms import Adult, EditHousehold, ShowAddress
from app.people.models import Household
from app.people.roles import Me
from app.people.ways import contact_of
from app.words import Sentence, _, fold

FIELDS = (
    "adults", "minors", "guardian", "interpreter", "prescriber", "also", "reminders", "address", "address_for",
    "show_address",
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """An adult of the household: whether they may sign, and whether they are a legal guardian of the minors."""

    name: str
    signs: bool
    guardian: bool


def of(household: Household) -> HouseholdCard:
    """The card; an empty one, which is not kept, when none was ever written."""
    return session().get(HouseholdCard, household.id) or _empty(household)


def adults(household: Household) -> list[Member]:
    """Who may be spoken to, the one the card is named after first; nobody once they are erased."""
    if household.identity is None:
        return []
    card = of(household)
    return [Member(household.identity.name, signs=True, guardian=card.guardian), *(Member(**a) for a in card.adults)]


def written(household: Household) -> dict[str, Any]:
    """The card as `EditHousehold` names it, to draw the form with."""
    card = of(household)
    return {name: getattr(card, name) for name in FIELDS} | {
        "minors": [{"band": band, "count": card.minors.get(band, 0)} for band in BANDS]
    }


def wanted(household: Household, wish: EditHousehold) -> dict[str, Any] | None:
    """What the card becomes; None when nothing was said of it, or nothing that an empty card does not say.

    Raises `Refused` (422) with the fields that do not go together.
    """
    said = set(FIELDS) if wish.whole else wish.model_fields_set & set(FIELDS)
    if not said:
        return None
    becomes = _values(of(household)) | _told(wish, said, household)
    _check(becomes, wish)
    there = session().get(HouseholdCard, household.id) is not None
    return becomes if there or becomes != _values(_empty(household)) else None


def keep(household: Household, becomes: Mapping[str, Any], act: history.Act) -> None:
    card = of(household)
    for name, value in (dict(becomes) | {"act_id": act.id}).items():
        setattr(card, name, value)
    session().add(card)
    session().flush()


def show_address(household: Household, wish: ShowAddress, *, by: Me, at: datetime) -> Household:
    """Somebody looks at an address that is not to be shown: the journal keeps that they did, not the address."""
    if not of(household).address:
        raise NotThere(_("No address is kept for this household."))
    history.record("address_shown", wish, by=by, at=at, subject=household.code, centre_id=household.centre_id)
    return household


def tell(household: Household) -> dict[str, object]:
    """For their copy: what is written on the card, if anything is."""
    card = session().get(HouseholdCard, household.id)
    if card is None:
        return {}
    return {name: getattr(card, name) for name in FIELDS}


def erase(household: Household) -> list[str]:
    card = session().get(HouseholdCard, household.id)
    if card is None:
        return []
    session().delete(card)
    session().flush()
    return ["card"]


def merge(double: Household, kept: Household) -> None:
    """The kept card's answers stay; the people are those of both, nobody twice; a no on either card is a no."""
    theirs = session().get(HouseholdCard, double.id)
    if theirs is None:
        return
    card = session().get(HouseholdCard, kept.id) or _empty(kept, act_id=theirs.act_id, guardian=theirs.guardian)
    card.adults = _once([*card.adults, *theirs.adults], kept)
    counts = {band: max(card.minors.get(band, 0), theirs.minors.get(band, 0)) for band in BANDS}
    card.minors = {band: count for band, count in counts.items() if count}
    card.interpreter = card.interpreter or theirs.interpreter
    card.show_address = card.show_address and theirs.show_address
    card.reminders = "never" if theirs.reminders == "never" else card.reminders
    session().add(card)
    session().flush()


def _empty(household: Household, **over: Any) -> HouseholdCard:
    numbers = {"household_id": household.id, "centre_id": household.centre_id}
    texts = dict.fromkeys(("prescriber", "also", "also_kind", "reminders", "address", "address_for"), "")
    flags = {"guardian": True, "interpreter": False, "show_address": True}
    return HouseholdCard(**(numbers | texts | flags | {"adults": [], "minors": {}} | over))


def _values(card: HouseholdCard) -> dict[str, Any]:
    """What people wrote on it, by column."""
    names = {column.key for column in inspect(HouseholdCard).column_attrs}
    return {name: getattr(card, name) for name in names - {"household_id", "centre_id", "act_id"}}


def _told(wish: EditHousehold, said: set[str], household: Household) -> dict[str, Any]:
    """What was said, by column: tidy, nobody twice, no band without anyone in it."""
    told = {name: getattr(wish, name) for name in said}
    if "adults" in said:
        told["adults"] = _once((_plain(one) for one in wish.adults if one.name), household, wish.name)
    if "minors" in said:
        told["minors"] = {one.band: one.count for one in wish.minors if one.count}
    if "also" in said:
        kind, contact = contact_of(wish.also)
        told |= {"also": contact or "", "also_kind": kind if contact else ""}
    return told | _no_address(told, of(household))


def _no_address(told: Mapping[str, Any], card: HouseholdCard) -> dict[str, Any]:
    """None was given; or one that nobody sees while they change the card is no longer needed for anything."""
    unseen = not card.show_address and told.get("address") == card.address and told.get("address_for") == ""
    if unseen or (told.get("address") == "" and not told.get("address_for")):
        return {"address": "", "address_for": "", "show_address": True}
    return {}


def _plain(one: Adult) -> dict[str, Any]:
    return {"name": one.name, "signs": one.signs, "guardian": one.guardian}


def _once(people: Iterable[dict[str, Any]], household: Household, name: str = "") -> list[dict[str, Any]]:
    """Each name once, however it is spelled, and never the one the card is named after."""
    seen = {fold(name or household.name)}
    found = []
    for one in people:
        if (folded := fold(one["name"])) not in seen:
            seen.add(folded)
            found.append(one)
    return found


def _check(card: Mapping[str, Any], wish: EditHousehold) -> None:
    wrong: dict[str, Sentence] = {}
    if wish.also and not card["also"]:
        wrong["also"] = _("This is neither a phone number nor an e-mail address.")
    if card["address"] and not card["address_for"]:
        wrong["address_for"] = _("Say what the address is needed for. Without a need it is not kept.")
    if card["address_for"] and not card["address"]:
        wrong["address"] = _("Write the address, or say that none is needed.")
    if missing := _missing(card, contact_of(wish.contact)[0]):
        wrong["reminders"] = missing
    if wrong:
        raise Refused("invalid", _("Something is missing or not right."), status=422, fields=wrong)


def _missing(card: Mapping[str, Any], first: str) -> Sentence | None:
    """What is not known yet of the way wished for reminders."""
    wished = card["reminders"]
    if wished in {"phone", "mail"} and wished not in {first, card["also_kind"]}:
        return _("Write the phone number first.") if wished == "phone" else _("Write the e-mail address first.")
    if wished == "post" and not (card["address"] and card["show_address"]):
        return _("A letter needs an address that may be shown.")
    return None
