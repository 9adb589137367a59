"""How large a table may be, and what an archive may hold."""

from __future__ import annotations

import zipfile

from app.errors import Refused
from app.words import _

LARGEST = 25 * 2**20  # bytes of a file as it is sent
UNPACKED = 200 * 2**20  # bytes of all its parts: a workbook of 50,000 lines has 60 MB of XML
PARTS = 1000
MOST_LINES = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 5_000
MACROS = "xl/vbaProject.bin"


def unreadable(words: object, code: str = "file_unreadable") -> Refused:
    return Refused(code, words, status=422, fields={"file": words})


def too_long() -> Refused:
    words = _("This file has more than %(n)s lines. Cut it into several.", n=MOST_LINES)
    return Refused("too_large", words, status=413)


def check_archive(archive: zipfile.ZipFile) -> list[str]:
    """The names of its parts, once it is known that they unpack to a bearable size.

    `zipfile` never unpacks more of a part than its entry says, so the entries can be trusted.
    """
    parts = archive.infolist()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise unreadable(_("This file unpacks to far more than a table holds. It was not opened."))
    names = [part.filename for part in parts]
    if MACROS in names:
        raise unreadable(_("This file holds macros. Save it as .xlsx, without macros."))
    return names
