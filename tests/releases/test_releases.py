"""Every released demo database upgrades to this version: no row is lost, and `flask verify` has nothing to say."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from app.cli.verifying import all_faults
from app.db import Base, db, session, upgrade
from app.settings import Settings
from tests.harness.databases import hang_up
from tests.harness.postgres import Cluster
from tools.release import KEPT, SECRET

VERSIONS = sorted(file.name.removesuffix(".sqlite3.gz") for file in KEPT.glob("v*.sqlite3.gz"))


@pytest.fixture(params=["sqlite", "postgresql"])
def old_house(
    request: pytest.FixtureRequest, version: str, tmp_path: Path, make_app, cluster: Cluster
) -> Iterator[Flask]:
    url = _sqlite(version, tmp_path) if request.param == "sqlite" else _postgresql(version, cluster)
    _unpack_files(KEPT / f"{version}.{'sqlite3' if request.param == 'sqlite' else 'pgsql'}.files.zip", tmp_path)
    app = make_app(Settings.for_tests(tmp_path, url), secret_key=SECRET)
    yield app
    hang_up(app)
    if request.param == "postgresql":
        cluster.drop(_name(version))


def _sqlite(version: str, home: Path) -> str:
    file = home / "old.db"
    file.write_bytes(gzip.decompress((KEPT / f"{version}.sqlite3.gz").read_bytes()))
    return f"sqlite:///{file}"


def _unpack_files(kept: Path, home: Path) -> None:
    """The worlds of the first releases had neither photos nor documents."""
    if kept.exists():
        shutil.unpack_archive(kept, home / "files")


def _name(version: str) -> str:
    return f"house_of_{version.replace('.', '_')}"


def _postgresql(version: str, cluster: Cluster) -> str:
    url = cluster.create(_name(version))
    script = gzip.decompress((KEPT / f"{version}.pgsql.gz").read_bytes())
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run(["psql", "--quiet", "-v", "ON_ERROR_STOP=1", plain], input=script, check=True, capture_output=True)
    return url


def _counts() -> dict[str, int]:
    return {
        name: session().scalar(select(func.count()).select_from(text(f'"{name}"'))) or 0
        for name in set(Base.metadata.tables) & set(inspect(db.engine).get_table_names())
    }


def test_a_release_is_kept() -> None:
    assert VERSIONS, "a release ends each part: tools/release.py"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_house_upgrades_without_losing_a_row(old_house: Flask, version: str) -> None:
    with old_house.app_context():
        before = _counts()
        upgrade()
        after = _counts()
        assert {name: after[name] for name in before} == before
        assert before["loan"] > 0
        assert list(all_faults(old_house.config["SETTINGS"])) == []
