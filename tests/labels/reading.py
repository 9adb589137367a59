"""Reading back what was drawn, as a scanner does."""

import numpy as np
import pypdfium2 as pdfium
import zxingcpp

from labels import Label, Roll
from labels.layout import lay_out_on
from labels.shapes import Bits

DPI = 300


def pages(pdf: bytes, dpi: float = DPI):
    """Each page as grey pixels."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [np.array(page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")) for page in document]
    finally:
        document.close()


def cell(page, medium, position: int, dpi: float = DPI):
    """The pixels of one cell, as it is read."""
    if isinstance(medium, Roll):
        return np.ascontiguousarray(np.rot90(page) if medium.turned else page)
    x, y = medium.cell(position)
    sides = (x, y, x + medium.width, y + medium.height)
    left, top, right, bottom = (round(v * dpi / 25.4) for v in sides)
    return np.ascontiguousarray(page[top:bottom, left:right])


def found(pixels) -> set[str]:
    """What a reader finds."""
    return {symbol.text for symbol in zxingcpp.read_barcodes(pixels)}


def read(page, medium, position: int, dpi: float = DPI) -> set[str]:
    pixels = cell(page, medium, position, dpi)
    # Two dots a bar leave no room for the greys of a screen, and a printer has none: a dot is black or white.
    return found(pixels if dpi >= DPI else np.where(pixels > 127, 255, 0).astype(np.uint8))


def expected(made: Label, medium) -> set[str]:
    """What a reader must find: the address, and the code where there are bars."""
    symbols = [shape for shape in lay_out_on(made, medium) if isinstance(shape, Bits)]
    return {made.code if len(shape.bits) == shape.columns else made.url for shape in symbols}
