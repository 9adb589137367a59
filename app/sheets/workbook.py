"""Excel workbooks, read by openpyxl line by line; entities and other tricks of XML are stopped by defusedxml."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.xml import DEFUSEDXML

from app.errors import Refused
from app.sheets.limits import LONGEST_CELL, MOST_COLUMNS, MOST_LINES, too_long, unreadable
from app.words import _

assert DEFUSEDXML, "openpyxl reads what strangers send only with defusedxml beside it"
EMPTY_RUN = 2_000  # after so many empty lines a sheet is over: some are formatted down to the last line there can be


def lines_of_workbook(content: bytes, names: Sequence[str]) -> list[tuple[str, list[tuple[int, Sequence[str]]]]]:
    """Each sheet that can be seen, by its name."""
    if "xl/workbook.xml" not in names:
        raise unreadable(_("This is no table. Save it as .xlsx or .csv, and send that."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: pictures, rules, colours
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            return [(sheet.title, list(_lines(sheet))) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Refused:
        raise
    except Exception as odd:  # of a file that is not what it says openpyxl may raise anything
        raise unreadable(_("This file is damaged: it cannot be opened.")) from odd


def _lines(sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    found = empty = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells
        found, empty = (found + 1, 0) if cells else (found, empty + 1)
        if found > MOST_LINES:
            raise too_long()
        if empty > EMPTY_RUN:
            return


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 10))  # noqa: PLR2004
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else str(value).strip()[:LONGEST_CELL]
