"""Backup and restore: one zip with the database, the stored bytes, and a manifest checked by hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from app import history
from app.db import db, one_moment, read_again, session, sqlite_module
from app.files import StoredFile, path_of
from app.history import Act
from app.settings import Settings
from app.times import now, rfc3339

MANIFEST = "manifest.json"
KEPT_DAYS = 7
# What zipfile and json raise on bytes that are not what was written.
OURS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NOT_WHOLE = (zipfile.BadZipFile, zlib.error, ValueError, LookupError, TypeError, EOFError, RuntimeError)


def make(settings: Settings, target: Path) -> str:
    """Write the backup beside and rename it: a half-made one never looks whole. One moment of the house, then files."""
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        work = Path(folder)
        facts = _moment()
        dump = _dump(settings, work)
        # By name: before a migration the table may lack columns that this version knows.
        there = select(StoredFile.uuid, StoredFile.sha256).where(StoredFile.destroyed_at.is_(None))
        stored = session().execute(there).all()
        read_again()
        beside = work / "backup.zip"
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as out:
            out.write(dump, dump.name)
            hashes = {dump.name: _sha256(dump)} | _add_files(settings, stored, out)
            out.writestr(MANIFEST, _manifest(settings, facts | {"sha256": hashes}))
        beside.chmod(0o600)
        beside.replace(target)
    return f"{target}: {len(hashes)} files, {target.stat().st_size} bytes"


def before(settings: Settings, version: str) -> str:
    """A house about to become of that version is copied first: `before-0002.zip` in the instance folder."""
    folder = settings.instance / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    return make(settings, folder / f"before-{version}.zip")


def daily(settings: Settings, day: date) -> str:
    """Chore: one backup a day in the instance folder, the last seven kept. Answers what was made, or nothing."""
    folder = settings.instance / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{day}.zip"
    if target.exists():
        return ""
    said = make(settings, target)
    for old in sorted(folder.glob("????-??-??.zip"))[:-KEPT_DAYS]:
        old.unlink()
    return said


def _moment() -> dict[str, Any]:
    """Begin to read at one moment of the house, and say which: the copy that follows is of that very moment."""
    one_moment()
    number, head = history.head()
    acts = session().scalar(select(func.count()).select_from(Act))
    return {"made_at": rfc3339(now()), "acts": acts, "chain": {"number": number, "hash": head}}


def _dump(settings: Settings, work: Path) -> Path:
    """A copy of the database as this session sees it."""
    if settings.database_url.startswith("sqlite"):
        target = work / "database.sqlite3"
        source: Any = session().connection().connection.driver_connection
        copy = sqlite_module().connect(str(target))
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        fault = copy.execute("PRAGMA integrity_check").fetchone()[0]
        copy.close()
        if fault != "ok":
            raise click.ClickException(f"The copy is not whole: {fault}")
        return target
    target = work / "database.pgdump"
    snapshot = session().execute(text("SELECT pg_export_snapshot()")).scalar_one()
    what = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}"]
    _run(["pg_dump", *what, _plain_url(settings)])
    return target


def _add_files(settings: Settings, stored: Sequence[Any], out: zipfile.ZipFile) -> dict[str, str]:
    hashes = {}
    for file in stored:
        path = path_of(settings.instance, file)
        name = path.relative_to(settings.instance).as_posix()
        if path.exists():
            out.write(path, name)
            hashes[name] = file.sha256
    return hashes


def _manifest(settings: Settings, facts: dict[str, Any]) -> str:
    body = json.dumps(facts, sort_keys=True)
    return json.dumps({"facts": facts, "mac": _mac(settings, body)}, indent=1)


def bring_back(settings: Settings, source: Path, *, force: bool) -> str:
    """Check every hash, then put the database and the files in place."""
    with tempfile.TemporaryDirectory(dir=settings.instance) as folder:
        work = Path(folder)
        facts = opened(settings, source, work)
        _load(settings, work, facts["sha256"], force=force)
        if (work / "files").exists():
            shutil.copytree(work / "files", settings.instance / "files", dirs_exist_ok=True)
    return f"{facts['acts']} acts and {len(facts['sha256']) - 1} files are back, as of {facts['made_at']}"


def opened(settings: Settings, source: Path, work: Path) -> dict[str, Any]:
    """Unpack the backup into a folder, every hash checked; answers what its manifest says."""
    try:
        with zipfile.ZipFile(source) as archive:
            if archive.getinfo(MANIFEST).compress_type not in OURS:
                raise click.ClickException(f"{source} is not a whole backup.")
            manifest = json.loads(archive.read(MANIFEST))
            facts: dict[str, Any] = manifest["facts"]
            if not hmac.compare_digest(manifest["mac"], _mac(settings, json.dumps(facts, sort_keys=True))):
                raise click.ClickException("This backup was not made with this house's secret key.")
            for name, expected in facts["sha256"].items():
                if archive.getinfo(name).compress_type not in OURS:  # bz2 and lzma have errors of their own
                    raise click.ClickException(f"{name} is not what was backed up.")
                archive.extract(name, work)
                if _sha256(work / name) != expected:
                    raise click.ClickException(f"{name} is not what was backed up.")
    except NOT_WHOLE as trouble:
        raise click.ClickException(f"{source} is not a whole backup: {trouble}") from trouble
    return facts


def _load(settings: Settings, work: Path, hashes: dict[str, str], *, force: bool) -> None:
    if settings.database_url.startswith("sqlite"):
        if "database.sqlite3" not in hashes:
            raise click.ClickException("This backup holds a PostgreSQL database: set DATABASE_URL.")
        target = Path(str(make_url(settings.database_url).database))
        if target.exists() and target.stat().st_size and not force:
            raise click.ClickException(f"{target} exists: use --force to replace it.")
        _hang_up()
        for old in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
            old.unlink(missing_ok=True)
        shutil.move(work / "database.sqlite3", target)
        target.chmod(0o600)
        return
    if "database.pgdump" not in hashes:
        raise click.ClickException("This backup holds an SQLite database: unset DATABASE_URL.")
    _hang_up()
    clean = ["--clean", "--if-exists"] if force else []
    url = f"--dbname={_plain_url(settings)}"
    _run(
        [
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            *clean,
            url,
            str(work / "database.pgdump"),
        ]
    )


def _hang_up() -> None:
    read_again()
    db.engine.dispose()


def _plain_url(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://")


def _run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise click.ClickException(f"{command[0]} is missing: install the client programs of PostgreSQL.")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise click.ClickException(f"{command[0]}: {done.stderr.strip()[-500:]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _mac(settings: Settings, text: str) -> str:
    return hmac.new(settings.secret_key, b"backup:" + text.encode(), hashlib.sha256).hexdigest()
