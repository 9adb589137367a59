"""The three designs as tables, and the two for what is smaller. Lengths in mm, sizes in points."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from .emblem import BLUE
from .errors import LabelError
from .fonts import BOLD, REGULAR, STATEMENT
from .shapes import Box
from .typeset import Style

DOT = 25.4 / 300
# A phone at arm's length reads modules of 0.34 mm and seldom reads 0.25 mm (measured at 6 pixels a mm).
LEAST_MODULE = 0.338
# The least width of a bar that cameras read: two dots at 203 dpi, three at 300.
BAR_MODULE = 0.25
# A label higher than this share of its width is laid out in its middle.
_TALLEST = 0.75
_LARGEST_SCALE = 3


@dataclass(frozen=True, slots=True)
class Design:
    """How the parts of a label are sized; where each stands follows from its cell (`layout.py`).

    `module` is that of the QR where there is room, before it is rounded to dots; 0 for no QR. `title` is the name
    beside the funding block, `free_title` where there is none, `lone_code` the code where no name and no owner stand.
    `bars` is the height of the Code128 where there is room, 0 for none. `scale` is how much larger it was made.
    """

    width: float
    height: float
    margin: float
    gap: float
    module: float
    code: Style
    lone_code: Style
    statement: Style
    title: Style
    free_title: Style
    line: Style
    bars: float = 0
    scale: float = 1

    def scaled(self, scale: float) -> "Design":
        """The design that much larger; the emblem, whose size the label gives, and its statement stay."""
        lengths = {name: getattr(self, name) * scale for name in ("margin", "gap", "module", "bars")}
        return replace(
            self,
            **lengths,
            scale=scale,
            code=self.code.scaled(scale),
            lone_code=self.lone_code.scaled(scale),
            title=self.title.scaled(scale),
            free_title=self.free_title.scaled(scale),
            line=self.line.scaled(scale),
        )


class Frame(NamedTuple):
    """Where a design may draw: `box` within the margins of a cell of `width` x `height`, in dots of `dot` mm."""

    design: Design
    box: Box
    width: float
    height: float
    dot: float


LARGE = Design(
    width=60,
    height=33,
    margin=2.4,
    gap=1.6,
    module=7 * DOT,
    code=Style(BOLD, 13, 8),
    lone_code=Style(BOLD, 22, 13),
    statement=Style(STATEMENT, 8, 5, lines=4, colour=BLUE),
    title=Style(BOLD, 9, 6.5, lines=2),
    free_title=Style(BOLD, 13, 8, lines=3),
    line=Style(REGULAR, 7, 5.5),
    bars=8,
)
MEDIUM = Design(
    width=45,
    height=21,
    margin=1.25,
    gap=0.7,
    module=6 * DOT,
    code=Style(BOLD, 7.5, 6),
    lone_code=Style(BOLD, 14, 8),
    statement=Style(STATEMENT, 6, 4.5, lines=5, colour=BLUE),
    title=Style(BOLD, 6.5, 5, lines=2),
    free_title=Style(BOLD, 9, 6.5, lines=3),
    line=Style(REGULAR, 5.75, 4.5),
    bars=6,
)
SMALL = Design(
    width=38,
    height=21,
    margin=1.25,
    gap=0.7,
    module=5 * DOT,
    code=Style(BOLD, 7.5, 6),
    lone_code=Style(BOLD, 10, 7),
    statement=Style(STATEMENT, 6.25, 4.5, lines=3, colour=BLUE),
    title=Style(BOLD, 6, 5),
    free_title=Style(BOLD, 7.5, 6, lines=3),
    line=Style(REGULAR, 5.5, 4.5),
)

# Stickers for chargers and cases: the words that have room, and no room for a second line of them.
STRIP = Design(
    width=19,
    height=16,
    margin=1.25,
    gap=0.7,
    module=5 * DOT,
    code=Style(BOLD, 7.5, 6),
    lone_code=Style(BOLD, 10, 6),
    statement=Style(STATEMENT, 5.5, 4.5, lines=5, colour=BLUE),
    title=Style(BOLD, 6, 5),
    free_title=Style(BOLD, 7, 5, lines=2),
    line=Style(REGULAR, 5.5, 4.5),
)
# No QR that a phone reads is as low as this one: the code in letters alone.
PLAIN = replace(STRIP, height=9, module=0, code=Style(BOLD, 10, 7), title=Style(BOLD, 7, 5))


@lru_cache(maxsize=64)
def framed(width: float, height: float, inset: tuple[float, float], dot: float) -> Frame:
    """The largest design for a cell of that size in mm, and its place there; LabelError `label_too_small`."""
    for design in (LARGE, MEDIUM, SMALL, STRIP, PLAIN):
        scale = min(
            (width - 2 * max(0, inset[0] - design.margin)) / design.width,
            (height - 2 * max(0, inset[1] - design.margin)) / design.height,
        )
        if scale >= 1:
            return _placed(_enlarged(design, scale, width), width, height, inset, dot)
    raise LabelError("label_too_small", f"{width} x {height} mm; at least {PLAIN.width} x {PLAIN.height} mm")


def _enlarged(design: Design, scale: float, width: float) -> Design:
    """The large design grows in steps of a half, so that sheets of nearly one size look alike."""
    if design is not LARGE:
        return design
    return design.scaled(max(1, min(scale * 2 // 1 / 2, _LARGEST_SCALE)))


def _placed(design: Design, width: float, height: float, inset: tuple[float, float], dot: float) -> Frame:
    x, y = (max(design.margin, white) for white in inset)
    y += max(0, (height - 2 * y - _TALLEST * width) / 2)
    return Frame(design, Box(x, y, width - x, height - y), width, height, dot)
