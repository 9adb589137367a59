"""Tables written for people who open them in a spreadsheet: line by line, and no cell becomes a formula."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import StringIO
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter

from app.sheets.text import FORMULA, SHIELD

Cell = str | int | float | date | None
BLOCK = 64 * 1024
AT_ONCE = 500
WIDE, NARROW = 24, 16  # letters of a column


def safe(cell: Cell) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    return SHIELD + text if text.startswith(FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """UTF-8 with its mark and semicolons: what a French Excel opens by a double click."""
    out = StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n")
    write.writerow([safe(word) for word in head])
    yield b"\xef\xbb\xbf"
    for count, row in enumerate(rows, 1):
        write.writerow([safe(cell) for cell in row])
        if count % AT_ONCE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode(errors="replace")


def as_xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """One sheet. XlsxWriter keeps a line at a time in memory and the rest on the disk."""
    with TemporaryFile() as file:
        _write_book(file, name, head, rows)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _write_book(file: IO[bytes], name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, len(head), NARROW)
    sheet.freeze_panes(1, 0)
    for column, word in enumerate(head):
        sheet.write_string(0, column, word, bold)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _put(sheet, line, column, cell, days)
    book.close()


def _put(sheet: Any, line: int, column: int, cell: Cell, days: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(line, column, cell, days)
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell)
    elif cell:
        sheet.write_string(line, column, cell)


def archived(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A ZIP of files by their name, each written as it comes; pictures are packed already."""
    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, blocks in files:
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as part:
                    for block in blocks:
                        part.write(block)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block
