"""Photos and documents that lie beside a table: hung on the things its lines name, drawn anew like any that is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from app import files, papers
from app.db import read_again, session, writing
from app.errors import Refused
from app.history.seals import digest
from app.imports import kinds, running
from app.imports.kinds import Field, Line, LineByLine, Step
from app.imports.running import Report, Task
from app.inventory import attachments, custody, devices
from app.inventory.attachments import Attachment
from app.inventory.catalogue_forms import AddFile
from app.inventory.device_fields import CENTRE, CODE
from app.inventory.models import Device
from app.inventory.printed import Photo as Sent
from app.people.roles import Me
from app.sheets import Beside
from app.words import _
from labels import codes

OF = _("Photos and documents")
NAME = Field("file", _("Photo or document"), ("file", "photo or document", "photo ou document"), OF)
SHOWS = Field("shows", _("What it shows"), ("shows", "what it shows", "ce qu'on y voit"), OF)
FIELDS = (NAME, SHOWS)
PHOTOS, DOCUMENTS = "photos/", "documents/"
Hung = tuple[int, str, str]  # the thing, photo or document, what it shows


class Files(LineByLine):
    """Its lines are looked at with the others, and done apart: nothing slow stands inside a transaction."""

    code, right = "files", "equip"
    acts = ("file",)
    fields = (*FIELDS, CODE, CENTRE)

    def keys(self, line: Line) -> Iterable[tuple[str, ...]]:
        return [("file", line.says("file"))]

    def look(self, lines: Sequence[Line], *, by: Me, at: datetime) -> list[Step]:  # noqa: ARG002 - other kinds need the day
        there, seen = _hanging(lines), Counter[Hung]()
        return [_looked(line, there, seen, by) for line in lines]

    def do(self, step: Step, ids: Callable[[str], UUID], *, by: Me, at: datetime) -> None:
        raise NotImplementedError


def _things(lines: Sequence[Line]) -> dict[str, Device]:
    wanted = sorted({code for line in lines if (code := codes.parse(line.says("code")))})
    found: dict[str, Device] = {}
    for first in range(0, len(wanted), 500):
        part = select(Device).where(Device.code.in_(wanted[first : first + 500]))
        found |= {device.code: device for device in session().scalars(part)}
    return found


def _hanging(lines: Sequence[Line]) -> tuple[dict[str, Device], Counter[Hung]]:
    """The things these lines name, and how many of each sort hang on them."""
    things = _things(lines)
    numbers, hung = [device.id for device in things.values()], Counter[Hung]()
    for first in range(0, len(numbers), 500):
        query = select(Attachment.device_id, Attachment.kind, Attachment.title).where(
            Attachment.device_id.in_(numbers[first : first + 500]), Attachment.gone_act_id.is_(None)
        )
        hung.update((row.device_id, row.kind, row.title) for row in session().execute(query))
    return things, hung


def _looked(line: Line, there: tuple[dict[str, Device], Counter[Hung]], seen: Counter[Hung], by: Me) -> Step:
    step, (things, hung) = Step(line, "new", line.says("file")), there
    code = codes.parse(line.says("code")) or ""
    device = things.get(code)
    kinds.checked(AddFile, {"kind": kind_of(line), "title": line.says("shows")}, step, {"title": "shows"})
    if not line.says("file"):
        step.faults["file"] = _("Please fill this in.")
    elif not code.startswith("D"):
        step.faults["code"] = _("This is not one of our codes. Check the letters on the label.")
    elif device is not None and device.centre_id != by.centre_id:
        step.faults["code"] = custody.answers_for(device)
    elif device is not None:
        key = (device.id, kind_of(line), line.says("shows"))
        seen[key] += 1
        step.what = "same" if seen[key] <= hung[key] else "new"
    step.what = "fault" if step.faults else step.what
    return step


def kind_of(line: Line) -> Literal["photo", "document"]:
    return "photo" if line.says("file").startswith(PHOTOS) else "document"


OF_FILES = Files()


def apart(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Lines of tables, and those that name a file beside them."""
    return [one for one in lines if NAME.name not in one.columns], [one for one in lines if NAME.name in one.columns]


def bring(
    task: Task, beside: Beside, folder: Path, report: Report,
    *, by: Me, at: Callable[[], datetime], tell: Callable[[int], bool],
) -> None:  # fmt: skip
    """Hang each file on its thing, one by one. `tell` is told how many are done, and says whether to go on."""
    before = running.done_before(task, task.lines)
    for n, step in enumerate(running.look(task, by=by, at=at()), 1):
        if step.line.place in before:
            report.counts["before"] += 1
        elif step.what == "new" and (words := _hung(step.line, task, beside, folder, by=by, at=at())):
            report.fault(step.line, words)
        elif step.what == "fault":
            report.fault(step.line, next(iter(step.faults.values())))
        else:
            report.counts[step.what] += 1
        if not tell(n):
            return


def _hung(line: Line, task: Task, beside: Beside, folder: Path, *, by: Me, at: datetime) -> object:
    """Why it was refused, if it was."""
    wish = AddFile(id=task.ids(line)("file"), kind=kind_of(line), title=line.says("shows"))
    try:
        content = beside.read(line.says("file"))
        kept = papers.picture(content) if wish.kind == "photo" else papers.kept(content)
        file = files.write(folder, kept.content, kind="thing", media_type=kept.media_type, at=at)
        with writing():
            device = devices.get(line.says("code"), by)
            kinds.act(attachments.add, wish, device, Sent(digest(content), file), by=by, at=at)
    except Refused as no:
        return no.words
    finally:
        read_again()
    return ""
