"""Stored bytes: a row first, then a file under a name of our own making; served only through its parent's door."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Uuid, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Id, Moment, session, walk_one


class StoredFile(Base):
    """Bytes on disk. When they are destroyed the row stays: that they were there, their hash, when they went."""

    __tablename__ = "stored_file"

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    kind: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    stored_at: Mapped[Moment]
    keep_until: Mapped[Moment | None]
    destroyed_at: Mapped[Moment | None]


def path_of(folder: Path, file: Any) -> Path:
    name = str(file.uuid.hex)
    return folder / "files" / name[:2] / name


def write(
    folder: Path,
    content: bytes | Iterator[bytes],
    *,
    kind: str,
    media_type: str,
    at: datetime,
    keep_until: datetime | None = None,
) -> StoredFile:
    """Write bytes before the transaction: beside, flushed to the disk, renamed. The caller then adds the row.

    `content`: at once, or block by block as it is made. A crash in between leaves a stray file and loses nothing.
    """
    told = {"kind": kind, "media_type": media_type, "stored_at": at, "keep_until": keep_until}
    file = StoredFile(uuid=uuid4(), size=0, **told)
    digest = hashlib.sha256()
    path = path_of(folder, file)
    for above in (path.parent.parent, path.parent):
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        for block in (content,) if isinstance(content, bytes) else content:
            digest.update(block)
            file.size += len(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    beside.rename(path)
    file.sha256 = digest.hexdigest()
    return file


def destroy(folder: Path, file: StoredFile, *, at: datetime) -> None:
    """Remove the bytes for good; the row with their hash stays."""
    path_of(folder, file).unlink(missing_ok=True)
    file.destroyed_at = at
    session().flush()


def destroy_outdated(folder: Path, *, at: datetime) -> int:
    """Chore: destroy the bytes of files that were to be kept until a moment now past."""
    due = select(StoredFile).where(StoredFile.destroyed_at.is_(None), StoredFile.keep_until < at).limit(500)
    files = session().scalars(due).all()
    for file in files:
        destroy(folder, file, at=at)
    return len(files)


def sweep(folder: Path, *, at: datetime) -> int:
    """Chore: what a crash left behind over a day ago goes: bytes that no row knows, and halves of files."""
    known = {uuid.hex for uuid in session().scalars(select(StoredFile.uuid).where(StoredFile.destroyed_at.is_(None)))}
    before = (at - timedelta(days=1)).timestamp()
    stray = [path for path in (folder / "files").glob("??/*") if path.name not in known]
    gone = [path for path in stray if path.stat().st_mtime < before]
    for path in gone:
        path.unlink()
    return len(gone)


def check_files(folder: Path) -> list[str]:
    """Each stored file whose bytes are missing or are not those that were stored."""
    faults = []
    for file in walk_one(select(StoredFile)):
        path = path_of(folder, file)
        if file.destroyed_at is not None and path.exists():
            faults.append(f"stored_file {file.id}: destroyed, yet its bytes are there")
        elif file.destroyed_at is None and (fault := _fault_of(path, file)):
            faults.append(f"stored_file {file.id}: {fault}")
    return faults


def _fault_of(path: Path, file: StoredFile) -> str:
    if not path.exists():
        return "the bytes are missing"
    content = path.read_bytes()
    sound = len(content) == file.size and hashlib.sha256(content).hexdigest() == file.sha256
    return "" if sound else "the bytes were changed"
