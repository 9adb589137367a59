"""The lines of an invoice from a table that was copied somewhere and pasted: with headers, or told by its sums."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from io import StringIO

from app.errors import Refused
from app.finance.cells import as_money
from app.finance.drafts import MOST_LINES, Draft, DraftLine, line_of, rounded
from app.finance.pasted_columns import Amounts, amounts, roles_of, solved
from app.words import _, fold

_TOTAL = ("total", "sous-total", "sous total", "net a payer", "tva", "montant total", "subtotal", "sub-total",
          "amount due", "a payer", "reste a payer", "vat", "acompte")  # fmt: skip
_GRAND = (
    "total ttc",
    "net a payer",
    "montant total ttc",
    "total a payer",
    "a payer",
    "grand total",
    "total due",
    "amount due",
)
MOST_SHOWN = 60  # letters of a line that could not be read


def read(text: str) -> Draft:
    """The draft its lines make; what could not be read is in its notes. Raises `Refused` (422) when nothing could."""
    rows = _rows(text)
    roles, first = roles_of(rows)
    draft = Draft()
    if not roles:
        roles, sure = solved([cells for _number, cells in rows if not _is_total(cells)])
        if roles and not sure:
            draft.notes.append(
                _("There are no headers, and the sums do not tell which column is which: look at each line.")
            )
    for number, cells in rows[first:] if roles else rows:
        _take(draft, number, cells, roles)
    if not {"vat", "rate", "gross"} & set(roles):
        draft.notes.append(_("No tax stands in it: write it down where there is some."))
    if not draft.lines:
        words = _("No amount could be read in this. Copy the lines of the table with their prices.")
        raise Refused("nothing_read", words, status=422, fields={"text": words})
    return draft


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Its lines with their number; cut at tabs, semicolons, bars, or wide gaps."""
    sign = next((sign for sign in ("\t", ";", "|") if sign in text), "")
    try:
        found = list(csv.reader(StringIO(text), delimiter=sign)) if sign else [_gaps(one) for one in text.splitlines()]
    except csv.Error as odd:
        words = _("This cannot be read as a table. Copy its lines again.")
        raise Refused("nothing_read", words, status=422, fields={"text": words}) from odd
    tidied = [[" ".join(cell.split()) for cell in cells] for cells in found]
    return [(number, cells) for number, cells in enumerate(tidied, 1) if any(cells)]


def _gaps(line: str) -> list[str]:
    return re.split(r" {2,}", line.strip())


def _take(draft: Draft, number: int, cells: Sequence[str], roles: Sequence[str]) -> None:
    """One line of the table into the draft: a line of the invoice, its sum, or a note."""
    if _is_total(cells):
        _note_total(draft, cells)
        return
    told = amounts(cells, roles)
    if told is None or (line := _line(told)) is None:
        draft.notes.append(_("Line %(n)s could not be read: “%(text)s”.", n=number, text=" ".join(cells)[:MOST_SHOWN]))
    elif len(draft.lines) == MOST_LINES:
        draft.notes.append(
            _("Line %(n)s is left out: an invoice takes %(most)s lines here.", n=number, most=MOST_LINES)
        )
    else:
        draft.lines.append(line)
        if not told.adds_up:
            draft.notes.append(_("The amounts of line %(n)s do not add up: look at it.", n=number))


def _is_total(cells: Sequence[str]) -> bool:
    words = next((fold(cell) for cell in cells if cell), "")
    return words.startswith(_TOTAL) and not words.startswith("total energies")


def _note_total(draft: Draft, cells: Sequence[str]) -> None:
    """What the table says that all of it comes to, tax included."""
    words = next(fold(cell) for cell in cells if cell)
    sums = [cents for cell in cells[1:] if (cents := as_money(cell)) is not None]
    if words.startswith(_GRAND) and sums:
        draft.grand_cents = sums[-1]


def _line(told: Amounts) -> DraftLine | None:
    net, vat = rounded(told.net), rounded(told.vat)
    if net is None or vat is None:
        return None
    return line_of(told.words, told.quantity, net, vat)
