"""What the columns of a file mean: found by their headers, wherever these stand, changed by people, and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.imports.kinds import Field, Kind, Line
from app.sheets import Book
from app.words import fold

LOOKED_AT = 30  # lines above which no header is looked for
ENOUGH = 2  # known words make a header
# Letters that look like ours: the French of Snipe-IT writes Сatégorie with a Cyrillic С.
_ALIKE = str.maketrans("асеорхімтвнк", "aceopximtbhk")

Meant = Mapping[str, Sequence[str]]  # by the place of the sheet: the field of each column, or nothing

# Which program wrote a file: headers that stand together in no other's.
PROGRAMS: Sequence[tuple[str, frozenset[str]]] = (
    ("Homebox", frozenset({"hb.name"})),
    ("Leihs", frozenset({"inventory_code", "serial_number"})),
    ("Leihs", frozenset({"inventory code", "product"})),
    ("Shelf", frozenset({"title", "assetmodel"})),
    ("Shelf", frozenset({"asset id", "qr id"})),
    ("Snipe-IT", frozenset({"asset tag"})),
    ("Snipe-IT", frozenset({"etiquette de l'actif"})),
    ("Snipe-IT", frozenset({"nom actif"})),
    ("GLPI", frozenset({"nom", "fabricant", "numero de serie", "statut"})),
    ("GLPI", frozenset({"name", "manufacturer", "serial number", "status"})),
)


@dataclass(frozen=True)
class Head:
    """The headers of one sheet, the number of their line, and the lines below."""

    name: str
    line: int
    headers: Sequence[str]
    lines: Sequence[tuple[int, Sequence[str]]]


def heads(book: Book, kind: Kind) -> list[Head]:
    """Each sheet cut into its headers and what stands below, titles above left out."""
    words = {word for one in kind.fields for word in one.known_as}
    return [_head(sheet.name, sheet.lines, words) for sheet in book]


def _head(name: str, lines: Sequence[tuple[int, Sequence[str]]], words: set[str]) -> Head:
    known = [sum(bool(_forms(cell) & words) for cell in cells) for _number, cells in lines[:LOOKED_AT]]
    filled = [sum(bool(cell) for cell in cells) for _number, cells in lines[:LOOKED_AT]]
    place = known.index(max(known)) if max(known) >= ENOUGH else filled.index(max(filled))
    number, headers = lines[place]
    return Head(name, number, headers, lines[place + 1 :])


def _forms(header: str) -> frozenset[str]:
    """A header as it may be known: folded, and without the group that GLPI or Shelf write around it."""
    word = fold(header).translate(_ALIKE).strip(" :*.")
    forms = {word, word.rpartition(" - ")[2]}
    if word.startswith("cf:"):
        forms.add(word[3:].partition(",type:")[0].strip())
    return frozenset(forms - {""})


def program_of(found: Sequence[Head]) -> str:
    """The program that wrote this file, if its headers tell."""
    for head in found:
        words = {form for header in head.headers for form in _forms(header)}
        for name, signs in PROGRAMS:
            if signs <= words:
                return name
    return ""


def fingerprint(found: Sequence[Head]) -> str:
    """Equal for files whose sheets bear the same headers."""
    told = json.dumps([[fold(header) for header in head.headers] for head in found])
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()


def proposed(found: Sequence[Head], kind: Kind) -> dict[str, list[str]]:
    """Each field to one column: the surest header, of two alike the first."""
    return {str(place): _proposed(head.headers, kind.fields) for place, head in enumerate(found)}


def _proposed(headers: Sequence[str], fields: Sequence[Field]) -> list[str]:
    forms, meant = [_forms(header) for header in headers], [""] * len(headers)
    wanted = sorted(
        (rank, order, word, one.name) for order, one in enumerate(fields) for rank, word in enumerate(one.known_as)
    )
    for _rank, _order, word, name in wanted:
        if name in meant:
            continue
        place = next((n for n, form in enumerate(forms) if word in form and not meant[n]), None)
        if place is not None:
            meant[place] = name
    return meant


def lines_of(found: Sequence[Head], mapping: Meant, choices: Mapping[str, Any], kind: Kind) -> list[Line]:
    """The lines of all sheets with at least one column that means something. What people mended stands instead."""
    names = {one.name for one in kind.fields}
    lines: list[Line] = []
    for place, head in enumerate(found):
        meant = mapping.get(str(place), ())
        columns = {name: n for n, name in enumerate(meant) if name in names}
        if columns:
            lines += [_line(f"{place}:{number}", head, number, cells, columns, choices) for number, cells in head.lines]
    return [line for line in lines if line.values]


def _line(
    place: str, head: Head, number: int, cells: Sequence[str], columns: Mapping[str, int], choices: Mapping[str, Any]
) -> Line:
    chosen = choices.get(place, {})
    values = {name: cells[n] for name, n in columns.items() if n < len(cells)} | chosen.get("mended", {})
    return Line(
        place, head.name, number, {name: text for name, text in values.items() if text}, columns, chosen.get("do", "")
    )


def samples(head: Head, most: int = 3) -> list[list[str]]:
    """The first few different cells of each column."""
    rows = [cells for _number, cells in head.lines[:200]]
    found: list[list[str]] = [[] for _header in head.headers]
    for cells in rows:
        for n, cell in enumerate(cells[: len(found)]):
            if cell and cell not in found[n] and len(found[n]) < most:
                found[n].append(cell[:40])
    return found


def letter(column: int) -> str:
    """The name of a column as spreadsheets show it: A, B, ... Z, AA."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
