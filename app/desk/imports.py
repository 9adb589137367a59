"""Imports of every kind: the files people send, the work of the chores, the template to fill in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app import files, jobs, sheets
from app.db import read_again, session, writing
from app.errors import Refused
from app.history.seals import digest
from app.imports import columns, household_lines, kinds, running, tables
from app.imports.kinds import Kind
from app.imports.running import Report, Task
from app.imports.tables import KEPT, WORK, Sent, TableImport
from app.inventory import lines
from app.jobs import Job
from app.lending import register_lines
from app.people import sessions
from app.people.doors import settings
from app.people.roles import Me
from app.times import now
from app.words import _, said_to, spoken

KINDS = (register_lines.REGISTER, lines.DEVICES, household_lines.HOUSEHOLDS)
MEDIA_TYPE = "application/gzip"
_NAMELESS = "…"


def sent(content: bytes, name: str, kind: str, folder: Path, *, at: datetime) -> Sent:
    """A file opened, once, and written down in our own form. Raises `Refused` when it is no table."""
    book = sheets.opened(content)
    heads = columns.heads(book, kinds.of(kind))
    kept = {"kind": "import", "media_type": MEDIA_TYPE, "keep_until": at + KEPT}
    file = files.write(folder, sheets.packed(book), at=at, **kept)  # type: ignore[arg-type]
    return Sent(name[:200] or _NAMELESS, digest(content), file, columns.program_of(heads), heads)


def kinds_for(me: Me) -> list[Kind]:
    return [kind for kind in KINDS if me.may(kind.right)]


@jobs.work(WORK)
def take_over(job: Job) -> None:
    """Do an import, in the name of whoever started it and with the rights they have by now."""
    row = session().get_one(TableImport, job.told["import"])
    by = sessions.acting(job.asked_by, row.centre_id, at=now())
    task, _heads = running.task_of(row, settings().instance)
    number, row_number = job.id, row.id
    read_again()
    with said_to(by.language):
        report = _done(task, by, number)
    with writing() as s:
        tables.let_go(s.get_one(TableImport, row_number), at=now(), report=report.told())


def _done(task: Task, by: Me, number: int) -> Report:
    def tell(done: int, of: int) -> bool:
        jobs.tell_progress(number, done, of, at=now())
        return session().get_one(Job, number).state == "running"

    try:
        tables.check_may(task.kind.code, by)
        if not by.may("equip"):
            raise Refused("forbidden", _("Your role does not open this door here."), status=403)
    except Refused as no:
        report = Report()
        for line in task.lines:
            report.fault(line, no.words)
        return report
    return running.run(task, by=by, at=now, tell=tell)


def template(kind: Kind) -> list[str]:
    """The headers of our own table to fill in: those of things and people."""
    return [spoken(field.words) for field in kind.fields if not field.of]
