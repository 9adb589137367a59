"""Imports of every kind: the files people send, the work of the chores, the template to fill in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app import files, jobs, sheets
from app.db import read_again, session, writing
from app.errors import Refused
from app.finance import brought
from app.history.seals import digest
from app.imports import columns, household_lines, kinds, running, tables
from app.imports.kinds import Kind
from app.imports.models import TableImport
from app.imports.running import Report, Task
from app.imports.tables import KEPT, WORK, Sent
from app.inventory import file_lines, lines
from app.jobs import Job
from app.lending import register_lines
from app.people import sessions
from app.people.doors import settings
from app.people.roles import Me
from app.sheets import Beside
from app.times import now
from app.words import said_to, spoken

KINDS = (register_lines.REGISTER, lines.DEVICES, household_lines.HOUSEHOLDS)
MONEY = brought.KINDS
MEDIA_TYPE = "application/gzip"
_NAMELESS = "…"


def sent(content: bytes, name: str, kind: str, folder: Path, *, at: datetime) -> Sent:
    """A file opened, once, and written down in our own form. Raises `Refused` when it is no table."""
    book = sheets.opened(content)
    heads = columns.heads(book, kinds.of(kind))
    kept = {"kind": "import", "media_type": MEDIA_TYPE, "keep_until": at + KEPT}
    file = files.write(folder, sheets.packed(book), at=at, **kept)  # type: ignore[arg-type]
    whole = kept | {"media_type": "application/zip"}
    archive = files.write(folder, content, at=at, **whole) if sheets.holds_files(content) else None  # type: ignore[arg-type]
    return Sent(name[:200] or _NAMELESS, digest(content), file, columns.program_of(heads), heads, archive)


def found(uuid: str, me: Me, *, money: bool) -> TableImport:
    """One of the tables of money, or of those of the centre this person works in: never one for the other."""
    return brought.get(uuid, me) if money else tables.get(uuid, me)


def place_of(row: TableImport) -> str:
    """Where what it brought is looked at: the name of the page."""
    places = {
        "households": "team.list_households",
        "invoices": "expenses.list_expenses",
        "budget_lines": "budget.list_lines",
    }
    return places.get(row.kind, "desk.list_devices")


def kinds_for(me: Me) -> list[Kind]:
    return [kind for kind in KINDS if me.may(kind.right)]


@jobs.work(WORK)
def take_over(job: Job) -> None:
    """Do an import, in the name of whoever started it and with the rights they have by now."""
    row = session().get_one(TableImport, job.told["import"])
    by = sessions.acting(job.asked_by, row.centre_id or 0, at=now())
    task, _heads = running.task_of(row, settings().instance)
    beside = Beside(files.path_of(settings().instance, row.archive) if row.archive else None)
    number, row_number = job.id, row.id
    read_again()
    with said_to(by.language):
        report = _done(task, beside, by, number)
    with writing() as s:
        tables.let_go(s.get_one(TableImport, row_number), at=now(), report=report.told())


def _done(task: Task, beside: Beside, by: Me, number: int) -> Report:
    def tell(done: int, of: int) -> bool:
        jobs.tell_progress(number, done, of, at=now())
        return session().get_one(Job, number).state == "running"

    try:
        tables.check_may(task.kind.code, by)
    except Refused as no:
        report = Report()
        for line in task.lines:
            report.fault(line, no.words)
        return report
    return taken_over(task, beside, settings().instance, by=by, tell=tell)


def taken_over(
    task: Task, beside: Beside, folder: Path, *, by: Me, tell: Callable[[int, int], bool] = lambda _done, _of: True
) -> Report:
    """The lines of tables first, then photos and documents: these hang on things the lines may just have brought."""
    tables, papers = file_lines.apart(task.lines)
    goes_on = True

    def told(done: int, _of: int = 0) -> bool:
        nonlocal goes_on
        goes_on = tell(done, len(task.lines))
        return goes_on

    report = running.run(replace(task, lines=tables), by=by, at=now, tell=told)
    if papers and goes_on:
        some = replace(task, lines=papers)
        file_lines.bring(some, beside, folder, report, by=by, at=now, tell=lambda n: told(len(tables) + n))
    return report


def template(kind: Kind) -> list[str]:
    """The headers of our own table to fill in: those of things and people."""
    return [spoken(field.words) for field in kind.fields if not field.of]
