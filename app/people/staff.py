"""Staff: signing in, passwords and PINs, who joins, who leaves, and in which role."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, select, update

from app import history, mail
from app.db import for_update, session
from app.errors import NotThere, Refused
from app.inputs import invalid
from app.people import secrets, sessions
from app.people.forms import Gone, NewPassword, NewPin, NewRole, NewStaff, OwnSettings, Switch
from app.people.models import Centre, Person, Reset, Role, SignIn
from app.people.roles import Me
from app.times import day_of
from app.words import _

RESET_LASTS = timedelta(hours=24)
BY_MANAGERS = {"front_desk", "outreach", "manager"}


def by_email(email: str) -> Person | None:
    return session().scalar(select(Person).where(Person.email == email.strip().lower(), Person.left_at.is_(None)))


def known(email: str, password: str) -> Person:
    """The person with this address and password. Raises `Refused` (422) without telling which of the two is wrong."""
    person = by_email(email)
    if not secrets.matches(password, person.password if person else None) or person is None:
        words = _("This address and this password do not go together.")
        raise Refused("sign_in_failed", words, status=422)
    return person


def switch(wish: Switch, *, by: Me, at: datetime) -> Centre:
    """Work at another of one's centres from now on, in this session."""
    centre = next((c for c in sessions.centres_of(by.id) if c.id == wish.centre), None)
    if centre is None:
        raise NotThere(_("You do not work at this centre."))
    row = session().get(SignIn, by.sign_in_id) if by.sign_in_id else None
    if row is not None:
        row.centre_id = centre.id
    return centre


def settle(wish: OwnSettings, *, by: Me, at: datetime) -> Person:
    person = session().get_one(Person, by.id)
    person.language = wish.language
    return person


def change_password(hashed: str, wish: NewPassword, *, by: Me, at: datetime) -> Person:
    """Take the new password (hashed before the write began) and end every other session."""
    person = session().get_one(Person, by.id)
    person.password = hashed
    _close_links(by.id, at=at)
    sessions.end_all(by.id, at=at, but=by.sign_in_id)
    return person


def change_pin(hashed: str, wish: NewPin, *, by: Me, at: datetime) -> Person:
    person = session().get_one(Person, by.id)
    person.pin = hashed
    return person


def colleagues(by: Me, *, gone: bool = False) -> list[Person]:
    """Who works in this centre; everybody, for an administrator. `gone`: with those who left."""
    query = select(Person).order_by(Person.name)
    if not gone:
        query = query.where(Person.left_at.is_(None))
    if not by.may("people") or not _is_administrator(by):
        here = (Role.centre_id == by.centre_id) | (
            Role.organisation_id == (by.centre.organisation_id if by.centre else 0)
        )
        query = query.where(Person.id.in_(select(Role.person_id).where(here)))
    return list(session().scalars(query))


def colleague(person_id: int, by: Me, *, gone: bool = False) -> Person:
    found = next((p for p in colleagues(by, gone=gone) if p.id == person_id), None)
    if found is None:
        raise NotThere(_("Nobody here goes by this number."))
    return found


def join(wish: NewStaff, *, by: Me, at: datetime) -> Person:
    """A new colleague, with a role here and a link to choose a password."""
    if by_email(wish.email) is not None:
        words = _("Somebody already signs in with this address.")
        raise Refused("email_taken", words, fields={"email": words})
    person = _new_or_back(wish)
    _give(person, wish, by, at)
    history.record("staff_join", wish, by=by, at=at, subject=f"person:{person.id}", centre_id=by.centre_id or None)
    return person


def _new_or_back(wish: NewStaff) -> Person:
    """A new row, or that of a colleague who comes back: without the password, PIN and roles of before."""
    email = wish.email.lower()
    person = session().scalar(select(Person).where(Person.email == email)) or Person(uuid=uuid4(), email=email)
    person.name, person.language = wish.name, wish.language
    person.password = person.pin = person.left_at = None
    for role in person.roles:
        session().delete(role)
    session().add(person)
    session().flush()
    session().refresh(person)
    return person


def give_role(person: Person, wish: NewRole, *, by: Me, at: datetime) -> Person:
    _give(person, wish, by, at)
    subject = f"person:{person.id}"
    told = {"role": wish.role} | ({"operation": wish.operation} if wish.operation else {})
    history.record("role", wish, by=by, at=at, subject=subject, centre_id=by.centre_id or None, **told)
    return person


