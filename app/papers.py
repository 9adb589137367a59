"""Documents as they are stored: a PDF as it is, a picture drawn anew. Its content says what a file is, not its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app import photos
from app.errors import Refused
from app.words import _

PDF = "application/pdf"
LARGEST_PDF = 10_000_000  # bytes
_BEGINS, _ENDS = re.compile(rb"%PDF-[12]\.[0-9]"), re.compile(rb"startxref\s+[0-9]+\s+%%EOF\s*$")


@dataclass(frozen=True)
class Paper:
    """What is stored of a file that was sent."""

    content: bytes
    media_type: str


def kept(content: bytes, *, field: str = "file") -> Paper:
    """A PDF is kept as it was sent, to be saved and never shown in our pages. Raises `Refused` (422) for the rest."""
    if content.startswith(b"%PDF-"):
        return _pdf(content, field)
    try:
        return picture(content, field=field)
    except Refused as no:
        if no.words is not photos.UNREADABLE:
            raise
        words = _("This is neither a photo nor a PDF that can be read. Send a JPEG, PNG or WebP picture, or a PDF.")
        raise Refused(no.code, words, status=no.status, fields={field: words}) from no


def picture(content: bytes, *, field: str = "file") -> Paper:
    try:
        return Paper(photos.redrawn(content), photos.MEDIA_TYPE)
    except Refused as no:
        raise Refused(no.code, no.words, status=no.status, fields={field: no.words}) from no


def _pdf(content: bytes, field: str) -> Paper:
    if len(content) > LARGEST_PDF:
        words = _("This document is too large: 10 MB are the most.")
    elif not _BEGINS.match(content) or not _ENDS.search(content[-1024:]):
        words = _("This PDF is not whole. Save it once more and send it again.")
    else:
        return Paper(content, PDF)
    raise Refused("not_a_document", words, status=422, fields={field: words})
