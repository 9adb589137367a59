"""Shapes on PDF pages, at true scale; the same labels give the same bytes."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from . import emblem, fonts
from .errors import LabelError
from .label import Label
from .layout import lay_out
from .media import Sheet, media
from .shapes import BLACK, Bits, Colour, Emblem, Shape, Text

MOST_LABELS = 10_000
# Streams in ASCII are for mail of the eighties: a quarter larger, and slow.
rl_config.useA85 = 0
_DARK = re.compile("1+")
_STRIP = 6


def render_pdf(
    labels: Sequence[Label], medium: str | Sheet, *, start_at: int = 1, skip: AbstractSet[int] = frozenset()
) -> bytes:
    """A PDF of label sheets: `medium` is a part number or a Sheet; `start_at` and `skip` spare used labels of page one.

    LabelError: those of `media`, `Sheet.places` and `lay_out`; `no_labels`, `too_many_labels` (above 10,000).
    """
    if not labels:
        raise LabelError("no_labels", "there is nothing to print")
    if len(labels) > MOST_LABELS:
        raise LabelError("too_many_labels", f"{len(labels)} labels, {MOST_LABELS} at most in one file")
    sheet = media(medium) if isinstance(medium, str) else medium
    places = sheet.places(start_at, skip)
    painter = _Painter(sheet)
    for label, (page, position) in zip(labels, places, strict=False):
        painter.turn_to(page)
        painter.paint(lay_out(label, sheet.width, sheet.height), *sheet.cell(position))
    return painter.finish()


class _Painter:
    """Draws shapes, given in mm from the top left, on pages whose y grows upwards in points."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.file = BytesIO()
        size = sheet.page[0] * mm, sheet.page[1] * mm
        # invariant: no clock and no random identifier in the file.
        self.canvas = Canvas(self.file, pagesize=size, invariant=1, pageCompression=1)
        self.canvas.setTitle(f"{sheet.id} labels")
        self.canvas.setCreator("Va-et-vient")
        # Viewers that obey print at 100 %; the dies do not wait for a page shrunk to fit.
        self.canvas.setViewerPreference("PrintScaling", "None")
        self.page = 0
        self.emblems: set[float] = set()
        self.lettering: dict[tuple[str, str, float, Colour], str] = {}

    def turn_to(self, page: int) -> None:
        while self.page < page:
            self.canvas.showPage()
            self.page += 1

    def paint(self, shapes: Iterable[Shape], left: float, top: float) -> None:
        self.left, self.base = left, self.sheet.page[1] - top
        wide, tall = self.sheet.width * mm, self.sheet.height * mm
        # Nothing is drawn outside its die, whatever a font's letters do.
        self.canvas.addLiteral(f"q {self._at(0, 0)} {wide:.4f} {-tall:.4f} re W n")
        for shape in shapes:
            match shape:
                case Bits():
                    self._bits(shape)
                case Text():
                    self._text(shape)
                case Emblem():
                    self._emblem(shape)
        self.canvas.addLiteral("Q")

    def finish(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()

    def _at(self, x: float, y: float) -> str:
        return f"{(self.left + x) * mm:.4f} {(self.base - y) * mm:.4f}"

    def _bits(self, shape: Bits) -> None:
        """One path of a rectangle a run: no hairlines between modules, and a small file."""
        scale = f"{shape.wide * mm:.5f} 0 0 {-shape.tall * mm:.5f}"
        self.canvas.addLiteral(f"q {scale} {self._at(shape.left, shape.top)} cm {_runs(shape)} f Q")

    def _text(self, shape: Text) -> None:
        """The operators of words that come back on label after label are kept; only their place differs."""
        key = shape.text, shape.font, shape.size, shape.colour
        if key not in self.lettering:
            self.lettering[key] = self._lettered(shape)
        self.canvas.addLiteral(f"q 1 0 0 1 {self._at(shape.left, shape.baseline)} cm {self.lettering[key]} Q")

    def _lettered(self, shape: Text) -> str:
        font = fonts.font(shape.font)
        pdfmetrics.registerFont(font)
        text = self.canvas.beginText(0, 0)
        text.setFont(font.fontName, shape.size)
        if shape.colour == BLACK:
            text.setFillGray(0)  # black ink alone
        else:
            text.setFillColorRGB(*shape.colour)
        text.textOut(shape.text)
        return str(text.getCode())

    def _emblem(self, shape: Emblem) -> None:
        """Drawn once a file and size, then referred to."""
        name = f"emblem-{shape.height:g}"
        if shape.height not in self.emblems:
            self.emblems.add(shape.height)
            self._define_emblem(name, shape.height)
        self.canvas.addLiteral(f"q 1 0 0 1 {self._at(shape.left, shape.box.bottom)} cm")
        self.canvas.doForm(name)
        self.canvas.addLiteral("Q")

    def _define_emblem(self, name: str, height: float) -> None:
        canvas, wide, tall = self.canvas, 1.5 * height * mm, height * mm
        canvas.beginForm(name, 0, 0, wide, tall)
        canvas.setFillColorRGB(*emblem.BLUE)
        canvas.rect(0, 0, wide, tall, stroke=0, fill=1)
        canvas.setFillColorRGB(*emblem.YELLOW)
        for star in emblem.stars(height):
            path = canvas.beginPath()
            path.moveTo(star[0][0] * mm, tall - star[0][1] * mm)
            for x, y in star[1:]:
                path.lineTo(x * mm, tall - y * mm)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)
        canvas.endForm()


def _runs(shape: Bits) -> str:
    columns, bits = shape.columns, shape.bits
    return " ".join(
        [
            _strip(x, row, bits[start + x : start + min(x + _STRIP, columns)])
            for row, start in enumerate(range(0, len(bits), columns))
            for x in range(0, columns, _STRIP)
        ]
    )


@lru_cache(maxsize=1 << 14)
def _strip(x: int, row: int, bits: str) -> str:
    """Dark runs as rectangles, from `x` in a row. So few bits come back from label to label."""
    return " ".join(f"{x + run.start()} {row} {run.end() - run.start()} 1 re" for run in _DARK.finditer(bits))
