"""A backup is made while people work, holds everything, and comes back; a changed byte is refused."""

from __future__ import annotations

import dataclasses
import json
import random
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import files, history
from app.cli import backups
from app.cli.verifying import all_faults
from app.db import session, writing
from app.history import Act
from app.settings import Settings
from tests.harness.databases import Database, hang_up, on_postgresql
from tests.harness.postgres import Cluster
from tests.make import NOW, TODAY, World, make_device, make_household, make_loan


@pytest.fixture
def kept(app: Flask, world: World, tmp_path: Path) -> Path:
    """A house with a loan and a stored file, and its backup."""
    with app.app_context():
        make_loan(world)
        file = files.write(app.config["SETTINGS"].instance, b"bytes", kind="t", media_type="text/plain", at=NOW)
        with writing() as s:
            s.add(file)
        backups.make(app.config["SETTINGS"], tmp_path / "kept.zip")
    return tmp_path / "kept.zip"


@pytest.fixture
def elsewhere(database: Database, cluster: Cluster, tmp_path: Path, make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An empty house on another machine, with the same secret key."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    if database.kind == "sqlite":
        yield make_app(Settings.for_tests(home, f"sqlite:///{home / 'va-et-vient.db'}"))
        return
    app = make_app(Settings.for_tests(home, cluster.create("elsewhere")))
    yield app
    hang_up(app)
    cluster.drop("elsewhere")


def test_a_house_comes_back_whole(app: Flask, kept: Path, elsewhere: Flask):
    with app.app_context():
        acts = session().scalar(select(func.count()).select_from(Act))
    with elsewhere.app_context():
        settings = elsewhere.config["SETTINGS"]
        said = backups.bring_back(settings, kept, force=True)
        assert said.startswith(f"{acts} acts and 1 files are back")
        assert session().scalar(select(func.count()).select_from(Act)) == acts
        assert list(all_faults(settings)) == []


def test_a_backup_made_while_desks_write_is_one_moment_of_the_house(
    app: Flask, world: World, elsewhere: Flask, tmp_path: Path
):
    done = threading.Event()

    def desk() -> None:
        with app.app_context():
            while not done.is_set():
                make_loan(world, make_device(world), household=make_household(world))

    writers = [threading.Thread(target=desk) for _n in range(3)]
    for one in writers:
        one.start()
    try:
        with app.app_context():
            backups.make(app.config["SETTINGS"], tmp_path / "busy.zip")
    finally:
        done.set()
        for one in writers:
            one.join(30)
    with elsewhere.app_context():
        said = backups.bring_back(elsewhere.config["SETTINGS"], tmp_path / "busy.zip", force=True)
        assert list(all_faults(elsewhere.config["SETTINGS"])) == []
        told = json.loads(zipfile.ZipFile(tmp_path / "busy.zip").read("manifest.json"))["facts"]
        assert said.startswith(f"{session().query(Act).count()} acts and")
        assert (told["chain"]["number"], told["chain"]["hash"]) == history.head()


def test_a_changed_byte_is_refused(kept: Path, elsewhere: Flask, tmp_path: Path):
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b"bytes", b"bytez") if name.startswith("files/") else old.read(name)
            )
    with elsewhere.app_context(), pytest.raises(click.ClickException, match="is not what was backed up"):
        backups.bring_back(elsewhere.config["SETTINGS"], changed, force=True)


def test_an_empty_house_takes_a_backup_without_being_forced(kept: Path, elsewhere: Flask):
    with elsewhere.app_context():
        backups.bring_back(elsewhere.config["SETTINGS"], kept, force=False)
        assert list(all_faults(elsewhere.config["SETTINGS"])) == []


