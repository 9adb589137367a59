"""Backup and restore: one zip with the database, the stored bytes, and a manifest checked by hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import subprocess
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from app import history
from app.db import db, session, sqlite_module
from app.files import StoredFile, path_of
from app.history import Act
from app.settings import Settings
from app.times import now, rfc3339

MANIFEST = "manifest.json"
KEPT_DAYS = 7


def make(settings: Settings, target: Path) -> str:
    """Write the backup beside and rename it: a half-made one never looks whole. Database first, then files."""
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        work = Path(folder)
        dump = _dump(settings, work)
        beside = work / "backup.zip"
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as out:
            out.write(dump, dump.name)
            hashes = {dump.name: _sha256(dump)} | _add_files(settings, out)
            out.writestr(MANIFEST, _manifest(settings, hashes))
        beside.chmod(0o600)
        beside.replace(target)
    return f"{target}: {len(hashes)} files, {target.stat().st_size} bytes"


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


def _dump(settings: Settings, work: Path) -> Path:
    if settings.database_url.startswith("sqlite"):
        target = work / "database.sqlite3"
        source = sqlite_module().connect(make_url(settings.database_url).database)
        copy = sqlite_module().connect(str(target))
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        fault = copy.execute("PRAGMA integrity_check").fetchone()[0]
        copy.close()
        source.close()
        if fault != "ok":
            raise click.ClickException(f"The copy is not whole: {fault}")
        return target
    target = work / "database.pgdump"
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", _plain_url(settings)])
    return target


def _add_files(settings: Settings, out: zipfile.ZipFile) -> dict[str, str]:
    hashes = {}
    for file in session().scalars(select(StoredFile).where(StoredFile.destroyed_at.is_(None))).yield_per(500):
        path = path_of(settings.instance, file)
        name = path.relative_to(settings.instance).as_posix()
        if path.exists():
            out.write(path, name)
            hashes[name] = file.sha256
    return hashes


def _manifest(settings: Settings, hashes: dict[str, str]) -> str:
    number, head = history.head()
    facts = {
        "made_at": rfc3339(now()),
        "acts": session().scalar(select(func.count()).select_from(Act)),
        "chain": {"number": number, "hash": head},
        "sha256": hashes,
    }
    body = json.dumps(facts, sort_keys=True)
    return json.dumps({"facts": facts, "mac": _mac(settings, body)}, indent=1)


def bring_back(settings: Settings, source: Path, *, force: bool) -> str:
    """Check every hash, then put the database and the files in place."""
    with tempfile.TemporaryDirectory(dir=settings.instance) as folder, zipfile.ZipFile(source) as archive:
        work = Path(folder)
        facts = json.loads(archive.read(MANIFEST))
        if not hmac.compare_digest(facts["mac"], _mac(settings, json.dumps(facts["facts"], sort_keys=True))):
            raise click.ClickException("This backup was not made with this house's secret key.")
        hashes = facts["facts"]["sha256"]
        for name, expected in hashes.items():
            archive.extract(name, work)
            if _sha256(work / name) != expected:
                raise click.ClickException(f"{name} is not what was backed up.")
        _load(settings, work, hashes, force=force)
        if (work / "files").exists():
            shutil.copytree(work / "files", settings.instance / "files", dirs_exist_ok=True)
    return f"{facts['facts']['acts']} acts and {len(hashes) - 1} files are back, as of {facts['facts']['made_at']}"


def _load(settings: Settings, work: Path, hashes: dict[str, str], *, force: bool) -> None:
    if settings.database_url.startswith("sqlite"):
        if "database.sqlite3" not in hashes:
            raise click.ClickException("This backup holds a PostgreSQL database: set DATABASE_URL.")
        target = Path(str(make_url(settings.database_url).database))
        if target.exists() and target.stat().st_size and not force:
            raise click.ClickException(f"{target} exists: use --force to replace it.")
        db.engine.dispose()
        for old in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
            old.unlink(missing_ok=True)
        shutil.move(work / "database.sqlite3", target)
        target.chmod(0o600)
        return
    if "database.pgdump" not in hashes:
        raise click.ClickException("This backup holds an SQLite database: unset DATABASE_URL.")
    db.engine.dispose()
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


def _plain_url(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise click.ClickException(f"{command[0]}: {done.stderr.strip()[-500:]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _mac(settings: Settings, text: str) -> str:
    return hmac.new(settings.secret_key, b"backup:" + text.encode(), hashlib.sha256).hexdigest()
