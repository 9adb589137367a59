"""The loan agreement: its text is filled and sealed with the hand-over, then shown; the PDF draws that text.

Text and law: domain.md 3 and 9.7 (Code civil 1875-1891; clause 8 sets article 1883 aside whenever a value is printed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from babel.dates import format_date
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from sqlalchemy import select, update

from app.db import change_where, note, session
from app.inventory.models import Device
from app.lending.forms import Lend
from app.lending.models import Agreement, Loan
from app.people.models import Household
from app.people.roles import Me
from app.times import add_months, day_of
from app.web.looks import french_money, spoken_day
from labels import FUNDING, codes
from labels.fonts import FOLDER as FONTS

VERSION = "fr-1"
VERSIONS = {path.stem for path in (Path(__file__).parent / "terms").glob("*.txt")}
KEPT_MONTHS = 60  # five years after the return: prescription of article 2224 of the Code civil
_LONGEST_WORD = 60
_TEXT = "AtkinsonHyperlegible-Regular"
_OTHER = "DejaVuSans"


def words_of(
    wish: Lend, household: Household, devices: Sequence[Device], known: Mapping[int, Any], *, by: Me, at: datetime
) -> str:
    """The agreement of this loan, in French, filled with what it is about. `known`: what leaving.facts_of tells."""
    facts = [known[d.id] for d in devices]
    centre = facts[0]  # all of them leave the same one
    filled = {
        "number": wish.id.hex[:8].upper(),
        "organisation": centre.organisation,
        "centre": centre.centre,
        "phone": centre.phone or centre.organisation_phone or "—",
        "town": centre.town or centre.centre,
        "staff": by.name,
        "name": household.name,
        "household": codes.grouped(household.code),
        "due": in_words(wish.due_on),
        "start": in_words(day_of(at)),
        "things": "\n".join(_thing(d, f.parts) for d, f in zip(devices, facts, strict=True)),
        "owners": ", ".join(sorted({f.owner for f in facts})),
        "funding": _funding({d.programme for d in devices if d.programme}),
    }
    return _terms(VERSION).format_map(filled)


@cache
def _terms(version: str) -> str:
    return (Path(__file__).parent / "terms" / f"{version}.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=500)
def in_words(day: date) -> str:
    """A day as a French letter says it, in full."""
    return spoken_day(format_date(day, "EEEE d MMMM y", locale="fr"), "fr")


def _thing(device: Device, goes_with: Sequence[str]) -> str:
    parts = [f"{device.name}, {codes.grouped(device.code)}"]
    if device.serial_number:
        parts.append(f"n° de série {device.serial_number}")
    if goes_with:
        parts.append("avec " + ", ".join(goes_with))
    if device.stated_value_cents is not None:
        parts.append(f"valeur pour l’inventaire {french_money(device.stated_value_cents)}")
    return "– " + " ; ".join(parts)


def _funding(programmes: set[str]) -> str:
    if not programmes:
        return ""
    said = " ; ".join(", ".join(FUNDING[p].statement) for p in sorted(programmes))
    return f"\n14. L’Union européenne. Ce matériel est cofinancé. {said}.\n"


def keep(loan: Loan, words: str, seal_id: int) -> None:
    note(Agreement, centre_id=loan.centre_id, loan_id=loan.id, version=VERSION, words=words, seal_id=seal_id)


def of_loan(loan: Loan) -> Agreement | None:
    query = select(Agreement).where(Agreement.loan_id == loan.id, Agreement.centre_id == loan.centre_id)
    return session().scalar(query)


def let_go(loan: Loan, day: date) -> None:
    """The loan is over: from now on the agreement is kept for five years, then its words go."""
    _keep_until(loan, end_of(day))


def end_of(day: date) -> date:
    """Until when the agreement of a loan that ended on that day is kept."""
    return add_months(day, KEPT_MONTHS)


def is_version(version: str) -> bool:
    return version in VERSIONS


def keep_on(loan: Loan) -> None:
    """The loan runs again: its agreement has no end yet."""
    _keep_until(loan, None)


def _keep_until(loan: Loan, day: date | None) -> None:
    change_where(Agreement, {"loan_id": loan.id, "centre_id": loan.centre_id}, keep_until=day)


def destroy_outdated(*, day: date, at: datetime) -> int:
    """Chore: the words of agreements whose time is over go; the seal with its hash stays."""
    due = (Agreement.keep_until < day) & Agreement.words.is_not(None)
    done = session().execute(update(Agreement).where(due).values(words=None, destroyed_at=at))
    return int(done.rowcount)  # type: ignore[attr-defined]


def pdf(words: str, title: str = "Convention de prêt") -> bytes:
    """Draw the text as A4 pages: the same text gives the same bytes."""
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=title,
        lang="fr",
        invariant=1,
    )
    first, *rest = words.split("\n")
    story: list[Flowable] = [Paragraph(_safe(first), _style(first, size=15, after=2))]
    story += [_flowing(line) for line in rest]
    document.build(story)
    return out.getvalue()


def _flowing(line: str) -> Flowable:
    return Paragraph(_safe(line), _style(line, size=9.5, after=1.5)) if line.strip() else Spacer(1, 1.6 * mm)


def _safe(line: str) -> str:
    """Text for reportlab: escaped, and long words broken, which it would otherwise lay out for minutes."""
    broken = (w if len(w) <= _LONGEST_WORD else " ".join(_pieces(w)) for w in line.split(" "))
    return escape(" ".join(broken))


def _pieces(word: str) -> list[str]:
    return [word[i : i + _LONGEST_WORD] for i in range(0, len(word), _LONGEST_WORD)]


def _style(line: str, *, size: float, after: float) -> ParagraphStyle:
    name = _TEXT if all(ord(c) in _face(_TEXT).face.charToGlyph for c in line) else _OTHER
    _face(name)
    return ParagraphStyle(
        f"{name}-{size}", fontName=f"text-{name}", fontSize=size, leading=size * 1.35, spaceAfter=after
    )


@cache
def _face(name: str) -> TTFont:
    font = TTFont(f"text-{name}", str(FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font
