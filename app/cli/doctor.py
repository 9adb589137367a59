"""`flask doctor`: what must not stay as it is, in sentences."""

from __future__ import annotations

from sqlalchemy import text

from app.db import is_postgresql, session, sqlite_module
from app.db.engine import WAL_IS_SAFE_FROM
from app.demo import world
from app.settings import Settings


def look(settings: Settings) -> list[str]:
    """Each fault as one sentence; an empty list is good."""
    faults = _database(settings)
    if settings.secure and world.is_demo():
        faults.append("Demo accounts exist while PUBLIC_URL is https: a real house does not start with them.")
    for name in ("secret.key", "va-et-vient.db"):
        path = settings.instance / name
        if path.exists() and path.stat().st_mode & 0o077:
            faults.append(f"{path} can be read by others: chmod 600 {path}")
    return faults


def _database(settings: Settings) -> list[str]:
    if is_postgresql():
        version = int(str(session().execute(text("SHOW server_version_num")).scalar_one()))
        return [] if version >= 150000 else [f"PostgreSQL {version}: version 15 or later is needed."]  # noqa: PLR2004
    found = sqlite_module().sqlite_version_info
    mode = str(session().execute(text("PRAGMA journal_mode")).scalar_one())
    if mode == "wal" and found < WAL_IS_SAFE_FROM:
        return ["This SQLite can lose a commit in WAL mode: install the pinned pysqlite3 wheel."]
    return []
