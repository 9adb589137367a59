"""From the app's own label sheet to what a camera sees: the PDF drawn as a picture, one label cut out, held askew."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image

from labels import media
from tests.front import clips

DPI = 220


def cut_out(pdf: bytes, place: int = 1, sheet: str = "L7160") -> Image.Image:
    """One label of the sheet's first page, with a little of the paper around it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    cell = media(sheet)
    left, top = cell.cell(place)
    box = (left, top, left + cell.width, top + cell.height)
    return page.crop(tuple(round(mm * DPI / 25.4) for mm in box))  # type: ignore[arg-type]


def filmed(pdf: bytes, clip: Path, *, turned: float = 11) -> Path:
    return clips.write(clip, cut_out(pdf), turned=turned)
