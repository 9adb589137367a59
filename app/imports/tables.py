"""A file being taken over: kept while people look at it, let go when it is done, its column meanings remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app import history, jobs
from app.db import session
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.imports import kinds
from app.imports.columns import Head, fingerprint, proposed
from app.imports.forms import Begun, Decide, DropImport, MapColumns, NewImport, StartImport
from app.imports.models import KnownHeaders, TableImport
from app.people.roles import Me
from app.words import _

WORK = "import"  # the kind of its job
KEPT = timedelta(days=7)  # a file nobody goes on with goes, and with it what was mended in it


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


@dataclass(frozen=True)
class Owner:
    """Whose a file is: a centre's; or of an organisation's money, into which operation. `subject`: for the journal."""

    subject: str
    centre_id: int | None = None
    organisation_id: int | None = None
    operation: str = ""

    @property
    def of(self) -> int | str:
        """What the acts of its lines are numbered after."""
        return self.centre_id or f"{self.organisation_id}:{self.operation}"


def seen_by(me: Me) -> Select[TableImport]:
    """The imports of the centre this person works in; those with people in them for those whose doors open that."""
    query = select(TableImport).where(TableImport.centre_id == me.centre_id)
    return query if me.may("households") else query.where(TableImport.kind == "devices")


def get(uuid: str, me: Me) -> TableImport:
    found = only(uuid, seen_by(me))
    if found is None:
        raise NotThere(_("There is no such import in this centre."))
    return found


def only(uuid: str, seen: Select[TableImport]) -> TableImport | None:
    """That one among those somebody may see."""
    try:
        return session().scalars(seen.where(TableImport.uuid == UUID(uuid))).one_or_none()
    except ValueError:
        return None


def recent(seen: Select[TableImport], most: int = 10) -> list[TableImport]:
    return list(session().scalars(seen.order_by(TableImport.id.desc()).limit(most)))


def check_may(kind: str, me: Me) -> None:
    one = kinds.of(kind)
    if one.of_centre and not me.centre_id:
        raise Refused("no_centre", _("Choose the centre first: what is taken over must be somewhere."))
    if not me.may("equip" if one.of_centre else one.right):
        raise Refused("forbidden", _("Your role does not open this door here."), status=403)
    if not me.may(one.right):
        words = _("This file names people: your role does not open that here.")
        raise Refused("forbidden", words, status=403)


def begin(sent: Sent, wish: NewImport, *, by: Me, at: datetime) -> TableImport:
    """A file of the centre one works in."""
    check_may(wish.kind, by)
    return keep(sent, wish, Owner(_subject(by), by.centre_id), by=by, at=at)


def _subject(by: Me) -> str:
    return by.centre.code if by.centre else ""


def keep(sent: Sent, wish: Begun, owner: Owner, *, by: Me, at: datetime) -> TableImport:
    """Keep the file, with what its columns seem to mean, or meant the last time."""
    session().add_all([sent.file, sent.archive] if sent.archive else [sent.file])
    session().flush()
    mark = fingerprint(sent.heads)
    before = _meant_before(owner, wish.kind, mark)
    facts = {"table": wish.kind, "file": sent.sha256}
    history.record("import", wish, by=by, at=at, subject=owner.subject, centre_id=owner.centre_id, **facts)
    row = TableImport(
        uuid=wish.id,
        centre_id=owner.centre_id,
        organisation_id=owner.organisation_id,
        operation=owner.operation,
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


def _meant_before(owner: Owner, kind: str, mark: str) -> KnownHeaders | TableImport | None:
    """What the columns of a file with the same headers meant: kept by centre; of money, in the files themselves."""
    if owner.centre_id:
        return session().get(KnownHeaders, (owner.centre_id, kind, mark))
    same = (TableImport.organisation_id == owner.organisation_id, TableImport.kind == kind)
    query = select(TableImport).where(*same, TableImport.fingerprint == mark)
    return session().scalars(query.order_by(TableImport.id.desc()).limit(1)).first()


def of_act(act: history.Act) -> TableImport:
    return session().scalars(select(TableImport).where(TableImport.uuid == act.uuid)).one()


def map_columns(row: TableImport, heads: list[Head], wish: MapColumns, *, by: Me, at: datetime) -> TableImport:
    """What each column means, for this file and for the next with the same headers."""
    _check_open(row)
    row.mapping = _mapping(row, heads, wish)
    row.category = wish.category
    if row.centre_id:
        meant = {"fingerprint": row.fingerprint, "mapping": row.mapping, "category": row.category}
        session().merge(KnownHeaders(centre_id=row.centre_id, kind=row.kind, **meant))
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
    history.record("import_start", wish, by=by, at=at, subject=_of(row, by), centre_id=row.centre_id, **facts)
    job = jobs.ask(WORK, {"import": row.id}, by=by.id, at=at, uuid=wish.id)
    row.job_id = job.id
    session().flush()
    session().refresh(row)
    return row


def _of(row: TableImport, by: Me) -> str:
    """What the journal says it is of."""
    return _subject(by) if row.centre_id else row.operation


def started(act: history.Act) -> TableImport:
    return session().scalars(select(TableImport).where(TableImport.uuid == UUID(act.told["import"]))).one()


def drop(row: TableImport, wish: DropImport, *, by: Me, at: datetime) -> TableImport:
    """Nobody wants it any more. What was taken over stays."""
    facts = {"import": row.uuid.hex}
    history.record("import_drop", wish, by=by, at=at, subject=_of(row, by), centre_id=row.centre_id, **facts)
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
