"""The demo world, made through the same rules as real acts; seeded, so that two runs make the same one.

Centres and organisations are real; people, incidents and dates of loans are invented (names end in “-Test”).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

from app import history
from app.db import session, writing
from app.demo import cast
from app.inventory import care, devices
from app.inventory.forms import CheckDone, NewDevice, NewModel, PlaceHold
from app.inventory.models import Device
from app.lending import loans, returns
from app.lending.forms import Extend, Lend, TakeBack, ThingBack
from app.lending.models import Loan
from app.people import households, secrets
from app.people.forms import NewHousehold
from app.people.models import Centre, Household, Organisation, Person, Role
from app.people.roles import Held, Me, Where, rights_of
from app.times import day_of, start_of
from labels import codes

T = TypeVar("T")
Plan = Iterator[tuple[datetime, Callable[[], object]]]  # when, and what is done then
SEED = 22605
LENT_BEFORE = 24  # loans that are over, so that every page has a past to show


def is_demo() -> bool:
    return session().scalar(select(Person.id).where(Person.demo).limit(1)) is not None


def accounts() -> str:
    """The demo accounts, as printed and as the README has them."""
    rows = [f"  {email:32} {what}" for email, _name, _role, _where, what in cast.STAFF]
    return "\n".join([f"Demo accounts, password “{cast.PASSWORD}”, PIN {cast.PIN}:", *rows])


def make(*, at: datetime) -> None:
    """Fill an empty house: who there is, what there is, and what happened so far."""
    dice = random.Random(SEED)  # noqa: S311 - a world to look at, not a secret
    _people()
    actors = {email: _actor(email, at) for email, *_rest in cast.STAFF}
    bought = start_of(day_of(at) - timedelta(days=420)) + timedelta(hours=9)
    things = _things(actors, bought)
    homes = _homes(actors, bought)
    ours, theirs = _lendable(things[cast.DESK]), _lendable(things[cast.ELSEWHERE])
    dice.shuffle(ours)
    now_out, lately, before = ours[:12], ours[12:18], ours[18:]
    plan = [
        *_past(dice, actors, before, homes[cast.DESK], at),
        *_present(actors[cast.DESK], now_out, homes[cast.DESK], at),
        *_present(actors[cast.ELSEWHERE], theirs, homes[cast.ELSEWHERE], at),
        *_lately(actors, lately, homes[cast.DESK], at),
    ]
    for moment, act in sorted(plan, key=lambda step: step[0]):
        if moment <= at:
            act()


def _do(rule: Callable[..., T], wish: Any, *things: object, by: Me, at: datetime) -> T:
    return history.perform(rule, wish, *things, by=by, at=at)[0]


def _id(*words: object) -> UUID:
    return uuid5(NAMESPACE_URL, "/".join(["va-et-vient-demo", *map(str, words)]))


def _people() -> None:
    password, pin = secrets.hashed(cast.PASSWORD), secrets.hashed(cast.PIN)
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
            person = Person(uuid=_id(email), name=name, email=email, password=password, pin=pin, demo=True)
            person.roles = [_role(role, centres.get(place), owners.get(place)) for place in where]
            s.add(person)
            s.flush()


def _role(kind: str, centre: Centre | None, owner: Organisation | None) -> Role:
    return Role(kind=kind, centre_id=centre.id if centre else None, organisation_id=owner.id if owner else None)


def _actor(email: str, at: datetime) -> Me:
    """The person as a request of theirs would be seen, at their first centre."""
    person = session().scalars(select(Person).where(Person.email == email)).one()
    held = tuple(Held(r.kind, r.centre_id, r.organisation_id) for r in person.roles)
    centre = next((session().get(Centre, h.centre_id) for h in held if h.centre_id), None)
    where = _where(centre) if centre else None
    rights = rights_of(held, where, day_of(at))
    return Me(person.id, person.name, email, "fr", held, where, rights=rights)


def _where(centre: Centre) -> Where:
    owner = centre.organisation
    return Where(centre.id, centre.code, centre.name, centre.phone, owner.id, owner.short_name, centre.open_days)


def _things(actors: dict[str, Me], at: datetime) -> dict[str, list[Device]]:
    """Devices by the e-mail of who wrote them down, model after model."""
    numbers = {}
    for maker, name, category, parts, *_rest in cast.MODELS:
        model = NewModel(id=_id("model", name), maker=maker, name=name, category=category, parts=parts)
        numbers[name] = _do(devices.add_model, model, by=actors[cast.DESK], at=at).id
    owners = {o.short_name: o.id for o in session().scalars(select(Organisation))}
    made: dict[str, list[Device]] = {email: [] for email in cast.OWN_THINGS}
    for email, (owner, share) in cast.OWN_THINGS.items():
        for _maker, name, _category, _parts, short, cents, serial, count in cast.MODELS:
            for n in range(1, round(count * share) + 1):
                number = f"{serial}{cast.OFFSET[email] + n:03}"
                wish = NewDevice(
                    id=_id("device", email, name, n),
                    name=f"{short} n° {cast.OFFSET[email] + n}",
                    model=numbers[name],
                    serial_number=number,
                    owner=owners[owner],
                    programme="2014-2020",
                    stated_value_cents=cents,
                    acquired_on=date(2020, 10, 15),
                )
                made[email].append(_do(devices.add, wish, by=actors[email], at=at))
    return made


def _homes(actors: dict[str, Me], at: datetime) -> dict[str, list[Household]]:
    made: dict[str, list[Household]] = {}
    for email, people in cast.HOUSEHOLDS.items():
        wishes = [
            NewHousehold(id=_id("household", name), name=name, contact=contact, language=language)
            for name, contact, language in people
        ]
        made[email] = [_do(households.add, wish, by=actors[email], at=at) for wish in wishes]
    return made


def _lent(me: Me, home: Household, things: list[Device], *, at: datetime, days: int, name: object) -> Loan:
    due = day_of(at) + timedelta(days=days)
    wish = Lend(id=_id("loan", name), household=home.code, devices=[d.code for d in things], due_on=due)
    return _do(loans.lend, wish, by=me, at=at)


def _back(me: Me, things: list[Device], *, at: datetime, name: object, **how: Any) -> None:
    back = [ThingBack(code=d.code, **how) for d in things]
    _do(returns.take_back, TakeBack(id=_id("return", name), devices=back), by=me, at=at)


def _checked(me: Me, device: Device, *, at: datetime, name: object) -> None:
    method = "remise à zéro, disque chiffré effacé" if device.model.category.gate == "wipe" else ""
    _do(care.check, CheckDone(id=_id("check", name), method=method), device, by=me, at=at)


def _lendable(things: list[Device]) -> list[Device]:
    return [d for d in things if d.model.category.lent_to == "household"]


def _past(dice: random.Random, actors: dict[str, Me], free: list[Device], homes: list[Household], at: datetime) -> Plan:
    """Loans that came back, were wiped and are free again."""
    desk, outreach = actors[cast.DESK], actors[cast.OUTREACH]
    for n in range(LENT_BEFORE):
        device, home, name = free[n % len(free)], dice.choice(homes), ("past", n)
        began = at - timedelta(days=400 - n * 11, hours=dice.randint(0, 6))
        ended = began + timedelta(days=dice.randint(30, 85))
        how = {"condition": dice.choice(["good", "good", "worn"])}
        yield began, partial(_lent, outreach, home, [device], at=began, days=91, name=name)
        yield ended, partial(_back, desk, [device], at=ended, name=name, **how)
        wiped = ended + timedelta(days=2)
        yield wiped, partial(_checked, desk, device, at=wiped, name=name)


def _present(me: Me, free: list[Device], homes: list[Household], at: datetime) -> Plan:
    """What is out now: late, due today, on time."""
    today = start_of(day_of(at)) + timedelta(hours=7)
    for n, (home, late_by) in enumerate(zip(homes, cast.LATE_BY, strict=False)):
        began, days = today - timedelta(days=60 + n), 60 + n - late_by
        yield began, partial(_lent, me, home, [free[n]], at=began, days=days, name=("now", me.email, n))


def _lately(actors: dict[str, Me], free: list[Device], homes: list[Household], at: datetime) -> Plan:
    """Two things on one loan, kept longer; three that came back and wait; one that must not leave."""
    me, today = actors[cast.DESK], start_of(day_of(at)) + timedelta(hours=7)
    began = today - timedelta(days=20)
    yield began, partial(_lent, me, homes[-1], free[:2], at=began, days=30, name="pair")
    for n, device in enumerate(free[2:5]):
        out, back = today - timedelta(days=30 - n), today - timedelta(days=3 - n)
        how: dict[str, Any] = {"condition": "incomplete", "missing": ["chargeur"]} if n == 0 else {"condition": "good"}
        yield out, partial(_lent, me, homes[n], [device], at=out, days=60, name=("back", n))
        yield back, partial(_back, me, [device], at=back, name=("now", n), **how)
    later = today - timedelta(hours=13)  # yesterday evening, so that a world made at night has it too
    yield later, partial(_kept_longer, me, day_of(at) + timedelta(days=40), at=later)
    hold = PlaceHold(id=_id("hold"), reason="Batterie gonflée, à faire voir avant de prêter.")
    yield later, partial(_do, care.place_hold, hold, free[5], by=actors[cast.MANAGER], at=later)


def _kept_longer(me: Me, due_on: date, *, at: datetime) -> None:
    loan = session().scalars(select(Loan).where(Loan.uuid == _id("loan", "pair"))).one()
    _do(loans.extend, Extend(id=_id("extend"), due_on=due_on), loan, by=me, at=at)
