"""What a laid-out label is made of, in mm from the top left corner of its cell; y grows downwards.

Painters only paint: every size, break and font is decided before.
"""

from dataclasses import dataclass
from typing import NamedTuple

MM_PER_POINT = 25.4 / 72
# How far letters of our fonts reach above and below their baseline, per unit of size.
RISE, DROP = 0.95, 0.29

Colour = tuple[float, float, float]
BLACK: Colour = (0, 0, 0)


class Box(NamedTuple):
    """A rectangle by its sides."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Bits:
    """A QR symbol or a row of bars: `bits` in rows of `columns`, "1" is dark, each `wide` x `tall` mm.

    `quiet` is the width in mm that stays free around it: on all four sides of a QR, left and right of bars.
    """

    left: float
    top: float
    wide: float
    tall: float
    columns: int
    bits: str
    quiet: float

    @property
    def box(self) -> Box:
        rows = len(self.bits) // self.columns
        return Box(self.left, self.top, self.left + self.columns * self.wide, self.top + rows * self.tall)

    @property
    def quiet_box(self) -> Box:
        box, above = self.box, self.quiet if len(self.bits) > self.columns else 0
        return Box(box.left - self.quiet, box.top - above, box.right + self.quiet, box.bottom + above)


@dataclass(frozen=True, slots=True)
class Text:
    """Letters of one font on one line, from `left`, on a baseline at `baseline`; `size` in points, `width` in mm."""

    left: float
    baseline: float
    text: str
    font: str
    size: float
    width: float
    colour: Colour = BLACK

    @property
    def box(self) -> Box:
        em = self.size * MM_PER_POINT
        return Box(self.left, self.baseline - RISE * em, self.left + self.width, self.baseline + DROP * em)


@dataclass(frozen=True, slots=True)
class Emblem:
    """The emblem of the European Union, `height` mm high and half as wide again (see `emblem.py`)."""

    left: float
    top: float
    height: float

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + 1.5 * self.height, self.top + self.height)


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo of `width` x `height` mm: the bytes of a PNG or JPEG file."""

    left: float
    top: float
    width: float
    height: float
    file: bytes

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + self.width, self.top + self.height)


Shape = Bits | Text | Emblem | Picture
