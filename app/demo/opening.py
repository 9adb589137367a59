"""The day the house opens: organisations, centres, first accounts; then colleagues join, things are listed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from app.db import writing
from app.demo import cast, letters, stock
from app.demo.house import House, Plan, Thing, do, number
from app.inventory import devices
from app.inventory.catalogue_forms import Identifier
from app.inventory.forms import NewDevice, NewModel
from app.people import secrets, staff
from app.people.forms import Gone, NewPassword, NewPin, NewRole, NewStaff
from app.people.models import Centre, Organisation, Person, Role
from app.people.roles import Me
from labels import codes

DAYS_OPEN = 560


def open_house(house: House, public_url: str) -> None:
    """Everything before the first household: who works here, and what there is."""
    password, pin = secrets.hashed(cast.PASSWORD), secrets.hashed(cast.PIN)
    _first_people(password, pin, house.today)
    at = house.moment(DAYS_OPEN)
    for email, name, role, places in cast.COLLEAGUES:
        _join(house, (email, name, role, places[0]), at=at)
        _enter(house, email, places, (password, pin), public_url, at=at)
        at += timedelta(minutes=6)
    _list_things(house, house.moment(DAYS_OPEN - 5))


def staff_since(house: House, public_url: str) -> Plan:
    """One leaves; two join who have no password yet: no letter can be brought to one, the other's waits."""
    left, wrong, new = house.moment(130), house.moment(20), house.moment(1)
    leave, admin = Gone(id=number("leave", cast.GONE)), _admin(house, cast.BREBIS)
    yield left, lambda: do(staff.leave, leave, staff.by_email(cast.GONE), by=admin, at=left)
    yield wrong, lambda: letters.never_arrives(_join(house, cast.WRONG, at=wrong), public_url, at=wrong)
    yield new, lambda: letters.write(_join(house, cast.NEW, at=new), public_url, at=new)


def _first_people(password: str, pin: str, day: date) -> None:
    """Those whom nobody could let in: no act tells of them, as with `flask create-admin`."""
    with writing() as s:
        devices.usual_categories()
        owners = {short: Organisation(short_name=short, **rest) for short, rest in cast.ORGANISATIONS.items()}
        s.add_all(owners.values())
        s.flush()
        for n, (name, owner, town, phone) in enumerate(cast.CENTRES):
            code = codes.make("L", 1000 + n)
            s.add(Centre(name=name, organisation_id=owners[owner].id, town=town, phone=phone, code=code))
        s.flush()
        centres = {c.name: c for c in s.scalars(select(Centre))}
        for email, name, role, where, _what in cast.STAFF:
            person = Person(uuid=number(email), name=name, email=email, password=password, pin=pin, demo=True)
            person.roles = [_role(role, centres.get(place), owners.get(place)) for place in where]
            if role == "auditor":
                person.roles[0].operation, person.roles[0].ends_on = cast.AUDITED, day + timedelta(days=cast.AUDIT)
            s.add(person)
            s.flush()


def _role(kind: str, centre: Centre | None, owner: Organisation | None) -> Role:
    return Role(kind=kind, centre_id=centre.id if centre else None, organisation_id=owner.id if owner else None)


def _admin(house: House, centre: str) -> Me:
    return house.me(cast.ADMIN, centre)


def _join(house: House, who: tuple[str, str, str, str], *, at: datetime) -> Person:
    """A colleague joins, marked as one of a demonstration: no real house starts while they are there."""
    email, name, role, centre = who
    wish = NewStaff(id=number("join", email), name=name, email=email, role=role)
    person = do(staff.join, wish, by=_admin(house, centre), at=at)
    with writing() as s:
        s.execute(update(Person).where(Person.id == person.id).values(demo=True, uuid=number(email)))
    return person


def _enter(
    house: House, email: str, places: tuple[str, ...], secret: tuple[str, str], public_url: str, *, at: datetime
) -> None:
    """The letter is brought, the link opened, a password and a PIN chosen; further centres are added."""
    person = staff.by_email(email)
    assert person is not None
    token = letters.arrives(person, public_url, at=at)
    chosen = NewPassword(password=cast.PASSWORD)
    do(staff.use_reset, chosen, staff.open_reset(token, at=at), secret[0], by=None, at=at + timedelta(minutes=4))
    for place in places[1:]:
        wish = NewRole(id=number("role", email, place), role="manager")
        do(staff.give_role, wish, person, by=_admin(house, place), at=at + timedelta(minutes=5))
    me, pin = house.me(email, places[0]), NewPin(password=cast.PASSWORD, pin=cast.PIN)
    do(staff.change_pin, pin, secret[1], by=me, at=at + timedelta(minutes=5))


def _list_things(house: House, at: datetime) -> None:
    """Model after model, then centre after centre, as somebody types a delivery note."""
    numbers: dict[str, int] = {}
    for kind in stock.KINDS:
        model = NewModel(
            id=number("model", kind.name), maker=kind.maker, name=kind.name, category=kind.category,
            number=kind.number, parts=kind.parts,
        )  # fmt: skip
        numbers[kind.short] = do(devices.add_model, model, by=house.me(cast.COORDINATION, cast.SEAT), at=at).id
    so_far: Counter[str] = Counter()
    for place, (centre, counts) in enumerate(stock.HELD.items()):
        house.pool[centre] = []
        for kind, count in zip(stock.KINDS, counts, strict=True):
            for _turn in range(count):
                so_far[kind.short] += 1
                wish = _device(house, centre, kind, so_far[kind.short], numbers[kind.short])
                made = do(devices.add, wish, by=house.desk(centre), at=at + timedelta(minutes=20 * place))
                house.pool[centre].append(Thing(made.code, kind.short, kind.category))


def _device(house: House, centre: str, kind: stock.Kind, n: int, model: int) -> NewDevice:
    serial, imei = stock.serial_of(kind, n), stock.imei_of(kind, n)
    return NewDevice(
        id=number("device", kind.short, n),
        name=f"{kind.short} n° {n}",
        model=model,
        serial_number=serial,
        no_serial_reason="" if serial else "Aucun numéro sur la machine",
        owner=house.centres[centre].organisation_id,
        programme="2014-2020",
        stated_value_cents=kind.cents,
        acquired_on=kind.bought,
        identifiers=[Identifier(kind="imei", value=imei)] if imei else None,
    )
