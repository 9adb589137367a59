"""Labels under the small design, for chargers and cases.

A strip has the QR at the left and the words at its right, a square the code below the QR, the lowest the code alone.
The code, the word of a copy, emblem and statement are never left out; other words are where they have no room.
"""

from contextlib import suppress
from dataclasses import replace

from .codes import grouped
from .column import funding_block, words
from .designs import Frame
from .errors import LabelError, TooLong
from .label import Label
from .placing import squares
from .shapes import MM_PER_POINT, RISE, Bits, Box, Shape, Text
from .symbols import Symbol, qr
from .typeset import Block, Style, whole

# Between the lines of a stack, in mm.
_BETWEEN = 0.6


def lay_out_sticker(label: Label, frame: Frame) -> tuple[Shape, ...]:
    """The shapes of a label in a cell too small for the three designs; errors as `layout.lay_out`."""
    if label.logos:
        raise LabelError("logo_too_large", f"no room for logos on {frame.width} x {frame.height} mm")
    if not frame.design.module:
        return _stacked(label, frame, frame.box)
    symbol = qr(label.url)
    *larger, smallest = squares(symbol, frame, frame.height)
    for bits in larger:
        with suppress(TooLong):
            return _strip(bits, label, frame)
    try:
        return _strip(smallest, label, frame)
    except TooLong:
        if label.funding:
            raise
        return _square(symbol, label, frame)


def _strip(symbol: Bits, label: Label, frame: Frame) -> tuple[Shape, ...]:
    design = frame.design
    column = Box(symbol.quiet_box.right, max(symbol.top, frame.box.top), frame.box.right, frame.box.bottom)
    style = design.code if label.title or label.funding or label.contact else design.lone_code
    code = _whole(grouped(label.code), style, column.width, column.height)
    if style is design.lone_code:
        middle = (symbol.box.top + symbol.box.bottom + code.capital) / 2
        return (symbol, *code.set(column.left, middle))
    below = code.set(column.left, column.bottom)
    column = column._replace(bottom=column.bottom - code.capital - 2 * design.gap)
    funding, column = funding_block(label, design, column)
    return (symbol, *below, *funding, *_words_with_room(label, frame, column))


def _words_with_room(label: Label, frame: Frame, column: Box) -> tuple[Shape, ...]:
    with suppress(TooLong):
        return words(label, frame.design, column)[0]
    return words(replace(label, contact=""), frame.design, column)[0]


def _square(symbol: Symbol, label: Label, frame: Frame) -> tuple[Shape, ...]:
    lines = _lines(label, frame)
    top = frame.box.bottom - sum(block.tall for block in lines) - _BETWEEN * (len(lines) - 1)
    accents = (RISE * lines[0].size * MM_PER_POINT) - lines[0].capital
    bits = squares(symbol, frame, top - accents)[0]
    middle = (frame.width - bits.box.width) / 2
    return (replace(bits, left=middle), *_stacked(label, frame, frame.box._replace(top=top)))


def _stacked(label: Label, frame: Frame, box: Box) -> tuple[Text, ...]:
    """The word of a copy and the code, one above the other in the middle of a box."""
    if label.funding:
        raise LabelError("label_too_small", f"no room for an emblem of {label.funding.emblem_mm} mm")
    lines = _lines(label, frame)
    baseline = (box.top + box.bottom - sum(block.tall for block in lines) - _BETWEEN * (len(lines) - 1)) / 2
    shapes: list[Text] = []
    for block in lines:
        baseline += block.capital
        shapes += block.set((box.left + box.right - block.wide) / 2, baseline)
        baseline += _BETWEEN
    return tuple(shapes)


def _lines(label: Label, frame: Frame) -> list[Block]:
    wanted = [(grouped(label.code), frame.design.code)] + ([(label.word, frame.design.title)] if label.word else [])
    return [_whole(text, style, frame.box.width, frame.box.height) for text, style in wanted]


def _whole(text: str, style: Style, width: float, height: float) -> Block:
    block = whole((text,), style, width, height)
    if block is None:
        raise TooLong("label_too_small", f"no room for {text!r} at {style.least} points")
    return block
