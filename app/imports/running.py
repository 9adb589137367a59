"""The doing of an import: in slices, so that it can be stopped and taken up at any moment."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from app import files
from app.db import ask, savepoint, session, writing
from app.errors import Refused
from app.history import Act
from app.imports import columns, kinds
from app.imports.kinds import Kind, Line, Step
from app.imports.models import TableImport
from app.inputs import faults_of
from app.people.roles import Me
from app.sheets import unpacked
from app.words import _, spoken

SLICE = 200  # lines; a slice holds SQLite's lock some sixty milliseconds
AT_ONCE = 500  # acts looked for by one question
MOST_TOLD = 200  # lines that were refused, in the report


@dataclass(frozen=True)
class Task:
    """Lines to take over, and what their acts are numbered after. `of`: the centre, or whose money it is."""

    kind: Kind
    lines: Sequence[Line]
    sha256: str
    of: int | str
    _ids: dict[str, Callable[[str], UUID]] = field(default_factory=dict, compare=False)

    def ids(self, line: Line) -> Callable[[str], UUID]:
        if line.place not in self._ids:
            found = kinds.ids_of(line, sha256=self.sha256, kind=self.kind.code, of=self.of)
            self._ids[line.place] = found
        return self._ids[line.place]


@dataclass
class Report:
    """How many lines were new, changed, the same, done before, left out; and those that were refused, with why.

    `brought`: the codes of new things to stick labels on.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)
    brought: list[str] = field(default_factory=list)

    def fault(self, line: Line, words: object) -> None:
        self.counts["fault"] += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append((where(line), spoken(words)))

    def told(self) -> dict[str, Any]:
        counts = {name: n for name, n in self.counts.items() if n}
        return {"counts": counts, "faults": self.faults, "brought": self.brought}


def where(line: Line) -> str:
    """`Feuil1, line 12`."""
    number = _("line %(n)s", n=line.number)
    return f"{line.sheet}, {number}" if line.sheet else spoken(number)


def task_of(row: TableImport, folder: Path) -> tuple[Task, list[columns.Head]]:
    """The lines of an import as they are meant just now, and its headers."""
    kind = kinds.of(row.kind)
    if row.file.destroyed_at is not None:
        raise Refused("import_over", _("This file is no longer kept. Send it again."), status=404)
    heads = columns.heads(unpacked(files.path_of(folder, row.file).read_bytes()), kind)
    lines = columns.lines_of(heads, row.mapping, row.choices, kind)
    return Task(kind, with_usual(lines, usual(row)), row.sha256, row.of), heads


def usual(row: TableImport) -> dict[str, str]:
    """What goes for each line that does not say otherwise."""
    payer = str(row.organisation_id or "")
    return {"usual_category": row.category, "usual_operation": row.operation, "usual_payer": payer}


def with_usual(lines: Sequence[Line], words: Mapping[str, str]) -> list[Line]:
    more = {name: text for name, text in words.items() if text}
    return [replace(line, values=dict(line.values) | more) for line in lines] if more else list(lines)


def look(task: Task, *, by: Me, at: datetime) -> list[Step]:
    """The dry run: what each line would do. Nothing is written."""
    doubled = kinds.twins(task.kind, task.lines)
    return _steps(task, task.lines, doubled, by=by, at=at)


def _steps(task: Task, lines: Sequence[Line], doubled: Mapping[str, int], *, by: Me, at: datetime) -> list[Step]:
    found = task.kind.look(lines, by=by, at=at)
    for step in found:
        if step.line.do == "skip":
            step.what = "skip"
        elif step.line.place in doubled:
            step.what = "fault"
            step.faults["line"] = _("Line %(n)s says the same thing.", n=doubled[step.line.place])
    return found


def run(
    task: Task, *, by: Me, at: Callable[[], datetime], tell: Callable[[int, int], bool] = lambda _done, _of: True
) -> Report:
    """Take all lines over. `tell` is told how far it is, and says whether to go on."""
    report, doubled = Report(), kinds.twins(task.kind, task.lines)
    with _settled():
        so_far = 0
        for lines in _slices(task):
            with writing():
                _one_slice(task, lines, doubled, report, by=by, at=at())
            gc.collect(0)
            so_far += len(lines)
            if not tell(so_far, len(task.lines)):
                break
    report.brought = _brought(task)
    return report


