"""How large a table may be, and what an archive may hold."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from app.errors import Refused
from app.words import _

LARGEST = 25 * 2**20  # bytes of a file as it is sent
UNPACKED = 200 * 2**20  # bytes of all its parts: a workbook of 50,000 lines has 60 MB of XML
PARTS = 1000
FILES = 50_000  # beside the tables of an archive; each is unpacked alone, when its turn comes
MOST_LINES = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 5_000
MACROS = "xl/vbaProject.bin"


def unreadable(words: object, code: str = "file_unreadable") -> Refused:
    return Refused(code, words, status=422, fields={"file": words})


def too_long() -> Refused:
    words = _("This file has more than %(n)s lines. Cut it into several.", n=MOST_LINES)
    return Refused("too_large", words, status=413)


def check_workbook(archive: zipfile.ZipFile) -> list[str]:
    """The names of its parts, once it is known that they unpack to a bearable size.

    `zipfile` never unpacks more of a part than its entry says, so the entries can be trusted.
    """
    names = _bearable(archive.infolist())
    if MACROS in names:
        raise unreadable(_("This file holds macros. Save it as .xlsx, without macros."))
    return names


def check_tables(archive: zipfile.ZipFile) -> list[str]:
    """The same of the tables of an archive of ours; what lies beside them is not unpacked here."""
    parts = archive.infolist()
    if len(parts) > FILES:
        raise _bomb()
    return _bearable([part for part in parts if part.filename.lower().endswith(".csv")])


def _bearable(parts: Sequence[zipfile.ZipInfo]) -> list[str]:
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise _bomb()
    return [part.filename for part in parts]


def _bomb() -> Refused:
    return unreadable(_("This file unpacks to far more than a table holds. It was not opened."))
