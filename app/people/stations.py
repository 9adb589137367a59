"""Desks: a shared PC enrolled once, where a named colleague takes over with a PIN. Acts are signed by persons."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from app.db import session
from app.errors import NotThere, Refused
from app.people import secrets
from app.people.forms import Gone, NewStation
from app.people.models import Centre, Person, Role, Station
from app.people.roles import HERE, Me
from app.words import _

LASTS = timedelta(days=365)
LOCKS_AFTER = timedelta(minutes=5)


def enrol(token: str, wish: NewStation, *, by: Me, at: datetime) -> Station:
    """Make this PC a desk of the centre."""
    if by.centre is None:
        raise Refused("no_centre", _("Choose the centre first."))
    station = Station(
        centre_id=by.centre.id, name=wish.name, token_hash=secrets.token_hash(token), enrolled_at=at, revoked_at=None
    )
    session().add(station)
    session().flush()
    return station


def of_centre(by: Me) -> list[Station]:
    query = select(Station).where(Station.centre_id == by.centre_id, Station.revoked_at.is_(None))
    return list(session().scalars(query.order_by(Station.name)))


def revoke(station_id: int, wish: Gone, *, by: Me, at: datetime) -> Station:
    found = next((s for s in of_centre(by) if s.id == station_id), None)
    if found is None:
        raise NotThere(_("This desk is not one of yours."))
    found.revoked_at = at
    return found


def known(cookie: str | None, *, at: datetime) -> Station | None:
    """The desk this browser was enrolled as, if it still is one."""
    if not cookie:
        return None
    station = session().scalar(select(Station).where(Station.token_hash == secrets.token_hash(cookie)))
    return station if station and station.revoked_at is None and station.enrolled_at + LASTS > at else None


def team(station: Station) -> list[Person]:
    """Who may take over here: colleagues of the centre who chose a PIN."""
    centre = session().get_one(Centre, station.centre_id)
    here = or_(Role.centre_id == centre.id, Role.organisation_id == centre.organisation_id)
    working = select(Role.person_id).where(here, Role.kind.in_(HERE))
    query = select(Person).where(Person.id.in_(working), Person.pin.is_not(None), Person.left_at.is_(None))
    return list(session().scalars(query.order_by(Person.name)))


def known_by_pin(station: Station, person_id: int, pin: str) -> Person:
    person = next((p for p in team(station) if p.id == person_id), None)
    if not secrets.matches(pin, person.pin if person else None) or person is None:
        words = _("This is not the right PIN.")
        raise Refused("sign_in_failed", words, status=422, fields={"pin": words})
    return person
