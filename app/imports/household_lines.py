"""Households from a table: found by their code or their name, written down when they are new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Select

from app.db import session
from app.imports import kinds
from app.imports.kinds import Change, Field, Line, LineByLine, Step
from app.inputs import faults_of
from app.people import households, ways
from app.people.forms import EditHousehold, NewHousehold
from app.people.models import Household, HouseholdIdentity
from app.people.roles import Me
from app.words import _, fold
from labels import codes

NAME = Field(
    "household", _("Household"),
    ("household", "foyer", "emprunteur", "emprunteuse", "borrower", "nom du foyer", "nom de l'emprunteur",
     "prete a",
     "lent to", "associe a : nom complet", "checked out to: full name", "associe a : nom",
     "checked out to: last name",
     "extrait vers", "checked out to", "date de liberation", "checked out", "borrower last name",
     "delegation borrower last name",
     "custodian", "custody", "utilisateur", "user", "usager", "alternate username", "beneficiaire", "famille",
     "nom complet", "full name", "lastname", "last name", "nom de famille"),
)  # fmt: skip
FIRST = Field(
    "first_name", _("First name"),
    ("first_name", "prenom", "first name", "firstname", "associe a : prenom", "checked out to: first name",
     "borrower first name"),
)  # fmt: skip
PHONE = Field(
    "phone", _("Phone"),
    ("phone", "telephone", "tel", "contact", "numero de telephone", "phone number", "telephone portable",
     "mobile", "gsm"),
)  # fmt: skip
MAIL = Field(
    "mail", _("E-mail"),
    ("mail", "e-mail", "email", "courriel", "adresse mail", "associe a : email", "checked out to: email"),
)  # fmt: skip
CODE = Field("household_code", _("Code of the household"), ("household_code", "code du foyer", "code of the household"))
LANGUAGE = Field("language", _("Language"), ("language", "langue"))
PEOPLE = (NAME, FIRST, PHONE, MAIL, CODE, LANGUAGE)
_LISTED_AS = (*NAME.known_as, "nom", "name")  # in a table of households a name is theirs
AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """Who a line means: a household that is there, or the name of one that is not."""

    household: Household | None
    wish: dict[str, str]


class Finder:
    """The households of a centre that some lines may mean, looked up together."""

    def __init__(self, lines: Sequence[Line], by: Me) -> None:
        names = {fold(name_of(line)) for line in lines} - {""}
        given = {code for line in lines if (code := codes.parse(line.says("household_code")))}
        self._by_name: dict[str, list[Household]] = {}
        for household in _some(households.search("", by), HouseholdIdentity.folded, names):
            self._by_name.setdefault(fold(household.name), []).append(household)
        self._by_code = {h.code: h for h in _some(households.seen_by(by), Household.code, given)}

    def find(self, step: Step) -> Found | None:
        """Whom the line means. None when that cannot be told: then the step has its faults."""
        line, wish = step.line, wish_of(step.line)
        if text := line.says("household_code"):
            found = self._by_code.get(codes.parse(text) or "")
            if found is None or found.identity is None:
                step.faults["household_code"] = _("No household of this centre has this code.")
                return None
            return Found(found, wish)
        if not wish["name"]:
            step.faults["household"] = _("Please fill this in.")
            return None
        return self._by_their_name(step, wish)

    def _by_their_name(self, step: Step, wish: dict[str, str]) -> Found | None:
        named = self._by_name.get(fold(wish["name"]), [])
        if not named or step.line.do == "new":
            return Found(None, wish)
        contact = ways.contact_of(wish["contact"])[1]
        same = [h for h in named if h.identity and contact in {None, h.identity.contact}]
        likely = same or named
        if len(likely) > 1:
            step.faults["household"] = _("Several households bear this name. Write the code of the right one.")
            return None
        if not same:
            step.double = _(
                "A household of this name is there, with another contact: %(code)s.", code=codes.grouped(likely[0].code)
            )
        return Found(likely[0], wish | {"name": likely[0].name})  # written in capitals or without accents: theirs stays


def _some(query: Select[Household], column: Any, wanted: Iterable[str]) -> list[Household]:
    found: list[Household] = []
    words = sorted(wanted)
    for first in range(0, len(words), AT_ONCE):
        found += session().scalars(query.where(column.in_(words[first : first + AT_ONCE])))
    return found


def name_of(line: Line) -> str:
    return " ".join(part for part in (line.says("first_name"), line.says("household")) if part)


def wish_of(line: Line) -> dict[str, str]:
    language = line.says("language").lower()[:2]
    wish = {"name": name_of(line), "contact": line.says("phone") or line.says("mail")}
    return wish | ({"language": language} if language.isalpha() and len(language) == 2 else {})  # noqa: PLR2004


def key_of(line: Line) -> tuple[str, ...] | None:
    if code := codes.parse(line.says("household_code")):
        return ("code", code)
    name = fold(name_of(line))
    return ("name", name, ways.contact_of(line.says("phone") or line.says("mail"))[1] or "") if name else None


def check(step: Step, wish: Mapping[str, str]) -> None:
    """The faults of a name or a contact, by our fields."""
    try:
        NewHousehold.model_validate(wish)
    except ValidationError as wrong:
        step.faults |= {
            {"name": "household", "contact": "phone"}.get(k, k): words for k, words in faults_of(wrong).items()
        }


def written(step: Step, found: Found, number: UUID, *, by: Me, at: datetime) -> Household:
    """The household, written down now unless an earlier line of the file did."""
    if found.household is not None:
        return found.household
    now = Step(step.line, "new") if step.line.do == "new" else Step(step.line, "same")
    again = Finder([step.line], by).find(now) if step.line.do != "new" else None
    if again and again.household and not now.double:
        return again.household
    return kinds.act(households.add, NewHousehold.model_validate(found.wish | {"id": number}), by=by, at=at)


class Households(LineByLine):
    code, right = "households", "households"
    acts = ("household",)
    fields = (Field(NAME.name, NAME.words, _LISTED_AS), *PEOPLE[1:])

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        key = key_of(line)
        return [key] if key else []

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:  # noqa: ARG002 - other kinds need the day
        finder = Finder(lines, by)
        return [_looked(Step(line, "same", name_of(line)), finder) for line in lines]

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        found: Found = step.plan
        if found.household is None:
            kinds.act(households.add, NewHousehold.model_validate(found.wish | {"id": ids("household")}), by=by, at=at)
        else:
            wish = EditHousehold.model_validate(_edited(found) | {"id": ids("household")})
            kinds.act(households.edit, wish, found.household, by=by, at=at)


def _looked(step: Step, finder: Finder) -> Step:
    found = finder.find(step)
    if found:
        check(step, found.wish)
        step.plan = found
    if step.faults:
        step.what = "fault"
    elif found and found.household is None:
        step.what = "new"
    elif found:
        step.changes = _changes(found)
        step.what = "change" if step.changes else "same"
    return step


def _edited(found: Found) -> dict[str, str]:
    """What they become: an empty cell leaves what is there."""
    who = found.household.identity if found.household else None
    assert who is not None
    kept = {"name": who.name, "contact": who.contact or "", "language": who.language}
    return kept | {name: text for name, text in found.wish.items() if text}


def _changes(found: Found) -> list[Change]:
    who = found.household.identity if found.household else None
    assert who is not None
    new = _edited(found)
    told = [
        (NAME.words, who.name, new["name"]),
        (PHONE.words, who.contact or "", ways.contact_of(new["contact"])[1] or ""),
        (LANGUAGE.words, who.language, new["language"]),
    ]
    return [Change(words, old, after) for words, old, after in told if old != after]


HOUSEHOLDS = kinds.known(Households())
