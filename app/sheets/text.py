"""CSV in the alphabets and with the separators that programs and offices write."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from itertools import islice

from app.sheets.limits import LONGEST_CELL, MOST_COLUMNS, MOST_LINES, too_long, unreadable
from app.words import _

SEPARATORS = (";", ",", "\t")
LOOKED_AT = 50  # lines, to find the separator
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SHIELD = "'"  # before a sign that would make the cell a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines_of_text(content: bytes) -> list[tuple[int, Sequence[str]]]:
    """Each line that holds something with its number: the one a text editor shows where the line begins."""
    text = _decoded(content)
    separator, text, before = _separator(text)
    found: list[tuple[int, Sequence[str]]] = []
    last = before
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            number, last = last + 1, before + reader.line_num
            if any(cell.strip() for cell in cells):
                found.append((number, [_plain(cell) for cell in cells[:MOST_COLUMNS]]))
            if len(found) > MOST_LINES:
                raise too_long()
    except csv.Error as odd:
        raise unreadable(_("Line %(line)s cannot be read as a line of a table.", line=last + 1)) from odd
    return found


def _plain(cell: str) -> str:
    cell = cell.strip()
    if cell.startswith(SHIELD) and cell[1:2] in FORMULA:
        cell = cell[1:].strip()
    return cell[:LONGEST_CELL]


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with or without its mark, else what Windows writes in the west."""
    for mark, name in MARKS.items():
        if content.startswith(mark):
            return _as(content, name)
    if even := _zeros(content):
        return _as(content, even)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _as(content, "cp1252")


def _as(content: bytes, name: str) -> str:
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        # CP1252 leaves five bytes without a letter; a table that holds them was written in something else.
        raise unreadable(_("This is no table that can be read. Save it as .xlsx or as CSV in UTF-8.")) from None
    if any(sign in text for sign in "\x00\x01\x02\x03\x04\x05\x06\x07\x08"):
        raise unreadable(_("This is no table. Save it as .xlsx or .csv, and send that."))
    return text


def _zeros(content: bytes) -> str:
    """Without a mark, every second byte of western UTF-16 is nought."""
    start = content[:400]
    half = len(start) // 4
    if start[1::2].count(0) > half:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > half else ""


def _separator(text: str) -> tuple[str, str, int]:
    """The separator, the text without the line by which Excel is told of it, and how many lines went with that."""
    first, _end, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return first.strip()[-1], rest, 1
    return max(SEPARATORS, key=lambda sign: _evenness(text, sign)), text, 0


def _evenness(text: str, sign: str) -> int:
    """How many cells stand under each other when lines are cut at this sign."""
    try:
        reader = csv.reader(StringIO(text[:100_000], newline=""), delimiter=sign)
        rows = [row for row in islice(reader, LOOKED_AT) if row]
    except csv.Error:
        return 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((width - 1) * count for width, count in widths.items()), default=0)
