"""Sessions: begun, found again, ended. They stand in the database, so ending one here ends it everywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select, update

from app.db import ask, session
from app.people.models import Centre, Organisation, Person, Role, SignIn, Station, Token
from app.people.roles import HERE, NOBODY, Held, Me, Where, rights_of
from app.people.secrets import new_token, token_hash
from app.times import day_of

LASTS = timedelta(hours=12)
ON_A_STATION = timedelta(hours=12)


def begin(
    person: Person, *, centre_id: int | None, browser: str, at: datetime, station_id: int | None = None
) -> tuple[SignIn, str]:
    """A new session and its secret for the cookie, at the centre wished or the first the person has."""
    token = new_token()
    row = SignIn(
        token_hash=token_hash(token),
        person_id=person.id,
        centre_id=centre_id or next((c.id for c in centres_of(person.id)), None),
        station_id=station_id,
        began_at=at,
        ends_at=at + (ON_A_STATION if station_id else LASTS),
        browser=browser[:120],
    )
    session().add(row)
    session().flush()
    return row, token


def end(sign_in_id: int, *, person_id: int, at: datetime) -> None:
    """End one session of this person."""
    mine = (SignIn.id == sign_in_id) & (SignIn.person_id == person_id) & SignIn.ended_at.is_(None)
    session().execute(update(SignIn).where(mine).values(ended_at=at))


def end_all(person_id: int, *, at: datetime, but: int | None = None) -> None:
    """End every session and token of a person, but the one kept."""
    others = (SignIn.person_id == person_id) & SignIn.ended_at.is_(None) & (SignIn.id != (but or 0))
    session().execute(update(SignIn).where(others).values(ended_at=at))
    session().execute(update(Token).where(Token.person_id == person_id, Token.ended_at.is_(None)).values(ended_at=at))


def open_ones(person_id: int, *, at: datetime) -> list[SignIn]:
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.ends_at > at)
    return list(session().scalars(query.order_by(SignIn.id.desc())))


_WHO: tuple[Any, ...] = (
    Person.id,
    Person.name,
    Person.email,
    Person.language,
    Centre.id.label("centre_id"),
    Centre.code,
    Centre.name.label("centre_name"),
    Centre.phone,
    Centre.organisation_id,
    Organisation.short_name,
    Centre.open_days,
    Role.kind,
    Role.centre_id.label("role_centre_id"),
    Role.organisation_id.label("role_organisation_id"),
    Role.ends_on,
    Role.operation,
)


def _with_centre(query: Select[Any], centre_id: Any) -> Select[Any]:
    return (
        query.outerjoin(Role, Role.person_id == Person.id)
        .outerjoin(Centre, Centre.id == centre_id)
        .outerjoin(Organisation, Organisation.id == Centre.organisation_id)
        .where(Person.left_at.is_(None))
    )


_BY_COOKIE = (
    _with_centre(
        select(*_WHO, SignIn.id.label("sign_in_id"), SignIn.station_id, SignIn.ends_at).join(
            SignIn, and_(SignIn.person_id == Person.id, SignIn.ended_at.is_(None))
        ),
        SignIn.centre_id,
    )
    .outerjoin(Station, Station.id == SignIn.station_id)
    .where(or_(Station.id.is_(None), Station.revoked_at.is_(None)), SignIn.token_hash == bindparam("secret"))
)

_FIRST_CENTRE = select(func.min(Role.centre_id)).where(Role.person_id == Person.id).correlate(Person).scalar_subquery()
_BY_TOKEN = _with_centre(
    select(*_WHO).join(Token, and_(Token.person_id == Person.id, Token.ended_at.is_(None))), _FIRST_CENTRE
).where(Token.token_hash == bindparam("secret"))


def whose(cookie: str, *, at: datetime) -> Me:
    """Who holds this session's secret: one query for the person, the centre and the roles."""
    rows = ask(_BY_COOKIE, secret=token_hash(cookie))
    if not rows or rows[0].ends_at <= at:
        return NOBODY
    return _me(rows, at, sign_in_id=rows[0].sign_in_id, station_id=rows[0].station_id)


def whose_token(token: str, *, at: datetime) -> Me:
    """Who a program acts for; at the first centre that person works in."""
    rows = ask(_BY_TOKEN, secret=token_hash(token))
    return _me(rows, at) if rows else NOBODY


_BY_NUMBER = _with_centre(select(*_WHO), bindparam("centre")).where(Person.id == bindparam("person"))


def acting(person_id: int, centre_id: int, *, at: datetime) -> Me:
    """Whoever asked for long work at that centre, with the rights they have by now."""
    rows = ask(_BY_NUMBER, person=person_id, centre=centre_id)
    return _me(rows, at) if rows else NOBODY


def _me(rows: Any, at: datetime, sign_in_id: int | None = None, station_id: int | None = None) -> Me:
    first = rows[0]
    day = day_of(at)  # a role that ended opens nothing, and is held no longer
    held = tuple(
        Held(r.kind, r.role_centre_id, r.role_organisation_id, r.ends_on, r.operation)
        for r in rows
        if r.kind is not None and not (r.ends_on and r.ends_on < day)
    )
    centre = _where(first)
    rights = rights_of(held, centre, day)
    return Me(first.id, first.name, first.email, first.language, held, centre, sign_in_id, station_id, rights)


def _where(row: Row[Any]) -> Where | None:
    if row.centre_id is None:
        return None
    return Where(
        row.centre_id, row.code, row.centre_name, row.phone, row.organisation_id, row.short_name, row.open_days
    )


def centres_of(person_id: int) -> list[Centre]:
    """The centres a person may choose, by name: held one by one, through an organisation, or all of them."""
    through = or_(Role.centre_id == Centre.id, Role.organisation_id == Centre.organisation_id)
    everywhere = Role.kind.in_(("administrator", "coordinator"))  # what they may do there, their rights tell
    mine = or_(through & Role.kind.in_(HERE), everywhere)
    query = select(Centre).join(Role, mine).where(Role.person_id == person_id)
    return list(session().scalars(query.distinct().order_by(Centre.name)))
