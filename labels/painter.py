"""Paints shapes, given in mm from the top left, on PDF pages whose y grows upwards in points."""

import io
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from . import emblem, fonts
from .calibration import Calibration
from .logos import grey
from .media import Medium, Roll
from .shapes import BLACK, Bits, Colour, Emblem, Picture, Shape, Text

Ink = Literal["colour", "black"]
# Streams in ASCII are for mail of the eighties: a quarter larger, and slow.
rl_config.useA85 = 0
_DARK = re.compile("1+")
_STRIP = 6


def new_canvas(file: io.BytesIO, medium: Medium, title: str) -> Canvas:
    """A canvas whose pages are those of a medium."""
    # invariant: no clock and no random identifier in the file.
    canvas = Canvas(file, pagesize=(medium.page[0] * mm, medium.page[1] * mm), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setCreator("Va-et-vient")
    # Viewers that obey print at 100 %; the dies do not wait for a page shrunk to fit.
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def upright(medium: Medium) -> tuple[float, float]:
    """Width and height of the page as its labels are read, in mm."""
    width, height = medium.page
    return (height, width) if isinstance(medium, Roll) and medium.turned else (width, height)


def begin_page(canvas: Canvas, medium: Medium, calibration: Calibration) -> None:
    """Turn what follows to the feed of a roll, and correct it for the printer."""
    width, height = medium.page
    if calibration != Calibration():
        canvas.transform(*calibration.matrix(width, height))
    if upright(medium) != medium.page:
        canvas.transform(0, -1, 1, 0, 0, height * mm)


class Painter:
    """Draws shapes, given in mm from the top left, on pages whose y grows upwards in points."""

    def __init__(self, medium: Medium, ink: Ink, calibration: Calibration) -> None:
        self.medium, self.ink, self.calibration = medium, ink, calibration
        self.file = io.BytesIO()
        self.canvas = new_canvas(self.file, medium, f"{medium.id} labels")
        self.page = 0
        self.emblems: set[float] = set()
        self.lettering: dict[tuple[str, str, float, Colour], str] = {}
        self._begin_page()

    def turn_to(self, page: int) -> None:
        while self.page < page:
            self.canvas.showPage()
            self.page += 1
            self._begin_page()

    def _begin_page(self) -> None:
        begin_page(self.canvas, self.medium, self.calibration)

    def paint(self, shapes: Iterable[Shape], left: float, top: float) -> None:
        self.left, self.base = left, upright(self.medium)[1] - top
        wide, tall = self.medium.width * mm, self.medium.height * mm
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
                case Picture():
                    self._picture(shape)
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
        colour = shape.colour if self.ink == "colour" else BLACK
        key = shape.text, shape.font, shape.size, colour
        if key not in self.lettering:
            self.lettering[key] = self._lettered(shape, colour)
        self.canvas.addLiteral(f"q 1 0 0 1 {self._at(shape.left, shape.baseline)} cm {self.lettering[key]} Q")

    def _lettered(self, shape: Text, colour: Colour) -> str:
        font = fonts.font(shape.font)
        pdfmetrics.registerFont(font)
        text = self.canvas.beginText(0, 0)
        text.setFont(font.fontName, shape.size)
        if colour == BLACK:
            text.setFillGray(0)  # black ink alone
        else:
            text.setFillColorRGB(*colour)
        text.textOut(shape.text)
        return str(text.getCode())

    def _picture(self, shape: Picture) -> None:
        """In grey for black ink; reportlab keeps a picture once a file."""
        picture = ImageReader(io.BytesIO(shape.file) if self.ink == "colour" else grey(shape.file))
        left, bottom = (self.left + shape.left) * mm, (self.base - shape.box.bottom) * mm
        self.canvas.drawImage(picture, left, bottom, shape.width * mm, shape.height * mm, mask="auto")

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
        if self.ink == "colour":
            canvas.setFillColorRGB(*emblem.BLUE)
            canvas.rect(0, 0, wide, tall, stroke=0, fill=1)
            canvas.setFillColorRGB(*emblem.YELLOW)
        else:
            line = emblem.OUTLINE * tall
            canvas.setFillGray(0)
            canvas.setStrokeGray(0)
            canvas.setLineWidth(line)
            canvas.rect(line / 2, line / 2, wide - line, tall - line, fill=0)
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