def test_any_changed_byte_is_refused_or_changes_nothing(app: Flask, world: World, kept: Path, tmp_path: Path):
    """Bytes of the zip that carry nothing (a date, an attribute) may change; what comes back is then the very same."""
    whole, changed, dice = kept.read_bytes(), tmp_path / "changed.zip", random.Random(3)
    with app.app_context():
        make_loan(world)
        acts = session().query(Act).count()
    refused = 0
    for place in [0, 30, len(whole) - 1, *(dice.randrange(len(whole)) for _n in range(60))]:
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << dice.randrange(8))]) + whole[place + 1 :])
        with app.app_context():
            try:
                backups.opened(app.config["SETTINGS"], changed, tmp_path)
            except click.ClickException:
                refused += 1
            assert session().query(Act).count() == acts
    assert refused > 50


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
@pytest.mark.parametrize("which", [0, -1])
def test_a_backup_that_says_it_was_packed_otherwise_is_refused(
    app: Flask, world: World, kept: Path, tmp_path: Path, method: int, which: int
):
    """The directory of the zip names how each file was packed: another word there, the bytes as they were."""
    changed, whole = tmp_path / "changed.zip", bytearray(kept.read_bytes())
    places = [found.start() for found in re.finditer(b"PK\x01\x02", bytes(whole))]
    whole[places[which] + 10 : places[which] + 12] = method.to_bytes(2, "little")
    changed.write_bytes(bytes(whole))
    with app.app_context(), pytest.raises(click.ClickException):
        backups.opened(app.config["SETTINGS"], changed, tmp_path)


@pytest.mark.parametrize("cut", [0, 1, 0.5, 0.99])
def test_a_backup_cut_short_is_refused_in_a_sentence(kept: Path, elsewhere: Flask, tmp_path: Path, cut: float):
    short = tmp_path / "short.zip"
    short.write_bytes(kept.read_bytes()[: int(kept.stat().st_size * cut)] if cut != 1 else b"not a zip at all")
    with elsewhere.app_context(), pytest.raises(click.ClickException, match="not a whole backup"):
        backups.bring_back(elsewhere.config["SETTINGS"], short, force=True)


@on_postgresql
def test_a_machine_without_the_programs_of_postgresql_says_so(
    app: Flask, kept: Path, elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with app.app_context(), pytest.raises(click.ClickException, match="pg_dump"):
        backups.make(app.config["SETTINGS"], tmp_path / "other.zip")
    with elsewhere.app_context(), pytest.raises(click.ClickException, match="pg_restore"):
        backups.bring_back(elsewhere.config["SETTINGS"], kept, force=True)
    assert not (tmp_path / "other.zip").exists()


def test_a_backup_of_the_other_database_is_refused(
    app: Flask, kept: Path, tmp_path: Path, make_app: Callable[..., Flask]
):
    settings = app.config["SETTINGS"]
    other = (
        "postgresql+psycopg://nobody@127.0.0.1:1/x"
        if "sqlite" in settings.database_url
        else f"sqlite:///{tmp_path}/x.db"
    )
    with (
        make_app(settings, database_url=other).app_context(),
        pytest.raises(click.ClickException, match=r"holds an? (SQLite|PostgreSQL)"),
    ):
        backups.bring_back(dataclasses.replace(settings, database_url=other), kept, force=True)


def test_a_file_destroyed_meanwhile_is_in_no_backup(app: Flask, kept: Path, tmp_path: Path):
    with app.app_context():
        with writing() as s:
            files.destroy(app.config["SETTINGS"].instance, s.query(files.StoredFile).one(), at=NOW)
        backups.make(app.config["SETTINGS"], tmp_path / "later.zip")
    assert [
        len([n for n in zipfile.ZipFile(z).namelist() if n.startswith("files/")])
        for z in (kept, tmp_path / "later.zip")
    ] == [1, 0]


def test_a_backup_of_another_house_is_refused(kept: Path, elsewhere: Flask, make_app: Callable[..., Flask]):
    stranger = make_app(elsewhere.config["SETTINGS"], secret_key=b"another house, another secret key")
    with stranger.app_context(), pytest.raises(click.ClickException, match="secret key"):
        backups.bring_back(stranger.config["SETTINGS"], kept, force=True)


def test_a_house_that_is_not_empty_is_not_replaced_by_chance(app: Flask, kept: Path):
    with app.app_context(), pytest.raises(click.ClickException):
        backups.bring_back(app.config["SETTINGS"], kept, force=False)


def test_a_backup_is_readable_for_its_owner_alone(kept: Path):
    assert kept.stat().st_mode & 0o077 == 0


def test_the_chores_keep_one_backup_a_day_for_a_week(app: Flask, world: World):
    with app.app_context():
        settings = app.config["SETTINGS"]
        for day in range(1, 10):
            assert backups.daily(settings, TODAY.replace(day=day))
        assert backups.daily(settings, TODAY.replace(day=9)) == ""
        assert [file.stem[-2:] for file in sorted((settings.instance / "backups").iterdir())] == [
            f"{day:02}" for day in range(3, 10)
        ]
