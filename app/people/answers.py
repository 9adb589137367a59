"""What programs are told of people: only what the same person would see on the page."""

from __future__ import annotations

from datetime import datetime

from app import tact
from app.inputs import Answer
from app.people import cards, oppositions, ways
from app.people.models import Household, Person
from app.web.listing import ListAnswer


class HouseholdAnswer(Answer):
    code: str
    name: str
    contact: str
    language: str


class AdultAnswer(Answer):
    name: str
    signs: bool
    guardian: bool


class MinorsAnswer(Answer):
    band: str
    count: int


class WayAnswer(Answer):
    kind: str
    to: str


class OpposedAnswer(Answer):
    what: str
    since: datetime


class CardAnswer(HouseholdAnswer):
    """The whole card. An address that is not to be shown is left out: `show_address` says so."""

    referent: str
    adults: list[AdultAnswer]
    minors: list[MinorsAnswer]
    guardian: bool
    interpreter: bool
    prescriber: str
    also: str
    reminders: str
    address: str
    address_for: str
    show_address: bool
    ways: list[WayAnswer]
    may_remind: bool
    opposed: list[OpposedAnswer]
    read_again: list[str]  # words of their free text that say too much about them


class AddressAnswer(Answer):
    code: str
    address: str


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


def card(row: Household) -> CardAnswer:
    written, reached, who = cards.written(row), ways.of(row), row.identity
    written["address"] = written["address"] if written["show_address"] else ""
    return CardAnswer.model_validate(
        household(row).model_dump()
        | written
        | {
            "referent": who.referent.name if who and who.referent else "",
            "ways": reached.known,
            "may_remind": reached.may_remind,
            "opposed": oppositions.standing(row),
            "read_again": tact.words_in(str(written["prescriber"])),
        }
    )


def address(row: Household) -> AddressAnswer:
    return AddressAnswer(code=row.code, address=cards.of(row).address)


def person(row: Person) -> PersonAnswer:
    return PersonAnswer(id=row.id, name=row.name, language=row.language)
