"""An agreement or a receipt drawn as A4 pages: the same text gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, PolyLine
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer

from app.lending import marks
from app.lending.clauses import DASH, Part, parts_of
from labels.fonts import FOLDER as FONTS

_LONGEST_WORD = 60
_FACES = {False: ("AtkinsonHyperlegible-Regular", "DejaVuSans"), True: ("AtkinsonHyperlegible-Bold", "DejaVuSans-Bold")}
_SMALLER = 0.12  # of the box in which it was drawn


def pdf(words: str, *, then: Sequence[Flowable] = (), others: Sequence[str] = ()) -> bytes:
    """`then`: what follows on a page of its own; `others`: more such texts, each from a new page on."""
    parts = parts_of(words)
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=parts[0].words.capitalize(),
        author="Va-et-vient",
        lang="fr",
        invariant=1,
    )
    story = [flowing for part in parts for flowing in _drawn(part)]
    for other in others:
        story += [PageBreak(), *(flowing for part in parts_of(other) for flowing in _drawn(part))]
    document.build([*story, *([PageBreak(), *then] if then else [])])
    return out.getvalue()


def _drawn(part: Part) -> list[Flowable]:
    if part.kind == "title":
        return [heading(part.words, size=15)]
    if part.kind == "heading":
        return [heading(part.words)]
    lead = DASH if part.kind == "list" else ""
    return [line(lead + words) for words in part.lines] + [Spacer(1, 1.2 * mm)]


def heading(words: str, *, size: float = 10.5) -> Flowable:
    return Paragraph(_safe(words), _style(words, size=size, after=1, bold=True))


def line(words: str) -> Flowable:
    return Paragraph(_safe(words), _style(words, size=9.5, after=1.2))


def fact(name: str, value: str) -> Flowable:
    return line(f"{name}\u00a0: {value}")


def mark(path: str) -> Flowable:
    """A drawn mark, small, on its line."""
    strokes = marks.read(path) or []
    drawing = Drawing(marks.WIDE * _SMALLER * mm, marks.HIGH * _SMALLER * mm)
    for stroke in strokes:
        points = [
            n * _SMALLER * mm for x, y in (stroke if len(stroke) > 1 else stroke * 2) for n in (x, marks.HIGH - y)
        ]
        drawing.add(PolyLine(points, strokeWidth=1.2, strokeLineCap=1, strokeLineJoin=1))
    return KeepTogether([drawing, Spacer(1, 2 * mm)])


def _safe(text: str) -> str:
    """Text for reportlab: escaped, and long words broken, which it would otherwise lay out for minutes."""
    broken = (w if len(w) <= _LONGEST_WORD else " ".join(_pieces(w)) for w in text.split(" "))
    return escape(" ".join(broken))


def _pieces(word: str) -> list[str]:
    return [word[i : i + _LONGEST_WORD] for i in range(0, len(word), _LONGEST_WORD)]


def _style(text: str, *, size: float, after: float, bold: bool = False) -> ParagraphStyle:
    usual, other = _FACES[bold]
    name = usual if all(ord(c) in _face(usual).face.charToGlyph for c in text) else other
    _face(name)
    leading = size * 1.35
    return ParagraphStyle(
        name, fontName=f"text-{name}", fontSize=size, leading=leading, spaceAfter=after, keepWithNext=int(bold)
    )


@cache
def _face(name: str) -> TTFont:
    font = TTFont(f"text-{name}", str(FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font