def _slices(task: Task) -> Iterator[list[Line]]:
    """About so many lines at a time; those that belong together stay together."""
    found: list[Line] = []
    for bundle in task.kind.bundled(task.lines):
        found += bundle
        if len(found) * task.kind.weight >= SLICE:
            yield found
            found = []
    if found:
        yield found


@contextmanager
def _settled() -> Iterator[None]:
    """Python looks for what may go after each slice, among what that one made, and not again and again meanwhile.

    What stood in the memory before stays. It takes a twentieth of the time otherwise.
    """
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _one_slice(
    task: Task, lines: Sequence[Line], doubled: Mapping[str, int], report: Report, *, by: Me, at: datetime
) -> None:
    before = done_before(task, lines)
    left = [line for line in lines if line.place not in before]
    report.counts["before"] += len(before)
    steps = _steps(task, left, doubled, by=by, at=at)
    if not _together(task, steps, by=by, at=at):
        steps = _steps(task, left, doubled, by=by, at=at)
        for step in steps:
            if step.what in {"new", "change"} and (words := _alone(task, step, by=by, at=at)):
                step.what, step.faults = "fault", {"line": words}
    for step in steps:
        if step.what == "fault":
            report.fault(step.line, "; ".join(dict.fromkeys(spoken(words) for words in step.faults.values())))
        else:
            report.counts[step.what] += 1
            report.counts["lent"] += step.lends and step.what != "skip"


def _together(task: Task, steps: Sequence[Step], *, by: Me, at: datetime) -> bool:
    """All lines of the slice; False, and as if nothing had been tried, when a rule refuses one of them.

    What was looked at just before is rarely refused, and a savepoint takes as long as half a line.
    """
    todo = [(step, task.ids(step.line)) for step in steps if step.what in {"new", "change"}]
    try:
        with savepoint(), task.kind.together([ids("thing") for _step, ids in todo]):
            for step, ids in todo:
                task.kind.do(step, ids, by=by, at=at)
    except (Refused, ValidationError, IntegrityError):
        session().expire_all()
        return False
    return True


def _alone(task: Task, step: Step, *, by: Me, at: datetime) -> object:
    """One line in a savepoint of its own; why it was refused, if it was."""
    try:
        with savepoint():
            task.kind.do(step, task.ids(step.line), by=by, at=at)
    except Refused as no:
        session().expire_all()
        return no.words
    except ValidationError as wrong:
        session().expire_all()
        return next(iter(faults_of(wrong).values()))
    except IntegrityError:
        session().expire_all()
        return _("Somebody was quicker. Please look again.")
    return ""


def done_before(task: Task, lines: Sequence[Line]) -> set[str]:
    """The lines whose acts stand in the journal already: the same file again, or a run that was interrupted."""
    numbers = {task.ids(line)(step): line.place for line in lines for step in task.kind.told_by(line)}
    done = {numbers[row.uuid] for row in ask(_DONE, uuids=list(numbers))} if numbers else set()
    bundles = task.kind.bundled(lines) if done else ()
    return {line.place for some in bundles if any(one.place in done for one in some) for line in some}


_DONE = select(Act.uuid).where(Act.uuid.in_(bindparam("uuids", expanding=True)))


def _brought(task: Task) -> list[str]:
    """The codes of the things these lines wrote down, in their order, now or in a run before; not those they named."""
    numbers = [task.ids(line)("thing") for line in task.lines if not line.says("code")]
    found: dict[UUID, str] = {}
    for first in range(0, len(numbers), AT_ONCE):
        found |= {row.uuid: row.subject for row in ask(_NEW_THINGS, uuids=numbers[first : first + AT_ONCE])}
    return [found[number] for number in numbers if number in found]


_NEW_THINGS = select(Act.uuid, Act.subject).where(
    Act.uuid.in_(bindparam("uuids", expanding=True)), Act.kind.in_(("device_new", "device_brought"))
)
