"""The paper of an invoice that is being typed: kept for a day, and for good by the invoice that takes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from app.db import session, writing
from app.errors import Refused
from app.files import StoredFile
from app.inventory.printed import Photo
from app.inventory.received import stored
from app.papers import Paper
from app.words import _

KIND = "draft"
KEPT = timedelta(days=1)


def keep(content: bytes, paper: Paper, *, at: datetime) -> Photo:
    """Kept while people look at what was read of it, or put right what else they typed. `paper`: what is stored."""
    sent = stored(content, paper, KIND)
    sent.file.keep_until = at + KEPT
    with writing("draft_paper") as s:
        s.add(sent.file)
    return sent


def kept(uuid: UUID, *, at: datetime) -> Photo:
    """That file, for the invoice that takes it. Raises `Refused` (422) once its day is over."""
    waits = or_(StoredFile.keep_until.is_(None), StoredFile.keep_until > at)
    there = (StoredFile.uuid == uuid, StoredFile.kind == KIND, StoredFile.destroyed_at.is_(None), waits)
    file = session().scalars(select(StoredFile).where(*there)).one_or_none()
    if file is None:
        words = _("This file was kept for a day only. Choose it again.")
        raise Refused("draft_gone", words, status=422, fields={"paper": words})
    return Photo(uuid.hex, file)
