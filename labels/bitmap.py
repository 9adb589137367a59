"""Shapes in black dots, for thermal printers: every module, bar and star in the whole dots of its medium."""

import math
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from . import emblem, fonts
from .label import Label
from .layout import lay_out_on
from .logos import grey
from .media import Medium, Roll, media
from .missing import Missing, printable
from .shapes import MM_PER_POINT, Bits, Emblem, Picture, Shape, Text

WHITE, BLACK = 255, 0
# A star is drawn that much larger, then thinned out to dots; a dot is black from this share of it covered.
_FINER = 8
_COVERED = 0.38
_MIDDLE = 128


def render_png(label: Label, medium: str | Medium, *, missing: Missing = "error") -> bytes:
    """One label as a 1-bit PNG in the exact dots of its medium, as the paper is fed; 300 dpi for a label of a sheet.

    LabelError: those of `media`, `lay_out` and `printable`.
    """
    on = media(medium) if isinstance(medium, str) else medium
    file = BytesIO()
    dpi = 25.4 / on.dot
    bitmap(printable(label, missing), on).save(file, "PNG", dpi=(dpi, dpi), optimize=True)
    return file.getvalue()


def bitmap(label: Label, medium: Medium) -> Image.Image:
    """The dots a printer reaches, as the paper is fed; mode "1", 0 is black."""
    painter = _Painter(medium)
    for shape in lay_out_on(label, medium):
        painter.paint(shape)
    if isinstance(medium, Roll) and medium.turned:
        return painter.image.transpose(Image.Transpose.ROTATE_270)
    return painter.image


class _Painter:
    """An image of the label as it is read; lengths in mm become dots from the first one that the printer reaches."""

    def __init__(self, medium: Medium) -> None:
        self.dot = medium.dot
        self.origin = medium.origin if isinstance(medium, Roll) else (0.0, 0.0)
        self.image = Image.new("1", raster(medium), WHITE)
        self.draw = ImageDraw.Draw(self.image)

    def paint(self, shape: Shape) -> None:
        match shape:
            case Bits():
                self._bits(shape)
            case Text():
                self._text(shape)
            case Emblem():
                self._emblem(shape)
            case Picture():
                self._picture(shape)

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self.origin[0]) / self.dot), round((y - self.origin[1]) / self.dot)

    def _bits(self, shape: Bits) -> None:
        rows = len(shape.bits) // shape.columns
        small = Image.new("1", (shape.columns, rows))
        small.putdata([BLACK if bit == "1" else WHITE for bit in shape.bits])
        size = shape.columns * round(shape.wide / self.dot), rows * round(shape.tall / self.dot)
        self.image.paste(small.resize(size, Image.Resampling.NEAREST), self._at(shape.left, shape.top))

    def _text(self, shape: Text) -> None:
        """Letter by letter, so that a line is as long as it was laid out whatever a dot does to its letters."""
        em = shape.size * MM_PER_POINT
        face = _face(shape.font, em / self.dot)
        left = shape.left
        for letter in shape.text:
            self.draw.text(self._at(left, shape.baseline), letter, fill=BLACK, font=face, anchor="ls")
            left += fonts.advance(letter, shape.font) * em

    def _emblem(self, shape: Emblem) -> None:
        """Outlined in black, and one star pasted twelve times: each drawn on its own would differ by a dot."""
        left, top = self._at(shape.left, shape.top)
        height = shape.height / self.dot
        line = max(1, round(height * emblem.OUTLINE))
        corner = left + round(1.5 * height) - 1, top + round(height) - 1
        self.draw.rectangle((left, top, *corner), outline=BLACK, width=line)
        star = _star(height / 18)
        for x, y in emblem.middles(height):
            self.image.paste(BLACK, (left + round(x - star.width / 2), top + round(y - star.height / 2)), star)

    def _picture(self, shape: Picture) -> None:
        """Black where it is darker than the middle grey: a pattern of dots would not be sharp at this size."""
        size = max(1, round(shape.width / self.dot)), max(1, round(shape.height / self.dot))
        shades = grey(shape.file).resize(size, Image.Resampling.BOX)
        inked = shades.point([BLACK if shade < _MIDDLE else WHITE for shade in range(256)], "1")
        self.image.paste(inked, self._at(shape.left, shape.top))


def raster(medium: Medium) -> tuple[int, int]:
    """Columns and rows of a label's bitmap as it is read."""
    if isinstance(medium, Roll):
        return medium.raster
    return math.floor(medium.width / medium.dot), math.floor(medium.height / medium.dot)


@lru_cache(maxsize=64)
def _face(name: str, size: float) -> ImageFont.FreeTypeFont:
    # The basic engine needs no library that may be there or not: the same dots on every machine.
    return ImageFont.truetype(str(fonts.FOLDER / f"{name}.ttf"), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16)
def _star(radius: float) -> Image.Image:
    """A star in dots as a mask, its centre in the middle."""
    side = 2 * math.ceil(radius) + 1
    fine = Image.new("L", (side * _FINER, side * _FINER), 0)
    corners = emblem.star(side * _FINER / 2, side * _FINER / 2, radius * _FINER)
    ImageDraw.Draw(fine).polygon(corners, fill=255)
    coarse = fine.resize((side, side), Image.Resampling.BOX)
    return coarse.point([255 if shade >= 255 * _COVERED else 0 for shade in range(256)])
