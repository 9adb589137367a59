"""How a house begins: its first person, their organisation, and the centre they work in."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn
from uuid import uuid4

from sqlalchemy import func, select

from app import history
from app.db import alone_in, session
from app.errors import Refused
from app.people.forms import CentreFacts, FoundHouse, OrganisationName
from app.people.models import Centre, Organisation, Person, Role, SignIn
from app.people.roles import Me
from app.words import _
from labels import codes

SHORT = 20  # letters of an organisation's name that fit a list


def somebody() -> bool:
    """Whether anybody ever had an account here. A house is empty once in its life: nobody's row is ever removed."""
    return session().scalar(select(Person.id).limit(1)) is not None


def found_house(hashed: str, wish: FoundHouse, *, by: Me, at: datetime) -> Person:
    """The first person, who administers the house. Of two who hold the key, one comes first and the other is told."""
    alone_in(Person)
    if somebody():
        raise already_there()
    _lead(wish.organisation)
    person = Person(uuid=uuid4(), name=wish.name, email=wish.email.lower(), password=hashed)
    person.roles.append(Role(kind="administrator"))
    session().add(person)
    session().flush()
    history.record("house_found", wish, by=by, at=at, subject=f"person:{person.id}")
    return person


def found_again(_act: history.Act) -> NoReturn:
    """Sent twice: the house is there, and its door is the ordinary one."""
    raise already_there()


def already_there() -> Refused:
    return Refused("already_set_up", _("Somebody has an account here already. Sign in to go on."))


def organisation_of(by: Me) -> Organisation | None:
    """The organisation of the centre where one is; before there is a centre, the first one, if any."""
    if by.centre:
        return session().get(Organisation, by.centre.organisation_id)
    return session().scalar(select(Organisation).order_by(Organisation.id).limit(1))


def name_organisation(wish: OrganisationName, *, by: Me, at: datetime) -> Organisation:
    """Give one's organisation its name; a house whose first account came by command has none yet."""
    _check_administrator(by)
    row = organisation_of(by) or _lead(wish.organisation)
    twin = select(Organisation.id).where(Organisation.name == wish.organisation, Organisation.id != row.id)
    if session().scalar(twin):
        words = _("Another organisation bears this name.")
        raise Refused("name_taken", words, fields={"organisation": words})
    row.name, row.short_name = wish.organisation, wish.organisation[:SHORT]
    row.address, row.privacy_contact = wish.address, wish.privacy_contact
    history.record("organisation", wish, by=by, at=at, subject=f"organisation:{row.id}")
    return row


def _lead(name: str) -> Organisation:
    row = Organisation(name=name, short_name=name[:SHORT], kind="lead", phone="")
    session().add(row)
    session().flush()
    return row


def centre_of(by: Me) -> Centre | None:
    return session().get(Centre, by.centre_id) if by.centre else None


def settle_centre(wish: CentreFacts, *, by: Me, at: datetime) -> Centre:
    """Write down the centre where one is; without one, open it and manage it."""
    row = centre_of(by) or _open(wish, by)
    twin = select(Centre.id).where(Centre.name == wish.name, Centre.id != row.id)
    if session().scalar(twin):
        words = _("Another centre bears this name.")
        raise Refused("name_taken", words, fields={"name": words})
    _hand_on_phone(row, wish.phone)
    row.name, row.town, row.phone = wish.name, wish.town, wish.phone
    row.cap_cents = None if wish.cap is None else wish.cap * 100
    row.open_days = sum(1 << day for day in set(wish.open_days))
    session().flush()
    history.record("centre", wish, by=by, at=at, subject=row.code, centre_id=row.id)
    return row


def centre_of_act(act: history.Act) -> Centre:
    return session().scalars(select(Centre).where(Centre.code == act.subject)).one()


def _open(wish: CentreFacts, by: Me) -> Centre:
    """A new centre, managed by whoever opens it, and where they are from now on."""
    _check_administrator(by)
    if session().scalar(select(Centre.id).where(Centre.name == wish.name)):
        words = _("Another centre bears this name.")
        raise Refused("name_taken", words, fields={"name": words})
    owner = organisation_of(by)
    if owner is None:
        raise Refused("no_organisation", _("Write down your organisation first: the centre is part of it."))
    code = codes.make("L", session().scalar(select(func.count()).select_from(Centre)) or 0)
    row = Centre(name=wish.name, organisation_id=owner.id, code=code)
    session().add(row)
    session().flush()
    session().add(Role(person_id=by.id, kind="manager", centre_id=row.id))
    if by.sign_in_id:
        session().get_one(SignIn, by.sign_in_id).centre_id = row.id
    session().flush()
    return row


def _hand_on_phone(centre: Centre, phone: str) -> None:
    """The number on labels is the organisation's: that of its centre, as long as nobody gave it another."""
    owner = session().get_one(Organisation, centre.organisation_id)
    if owner.phone in {"", centre.phone}:
        owner.phone = phone


def _check_administrator(by: Me) -> None:
    if not any(held.kind == "administrator" for held in by.held):
        raise Refused("forbidden", _("Only an administrator may do this."), status=403)
