"""Where everything stands on a label: a pure step from a label and a cell to shapes in mm.

QR top left, its code below it; to its right a column with the emblem level with the QR, then the words, their last line
level with the code. A design with bars has them at the bottom right, the code beside them.
"""

from contextlib import suppress

from . import fonts
from .codes import grouped
from .column import TooLong, funding_block, words
from .designs import BAR_DOTS, DOT, LEAST_DOTS, Design, design_for
from .errors import LabelError
from .label import Label
from .shapes import MM_PER_POINT, RISE, Bits, Box, Shape, Text
from .symbols import BARS_QUIET, QR_QUIET, Symbol, code128, qr
from .typeset import whole

# What stays free between the code and the edge of its label or its neighbours, in mm.
_EDGE = 1.4
_HAIR = 1e-6


def lay_out(label: Label, width: float, height: float) -> tuple[Shape, ...]:
    """The shapes of a label in a cell of `width` x `height` mm, all inside it.

    LabelError `label_too_small`, `payload_too_long` (the QR would need modules under 0.339 mm), `statement_too_long`,
    `contact_too_long`, `unprintable_character`.
    """
    design = design_for(width, height)
    foot = height - design.margin
    *larger, smallest = _placements(qr(label.url), design, foot)
    for symbol in larger:
        # What is never cut may ask for the room of a smaller symbol.
        with suppress(TooLong):
            return _around(symbol, label, design, width, foot)
    return _around(smallest, label, design, width, foot)


def _around(symbol: Bits, label: Label, design: Design, width: float, foot: float) -> tuple[Shape, ...]:
    bars = _bars(label.code, design, width, foot)
    column = Box(symbol.quiet_box.right, symbol.top, width - design.margin, foot)
    if bars:
        column = column._replace(bottom=bars[0].top - design.gap)
    else:
        column = column._replace(left=max(column.left, _narrowest(label.code, design)))
    parts: list[Shape] = [symbol, *bars]
    if label.funding:
        block, column = funding_block(label.funding, design, column)
        parts += block
    lettering, column = words(label, design, column)
    lone = () if label.name or label.owner else _lone_code(label.code, design, symbol, column)
    return (*parts, *lettering, *(lone or _code(label.code, design, column.left, bars, foot)))


def _placements(symbol: Symbol, design: Design, foot: float) -> list[Bits]:
    """The QR at each module, in whole dots, that leaves its quiet zone free above the code; the largest first."""
    code_top = foot - RISE * design.code.size * MM_PER_POINT
    placed = []
    for dots in range(design.dots, LEAST_DOTS - 1, -1):
        module = dots * DOT
        corner = max(design.margin, QR_QUIET * module)
        if corner + (symbol.side + QR_QUIET) * module <= code_top:
            placed.append(Bits(corner, corner, module, module, symbol.side, symbol.bits, QR_QUIET * module))
    if not placed:
        raise LabelError("payload_too_long", f"a QR of {symbol.side} modules has no room at {LEAST_DOTS * DOT:.3f} mm")
    return placed


def _bars(code: str, design: Design, width: float, foot: float) -> tuple[Bits, ...]:
    if not design.bars:
        return ()
    bits, module = code128(code), BAR_DOTS * DOT
    quiet = BARS_QUIET * module
    left = width - max(design.margin, quiet) - len(bits) * module
    return (Bits(left, foot - design.bars, module, design.bars, len(bits), bits, quiet),)


def _narrowest(code: str, design: Design) -> float:
    """The least width of the strip left of the column, so that the code has its place below a small QR."""
    style = design.code
    return fonts.width(grouped(code), style.face) * style.least * MM_PER_POINT + 2 * _EDGE + _HAIR


def _code(code: str, design: Design, strip: float, bars: tuple[Bits, ...], foot: float) -> tuple[Text, ...]:
    """The code at the foot: flush with the margin beside bars, else in the middle of the strip below the QR."""
    left, room = (design.margin, bars[0].quiet_box.left - design.margin) if bars else (_EDGE, strip - 2 * _EDGE)
    block = whole((grouped(code),), design.code, room, float("inf"))
    if block is None:
        raise LabelError("label_too_small", f"no room for {grouped(code)} at {design.code.least} points")
    return tuple(block.set(left if bars else (strip - block.wide) / 2, foot))


def _lone_code(code: str, design: Design, symbol: Bits, column: Box) -> tuple[Text, ...]:
    """Where no name and no owner stand, the code takes their place if there is room: large, level with the QR."""
    bottom = min(column.bottom, symbol.box.bottom) if column.top == symbol.top else column.bottom
    block = whole((grouped(code),), design.lone_code, column.width, bottom - column.top)
    return tuple(block.set(column.left, (column.top + bottom + block.capital) / 2)) if block else ()
