"""Files that come beside a form, kept on the disk before the write begins; an act knows them by what was sent."""

from __future__ import annotations

from app import files
from app.errors import Refused
from app.history.seals import digest
from app.inventory.printed import Photo
from app.papers import Paper
from app.people.doors import settings
from app.times import now
from app.web.reading import sent_file
from app.words import _


def chosen(field: str) -> bytes:
    """The bytes of the file in that field. Raises `Refused` (422) beside it when nothing was chosen."""
    if content := sent_file(field):
        return content
    words = _("Choose a file first.")
    raise Refused("file_missing", words, status=422, fields={field: words})


def stored(content: bytes, paper: Paper, kind: str) -> Photo:
    """`paper`: what is kept of what was sent. The caller adds the row of the file in its write."""
    file = files.write(settings().instance, paper.content, kind=kind, media_type=paper.media_type, at=now())
    return Photo(digest(content), file)
