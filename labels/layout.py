"""Where everything stands on a label: a pure step from a label and a cell to shapes in mm.

QR top left, the code below it; to its right a column with the emblem level with the QR, then the words, their last line
level with the code. Where there is room for bars too they stand at the bottom right, the code beside them.
"""

from collections.abc import Iterator
from contextlib import suppress

from . import fonts
from .codes import grouped
from .column import funding_block, height_of_words, words
from .designs import DOT, STRIP, Design, Frame, framed
from .errors import LabelError, TooLong
from .label import Label
from .media import Medium
from .placing import bars, squares
from .shapes import MM_PER_POINT, RISE, Bits, Box, Shape, Text
from .stickers import lay_out_sticker
from .symbols import qr
from .typeset import whole

# What stays free between the code and the edge of its label or its neighbours, in mm.
_EDGE = 1.4
_HAIR = 1e-6
# Modules from here on are read from further away than one holds a phone.
_EASY = 0.42


def lay_out(
    label: Label, width: float, height: float, *, inset: tuple[float, float] = (0, 0), dot: float = DOT
) -> tuple[Shape, ...]:
    """The shapes of a label in a cell of `width` x `height` mm, all inside it.

    `inset` stays white (mm sideways and lengthways). `dot` is that of the printer, in mm: modules and bars are whole
    dots. LabelError `label_too_small`, `payload_too_long` (the QR would need modules under 0.339 mm),
    `statement_too_long`, `contact_too_long`, `word_too_long`, `unprintable_character`.
    """
    frame = framed(width, height, inset, dot)
    if frame.design.height <= STRIP.height:
        return lay_out_sticker(label, frame)
    code_top = frame.box.bottom - RISE * frame.design.code.size * MM_PER_POINT
    placed = squares(qr(label.url), frame, code_top)
    for symbol, barred, every in _tries(placed, frame.design):
        with suppress(TooLong):
            return _around(symbol, label, frame, barred=barred, every=every)
    return _around(placed[-1], label, frame, barred=False, every=False)


def _tries(placed: list[Bits], design: Design) -> Iterator[tuple[Bits, bool, bool]]:
    """A QR, whether with bars, whether every word must stand; the best first.

    Words may ask for the room of a QR that is still easy to read, and for that of the bars; what is never cut, for that
    of the smallest QR too.
    """
    easy = [symbol for symbol in placed if symbol.wide >= _EASY] or placed[:1]
    for every, symbols in ((True, easy), (False, placed)):
        for barred in (True, False) if design.bars else (False,):
            yield from ((symbol, barred, every) for symbol in symbols)


def lay_out_on(label: Label, medium: Medium) -> tuple[Shape, ...]:
    """The shapes of a label on one cell of a medium; see `lay_out`."""
    return lay_out(label, medium.width, medium.height, inset=medium.inset, dot=medium.dot)


def _around(symbol: Bits, label: Label, frame: Frame, *, barred: bool, every: bool) -> tuple[Shape, ...]:
    design, foot = frame.design, frame.box.bottom
    column = Box(symbol.quiet_box.right, symbol.top, frame.box.right, foot)
    # The words come first: bars take the height they leave.
    spare = column.height - height_of_words(label, design) - design.gap if barred else 0
    lines = bars(label.code, frame, symbol, spare, _least_width(label.code, design))
    if lines:
        column = column._replace(bottom=lines[0].top - design.gap)
    else:
        strip = _side(symbol, frame) * 2 + _least_width(label.code, design) + _HAIR
        column = column._replace(left=max(column.left, symbol.quiet_box.left + strip))
    funding, column = funding_block(label, design, column)
    lettering, column = words(label, design, column, every=every)
    lone = () if label.title else _lone_code(label.code, design, symbol, column)
    return (symbol, *lines, *funding, *lettering, *(lone or _code(label.code, frame, symbol, column.left, lines)))


def _least_width(code: str, design: Design) -> float:
    return fonts.width(grouped(code), design.code.face) * design.code.least * MM_PER_POINT


def _side(symbol: Bits, frame: Frame) -> float:
    """What stays free on either side of a code below the QR, from the outer edge of its quiet zone."""
    return max(_EDGE, frame.box.left - symbol.quiet_box.left)


def _code(code: str, frame: Frame, symbol: Bits, strip: float, barred: tuple[Bits, ...]) -> tuple[Text, ...]:
    """The code at the foot: flush with the QR beside bars, else in the middle of the strip below the QR."""
    side = _side(symbol, frame)
    left, right = symbol.quiet_box.left + side, strip - side
    if barred:
        left, right = symbol.left, barred[0].quiet_box.left
    block = whole((grouped(code),), frame.design.code, right - left, float("inf"))
    if block is None:
        raise LabelError("label_too_small", f"no room for {grouped(code)} at {frame.design.code.least} points")
    return tuple(block.set(left if barred else (left + right - block.wide) / 2, frame.box.bottom))


def _lone_code(code: str, design: Design, symbol: Bits, column: Box) -> tuple[Text, ...]:
    """Where no words stand, the code takes their place if there is room: large, level with the QR."""
    bottom = min(column.bottom, symbol.box.bottom) if column.top == symbol.top else column.bottom
    block = whole((grouped(code),), design.lone_code, column.width, bottom - column.top)
    return tuple(block.set(column.left, (column.top + bottom + block.capital) / 2)) if block else ()
