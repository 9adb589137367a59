"""A page to print on plain paper and hold against a sheet, before labels are spent."""

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from . import fonts
from .calibration import Calibration
from .media import Medium, Sheet, media
from .painter import begin_page, new_canvas, upright

RULER = 180
WORDS = "Imprimer à 100 % / Print at 100 %"
DERIVED = "Gabarit à vérifier sur une vraie planche / Check this die against a real sheet"
_THIN, _GREY = 0.3, 0.55
_TICKS = {10: 3.0, 5: 2.0, 1: 1.2}


def render_test_page(medium: str | Medium, *, calibration: Calibration | None = None) -> bytes:
    """A PDF page with every die outlined and numbered, a cross in the middle, and a 180 mm ruler both ways.

    On a page too small for them the rulers are as long as it allows, in whole centimetres. LabelError `unknown_medium`.
    """
    on = media(medium) if isinstance(medium, str) else medium
    file = BytesIO()
    canvas = new_canvas(file, on, f"{on.id} test page")
    begin_page(canvas, on, calibration or Calibration())
    _dies(canvas, on)
    width, height = upright(on)
    _ruler(canvas, width, height)
    # The same ruler once more, along the page.
    canvas.saveState()
    canvas.transform(0, 1, -1, 0, width * mm, 0)
    _ruler(canvas, height, width)
    canvas.restoreState()
    _words(canvas, on)
    canvas.save()
    return file.getvalue()


def _dies(canvas: Canvas, medium: Medium) -> None:
    height = upright(medium)[1]
    canvas.setLineWidth(_THIN)
    canvas.setStrokeGray(_GREY)
    canvas.setFillGray(_GREY)
    radius = medium.radius if isinstance(medium, Sheet) else 0
    for position in range(1, medium.per_page + 1):
        x, y = medium.cell(position)
        left, bottom = x * mm, (height - y - medium.height) * mm
        canvas.roundRect(left, bottom, medium.width * mm, medium.height * mm, radius * mm)
        _say(canvas, str(position), left + 2 * mm, bottom + 2 * mm, 7)


def _ruler(canvas: Canvas, width: float, height: float) -> None:
    """A ruler through the middle, from left to right, with a tick every mm; half of the cross."""
    length = min(RULER, int((width - 10) / 10) * 10)
    left, middle = (width - length) / 2, height / 2
    canvas.setStrokeGray(0)
    canvas.setFillGray(0)
    canvas.setLineWidth(_THIN)
    canvas.line(left * mm, middle * mm, (left + length) * mm, middle * mm)
    for at in range(length + 1):
        tall = next(tall for every, tall in _TICKS.items() if at % every == 0)
        canvas.line((left + at) * mm, middle * mm, (left + at) * mm, (middle + tall) * mm)
    canvas.setLineWidth(1)
    canvas.line((width / 2 - 5) * mm, middle * mm, (width / 2 + 5) * mm, middle * mm)
    _say(canvas, f"{length} mm", (left + length - 14) * mm, (middle - 3.5) * mm, 7)


def _words(canvas: Canvas, medium: Medium) -> None:
    width, height = upright(medium)
    lines = [f"{medium.id}: {WORDS}"] + ([DERIVED] if medium.derived else [])
    size = min(10.0, 0.9 * width * mm / max(fonts.width(line, fonts.BOLD) for line in lines))
    top = height * mm / 2 + 12 * mm if height > 2 * RULER / 3 else height * mm - 1.5 * size
    for line, baseline in zip(lines, (top, top - 1.3 * size), strict=False):
        wide = fonts.width(line, fonts.BOLD) * size
        # On white, so that the outlines do not run through the words.
        canvas.setFillGray(1)
        canvas.rect((width * mm - wide) / 2 - 3, baseline - 0.3 * size, wide + 6, 1.3 * size, stroke=0, fill=1)
        canvas.setFillGray(0)
        _say(canvas, line, (width * mm - wide) / 2, baseline, size)


def _say(canvas: Canvas, text: str, left: float, baseline: float, size: float) -> None:
    font = fonts.font(fonts.BOLD[0])
    pdfmetrics.registerFont(font)
    canvas.setFont(font.fontName, size)
    canvas.drawString(left, baseline, text)
