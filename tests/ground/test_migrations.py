"""Migrations are the only way a database is made; what they make is what the models and the guards say."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from app.cli import backups
from app.cli.verifying import all_faults
from app.db import Base, all_guards, db, drop_guards, make_guards, session, sqlite_module, upgrade
from app.history import Act
from tests.harness.databases import Database
from tests.harness.postgres import Cluster
from tests.make import World, make_loan

ROOT = Path(__file__).parents[2]
MADE_BY_ALEMBIC = {"alembic_version"}


@pytest.fixture
def empty(database: Database, cluster: Cluster, instance: Path) -> Iterator[str]:
    """The URL of a database without anything."""
    if database.kind == "sqlite":
        yield f"sqlite:///{instance / 'empty.db'}"
        return
    yield cluster.create("empty")
    cluster.drop("empty")


def catalogue(connection: Connection) -> dict[str, Any]:
    """All that the database knows of its tables: columns, keys, checks, indexes with their conditions, triggers."""
    looked, told = inspect(connection), {}
    for table in sorted(set(looked.get_table_names()) - MADE_BY_ALEMBIC):
        told[table] = {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in looked.get_columns(table)],
            "key": looked.get_pk_constraint(table)["constrained_columns"],
            "foreign": _said(looked.get_foreign_keys(table)),
            "unique": _said(looked.get_unique_constraints(table)),
            "checks": _said(looked.get_check_constraints(table)),
            "indexes": _said(looked.get_indexes(table)),
        }
    return told | {"triggers": triggers(connection)}


def _said(parts: list[Any]) -> list[str]:
    """Each part as text, conditions of indexes included, in one order."""
    plain = [
        {k: {n: str(o) for n, o in v.items()} if isinstance(v, dict) else v for k, v in part.items()} for part in parts
    ]
    return sorted(json.dumps(part, sort_keys=True, default=str) for part in plain)


def triggers(connection: Connection) -> list[str]:
    """The text of every trigger, with that of its function."""
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    else:
        query = "SELECT pg_get_triggerdef(oid) || pg_get_functiondef(tgfoid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    return list(connection.execute(text(query)).scalars())


def test_the_migrated_house_is_to_the_last_trigger_the_one_the_models_draw(app: Flask, empty: str):
    module = {"module": sqlite_module()} if empty.startswith("sqlite") else {}
    engine = create_engine(empty, poolclass=NullPool, **module)
    with engine.begin() as drawn:
        Base.metadata.create_all(drawn)
        make_guards(drawn)
        wanted = catalogue(drawn)
    with app.app_context(), db.engine.connect() as migrated:
        there = catalogue(migrated)
    assert set(there) == set(wanted)
    for name in wanted:
        assert there[name] == wanted[name], name
    assert any("closed_at IS NULL" in index for index in there["loan_line"]["indexes"]), "partial indexes are told"
    assert len(there["triggers"]) == len(all_guards(engine.dialect.name))


def test_a_catalogue_that_differs_is_told_apart(app: Flask):
    """The comparison above sees a lost guard, index, column and check."""
    with app.app_context(), db.engine.connect() as line:
        before = catalogue(line)
        drop_guards(line)
        line.execute(text("DROP INDEX uq_loan_line_open"))
        line.execute(text("ALTER TABLE hold ADD COLUMN more TEXT"))
        after = catalogue(line)
        assert {name for name in before if before[name] != after[name]} == {"triggers", "loan_line", "hold"}
        line.rollback()


def test_autogenerate_finds_nothing_to_do(app: Flask):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(app: Flask, inside: World):
    make_loan(inside)
    session().rollback()
    before = counted()
    for _ in range(2):
        upgrade()
        assert counted() == before


def counted() -> tuple[dict[str, Any], dict[str, int]]:
    with db.engine.connect() as line:
        rows = {name: line.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in Base.metadata.tables}
        return catalogue(line), rows


def killed(url: str, home: Path, *points: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.ground.killed", url, str(home), *map(str, points)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def some_of(count: int) -> list[int]:
    """The first statements, the last ones, and a few between."""
    return sorted({1, 2, 3, count // 5, count // 2, count * 4 // 5, count - 1, count})


LATER = """
revision, down_revision = "9999", "{head}"
import sqlalchemy as sa
from alembic import op
def upgrade(): op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))
"""


def test_a_house_that_will_change_is_backed_up_first(app: Flask, database: Database, inside: World, tmp_path: Path):
    make_loan(inside)
    session().rollback()
    acts = session().query(Act).count()
    folder = database.instance / "backups"
    upgrade()
    assert not folder.exists(), "it is of this version already"
    newer = Path(shutil.copytree(ROOT / "migrations", tmp_path / "newer"))
    head = ScriptDirectory(str(newer)).get_current_head()
    (newer / "versions" / "9999_more.py").write_text(LATER.format(head=head))
    session().rollback()
    flask_migrate.upgrade(directory=str(newer))
    assert inspect(db.engine).has_table("more")
    with TemporaryDirectory() as work:
        facts = backups.opened(app.config["SETTINGS"], folder / "before-9999.zip", Path(work))
    assert facts["acts"] == acts


@pytest.mark.slow("a migrating process is killed nine times")
def test_a_first_migration_killed_at_any_point_leaves_an_empty_house(
    database: Database, empty: str, cluster: Cluster, instance: Path
):
    tried = f"sqlite:///{instance / 'tried.db'}" if database.kind == "sqlite" else cluster.create("tried")
    [whole] = killed(tried, instance, 0)
    assert (whole["killed"], set(whole["tables"])) == (False, set(Base.metadata.tables) | MADE_BY_ALEMBIC)
    *cut, last = killed(empty, instance, *some_of(whole["begun"]), -1, 0)
    assert [(one["killed"], one["tables"], one["triggers"]) for one in cut] == [(True, [], [])] * len(cut)
    assert {key: last[key] for key in ("tables", "triggers")} == {key: whole[key] for key in ("tables", "triggers")}
    cluster.drop("tried")


@pytest.mark.slow("a migrating process is killed nine times")
def test_a_later_migration_killed_at_any_point_leaves_the_house_as_it_was(app: Flask, database: Database, world: World):
    with app.app_context():
        make_loan(world)
        session().rollback()
        before = counted()
        db.engine.dispose()
        [whole] = killed(database.url, database.instance, 0)
        cut = killed(database.url, database.instance, *some_of(whole["begun"]), -1)
        assert [one["killed"] for one in cut] == [True] * len(cut)
        assert [one["triggers"] for one in cut] == [whole["triggers"]] * len(cut)
        assert counted() == before
        assert list(all_faults(app.config["SETTINGS"])) == []


@pytest.mark.slow("three processes start at once")
def test_servers_that_start_at_once_migrate_once(database: Database, empty: str, tmp_path: Path):
    command = [sys.executable, "-m", "tests.ground.killed", empty, str(tmp_path), "0"]
    servers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _n in range(3)
    ]
    told = [server.communicate(timeout=60) for server in servers]
    assert [server.returncode for server in servers] == [0, 0, 0], told
    assert all(set(json.loads(out)["tables"]) == set(Base.metadata.tables) | MADE_BY_ALEMBIC for out, _err in told)
