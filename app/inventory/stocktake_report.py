"""The report of a stock-take, on paper (PDF) and as a table (CSV)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO, StringIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from sqlalchemy import select

from app.db import session
from app.inventory.models import Device
from app.inventory.states import LOOKS
from app.inventory.stocktakes import Sighting, StockTake, counts, findings
from app.people.models import Person
from app.web.looks import clock, plain_date
from app.words import _, spoken
from labels import codes
from labels.fonts import FOLDER as FONTS

PLAIN, BOLD, OTHER = "AtkinsonHyperlegible-Regular", "AtkinsonHyperlegible-Bold", "DejaVuSans"
LONGEST_WORD = 30
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FINDINGS: Mapping[str, Any] = {
    "missing": _("Not found"),
    "unexpected": _("Found, not expected here"),
    "elsewhere": _("Out"),
    "seen": _("Found"),
}
# How a thing was seen, and what that is worth as a proof.
WEIGHTS: Mapping[str, Any] = {
    "scan": _("label scanned here: strong"),
    "visit": _("seen there by us: strong"),
    "photo": _("seen on a photo: medium"),
    "declared": _("only declared: weak"),
}
HEADS = (
    _("Code"),
    _("Name"),
    _("Serial number"),
    _("Stood as"),
    _("Finding"),
    _("Proof"),
    _("When"),
    _("By"),
    _("Note"),
)


def table(take: StockTake, *, notes: bool) -> Iterator[Sequence[str]]:
    """A line a thing, the missing ones first: code, name, serial, former state, finding, proof, when, by whom, note.

    `notes` are for the centre itself: what was written at a borrower's is no other's business.
    """
    rows = session().execute(findings(take).order_by(Device.folded, Device.id)).all()
    seen = {s.id: s for s in session().scalars(select(Sighting).where(Sighting.take_id == take.id))}
    staff = dict(
        session().execute(select(Person.id, Person.name).where(Person.id.in_({s.by for s in seen.values()}))).all()
    )
    places = list(FINDINGS)
    for row in sorted(rows, key=lambda row: places.index(row.finding)):
        line = _line(row, seen.get(row.sighting), staff)
        yield line if notes else [*line[:-1], ""]


def _line(row: Any, seen: Sighting | None, staff: Mapping[int, str]) -> Sequence[str]:
    thing, known = row.Device, row.Expected
    stood = LOOKS[known.state].word if known else _("not on the list")
    words = [
        codes.grouped(known.code if known else thing.code), known.name if known else thing.name,
        thing.serial_number or "", stood, FINDINGS[row.finding],
    ]  # fmt: skip
    proof = (
        [WEIGHTS[seen.how], f"{plain_date(seen.at)} {clock(seen.at)}", staff.get(seen.by, ""), seen.note]
        if seen
        else []
    )
    return [spoken(word) for word in (words + proof + [""] * 4)[: len(HEADS)]]


def as_csv(take: StockTake, *, notes: bool = True) -> bytes:
    """For a French spreadsheet: semicolons, and nothing that it would take for a formula."""
    out = StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines.writerow([spoken(head) for head in HEADS])
    lines.writerows([_harmless(cell) for cell in line] for line in table(take, notes=notes))
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_pdf(take: StockTake, *, notes: bool = True) -> bytes:
    """The same on A4: the same rows give the same bytes."""
    out = BytesIO()
    title = spoken(_("Stock-take: %(name)s", name=take.name))
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=15 * mm, rightMargin=15 * mm, topMargin=15 * mm, bottomMargin=15 * mm,
        title=title, lang="fr", invariant=1,
    )  # fmt: skip
    page.build([*_head(take, title), *_table(take, notes)])
    return out.getvalue()


def _head(take: StockTake, title: str) -> Iterator[Flowable]:
    found = counts(take)
    until = _("closed on %(day)s", day=plain_date(take.closed_at)) if take.closed_at else _("still going on")
    yield Paragraph(safe(title), style(title, 16, bold=True))
    for words in (
        take.centre.name,
        _("Opened on %(day)s, %(until)s.", day=plain_date(take.opened_at), until=until),
        _("%(seen)s of %(expected)s found here, %(missing)s not found.", **found),
        _("%(unexpected)s found here and not expected.", **found),
        _("%(elsewhere)s are out, %(confirmed)s of them confirmed.", **found),
    ):
        yield Paragraph(safe(spoken(words)), style(spoken(words), 10))
    yield Spacer(1, 5 * mm)


def _table(take: StockTake, notes: bool) -> Iterator[Flowable]:
    heads = [Paragraph(safe(h), style(h, 8, bold=True)) for h in map(spoken, HEADS)]
    lines = [[Paragraph(safe(cell), style(cell, 8)) for cell in line] for line in table(take, notes=notes)]
    widths = [w * mm for w in (20, 32, 24, 18, 20, 22, 20, 14, 10)]
    grown = LongTable([heads, *lines], colWidths=widths, repeatRows=1)
    grown.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#b8b2a4")),
                ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    yield grown


def safe(text: str) -> str:
    """Text for reportlab: escaped, and long words broken, which it would otherwise lay out for minutes."""
    return escape(" ".join(" ".join(_pieces(word)) for word in text.split()))


def _pieces(word: str) -> list[str]:
    return [word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD)]


def style(text: str, size: float, *, bold: bool = False) -> ParagraphStyle:
    wanted = BOLD if bold else PLAIN
    known = _face(wanted).face.charToGlyph
    # Blanks of every width become plain ones (`safe`): they need no glyph.
    name = wanted if all(ord(c) in known for c in text if not c.isspace()) else OTHER
    _face(name)
    return ParagraphStyle(f"{name}-{size}", fontName=f"report-{name}", fontSize=size, leading=size * 1.35)


@cache
def _face(name: str) -> TTFont:
    font = TTFont(f"report-{name}", str(FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font
