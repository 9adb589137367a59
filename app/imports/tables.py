"""A file being taken over: kept while people look at it, let go when it is done, its column meanings remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Select, Uuid, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history, jobs
from app.db import PERSONAL, Base, Id, Moment, Ref, session
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.imports import kinds
from app.imports.columns import Head, fingerprint, proposed
from app.imports.forms import Decide, DropImport, MapColumns, NewImport, StartImport
from app.jobs import Job
from app.people.models import Person
from app.people.roles import Me
from app.words import _, spoken

WORK = "import"  # the kind of its job
KEPT = timedelta(days=7)  # a file nobody goes on with goes, and with it what was mended in it


class TableImport(Base):
    """One file of one centre. `mapping`: fields by sheet; `choices`: what people decided and mended, by line."""

    __tablename__ = "table_import"
    __table_args__ = (Index("ix_table_import_centre_id_id", "centre_id", "id"),)

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(info=PERSONAL)  # people call files by names of people
    program: Mapped[str]
    sha256: Mapped[str]
    fingerprint: Mapped[str]
    file_id: Mapped[Ref] = mapped_column(ForeignKey("stored_file.id"))
    made_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Moment]
    mapping: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    category: Mapped[str] = mapped_column(default="")
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PERSONAL)
    job_id: Mapped[Ref | None] = mapped_column(ForeignKey("job.id"))
    ended_at: Mapped[Moment | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=PERSONAL)
    archive_id: Mapped[Ref | None] = mapped_column(ForeignKey("stored_file.id"))  # with the photos it brings
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True, foreign_keys=file_id)
    archive: Mapped[StoredFile | None] = relationship(lazy="joined", foreign_keys=archive_id)
    job: Mapped[Job | None] = relationship(lazy="joined")
    maker: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def called(self) -> str:
        """The name of the file, as long as it is known."""
        return self.name or spoken(_("A file"))

    @property
    def brought(self) -> list[str]:
        """The codes of the things it wrote down that bear no label of ours yet."""
        return list((self.report or {}).get("brought", ()))

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.job_id is None and self.file.destroyed_at is None


class KnownHeaders(Base):
    """What the columns of files with the same headers meant, the last time one came to this centre."""

    __tablename__ = "known_headers"

    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    category: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Sent:
    """A file as it was sent: its name and hash, its tables as they are stored, its headers.

    `archive`: all of it, when photos and documents lie beside the tables.
    """

    name: str
    sha256: str
    file: StoredFile
    program: str
    heads: list[Head]
    archive: StoredFile | None = None

    def __str__(self) -> str:  # what the act is aimed at: the same file again is no other act
        return self.sha256


def seen_by(me: Me) -> Select[TableImport]:
    """The imports of the centre this person works in; those with people in them for those whose doors open that."""
    query = select(TableImport).where(TableImport.centre_id == me.centre_id)
    return query if me.may("households") else query.where(TableImport.kind == "devices")


def get(uuid: str, me: Me) -> TableImport:
    try:
        found = session().scalars(seen_by(me).where(TableImport.uuid == UUID(uuid))).one_or_none()
    except ValueError:
        found = None
    if found is None:
        raise NotThere(_("There is no such import in this centre."))
    return found


def recent(me: Me, most: int = 10) -> list[TableImport]:
    return list(session().scalars(seen_by(me).order_by(TableImport.id.desc()).limit(most)))


def check_may(kind: str, me: Me) -> None:
    if not me.centre_id:
        raise Refused("no_centre", _("Choose the centre first: what is taken over must be somewhere."))
    if not me.may(kinds.of(kind).right):
        words = _("This file names people: your role does not open that here.")
        raise Refused("forbidden", words, status=403)


def begin(sent: Sent, wish: NewImport, *, by: Me, at: datetime) -> TableImport:
    """Keep the file, with what its columns seem to mean, or meant the last time."""
    check_may(wish.kind, by)
    session().add_all([sent.file, sent.archive] if sent.archive else [sent.file])
    session().flush()
    mark = fingerprint(sent.heads)
    before = session().get(KnownHeaders, (by.centre_id, wish.kind, mark))
    facts = {"table": wish.kind, "file": sent.sha256}
    history.record(
        "import", wish, by=by, at=at, subject=by.centre.code if by.centre else "", centre_id=by.centre_id, **facts
    )
    row = TableImport(
        uuid=wish.id,
        centre_id=by.centre_id,
        kind=wish.kind,
        name=sent.name,
        program=sent.program,
        sha256=sent.sha256,
        fingerprint=mark,
        file_id=sent.file.id,
        archive_id=sent.archive.id if sent.archive else None,
        made_by=by.id,
        made_at=at,
        mapping=before.mapping if before else proposed(sent.heads, kinds.of(wish.kind)),
        category=before.category if before else "",
        choices={},
    )
    session().add(row)
    session().flush()
    return row


def of_act(act: history.Act) -> TableImport:
    return session().scalars(select(TableImport).where(TableImport.uuid == act.uuid)).one()


def map_columns(row: TableImport, heads: list[Head], wish: MapColumns, *, by: Me, at: datetime) -> TableImport:
    """What each column means, for this file and for the next with the same headers."""
    _check_open(row)
    row.mapping = _mapping(row, heads, wish)
    row.category = wish.category
    session().merge(
        KnownHeaders(
            centre_id=row.centre_id,
            kind=row.kind,
            fingerprint=row.fingerprint,
            mapping=row.mapping,
            category=row.category,
        )
    )
    session().flush()
    return row


def _mapping(row: TableImport, heads: list[Head], wish: MapColumns) -> dict[str, list[str]]:
    known = {one.name: one.words for one in kinds.of(row.kind).fields}
    meant = {str(n): [""] * len(head.headers) for n, head in enumerate(heads)}
    for one in wish.columns:
        columns = meant.get(str(one.sheet), [])
        if one.field and (one.field not in known or not 0 <= one.column < len(columns)):
            words = _("Please choose one of the answers offered.")
            raise Refused("invalid", words, status=422, fields={"columns": words})
        if one.field and one.field in columns:
            words = _("Two columns are both “%(field)s”. Leave one of them out.", field=known[one.field])
            raise Refused("invalid", words, status=422, fields={"columns": words})
        if one.field:
            columns[one.column] = one.field
    if not any(any(columns) for columns in meant.values()):
        words = _("Say of one column at least what it means.")
        raise Refused("invalid", words, status=422, fields={"columns": words})
    return meant


def decide(row: TableImport, wish: Decide, *, by: Me, at: datetime) -> TableImport:
    """What becomes of one line, and what stands in its cells instead."""
    _check_open(row)
    names = {one.name for one in kinds.of(row.kind).fields}
    before = row.choices.get(wish.place, {})
    mended = before.get("mended", {}) | {one.field: one.text for one in wish.mended if one.field in names}
    row.choices = row.choices | {wish.place: {"do": wish.do, "mended": mended}}
    session().flush()
    return row


def start(row: TableImport, wish: StartImport, *, by: Me, at: datetime) -> TableImport:
    """Hand it to the chores. Whoever starts it is the author of its acts."""
    _check_open(row)
    check_may(row.kind, by)
    facts = {"import": row.uuid.hex}
    history.record(
        "import_start",
        wish,
        by=by,
        at=at,
        subject=by.centre.code if by.centre else "",
        centre_id=row.centre_id,
        **facts,
    )
    job = jobs.ask(WORK, {"import": row.id}, by=by.id, at=at, uuid=wish.id)
    row.job_id = job.id
    session().flush()
    session().refresh(row)
    return row


def started(act: history.Act) -> TableImport:
    return session().scalars(select(TableImport).where(TableImport.uuid == UUID(act.told["import"]))).one()


def drop(row: TableImport, wish: DropImport, *, by: Me, at: datetime) -> TableImport:
    """Nobody wants it any more. What was taken over stays."""
    facts = {"import": row.uuid.hex}
    history.record(
        "import_drop", wish, by=by, at=at, subject=by.centre.code if by.centre else "", centre_id=row.centre_id, **facts
    )
    if row.job:
        jobs.call_off(row.job)
    let_go(row, at=at)
    return row


def let_go(row: TableImport, *, at: datetime, report: Mapping[str, Any] | None = None) -> None:
    """The bytes go with the next round of chores, and what was mended goes now."""
    row.ended_at, row.choices, row.file.keep_until = row.ended_at or at, {}, at
    if row.archive:
        row.archive.keep_until = at
    if report is not None:
        row.report = dict(report)
    session().flush()


def forget_outdated(*, at: datetime) -> None:
    """Chore: after a week nothing is left of a file but how many lines it had; one nobody went on with is over."""
    old = (TableImport.name != "") & (TableImport.made_at < at - KEPT)
    for row in session().scalars(select(TableImport).where(old).limit(100)):
        if row.job is None or row.job.state in {"done", "failed"}:
            row.name, row.choices, row.ended_at = "", {}, row.ended_at or at
            row.report = row.report and row.report | {"faults": []}
    session().flush()


def _check_open(row: TableImport) -> None:
    if not row.is_open:
        raise Refused("import_over", _("This import is started or over: it can no longer be changed."))
