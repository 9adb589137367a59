from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.cli import doctor
from app.db import session, writing
from app.people.models import Person
from tests.harness.databases import Database, on_postgresql, on_sqlite
from tests.make import World


@pytest.fixture
def sound(app: Flask, world: World, database: Database) -> Any:
    """A house in which all is well."""
    for file in database.instance.iterdir():
        file.chmod(0o600)
    with app.app_context():
        assert doctor.look(app.config["SETTINGS"]) == []
        yield app.config["SETTINGS"]


def test_a_house_in_which_all_is_well_is_told_so(app: Flask, sound: Any):
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert (done.exit_code, done.output) == (0, "All is well.\n")


def test_demo_accounts_behind_a_public_address_are_a_fault(app: Flask, sound: Any, world: World):
    with writing() as s:
        s.get_one(Person, world.people["ada"]).demo = True
    [fault] = doctor.look(sound)
    assert "Demo accounts" in fault
    assert doctor.look(dataclasses.replace(sound, public_url="http://localhost:5070")) == []
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "Demo accounts" in done.output


def test_a_key_or_a_house_that_others_can_read_is_a_fault(sound: Any):
    names = {"secret.key", "va-et-vient.db"} if "sqlite" in sound.database_url else {"secret.key"}
    for file in (sound.instance / name for name in names):
        file.touch()
        for mode in (0o640, 0o604, 0o644):
            file.chmod(mode)
            [fault] = doctor.look(sound)
            assert f"chmod 600 {file}" in fault
        file.chmod(0o600)
        assert doctor.look(sound) == []


@on_sqlite
def test_a_house_kept_elsewhere_is_looked_at_there(sound: Any, tmp_path: Path):
    file = tmp_path / "elsewhere.db"
    file.touch(0o644)
    file.chmod(0o644)
    [fault] = doctor.look(dataclasses.replace(sound, database_url=f"sqlite:///{file}"))
    assert f"chmod 600 {file}" in fault


@on_sqlite
def test_a_sqlite_that_can_lose_a_commit_is_a_fault(sound: Any, monkeypatch: pytest.MonkeyPatch):
    class Old:
        sqlite_version_info = (3, 51, 2)

    monkeypatch.setattr(doctor, "sqlite_module", lambda: Old)
    [fault] = doctor.look(sound)
    assert "WAL" in fault


@on_postgresql
def test_a_postgresql_too_old_is_a_fault(sound: Any, monkeypatch: pytest.MonkeyPatch):
    class Old:
        def execute(self, _query: object) -> Any:
            return session().execute(text("SELECT '140011'"))

        def __getattr__(self, name: str) -> Any:
            return getattr(session(), name)

    monkeypatch.setattr(doctor, "session", Old)
    assert "PostgreSQL 140011: version 15 or later is needed." in doctor.look(sound)


def test_a_house_that_was_not_brought_up_to_date_is_a_fault(sound: Any):
    with writing() as s:
        s.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    [fault] = doctor.look(sound)
    assert "flask db upgrade" in fault


def test_a_guard_that_is_missing_is_a_fault(sound: Any):
    with writing() as s:
        s.execute(text("DROP TRIGGER act_no_update" + (" ON act" if s.get_bind().dialect.name == "postgresql" else "")))
    [fault] = doctor.look(sound)
    assert "act_no_update" in fault


def test_verify_of_a_house_of_another_version_says_what_to_do(app: Flask, sound: Any):
    with writing() as s:
        s.execute(text("UPDATE alembic_version SET version_num = '0023'"))
    done = app.test_cli_runner().invoke(args=["verify"])
    assert (done.exit_code, done.output) == (1, "The database is not of this version: run flask db upgrade.\n")
