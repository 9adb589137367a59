"""The file of an electronic invoice: a PDF that carries its XML (Factur-X, ZUGFeRD), or that XML. Strangers made it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from app.errors import Refused
from app.finance import cii
from app.finance.drafts import Draft
from app.papers import LARGEST_PDF
from app.words import _

LARGEST_XML = 5_000_000  # bytes: an invoice of ten thousand lines
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
MOST_FILES = 50  # looked at within one PDF


def read(content: bytes) -> Draft:
    """The draft it makes. Raises `Refused` (413 or 422) with a sentence for whatever cannot be read."""
    if not content.strip():
        raise _no(_("This file is empty."), "file_empty")
    if len(content) > LARGEST_PDF:
        raise Refused("too_large", _("This document is too large: 10 MB are the most."), status=413)
    return cii.read(_xml(content))


def _xml(content: bytes) -> bytes:
    if content.startswith(b"%PDF-"):
        content = _inside(content)
    elif not content.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\0").startswith(b"<"):
        raise _no(_("This file is no electronic invoice that can be read here. Send a Factur-X PDF, or its XML."))
    if len(content) > LARGEST_XML:
        raise Refused("too_large", _("This electronic invoice is far larger than invoices are. Type it."), status=413)
    return content


def _inside(content: bytes) -> bytes:
    """The XML that the PDF carries."""
    try:
        found = _attached(content)
    except Refused:
        raise
    except Exception as odd:  # of a file that is not what it says pypdf may raise anything
        raise _no(_("This PDF is not whole. Save it once more and send it again."), "file_unreadable") from odd
    if found is None:
        raise _no(_("This PDF carries no electronic invoice: type it, or copy the table in it and paste that."))
    return found


def _attached(content: bytes) -> bytes | None:
    from pypdf import PdfReader  # a tenth of every start, for a file now and then

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise _no(_("This PDF is locked. Save it without a password, or type the invoice."))
    others: list[Any] = []
    for _n, one in zip(range(MOST_FILES), reader.attachment_list, strict=False):
        names = {str(name).lower() for name in (one.name, one.alternative_name) if name}
        if names & set(NAMES):
            return bytes(one.content)
        others += [one] if any(name.endswith(".xml") for name in names) else []
    return bytes(others[0].content) if len(others) == 1 else None


def _no(words: object, code: str = "no_invoice_inside") -> Refused:
    return Refused(code, words, status=422, fields={"file": words})
