"""The auditors' file: one act asks for it, the chores make it, and it is fetched through the door of its operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field
from sqlalchemy import select

from app import files, history, jobs
from app.db import session
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.finance import assets, dossier_files, purse
from app.finance.dossier_files import Wanted
from app.finance.models import Operation
from app.finance.spot_check_models import SpotCheck, SpotItem
from app.history import Act
from app.history.seals import digest
from app.inputs import Act as Wish
from app.inputs import Answer, DeviceCode, Input, SaidText, invalid
from app.inventory.models import Device
from app.jobs import Job, Made
from app.people import sessions
from app.people.doors import settings
from app.people.roles import Me, is_coordinator
from app.sheets import archived
from app.times import now
from app.web.listing import ListAnswer
from app.words import _, said_to

KIND = "auditors_file"
ASKED = "auditors_file_ask"
KEPT = timedelta(days=30)
TOLD_EACH = 10  # things between two words on the progress
NAMED = 50  # things of which a file may say who borrowed them


def _spread(sent: object) -> object:
    """Codes as they come, or several in one text with lines, commas or semicolons between them."""
    told = [sent] if isinstance(sent, str) else sent
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        return sent
    return [code for one in told for code in re.split(r"[\n,;]", one) if code.strip()]


SPREAD = BeforeValidator(_spread)


class AskFile(Wish):
    """`devices`: a sample, nothing for every thing. `names`: with who borrowed them; `reason`: what that is for."""

    devices: Annotated[list[DeviceCode], Field(max_length=500), SPREAD] = Field(default_factory=list)
    names: bool = False
    reason: SaidText = ""


class SampleAsked(Input):
    """`check`: the id of an on-the-spot check whose things are proposed as the sample."""

    check: UUID | None = None


class FileAnswer(Answer):
    """`state`: waiting, running, done, failed. `url`: where it is fetched, until `kept_until`."""

    id: UUID
    state: str
    asked_at: datetime
    done: int
    of: int
    things: int
    names: bool
    kept_until: datetime | None
    url: str | None


Dossiers = ListAnswer[FileAnswer]


def ask(row: Operation, wish: AskFile, *, by: Me, at: datetime) -> Job:
    codes = list(dict.fromkeys(wish.devices))
    _check_sample(row, codes, by)
    if wish.names:
        _check_names(wish, codes, by)
    told: dict[str, Any] = {"things": codes, "names": wish.names}
    told |= {"reason": digest(wish.reason)} if wish.reason else {}
    history.record(ASKED, wish, by=by, at=at, subject=row.number, **told)
    work = {"operation": row.id, "codes": codes, "names": wish.names, "centre": by.centre_id, "at": at.isoformat()}
    return jobs.ask(KIND, work, by=by.id, at=at, uuid=wish.id)


def sample_of(row: Operation, check: UUID, me: Me) -> Sequence[str]:
    """The codes of what that check of the operation looked at, of things the operation paid."""
    mine = select(SpotItem.device_id).join(SpotCheck, SpotCheck.id == SpotItem.check_id)
    mine = mine.where(SpotCheck.uuid == check, SpotCheck.operation_id == row.id, SpotItem.gone_act_id.is_(None))
    query = assets.of_operation(row, me).where(Device.id.in_(mine)).with_only_columns(Device.code)
    return session().scalars(query.order_by(Device.folded, Device.id)).all()


def _check_sample(row: Operation, codes: Sequence[str], by: Me) -> None:
    query = assets.of_operation(row, by).where(Device.code.in_(codes)).with_only_columns(Device.code)
    there = set(session().scalars(query)) if codes else set()
    faults = {
        f"devices.{n}": _("The operation paid for nothing of this code.")
        for n, code in enumerate(codes)
        if code not in there
    }
    if faults:
        words = next(iter(faults.values()))
        raise Refused("invalid", words, status=422, fields={"devices": words} | faults)


def _check_names(wish: AskFile, codes: Sequence[str], by: Me) -> None:
    """Who borrowed what is for a check that asks for it, of a sample; the coordinator answers for that."""
    if not is_coordinator(by):
        words = _("Names are for the coordinator to give.")
        raise Refused("forbidden", words, status=403, fields={"names": words})
    faults: dict[str, Any] = {}
    if not wish.reason:
        faults["reason"] = _("Write what the names are for: it stays in the journal.")
    if not 0 < len(codes) <= NAMED:
        faults["devices"] = _("Names go with a sample of %(n)s things at most.", n=NAMED)
    if faults:
        raise invalid(faults)


def of_act(act: Act) -> Job:
    return session().scalars(select(Job).where(Job.uuid == act.uuid)).one()


def of_operation(row: Operation, me: Me) -> list[tuple[Job, StoredFile | None]]:
    """Those asked for of this operation that this person may fetch, the newest first, each with its file once made."""
    query = (
        select(Job, StoredFile)
        .join(Act, Act.uuid == Job.uuid)
        .outerjoin(StoredFile, StoredFile.id == Job.file_id)
        .where(Job.kind == KIND, Act.kind == ASKED, Act.subject == row.number)
        .order_by(Job.id.desc())
        .limit(50)
    )
    return [(job, file) for job, file in session().execute(query) if _is_theirs(row, job, me)]


def _is_theirs(row: Operation, job: Job, me: Me) -> bool:
    """Whoever asked; who sees all of the operation, but for names: these are the coordinator's to hand over."""
    if job.told["names"]:
        return is_coordinator(me)
    return job.asked_by == me.id or purse.sees_all(row, me)


def path_of(row: Operation, uuid: str, folder: Path, me: Me) -> Path:
    for job, file in of_operation(row, me):
        if str(job.uuid) == uuid and file and is_kept(file):
            return files.path_of(folder, file)
    raise NotThere(_("This archive is no longer kept. Ask for a new one."))


def is_kept(file: StoredFile) -> bool:
    return file.destroyed_at is None and file.keep_until is not None and file.keep_until > now()


@jobs.work(KIND)
def make(job: Job) -> Made:
    """A ZIP, written file by file while it is made."""
    content = _made(job.id, job.told, job.asked_by, settings().instance)
    return Made(content, "application/zip", keep_until=now() + KEPT)


def _made(number: int, told: dict[str, Any], asked_by: int, folder: Path) -> Iterator[bytes]:
    """With the rights that whoever asked has by now."""
    by = sessions.acting(asked_by, told["centre"], at=now())
    row = session().scalars(purse.operations(by).where(Operation.id == told["operation"])).one()
    at = datetime.fromisoformat(told["at"])
    wish = Wanted(row, told["codes"], told["names"] and is_coordinator(by), by, folder, at)

    def tell(done: int, of: int) -> None:
        if done % TOLD_EACH == 0 or done == of:
            jobs.tell_progress(number, done, of, at=now())

    with said_to(by.language):
        yield from archived(dossier_files.summed(dossier_files.of(wish, tell)))