def leave(person: Person, wish: Gone, *, by: Me, at: datetime) -> Person:
    """A colleague leaves: signed out everywhere, and no door opens again. The journal keeps the number."""
    if person.id == by.id:
        raise Refused("not_yourself", _("Ask a colleague to do this for you."), status=403)
    check_steers(by, person)
    if person.left_at is not None:
        raise NotThere(_("Nobody here goes by this number."))
    person.left_at = at
    sessions.end_all(person.id, at=at)
    history.record("staff_leave", wish, by=by, at=at, subject=f"person:{person.id}", centre_id=by.centre_id or None)
    return person


def check_steers(by: Me, person: Person) -> None:
    """A manager steers those who work in this centre alone: whoever opens other doors is an administrator's."""
    only_here = all(r.kind in BY_MANAGERS and r.centre_id == by.centre_id for r in person.roles)
    if not only_here and not _is_administrator(by):
        raise Refused("forbidden", _("This colleague works elsewhere too: ask an administrator."), status=403)


def reset_link(person: Person, *, at: datetime) -> str:
    """A secret that lets this person choose a password once, within a day."""
    token = secrets.new_token()
    session().add(Reset(person_id=person.id, token_hash=secrets.token_hash(token), ends_at=at + RESET_LASTS))
    session().flush()
    return token


def write_reset(person: Person, address: str, *, at: datetime) -> None:
    words = _(
        "Hello %(name)s,\n\nChoose your password for Va-et-vient here, within a day:\n%(address)s\n\n"
        "You did not ask for this? Then do nothing.",
        name=person.name,
        address=address,
    )
    subject = _("Choose your password")
    mail.put("reset", to=person.email, subject=str(subject), words=str(words), at=at)


def open_reset(token: str, *, at: datetime) -> Reset:
    return _open(select(Reset).where(Reset.token_hash == secrets.token_hash(token)), at)


def _open(query: Select[Reset], at: datetime) -> Reset:
    """The link that still opens: not used, not too old, and its person still works here."""
    found = session().scalar(query.join(Person, Person.id == Reset.person_id).where(Person.left_at.is_(None)))
    if found is None or found.used_at is not None or found.ends_at <= at:
        raise NotThere(_("This link has been used, or is too old. Ask for a new one."))
    return found


def use_reset(reset: Reset, hashed: str, wish: NewPassword, *, by: Me, at: datetime) -> Person:
    """Take the password. Of two who use the link at once, one does; every older link opens nothing more."""
    _open(for_update(select(Reset).where(Reset.id == reset.id), of=Reset), at)
    person = session().get_one(Person, reset.person_id)
    person.password = hashed
    _close_links(person.id, at=at)
    sessions.end_all(person.id, at=at)
    return person


def _close_links(person_id: int, *, at: datetime) -> None:
    waiting = (Reset.person_id == person_id) & Reset.used_at.is_(None)
    session().execute(update(Reset).where(waiting).values(used_at=at))


def _give(person: Person, wish: NewRole, by: Me, at: datetime) -> None:
    """Managers give the roles of a centre; the others are an administrator's to give, for an organisation."""
    kind, here = wish.role, wish.role in BY_MANAGERS
    if not here and not _is_administrator(by):
        words = _("Only an administrator may give this role.")
        raise Refused("forbidden", words, status=403, fields={"role": words})
    if kind != "administrator" and by.centre is None:
        raise Refused("no_centre", _("Choose the centre first: the role is held there."))
    organisation_id = by.centre.organisation_id if by.centre and not here and kind != "administrator" else None
    scope = {"centre_id": by.centre_id if here else None, "organisation_id": organisation_id}
    found = next((r for r in person.roles if (r.kind, r.centre_id, r.organisation_id) == (kind, *scope.values())), None)
    role = found or Role(kind=kind, **scope)
    if kind == "auditor":
        _check_audit(wish, at)
        role.operation, role.ends_on = wish.operation.upper(), wish.ends_on
    if found is None:
        person.roles.append(role)
    session().flush()


def _check_audit(wish: NewRole, at: datetime) -> None:
    """An auditor looks at one operation, until a day that lies ahead."""
    faults = {} if wish.operation else {"operation": _("Say which operation they look at.")}
    if wish.ends_on is None or wish.ends_on < day_of(at):
        faults["ends_on"] = _("Say until which day: it lies ahead.")
    if faults:
        raise invalid(faults)


def _is_administrator(by: Me) -> bool:
    return by.id == 0 or any(r.kind == "administrator" for r in by.held)
