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
from app.db import Base, db, drop_guards, session, upgrade, writing
from app.inventory.faults import DeviceFault
from app.inventory.models import Device
from app.lending.models import LoanLine, OwedPart
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


# In the first release nothing was lent twice; from v0.4 on faults are noted as they are seen, and none is taken over.
@pytest.mark.parametrize("version", ["v0.2", "v0.3"])
def test_what_was_missing_before_a_thing_was_lent_again_is_nobodys_now(old_house: Flask, version: str) -> None:
    """A later agreement said that it was whole: what was owed before is still owed, and is no known fault of it."""
    back = "SELECT i.id, i.line_id FROM hand_over_item i JOIN hand_over h ON h.id = i.hand_over_id WHERE h.way = 'back'"
    newest = "SELECT max(id) FROM loan_line GROUP BY device_id"
    with old_house.app_context():
        with writing() as s:
            drop_guards(s.connection())
            old, old_line = s.execute(text(f"{back} AND i.line_id NOT IN ({newest}) ORDER BY i.id")).first()
            last, last_line = s.execute(text(f"{back} AND i.line_id IN ({newest}) ORDER BY i.id")).first()
            s.execute(
                text("UPDATE hand_over_item SET missing = '[\"souris\"]' WHERE id IN (:old, :last)"),
                {"old": old, "last": last},
            )
        upgrade()
        thing = session().get_one(LoanLine, last_line).device_id
        assert set(session().scalars(select(OwedPart.line_id).where(OwedPart.name == "souris"))) == {
            old_line,
            last_line,
        }
        assert session().scalars(select(DeviceFault.device_id).where(DeviceFault.point == "souris")).all() == [thing]
        assert session().get_one(Device, thing).faulty == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_house_upgrades_without_losing_a_row(old_house: Flask, version: str) -> None:
    with old_house.app_context():
        before = _counts()
        upgrade()
        after = _counts()
        assert {name: after[name] for name in before} == before
        assert before["loan"] > 0
        assert list(all_faults(old_house.config["SETTINGS"])) == []
