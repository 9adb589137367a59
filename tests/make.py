"""A small known world for tests, made through the rules: two centres of two organisations, a cast with one role each.

Ada stands at the desk of Brebis, Mia manages it, Odile goes out from it; Zoé stands at the desk of MQCV (another
organisation). Finn has finance, Coco coordinates, Alma audits, Adam administers. Their password is `PASSWORD`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from app import history
from app.db import session, writing
from app.inventory import devices
from app.inventory.forms import NewDevice, NewModel
from app.inventory.models import Device, DeviceModel
from app.lending import loans
from app.lending.forms import Lend
from app.lending.models import Loan
from app.people import households, secrets, sessions
from app.people.forms import NewHousehold
from app.people.models import Centre, Household, Organisation, Person, Role, SignIn
from app.people.roles import Me
from labels import codes

T = TypeVar("T")
PASSWORD = "une phrase pour essayer"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday morning
TODAY = NOW.date()
AUDITED = "NP0022605"  # the operation that Alma looks at
_HASHED = secrets.hashed(PASSWORD)
_serials = count(1)

CAST = {
    "ada": ("front_desk", "brebis"),
    "odile": ("outreach", "brebis"),
    "mia": ("manager", "brebis"),
    "zoe": ("front_desk", "mqcv"),
    "finn": ("finance", "acsm"),
    "coco": ("coordinator", "acsm"),
    "alma": ("auditor", "acsm"),
    "adam": ("administrator", ""),
}


MODELS = {"laptop": "laptop", "tablet": "tablet", "router": "router", "printer": "printer3d"}


@dataclass
class World:
    """Ids by name; `me(name)` is the actor a rule wants."""

    people: dict[str, int] = field(default_factory=dict)
    centres: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    models: dict[str, int] = field(default_factory=dict)

    def me(self, name: str = "ada") -> Me:
        """The actor, as a request of theirs would find it."""
        row, token = _begin(self.people[name])
        del row
        return sessions.whose(token, at=NOW)

    def sign_in(self, client: FlaskClient, name: str = "ada") -> str:
        """Give this client the person's session; answers the CSRF token for its writes."""
        import hashlib
        import hmac

        settings = client.application.config["SETTINGS"]
        with client.application.app_context():
            _row, token = _begin(self.people[name], at=datetime.now(UTC))
        client.set_cookie(
            "__Host-sid" if settings.secure else "sid", token, domain=_host(settings), secure=settings.secure
        )
        return hmac.new(settings.secret_key, b"csrf:" + token.encode(), hashlib.sha256).hexdigest()


def _host(settings: Any) -> str:
    return settings.public_url.split("//")[1].split(":")[0]


def _begin(person_id: int, at: datetime = NOW) -> tuple[SignIn, str]:
    with writing() as s:
        return sessions.begin(s.get_one(Person, person_id), centre_id=None, browser="test", at=at)


def small_world(app: Flask) -> World:
    """Fill an empty, migrated database."""
    world = World()
    with app.app_context():
        with writing() as s:
            for key, name, kind in (
                ("acsm", "ACSM", "partner"),
                ("mqcv", "MQCV", "partner"),
                ("fcs", "FCS 59/62", "federation"),
            ):
                row = Organisation(name=name, short_name=name, kind=kind, phone="01 99 00 12 34")
                s.add(row)
                s.flush()
                world.organisations[key] = row.id
            for n, (key, name, owner) in enumerate((("brebis", "Cité des Brebis", "acsm"), ("mqcv", "MQCV", "mqcv"))):
                centre = Centre(
                    name=name,
                    organisation_id=world.organisations[owner],
                    phone=f"01 99 00 00 0{n + 1}",
                    code=codes.make("L", n),
                )
                s.add(centre)
                s.flush()
                world.centres[key] = centre.id
            for key, (role, where) in CAST.items():
                person = Person(uuid=uuid4(), name=key.capitalize(), email=f"{key}@example.org", password=_HASHED)
                person.roles.append(
                    Role(
                        kind=role,
                        centre_id=world.centres.get(where),
                        organisation_id=None if where in world.centres else world.organisations.get(where),
                        operation=AUDITED if role == "auditor" else None,
                    )
                )
                s.add(person)
                s.flush()
                world.people[key] = person.id
            devices.usual_categories()
        ada = world.me("ada")
        for key, maker, name, category in (
            ("laptop", "Lenovo", "ThinkPad L14", "laptop"),
            ("tablet", "Samsung", "Galaxy Tab A7", "tablet"),
            ("router", "TP-Link", "M7200", "router"),
            ("printer", "Prusa", "i3 MK3S+", "printer3d"),
        ):
            wish = NewModel(maker=maker, name=name, category=category, parts="chargeur, housse")
            world.models[key] = do(devices.add_model, wish, by=ada).id
    return world


def known_world() -> World:
    """The small world that is already in this database, by its names."""
    s = session()
    keys = {"ACSM": "acsm", "MQCV": "mqcv", "FCS 59/62": "fcs", "Cité des Brebis": "brebis"}
    return World(
        people={name.lower(): number for number, name in s.query(Person.id, Person.name)},
        centres={keys[name]: number for number, name in s.query(Centre.id, Centre.name)},
        organisations={keys[name]: number for number, name in s.query(Organisation.id, Organisation.name)},
        models={key: s.query(DeviceModel.id).filter_by(category_code=kind).scalar() for key, kind in MODELS.items()},
    )


def do(rule: Callable[..., T], wish: Any, *things: object, by: Me, at: datetime = NOW, again: Any = None) -> T:
    """Perform one act as a request would: its own write, committed."""
    return history.perform(rule, wish, *things, by=by, at=at, again=again)[0]


def make_device(world: World, name: str = "", *, model: str = "laptop", by: str = "ada", **over: Any) -> Device:
    number = next(_serials)
    facts = {
        "name": name or f"ThinkPad L14 n° {number}",
        "model": world.models[model],
        "serial_number": f"PF{number:06}",
        "owner": world.organisations["acsm"],
    }
    return do(devices.add, NewDevice(**(facts | over)), by=world.me(by))


def make_household(world: World, name: str = "", *, by: str = "ada", **over: Any) -> Household:
    facts = {"name": name or f"Foyer {next(_serials)}-Test", "contact": "06 39 98 01 42"}
    return do(households.add, NewHousehold(**(facts | over)), by=world.me(by))


def make_loan(
    world: World,
    *things: Device,
    household: Household | None = None,
    by: str = "ada",
    at: datetime = NOW,
    id: UUID | None = None,  # noqa: A002 - as the wish calls it
    due_on: date | None = None,
) -> Loan:
    wish = Lend(
        id=id or uuid4(),
        household=(household or make_household(world, by=by)).code,
        devices=[d.code for d in (things or (make_device(world, by=by),))],
        due_on=due_on or at.date() + timedelta(days=90),
    )
    return do(loans.lend, wish, by=world.me(by), at=at, again=loans.of_act)


def fresh(row: Any) -> Any:
    """The row as the database has it now, in a new transaction."""
    session().rollback()
    session().expire_all()
    return session().get_one(type(row), row.id)
