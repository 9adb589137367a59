"""What programs are told of imports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.imports.columns import Head
from app.imports.kinds import Step
from app.imports.models import TableImport
from app.inputs import Answer
from app.words import spoken


class ImportAnswer(Answer):
    """`state`: open, waiting, running, done, failed or dropped; `counts`: lines by what became of them.

    `brought`: the codes of the things it wrote down, to print labels for.
    """

    id: UUID
    kind: str
    name: str
    program: str
    state: str
    done: int
    all: int
    counts: dict[str, int]
    brought: list[str]


class ColumnAnswer(Answer):
    sheet: int
    column: int
    header: str
    field: str


class MeaningsAnswer(Answer):
    """What each column is taken for."""

    id: UUID
    columns: list[ColumnAnswer]


class ChangeAnswer(Answer):
    field: str
    old: str
    new: str


class LineAnswer(Answer):
    """One line of the dry run. `place` names it for a decision; `what`: new, change, same, fault or skip."""

    place: str
    sheet: str
    line: int
    what: str
    title: str
    changes: list[ChangeAnswer]
    notes: list[str]
    faults: dict[str, str]
    double: str


class CheckAnswer(Answer):
    counts: dict[str, int]
    items: list[LineAnswer]
    next: str | None


def table(row: TableImport) -> ImportAnswer:
    job, report = row.job, row.report or {}
    return ImportAnswer(
        id=row.uuid,
        kind=row.kind,
        name=row.called,
        program=row.program,
        state=state_of(row),
        done=job.done_steps if job else 0,
        all=job.all_steps if job else 0,
        counts=report.get("counts", {}),
        brought=row.brought,
    )


def state_of(row: TableImport) -> str:
    if row.report is not None:
        return "done"
    if row.ended_at is not None or row.file.destroyed_at is not None:
        return "dropped"
    return row.job.state if row.job else "open"


def meanings(row: TableImport, heads: list[Head]) -> MeaningsAnswer:
    columns = [
        ColumnAnswer(sheet=n, column=c, header=header, field=field)
        for n, head in enumerate(heads)
        for c, (header, field) in enumerate(zip(head.headers, row.mapping.get(str(n), []), strict=False))
    ]
    return MeaningsAnswer(id=row.uuid, columns=columns)


def line(step: Step) -> LineAnswer:
    said: dict[str, Any] = {name: spoken(words) for name, words in step.faults.items()}
    return LineAnswer(
        place=step.line.place,
        sheet=step.line.sheet,
        line=step.line.number,
        what=step.what,
        title=step.title,
        changes=[ChangeAnswer(field=spoken(c.words), old=c.old, new=c.new) for c in step.changes],
        notes=[spoken(words) for words in step.notes],
        faults=said,
        double=spoken(step.double),
    )
