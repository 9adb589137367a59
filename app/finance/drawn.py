"""Papers that finance takes along: a head, tables with hair lines, A4. The same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from app.inventory.stocktake_report import safe, style
from app.web.looks import amount
from app.words import spoken

HAIR = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#b8b2a4")),
        ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
)
SMALL = 7.5


def document(title: str, content: Iterable[Flowable], *, wide: bool = False) -> bytes:
    """`wide`: the sheet lies on its side."""
    out = BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=landscape(A4) if wide else A4, leftMargin=12 * mm, rightMargin=12 * mm, topMargin=14 * mm,
        bottomMargin=14 * mm, title=title, lang="fr", invariant=1,
    )  # fmt: skip
    page.build(list(content))
    return out.getvalue()


def heading(words: object, size: float = 16) -> Paragraph:
    text = spoken(words)
    return Paragraph(safe(text), style(text, size, bold=True))


def sentence(words: object, size: float = 10) -> Paragraph:
    text = spoken(words)
    return Paragraph(safe(text), style(text, size))


def lines(words: Sequence[str], size: float = SMALL) -> Paragraph:
    """Each on a line of its own."""
    return Paragraph("<br/>".join(safe(one) for one in words), style("".join(words), size))


def gap(height: float = 6) -> Spacer:
    """`height`: in millimetres."""
    return Spacer(1, height * mm)


def table(heads: Sequence[object], rows: Iterable[Sequence[object]], widths: Sequence[float]) -> LongTable:
    """`widths`: of the columns, in millimetres. A cell that is drawn already stays as it is."""
    told: list[list[Flowable]] = [
        [heading(word, SMALL) for word in heads],
        *([_drawn(cell) for cell in row] for row in rows),
    ]
    grown = LongTable(told, colWidths=[width * mm for width in widths], repeatRows=1)
    grown.setStyle(HAIR)
    return grown


def _drawn(cell: object) -> Flowable:
    """Euros stand at the right, so that their commas are one below the other."""
    if isinstance(cell, Flowable):
        return cell
    words = written(cell)
    plain = style(words, SMALL)
    return Paragraph(
        safe(words), ParagraphStyle("euros", plain, alignment=TA_RIGHT) if isinstance(cell, float) else plain
    )


def written(cell: object) -> str:
    """A cell of a table as paper has it: euros with their cents, days as one writes them."""
    if isinstance(cell, float):
        return amount(round(cell * 100))
    return "" if cell is None else cell.strftime("%d/%m/%Y") if isinstance(cell, date) else spoken(cell)
