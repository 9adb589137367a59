"""A fresh, migrated database for each test that asks, on SQLite and on PostgreSQL.

    def test_a_thing_is_lent_once(app): ...            # runs twice: [sqlite] and [postgresql]

    @on_sqlite
    def test_the_file_is_small(app, database): ...     # where one engine alone has the question

Migrations run once per worker and engine; a test gets a copy of what they made. The app is imported when it is first
needed: tests of `labels` alone do not wait for it, nor break with it.
"""

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.harness import memory, swift
from tests.harness.once import once_a_run
from tests.harness.postgres import Cluster, Missing
from tests.harness.tally import ran_on

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

_numbers = count(1)

# Who furnishes the small world for the tests that ask for the fixture of this name.
FURNISHED = {
    "places": "tests.web.things:furnish",
    "full": "tests.ground.test_guards:fill",
    "full_house": "tests.cli.test_verify:fill",
}


@dataclass(frozen=True)
class Database:
    """One test's own: `kind` is "sqlite" or "postgresql", `url` what DATABASE_URL would say."""

    kind: str
    url: str
    instance: Path


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """This worker's private PostgreSQL. `cluster.create("name")` gives the URL of an empty database."""
    try:
        made = Cluster()
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that migrations made, to be copied."""
    home = tmp_path_factory.mktemp("template")
    file = home / "template.db"
    _migrate(home, f"sqlite:///{file}")
    assert not list(home.glob("template.db-*")), "the template must be whole in its one file"
    return file


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the database that migrations made, to be copied."""
    _migrate(tmp_path_factory.mktemp("template"), cluster.create("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the small world in it."""
    home = tmp_path_factory.mktemp("world")
    file = Path(shutil.copyfile(sqlite_template, home / "world.db"))
    _fill(home, f"sqlite:///{file}")
    assert not list(home.glob("world.db-*")), "the template must be whole in its one file"
    return file


@pytest.fixture(scope="session")
def postgresql_world(postgresql_template: str, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same with the small world in it."""
    _fill(tmp_path_factory.mktemp("world"), cluster.create("world", postgresql_template))
    return "world"


@dataclass(frozen=True)
class Furnished:
    """The small world with more in it: its database, its files, and what its maker says is where."""

    database: Any
    files: Path
    places: Any


@pytest.fixture(scope="session")
def furnished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Furnished]:
    """`furnished("sqlite", "places")`: made when it is first asked for; on PostgreSQL, of which each worker has one, once
    a worker.
    """

    @cache
    def of(kind: str, name: str) -> Furnished:
        world = request.getfixturevalue(f"{kind}_world")
        if kind == "sqlite":
            return Furnished(*_furnished_file(tmp_path_factory, world, name))
        home = tmp_path_factory.mktemp(name)
        url = request.getfixturevalue("cluster").create(name, world)
        return Furnished(name, home / "files", _furnish(home, url, FURNISHED[name]))

    return of


def _furnished_file(factory: pytest.TempPathFactory, world: Path, name: str) -> tuple[Path, Path, Any]:
    def make(home: Path) -> Any:
        file = shutil.copyfile(world, home / "furnished.db")
        return _furnish(home, f"sqlite:///{file}", FURNISHED[name])

    home, places = once_a_run(factory, name, make)
    return home / "furnished.db", home / "files", places


@pytest.fixture
def instance() -> Iterator[Path]:
    """The instance folder of this test alone."""
    home = memory.new_folder()
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, instance: Path) -> Iterator[Database]:
    """A migrated database without a row of ours, or with what the test asks for; and the instance folder.

    Who asks for `world` finds the small world in it, who asks for one of `FURNISHED` the small world furnished so.
    """
    ran_on(request, request.param)
    template = _template_for(request, instance)
    if request.param == "sqlite":
        shutil.copyfile(template, instance / "va-et-vient.db")
        yield Database("sqlite", f"sqlite:///{instance / 'va-et-vient.db'}", instance)
        return
    cluster = request.getfixturevalue("cluster")
    name = f"test_{next(_numbers)}"
    yield Database("postgresql", cluster.create(name, template), instance)
    cluster.drop(name)


def _template_for(request: pytest.FixtureRequest, instance: Path) -> Any:
    asked = request.fixturenames
    for name in FURNISHED:
        if name in asked:
            made: Furnished = request.getfixturevalue("furnished")(request.param, name)
            if made.files.exists():
                shutil.copytree(made.files, instance / "files")
            return made.database
    return request.getfixturevalue(f"{request.param}_{'world' if 'world' in asked else 'template'}")


@pytest.fixture
def places(database: Database, furnished: Callable[..., Furnished]) -> Any:
    """One of everything in each centre, by the word a route calls it."""
    return furnished(database.kind, "places").places


@pytest.fixture
def settings(database: Database) -> Any:
    """What the app of this test starts with. A test module may say otherwise with its own `settings` fixture."""
    from app.settings import Settings

    return Settings.for_tests(instance=database.instance, database_url=database.url)


@pytest.fixture
def make_app() -> Iterator[Callable[..., Flask]]:
    """`make_app(settings, public_url=...)`: an app of which no connection is left behind when the test ends."""
    made: list[Flask] = []

    def make(settings: Any, **changes: object) -> Flask:
        made.append(_create(dataclasses.replace(settings, **changes)))
        return made[-1]

    yield make
    for app in made:
        hang_up(app)


@pytest.fixture
def app(make_app: Callable[..., Flask], settings: Any) -> Flask:
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def hang_up(app: Flask) -> None:
    """Close every connection of this app."""
    with app.app_context():
        held = app.extensions["sqlalchemy"]
        held.session.remove()
        for engine in held.engines.values():
            engine.dispose()


def _create(settings: Any) -> Flask:
    from app import create_app

    swift.remember_addresses()
    return swift.remember_questions(swift.remember_pages(create_app(settings)))


def _migrate(instance: Path, url: str) -> None:
    from app.db import upgrade
    from app.settings import Settings

    app = _create(Settings.for_tests(instance=instance, database_url=url))
    with app.app_context():
        upgrade()
    swift.learn_questions(app)
    hang_up(app)


def _fill(instance: Path, url: str) -> None:
    from app.settings import Settings
    from tests.make import small_world

    app = _create(Settings.for_tests(instance=instance, database_url=url))
    small_world(app)
    hang_up(app)


def _furnish(instance: Path, url: str, maker: str) -> Any:
    from app.settings import Settings
    from tests.make import known_world

    app = _create(Settings.for_tests(instance=instance, database_url=url))
    with app.app_context():
        places = resolve_name(maker)(app, known_world())
    hang_up(app)
    return places
