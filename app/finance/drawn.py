"""Papers that finance takes along: a head, tables with hair lines, A4. The same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from app.inventory.stocktake_report import safe, style
from app.web.looks import amount, plain_date
from app.words import _, spoken

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

    def numbered(*args: Any, **kwargs: Any) -> Canvas:
        return _Numbered(*args, title=title, **kwargs)

    page = SimpleDocTemplate(
        out, pagesize=landscape(A4) if wide else A4, leftMargin=12 * mm, rightMargin=12 * mm, topMargin=14 * mm,
        bottomMargin=14 * mm, title=title, lang="fr", invariant=1,
    )  # fmt: skip
    page.build(list(content), canvasmaker=numbered)
    return out.getvalue()


class _Numbered(Canvas):
    """Says at the foot of each page what paper it is of, and which page of how many: papers of a file get mixed up."""

    def __init__(self, *args: Any, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._title, self._kept = title, list[dict[str, Any]]()

    def showPage(self) -> None:  # noqa: N802 - the name of its parent
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # as its parent does, but without writing the page yet

    def save(self) -> None:
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            text = spoken(_("%(title)s, page %(n)s of %(all)s", title=self._title, n=number, all=len(self._kept)))
            foot = Paragraph(safe(text), ParagraphStyle("foot", style(text, SMALL), alignment=TA_RIGHT))
            width, _height = page["_pagesize"]
            foot.wrapOn(self, width - 24 * mm, 10 * mm)
            foot.drawOn(self, 12 * mm, 6 * mm)
            super().showPage()
        super().save()


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
    """A cell of a table as paper has it: euros with their cents, days in full."""
    if isinstance(cell, float):
        return amount(round(cell * 100))
    return "" if cell is None else plain_date(cell) if isinstance(cell, date) else spoken(cell)
