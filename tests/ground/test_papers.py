"""Documents: what a file is, its content says."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from app import papers
from app.errors import Refused


def pdf() -> bytes:
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.drawString(72, 700, "Facture")
    canvas.save()
    return out.getvalue()


def test_a_pdf_is_kept_as_it_was_sent():
    assert papers.kept(pdf()) == papers.Paper(pdf(), papers.PDF)


def test_a_picture_is_drawn_anew():
    out = BytesIO()
    Image.new("RGB", (30, 20)).save(out, "PNG")
    kept = papers.kept(out.getvalue())
    assert (kept.media_type, kept.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "content",
    [
        pdf()[:-30],
        b"%PDF-9.9\n" + pdf()[9:],
        pdf() + b"<script>alert(1)</script>",
        b"%PDF-1.7\n" + b"0" * (papers.LARGEST_PDF + 1),
    ],
    ids=["cut short", "no such version", "a page behind it", "too large"],
)
def test_what_is_no_whole_pdf_is_refused(content: bytes):
    with pytest.raises(Refused) as no:
        papers.kept(content)
    assert (no.value.code, list(no.value.fields)) == ("not_a_document", ["file"])


def test_a_page_behind_a_pdfs_name_is_refused():
    with pytest.raises(Refused) as no:
        papers.kept(b"\n<html>%PDF-1.7")
    assert no.value.code == "not_a_photo"
