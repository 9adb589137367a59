"""The QR and the bars of a label, in whole dots of its printer."""

from functools import lru_cache
from math import ceil

from .designs import BAR_MODULE, LEAST_MODULE, Frame
from .errors import LabelError
from .shapes import Bits, Box
from .symbols import BARS_QUIET, QR_QUIET, Symbol, code128

# Bars lower than this are hard to hit with a scanner's line.
LEAST_BARS = 5.0
_HAIR = 1e-6


def squares(symbol: Symbol, frame: Frame, floor: float) -> list[Bits]:
    """The QR at each module that keeps its quiet zone above `floor` (mm), top left in the frame; the largest first.

    LabelError `payload_too_long`: no module that a phone reads is small enough.
    """
    corners = _corners(symbol.side, frame.box, frame.width, floor, frame.dot, frame.design.module)
    if not corners:
        size = f"{symbol.side} modules has no room at {_least_dots(frame.dot) * frame.dot:.3f} mm"
        raise LabelError("payload_too_long", f"a QR of {size} in {frame.width} x {frame.height} mm")
    return [
        Bits(left, top, module, module, symbol.side, symbol.bits, QR_QUIET * module) for left, top, module in corners
    ]


@lru_cache(maxsize=256)
def _corners(
    side: int, box: Box, width: float, floor: float, dot: float, liked: float
) -> tuple[tuple[float, float, float], ...]:
    """Left, top and module, in mm: the same for all labels of a sheet, whose addresses are of one length."""
    least = _least_dots(dot)
    fitting = []
    for dots in range(max(least, round(liked / dot)), least - 1, -1):
        module = dots * dot
        quiet = QR_QUIET * module
        left, top = max(box.left, quiet), max(box.top, quiet)
        bottom = top + side * module
        if bottom <= box.bottom and bottom + quiet <= floor and left + side * module + quiet <= width:
            fitting.append((left, top, module))
    return tuple(fitting)


def _least_dots(dot: float) -> int:
    return ceil(LEAST_MODULE / dot - _HAIR)


def bars(code: str, frame: Frame, beside: Bits, height: float, code_width: float) -> tuple[Bits, ...]:
    """The Code128 at the foot, at the right, at most `height` mm high; () where it has no room.

    Its quiet zone stays clear of the QR and of `code_width` mm for the code in letters.
    """
    bits = code128(code)
    least = ceil(BAR_MODULE / frame.dot - _HAIR)
    module = max(least, round(BAR_MODULE * frame.design.scale / frame.dot)) * frame.dot
    quiet = BARS_QUIET * module
    left = min(frame.box.right, frame.width - quiet) - len(bits) * module
    if left - quiet < beside.quiet_box.right:
        height = min(height, frame.box.bottom - beside.quiet_box.bottom)
    if not frame.design.bars or height < LEAST_BARS or left - quiet < beside.left + code_width:
        return ()
    height = min(height, frame.design.bars)
    return (Bits(left, frame.box.bottom - height, module, height, len(bits), bits, quiet),)
