"""Long work: a row first, done by the chores, with a progress that people can watch."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Text, Uuid, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app import files
from app.db import Base, Id, Moment, Ref, for_update, one_of, read_again, session, writing

LEASE = timedelta(minutes=10)  # a worker that died is replaced after this long
TRIES = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What a piece of work made: bytes to fetch, at once or block by block as they are made, kept until a moment."""

    content: bytes | Iterator[bytes]
    media_type: str
    keep_until: datetime


Work = Callable[["Job"], Made | None]
_works: dict[str, Work] = {}


class Job(Base):
    """A piece of long work: who asked, how far it is, and the file it made. `wish` is JSON for the work."""

    __tablename__ = "job"
    __table_args__ = (one_of("state", "waiting", "running", "done", "failed"), Index("ix_job_state_id", "state", "id"))

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    kind: Mapped[str]
    wish: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[Ref]
    asked_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[Moment | None]
    done_steps: Mapped[int] = mapped_column(default=0)
    all_steps: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(Text)
    file_id: Mapped[Ref | None] = mapped_column(ForeignKey("stored_file.id"))

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.wish))


def work(kind: str) -> Callable[[Work], Work]:
    """Name the function that does jobs of this kind."""

    def name(function: Work) -> Work:
        _works[kind] = function
        return function

    return name


def ask(kind: str, wish: dict[str, Any], *, by: int, at: datetime, uuid: UUID | None = None) -> Job:
    job = Job(uuid=uuid or uuid4(), kind=kind, wish=json.dumps(wish), asked_by=by, asked_at=at)
    session().add(job)
    session().flush()
    return job


def run_next(folder: Path, *, at: datetime) -> Job | None:
    """Take the oldest job that waits, or whose worker died, and do it. Nothing slow stands inside a transaction."""
    job = _take(at)
    if job is None:
        return None
    try:
        made = _works[job.kind](job)
        read_again()
        file = _written(folder, job, made, at) if made else None
        if not _finish(job, file) and file:
            files.path_of(folder, file).unlink()
    except Exception:
        log.exception("job %s failed", job.uuid)
        with writing():
            if job.state == "running":
                job.state = "failed" if job.tries >= TRIES else "waiting"
                job.fault = "see the log"
    return job


def call_off(job: Job) -> None:
    """Nobody wants this work any more: it is not begun, and what a worker makes of it just now is thrown away."""
    if job.state in {"waiting", "running"}:
        job.state, job.fault = "failed", "called off"


def _finish(job: Job, file: files.StoredFile | None) -> bool:
    """Keep what was made; False when the work was called off meanwhile."""
    with writing() as s:
        if job.state != "running":
            return False
        if file:
            s.add(file)
            s.flush()
            job.file_id = file.id
        job.state = "done"
        return True


def tell_progress(number: int, done: int, of: int, *, at: datetime) -> None:
    """How far the work is, in a write of its own; also the sign that its worker lives."""
    with writing() as s:
        s.execute(update(Job).where(Job.id == number).values(done_steps=done, all_steps=of, beat_at=at))


def _written(folder: Path, job: Job, made: Made, at: datetime) -> files.StoredFile:
    kept = {"kind": job.kind, "media_type": made.media_type, "keep_until": made.keep_until}
    return files.write(folder, made.content, at=at, **kept)  # type: ignore[arg-type]


def _take(at: datetime) -> Job | None:
    with writing():
        dead = (Job.state == "running") & (Job.beat_at < at - LEASE)
        given_up = update(Job).where(dead, Job.tries >= TRIES).values(state="failed", fault="its worker died")
        session().execute(given_up)
        waiting = select(Job).where(or_(Job.state == "waiting", dead)).order_by(Job.id).limit(1)
        job: Job | None = session().scalar(for_update(waiting))
        if job is not None:
            job.state, job.beat_at, job.tries = "running", at, job.tries + 1
        return job
