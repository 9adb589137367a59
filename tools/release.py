"""Keep a release's demo world on both engines, with its files: `python tools/release.py v0.1`.

Later versions upgrade from it.
"""

from __future__ import annotations

import dataclasses
import gzip
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from app import create_app
from app.db import db, sqlite_module, upgrade
from app.demo import world
from app.settings import Settings
from app.times import now
from tests.harness.postgres import Cluster

KEPT = Path(__file__).parents[1] / "tests" / "releases"
SECRET = b"the key of the kept demo databases, open to all"


def main(version: str) -> None:
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for engine, keep in {"sqlite3": _keep_sqlite, "pgsql": _keep_postgresql}.items():
            (home := Path(folder) / engine).mkdir()
            keep(home, KEPT / f"{version}.{engine}.gz")
            shutil.make_archive(str(KEPT / f"{version}.{engine}.files"), "zip", home / "files")
    for file in sorted(KEPT.glob(f"{version}.*")):
        print(file.relative_to(KEPT.parents[1]), file.stat().st_size, "bytes")


def _fill(home: Path, url: str) -> None:
    settings = dataclasses.replace(Settings.for_tests(home, url), secret_key=SECRET)
    app = create_app(settings)
    with app.app_context():
        upgrade()
        world.make(at=now())
        db.session.remove()
        db.engine.dispose()


def _keep_sqlite(home: Path, target: Path) -> None:
    file = home / "demo.db"
    _fill(home, f"sqlite:///{file}")
    connection = sqlite_module().connect(str(file))
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    target.write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def _keep_postgresql(home: Path, target: Path) -> None:
    cluster = Cluster()
    try:
        cluster.start()
        url = cluster.create("demo")
        _fill(home, url)
        plain = url.replace("postgresql+psycopg://", "postgresql://")
        dump = subprocess.run(["pg_dump", "--no-owner", "--no-privileges", plain], check=True, capture_output=True)
        target.write_bytes(gzip.compress(dump.stdout, mtime=0))
    finally:
        cluster.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
