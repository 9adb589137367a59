"""Migrations are the only way a database is made; what they make is what the models and the guards say."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import CheckConstraint, inspect

from app.db import Base, all_guards, db, session, sqlite_module, upgrade
from app.settings import Settings
from tests.harness.databases import on_sqlite

ROOT = Path(__file__).parents[2]


def test_the_migrated_house_is_the_one_the_models_draw(app: Flask):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_models_stands_in_the_database_by_its_name(app: Flask):
    wanted = {
        (table.name, str(one.name))
        for table in Base.metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    with app.app_context():
        looked = inspect(db.engine)
        there = {(t, str(c["name"])) for t in looked.get_table_names() for c in looked.get_check_constraints(t)}
    assert wanted <= there


def test_every_guard_stands_and_no_other(app: Flask):
    with app.app_context():
        assert _triggers(app) == {(guard.table, guard.name) for guard in all_guards(db.engine.dialect.name)}


def test_partial_indexes_are_partial(app: Flask):
    with app.app_context():
        found = {i["name"]: i for i in inspect(db.engine).get_indexes("loan_line")}
    told = " ".join(map(str, found["uq_loan_line_open"]["dialect_options"].values()))
    assert found["uq_loan_line_open"]["unique"]
    assert re.search("closed_at IS NULL", told), told


def test_upgrading_twice_changes_nothing(app: Flask):
    with app.app_context():
        before = _triggers(app)
        session().rollback()
        upgrade()
        assert _triggers(app) == before


@on_sqlite
@pytest.mark.slow("a migrating process is killed at eight moments")
def test_a_migration_killed_at_any_moment_leaves_nothing_half_done(
    database: object, tmp_path: Path, make_app: Callable[..., Flask]
):
    for n, moment in enumerate((0.7, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 1.8)):
        home = tmp_path / f"killed-{n}"
        home.mkdir()
        _migrate_and_kill(home, moment)
        tables = _tables(home / "va-et-vient.db")
        assert tables in (set(), {"alembic_version"}) or tables >= set(Base.metadata.tables), (moment, tables)
        app = make_app(Settings.for_tests(home, f"sqlite:///{home / 'va-et-vient.db'}"))
        with app.app_context():
            upgrade()
            assert _triggers(app) == {(guard.table, guard.name) for guard in all_guards(db.engine.dialect.name)}


def _migrate_and_kill(home: Path, after: float) -> None:
    environment = os.environ | {"INSTANCE": str(home), "DATABASE_URL": f"sqlite:///{home / 'va-et-vient.db'}"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def _tables(file: Path) -> set[str]:
    if not file.exists():
        return set()
    connection = sqlite_module().connect(str(file))
    try:
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name for (name,) in rows}
    finally:
        connection.close()


def _triggers(app: Flask) -> set[tuple[str, str]]:
    sqlite = "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger'"
    postgresql = (
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
    )
    with db.engine.connect() as connection:
        query = sqlite if db.engine.dialect.name == "sqlite" else postgresql
        return {(table, name) for table, name in connection.exec_driver_sql(query)}
