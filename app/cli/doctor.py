"""`flask doctor`: what must not stay as it is, in sentences."""

from __future__ import annotations

import os
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text

from app.db import is_postgresql, missing_guards, session, sqlite_module
from app.db.engine import WAL_IS_SAFE_FROM
from app.db.writing import MIGRATIONS
from app.demo import world
from app.settings import Settings
from app.setup import keys


def look(settings: Settings) -> list[str]:
    """Each fault as one sentence; an empty list is good."""
    faults = _engine() + _up_to_date()
    if settings.secure and world.is_demo():
        faults.append("Demo accounts exist while PUBLIC_URL is https: a real house does not start with them.")
    # Windows has no such bits: there a folder of one's own keeps others out.
    for path in (settings.instance / "secret.key", settings.instance / keys.NAME, _file_of(settings)):
        if os.name == "posix" and path and path.exists() and path.stat().st_mode & 0o077:
            faults.append(f"{path} can be read by others: chmod 600 {path}")
    return faults


def _file_of(settings: Settings) -> Path | None:
    """The file of the house, where it is one."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def of_another_version() -> list[str]:
    """That the database is not of this version: then nothing else can be said of it."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if MigrationContext.configure(session().connection()).get_current_revision() != newest:
        return ["The database is not of this version: run flask db upgrade."]
    return []


def _up_to_date() -> list[str]:
    """The database is of this version, and nobody took a guard away."""
    if old := of_another_version():
        return old
    missing = ", ".join(sorted(missing_guards(session().connection())))
    return [f"Guards are missing in the database, run flask db upgrade: {missing}."] if missing else []


def _engine() -> list[str]:
    if is_postgresql():
        version = int(str(session().execute(text("SHOW server_version_num")).scalar_one()))
        return [] if version >= 150000 else [f"PostgreSQL {version}: version 15 or later is needed."]  # noqa: PLR2004
    found = sqlite_module().sqlite_version_info
    mode = str(session().execute(text("PRAGMA journal_mode")).scalar_one())
    if mode == "wal" and found < WAL_IS_SAFE_FROM:
        return ["This SQLite can lose a commit in WAL mode: install the pinned pysqlite3 wheel."]
    return []
