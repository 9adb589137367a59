"""Letters on paper: A4, the address where the window of an envelope is, plain large words, one page a household."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from babel.dates import format_date
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepInFrame, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from app.lending import reaching, reminders
from app.lending.ladder_words import spoken_to
from app.lending.reminder_models import Reminder
from app.web.looks import spoken_day
from labels.fonts import FOLDER as FONTS

PAD = 6  # points that reportlab leaves within a page's margin
MARGIN, WINDOW_LEFT, WINDOW_TOP, WINDOW_HIGH = 20 * mm, 110 * mm, 45 * mm, 40 * mm  # of a DL envelope, on the right
TOP = 15 * mm
LONGEST_WORD = 40  # letters; reportlab would lay out a longer one for minutes
SIZE = 14.0  # large enough to be read at arm's length


def pdf(rows: Sequence[Reminder], day: date) -> bytes:
    """The same letters give the same bytes on the same day. Without letters, one empty page."""
    out = BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=TOP, bottomMargin=TOP, title="Courrier",
        lang="fr", invariant=1,
    )  # fmt: skip
    page.build([part for row in rows for part in _letter(row, day)] or [Spacer(1, 1)])
    return out.getvalue()


def _letter(row: Reminder, day: date) -> Iterator[Flowable]:
    household, centre = row.household, row.household.centre
    language = spoken_to(household.identity.language if household.identity else "fr")
    now = reminders.words_now(row) if row.outcome is None else None
    subject, words = (now.subject, now.words) if now else (row.subject or "", row.words or "")
    sender = _lines([centre.organisation.name, centre.name, reminders.phone_of(centre)], 11)
    to = KeepInFrame(A4[0] - WINDOW_LEFT - MARGIN - PAD, WINDOW_HIGH, _lines(reaching.postal(household), 12))
    yield Table(
        [[sender, ""], ["", to]],
        hAlign="LEFT",
        colWidths=[WINDOW_LEFT - MARGIN - PAD, A4[0] - WINDOW_LEFT - MARGIN - PAD],
        rowHeights=[WINDOW_TOP - TOP, WINDOW_HIGH],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
        ],
    )
    town = centre.town or centre.name
    written = spoken_day(format_date(day, "d MMMM y", locale=language), language)
    yield from (
        Spacer(1, 8 * mm),
        *_lines([f"{town}, {written}", ""], 11),
        *_lines([subject], SIZE + 2),
        Spacer(1, 4 * mm),
    )
    for line in words.split("\n"):
        yield _lines([line], SIZE)[0] if line.strip() else Spacer(1, 4 * mm)
    yield PageBreak()


def _lines(texts: Sequence[str], size: float) -> list[Flowable]:
    return [Paragraph(_safe(text), _style(text, size)) for text in texts]


def _safe(text: str) -> str:
    return escape(" ".join(" ".join(_pieces(word)) for word in text.split(" ")))


def _pieces(word: str) -> list[str]:
    return [word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD)]


def _style(text: str, size: float) -> ParagraphStyle:
    """In the house's own letters, or in those that draw every alphabet."""
    plain, other = "AtkinsonHyperlegible-Regular", "DejaVuSans"
    name = plain if all(ord(sign) in _face(plain).face.charToGlyph for sign in text) else other
    _face(name)
    return ParagraphStyle("letter", fontName=f"letter-{name}", fontSize=size, leading=size * 1.4, spaceAfter=2)


@cache
def _face(name: str) -> TTFont:
    font = TTFont(f"letter-{name}", str(FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font
