"""Papers of the demo world: one page each that says what it stands for, and that it is none."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app import files
from app.demo.house import do, number
from app.finance import papers
from app.finance.purchase_models import Purchase
from app.finance.spending import Expense
from app.finance.spending_forms import AddPaper
from app.history.seals import digest
from app.inventory.printed import Photo
from app.people.roles import Me


def bill(title: str, supplier: str) -> bytes:
    """The same words give the same bytes, so that two runs make the same world."""
    drawn = BytesIO()
    canvas = Canvas(drawn, pagesize=A4, invariant=True)
    canvas.setTitle(title)
    canvas.setFont("Helvetica", 20)
    canvas.drawString(72, 740, title)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 710, supplier)
    canvas.drawString(72, 680, "Pièce inventée pour la démonstration.")
    canvas.save()
    return drawn.getvalue()


def put_on(row: Expense | Purchase, kind: str, title: str, content: bytes, folder: Path, me: Me, at: datetime) -> None:
    file = files.write(folder, content, kind="finance", media_type="application/pdf", at=at)
    wish = AddPaper.model_validate({"id": number("paper", row.name, title), "kind": kind, "title": title})
    do(papers.add, wish, row, Photo(digest(content), file), by=me, at=at)
