"""A household's copy as one archive: what is known as JSON, each agreement as PDF. Made by the chores."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from sqlalchemy import select

from app import files, history, jobs
from app.db import session
from app.errors import NotThere
from app.files import StoredFile
from app.inputs import Act
from app.jobs import Job, Made
from app.lending import pages, privacy, proofs
from app.people.models import Household
from app.people.roles import Me
from app.privacy import wings
from app.times import now
from app.words import _

KIND = "household_copy"
KEPT = timedelta(days=7)  # long enough to fetch it; then the bytes go


class AskCopy(Act):
    """The household wants its copy as files."""


def ask(household: Household, wish: AskCopy, *, by: Me, at: datetime) -> Job:
    history.record("copy_ask", wish, by=by, at=at, subject=household.code, centre_id=household.centre_id)
    told = {"household": household.code, "centre": household.centre_id}
    return jobs.ask(KIND, told, by=by.id, at=at, uuid=wish.id)


def of_act(act: history.Act) -> Job:
    return session().scalars(select(Job).where(Job.uuid == act.uuid)).one()


def of_household(household: Household) -> list[tuple[Job, StoredFile | None]]:
    """The archives asked for this household, newest first, each with its file while it is there."""
    theirs = (history.Act.kind == "copy_ask") & (history.Act.subject == household.code)
    query = select(Job, StoredFile).join(history.Act, history.Act.uuid == Job.uuid).where(Job.kind == KIND, theirs)
    rows = session().execute(query.outerjoin(StoredFile, StoredFile.id == Job.file_id).order_by(Job.id.desc()))
    return [(job, file) for job, file in rows]


def bytes_of(household: Household, uuid: str, folder: Path) -> bytes:
    """The archive, through its household's door. Raises `NotThere` when it is not theirs or no longer kept."""
    for job, file in of_household(household):
        if str(job.uuid) == uuid and file and file.destroyed_at is None and file.keep_until and file.keep_until > now():
            return files.path_of(folder, file).read_bytes()
    raise NotThere(_("This archive is no longer kept. Ask for a new one."))


def let_go(household: Household, *, at: datetime) -> None:
    """An erased household leaves no archive behind: none is shown or made, and the chores destroy the bytes."""
    for job, file in of_household(household):
        jobs.call_off(job)
        if file and file.destroyed_at is None:
            file.keep_until = at
    session().flush()


@jobs.work(KIND)
def make(job: Job) -> Made:
    """The archive's bytes: a ZIP with `copie.json` and one PDF for each agreement still kept."""
    household = session().scalars(select(Household).where(Household.code == job.told["household"])).one()
    out = BytesIO()
    texts = privacy.agreements_of(household)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("copie.json", json.dumps(wings.tell(household), ensure_ascii=False, indent=1))
        for number, (uuid, words, signed) in enumerate(texts, 1):
            archive.writestr(f"convention-{uuid}.pdf", proofs.pdf(words, signed) if signed else pages.pdf(words))
            jobs.tell_progress(job.id, number, len(texts), at=now())
    return Made(out.getvalue(), "application/zip", keep_until=now() + KEPT)
