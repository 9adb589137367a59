"""A claim on paper: its numbered pieces and their total, which is the one that was filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from app.finance import claim_answers, claims
from app.finance.claim_models import Claim
from app.inventory.stocktake_report import safe, style
from app.web.looks import amount, money, plain_date
from app.words import _, spoken

WIDTHS = (16, 38, 22, 32, 26, 20, 20, 44, 22, 22)  # mm


def drawn(row: Claim) -> bytes:
    """The same claim gives the same bytes."""
    out = BytesIO()
    title = spoken(_("Claim %(number)s of %(operation)s", number=row.number or "—", operation=row.operation.number))
    page = SimpleDocTemplate(
        out, pagesize=landscape(A4), leftMargin=12 * mm, rightMargin=12 * mm, topMargin=14 * mm, bottomMargin=14 * mm,
        title=title, lang="fr", invariant=1,
    )  # fmt: skip
    page.build([*_head(row, title), _table(row)])
    return out.getvalue()


def _head(row: Claim, title: str) -> Iterator[Flowable]:
    yield Paragraph(safe(title), style(title, 16, bold=True))
    taken = claims.taken_up(row)
    whole = claim_answers.total(row) + sum(one.total_cents for one in taken)
    filed = _("filed on %(day)s", day=plain_date(row.filed_on)) if row.filed_on else _("draft")
    days = {"first": plain_date(row.from_day), "last": plain_date(row.to_day)}
    for sentence in (
        row.operation.name,
        f"{row.organisation.name}, {row.title}",
        _("From %(first)s to %(last)s, %(state)s", **days, state=filed),
        _("Total declared: %(sum)s", sum=money(whole)),
    ):
        words = spoken(sentence)
        yield Paragraph(safe(words), style(words, 10))
    yield Spacer(1, 6 * mm)


def _table(row: Claim) -> LongTable:
    heads = [spoken(word) for word in claim_answers.HEADS[: len(WIDTHS)]]
    lines = [[Paragraph(safe(word), style(word, 7.5, bold=True)) for word in heads]]
    lines += [_line(cells) for cells in claim_answers.table(row)]
    grown = LongTable(lines, colWidths=[width * mm for width in WIDTHS], repeatRows=1)
    hair = ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#b8b2a4"))
    head, top = ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")
    grown.setStyle(
        TableStyle([hair, head, top, ("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 2)])
    )
    return grown


def _line(cells: Sequence[object]) -> list[Paragraph]:
    told = [_cell(cell) for cell in cells[: len(WIDTHS)]]
    return [Paragraph(safe(words), style(words, 7.5)) for words in told]


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return amount(round(cell * 100))
    return "" if cell is None else cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)
