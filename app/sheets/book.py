"""A file that somebody sent, as sheets of lines of text. What a file is, its bytes tell; its name tells nothing."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from app.errors import Refused
from app.sheets.limits import LARGEST, MOST_LINES, check_tables, check_workbook, unreadable
from app.sheets.text import lines_of_text
from app.words import _

__all__ = ["LARGEST", "MOST_LINES", "Book", "Sheet", "opened", "opened_at", "packed", "unpacked"]

Lines = Sequence[tuple[int, Sequence[str]]]
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any Excel file with a password


@dataclass(frozen=True)
class Sheet:
    """One sheet: each line that holds something, with its number as a spreadsheet shows it, and its cells as text.

    Days are `2026-11-24`, numbers have a point, and no cell has blanks at its ends.
    """

    name: str
    lines: Lines


@dataclass(frozen=True)
class Book:
    sheets: Sequence[Sheet]

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)


def opened(content: bytes) -> Book:
    """The sheets of a file. Raises `Refused` (413 or 422) with a sentence for whatever cannot be read."""
    if not content.strip():
        raise unreadable(_("This file is empty."), "file_empty")
    if len(content) > LARGEST:
        words = _("This file is too large: at most %(n)s MB. Cut it into several.", n=LARGEST // 2**20)
        raise Refused("too_large", words, status=413)
    if content.startswith(OLD_EXCEL):
        raise unreadable(
            _("This is an old Excel file, or it has a password. Open it, and save it as .xlsx without one.")
        )
    return _book(_from_archive(BytesIO(content)) if content.startswith(ZIP) else [Sheet("", lines_of_text(content))])


def opened_at(path: Path) -> Book:
    """The same of a file on this machine; an archive of ours may be larger here, as its tables alone are read."""
    if path.stat().st_size <= LARGEST:
        return opened(path.read_bytes())
    with path.open("rb") as file:
        if file.read(4) != ZIP:
            return opened(b"x" * (LARGEST + 1))
        return _book(_from_archive(file))


def _book(sheets: Sequence[Sheet]) -> Book:
    if not any(sheet.lines for sheet in sheets):
        raise unreadable(_("This file is empty."), "file_empty")
    return Book([sheet for sheet in sheets if sheet.lines])


def _from_archive(file: IO[bytes]) -> list[Sheet]:
    """An Excel workbook, or a register of ours: a ZIP of CSV files."""
    try:
        with zipfile.ZipFile(file) as archive:
            if "[Content_Types].xml" in archive.namelist():
                from app.sheets.workbook import lines_of_workbook  # an eighth of every start, for a file now and then

                names = check_workbook(archive)
                file.seek(0)
                return [Sheet(name, lines) for name, lines in lines_of_workbook(file.read(), names)]
            tables = check_tables(archive)
            if not tables:
                raise unreadable(_("This is no table. Save it as .xlsx or .csv, and send that."))
            return [Sheet(name.rpartition(".")[0], lines_of_text(archive.read(name))) for name in tables]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise unreadable(_("This file is damaged: it cannot be opened.")) from broken


def packed(book: Book) -> bytes:
    """The same as bytes of our own making, so that what strangers sent is opened once only."""
    told = json.dumps([asdict(sheet) for sheet in book], ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(told.encode(errors="replace"), compresslevel=3, mtime=0)


def unpacked(content: bytes) -> Book:
    return Book([Sheet(one["name"], one["lines"]) for one in json.loads(gzip.decompress(content))])
