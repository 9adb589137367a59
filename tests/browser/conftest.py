"""The whole app before a real Chromium, filled with the demo world: `site` for acts, `house` for looking only.

    def test_it(site, desk):
        page = desk()                  # Nadia, signed in at the desk of Cité des Brebis
        page.goto(site.url)

Labels are drawn for https://pret.example.org while the app answers on 127.0.0.1: what a label says of the host is for
strangers' phones, a scanner never looks at it.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select, update

from app.db import session, writing
from app.demo import cast
from app.inventory.models import Device, DeviceModel, Hold
from app.lending.models import LoanLine
from app.people import sessions
from app.people.models import Person, Role
from app.settings import Settings
from tests.front.conftest import scan
from tests.harness.databases import Database, _create, hang_up
from tests.harness.live import Site, free_port, serving
from tests.harness.once import once_a_run
from tests.harness.tally import ran_on

__all__ = ["scan"]  # the hand scanner of the front end's own tests

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
BENCH: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
OURS = ("127.0.0.1", "localhost", "pret.example.org")


@pytest.fixture(scope="session")
def demo_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo world as of now: ten seconds and more."""
    from app.demo import world

    def make(home: Path) -> None:
        app = _create(_settings(home, Path(shutil.copyfile(sqlite_template, home / "demo.db"))))
        with app.app_context():
            world.make(at=datetime.now(UTC), folder=home)
        hang_up(app)

    home, _nothing = once_a_run(tmp_path_factory, "demo", make)
    return home / "demo.db"


def _settings(instance: Path, file: Path) -> Settings:
    return dataclasses.replace(Settings.for_tests(instance, f"sqlite:///{file}"), trusted_hosts=OURS)


@pytest.fixture
def database(request: pytest.FixtureRequest, instance: Path, demo_file: Path) -> Database:
    """A copy of the demo world. On SQLite alone: what pages look like does not hang on the database."""
    ran_on(request, "sqlite")
    shutil.copyfile(demo_file, instance / "va-et-vient.db")
    shutil.copytree(demo_file.parent / "files", instance / "files")
    return Database("sqlite", f"sqlite:///{instance / 'va-et-vient.db'}", instance)


@pytest.fixture
def site(make_app: Callable[..., Flask], settings: Settings) -> Iterator[Site]:
    with serving(make_app(settings, trusted_hosts=OURS)) as running:
        yield running


@pytest.fixture(scope="session")
def house(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    """`house("fr")`: one site a worker and language, for tests that only look."""
    made: dict[str, Site] = {}
    with ExitStack() as stack:

        def of(language: str) -> Site:
            if language not in made:
                home = tmp_path_factory.mktemp(f"house-{language}")
                shutil.copytree(demo_file.parent / "files", home / "files")
                app = _create(_settings(home, Path(shutil.copyfile(demo_file, home / "demo.db"))))
                stack.callback(hang_up, app)
                with app.app_context(), writing() as s:
                    s.execute(update(Person).values(language=language))
                made[language] = stack.enter_context(serving(app, free_port()))
            return made[language]

        yield of


def sign_in(context: BrowserContext, site: Site, email: str = cast.DESK) -> BrowserContext:
    """Give this browser the person's session, as after the sign-in page."""
    with site.app.app_context(), writing() as s:
        person = s.scalars(select(Person).where(Person.email == email)).one()
        _row, token = sessions.begin(person, centre_id=None, browser="Chromium", at=datetime.now(UTC))
    cookie = {"name": "__Host-sid", "value": token, "url": f"https://{site.url.partition('//')[2]}", "secure": True}
    context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])  # type: ignore[list-item]
    return context


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], site: Site) -> Callable[..., Page]:
    """`desk(email, **options)`: a page of a colleague who has signed in, standing at the desk."""

    def at(email: str = cast.DESK, **options: Any) -> Page:
        page = sign_in(new_context(**(BENCH | options)), site, email).new_page()
        page.goto(site.url)
        return page

    return at


def things(site: Site, state: str = "available", kind: str = "tablet", count: int = 1) -> list[Device]:
    """Things of the desk's centre that nothing holds back; read-only copies."""
    with site.app.app_context():
        held = select(Hold.device_id).where(Hold.lifted_at.is_(None))
        nadia = select(Role.centre_id).join(Person).where(Person.email == cast.DESK).scalar_subquery()
        query = select(Device).join(DeviceModel, DeviceModel.id == Device.model_id)
        query = query.where(DeviceModel.category_code == kind, Device.state == state, Device.centre_id == nadia)
        found = list(session().scalars(query.where(Device.id.not_in(held)).order_by(Device.id).limit(count)))
    assert len(found) == count, f"the demo world has no {count} {kind} {state}"
    return found


def state_of(site: Site, code: str) -> str:
    with site.app.app_context():
        return session().scalars(select(Device.state).where(Device.code == code)).one()


def open_loans(site: Site, code: str) -> int:
    """How many open loans hold this thing."""
    with site.app.app_context():
        query = select(LoanLine.id).join(Device).where(Device.code == code, LoanLine.closed_at.is_(None))
        return len(session().scalars(query).all())
