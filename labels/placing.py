"""The QR and the bars of a label, in whole dots of its printer."""

from math import ceil

from .designs import BAR_MODULE, LEAST_MODULE, Frame
from .errors import LabelError
from .shapes import Bits
from .symbols import BARS_QUIET, QR_QUIET, Symbol, code128

# Bars lower than this are hard to hit with a scanner's line.
LEAST_BARS = 5.0
_HAIR = 1e-6


def squares(symbol: Symbol, frame: Frame, floor: float) -> list[Bits]:
    """The QR at each module that keeps its quiet zone above `floor` (mm), top left in the frame; the largest first.

    LabelError `payload_too_long`: no module that a phone reads is small enough.
    """
    placed = []
    least = ceil(LEAST_MODULE / frame.dot - _HAIR)
    for dots in range(max(least, round(frame.design.module / frame.dot)), least - 1, -1):
        module = dots * frame.dot
        quiet = QR_QUIET * module
        left, top = max(frame.box.left, quiet), max(frame.box.top, quiet)
        bits = Bits(left, top, module, module, symbol.side, symbol.bits, quiet)
        if (
            bits.box.bottom <= frame.box.bottom
            and bits.quiet_box.bottom <= floor
            and bits.quiet_box.right <= frame.width
        ):
            placed.append(bits)
    if not placed:
        size = f"{symbol.side} modules has no room at {least * frame.dot:.3f} mm"
        raise LabelError("payload_too_long", f"a QR of {size} in {frame.width} x {frame.height} mm")
    return placed


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
