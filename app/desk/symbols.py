"""Symbols drawn for the screen and for paper: the square and the bars of a code as SVG, black on white in any light."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup

from labels import symbols

_SVG = Markup(
    '<svg class="symbol" width="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges" aria-hidden="true">'
    '<rect width="{}" height="{}" fill="#fff"/><path fill="#000" d="{}"/></svg>'
)
TALL = 36  # modules: bars are read the better for being high
SQUARE, BAR = 6, 2  # pixels a module: whole ones, so that no screen blurs an edge


def square(text: str) -> Markup:
    """The QR symbol of an address, with its quiet zone."""
    symbol, quiet = symbols.qr(text), symbols.QR_QUIET
    side = symbol.side + 2 * quiet
    rows = (symbol.bits[start : start + symbol.side] for start in range(0, len(symbol.bits), symbol.side))
    drawn = "".join(_runs(row, quiet, quiet + y, 1) for y, row in enumerate(rows))
    return _SVG.format(SQUARE * side, side, side, side, side, drawn)


def bars(code: str) -> Markup:
    """The Code128 of the letters alone, with its quiet zones."""
    bits, quiet = symbols.code128(code), symbols.BARS_QUIET
    width = len(bits) + 2 * quiet
    return _SVG.format(BAR * width, width, TALL, width, TALL, _runs(bits, quiet, 0, TALL))


def _runs(bits: str, x: int, y: int, height: int) -> str:
    """One rectangle for each run of dark modules."""
    drawn = []
    for dark, run in groupby(bits):
        length = len(list(run))
        if dark == "1":
            drawn.append(f"M{x} {y}h{length}v{height}h-{length}z")
        x += length
    return "".join(drawn)
