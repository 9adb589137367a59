"""The three designs as tables. Lengths in mm, sizes in points, QR modules in dots of 1/300 inch."""

from dataclasses import dataclass

from .emblem import BLUE
from .errors import LabelError
from .fonts import BOLD, REGULAR, STATEMENT
from .typeset import Style

DOT = 25.4 / 300
# A phone at arm's length reads modules of 0.34 mm and seldom reads 0.25 mm (measured at 6 pixels a mm).
LEAST_DOTS = 4
# Three dots are 0.254 mm, the least bar width that cameras read.
BAR_DOTS = 3


@dataclass(frozen=True, slots=True)
class Design:
    """How the parts of a label are sized; where each stands follows from its cell (`layout.py`).

    `title` is the name beside the funding block, `free_title` where there is none, `lone_code` the code where no name
    and no owner stand. `bars` is the height of the Code128, 0 for none.
    """

    width: float
    height: float
    margin: float
    gap: float
    dots: int
    code: Style
    lone_code: Style
    statement: Style
    title: Style
    free_title: Style
    line: Style
    bars: float = 0


LARGE = Design(
    width=60,
    height=33,
    margin=2.4,
    gap=1.6,
    dots=7,
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
    dots=6,
    code=Style(BOLD, 7.5, 6),
    lone_code=Style(BOLD, 14, 8),
    statement=Style(STATEMENT, 6, 4.5, lines=5, colour=BLUE),
    title=Style(BOLD, 6.5, 5),
    free_title=Style(BOLD, 9, 6.5, lines=3),
    line=Style(REGULAR, 5.75, 4.5),
)
SMALL = Design(
    width=38,
    height=21,
    margin=1.25,
    gap=0.7,
    dots=5,
    code=Style(BOLD, 7.5, 6),
    lone_code=Style(BOLD, 10, 7),
    statement=Style(STATEMENT, 6.25, 4.5, lines=3, colour=BLUE),
    title=Style(BOLD, 6, 5),
    free_title=Style(BOLD, 7.5, 6, lines=3),
    line=Style(REGULAR, 5.5, 4.5),
)


def design_for(width: float, height: float) -> Design:
    """The largest design for a cell of that size in mm; LabelError `label_too_small`."""
    for design in (LARGE, MEDIUM, SMALL):
        if width >= design.width and height >= design.height:
            return design
    raise LabelError("label_too_small", f"{width} x {height} mm; at least {SMALL.width} x {SMALL.height} mm")
