"""What programs are told of people: only what the same person would see on the page."""

from __future__ import annotations

from app.inputs import Answer
from app.people.models import Household, Person
from app.web.listing import ListAnswer


class HouseholdAnswer(Answer):
    code: str
    name: str
    contact: str
    language: str


class PersonAnswer(Answer):
    id: int
    name: str
    language: str


class Nothing(Answer):
    """Done, and nothing more to say."""


Households = ListAnswer[HouseholdAnswer]


def household(row: Household) -> HouseholdAnswer:
    who = row.identity
    return HouseholdAnswer(
        code=row.code,
        name=who.name if who else "",
        contact=(who.contact or "") if who else "",
        language=who.language if who else "",
    )


def person(row: Person) -> PersonAnswer:
    return PersonAnswer(id=row.id, name=row.name, language=row.language)
