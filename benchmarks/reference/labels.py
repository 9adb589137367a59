"""Labels as one writes them first, and as fast as one could: the two that ours are measured against."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from io import BytesIO
from math import cos, pi, sin

import barcode
import qrcode
from barcode.writer import ImageWriter
from qrcode.constants import ERROR_CORRECT_Q
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from labels import Label, media
from labels.symbols import qr

A4 = (210 * mm, 297 * mm)
DARK = re.compile("1+")


def naive(labels: Sequence[Label], medium: str) -> bytes:
    """The commonest recipe: a PNG a symbol, drawn with the words, the emblem and its statement."""
    sheet, out = media(medium), BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    for n, label in enumerate(labels):
        if n and n % sheet.per_page == 0:
            canvas.showPage()
        left, top = sheet.cell(n % sheet.per_page + 1)
        _naive_label(canvas, label, (left + 1.5) * mm, (297 - top - sheet.height + 1.5) * mm)
    canvas.save()
    return out.getvalue()


def _naive_label(canvas: Canvas, label: Label, x: float, y: float) -> None:
    square = BytesIO()
    qrcode.make(label.url, error_correction=ERROR_CORRECT_Q).save(square, format="PNG")
    canvas.drawImage(ImageReader(_back(square)), x, y + 8 * mm, 22 * mm, 22 * mm)
    bars = BytesIO()
    barcode.get("code128", label.code, writer=ImageWriter()).write(bars, {"write_text": False})
    canvas.drawImage(ImageReader(_back(bars)), x + 24 * mm, y, 36 * mm, 8 * mm)
    if label.funding:
        _naive_emblem(canvas, x + 24 * mm, y + 24 * mm)
        canvas.setFont("Helvetica", 7)
        for n, line in enumerate(label.funding.statement):
            canvas.drawString(x + 40 * mm, y + (31 - 3 * n) * mm, line)
    for size, up, words in ((8, 20, label.name), (6.5, 16, label.owner), (6.5, 12, label.contact), (9, 3, label.code)):
        canvas.setFont("Helvetica", size)
        canvas.drawString(x + (0 if words == label.code else 24 * mm), y + up * mm, words)


def _naive_emblem(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillColorRGB(0, 0.2, 0.6)
    canvas.rect(x, y, 15 * mm, 10 * mm, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 0.8, 0)
    for hour in range(12):
        star = canvas.beginPath()
        at_x = x + 7.5 * mm + 10 / 3 * mm * sin(hour * pi / 6)
        at_y = y + 5 * mm + 10 / 3 * mm * cos(hour * pi / 6)
        for corner in range(10):
            reach = 10 / 18 * mm * (1 if corner % 2 == 0 else 0.382)
            point = at_x + reach * sin(corner * pi / 5), at_y + reach * cos(corner * pi / 5)
            (star.lineTo if corner else star.moveTo)(*point)
        star.close()
        canvas.drawPath(star, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)


def _back(file: BytesIO) -> BytesIO:
    file.seek(0)
    return file


def by_hand(labels: Sequence[Label], medium: str) -> bytes:
    """A QR and three lines, the content streams written without any library: about as fast as Python can."""
    sheet = media(medium)
    objects, kids = [b"", b""], []
    for first in range(0, len(labels), sheet.per_page):
        drawn = [_by_hand(sheet.cell(n + 1), one) for n, one in enumerate(labels[first : first + sheet.per_page])]
        packed = zlib.compress(b"\n".join(drawn), 6)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed))
        objects.append(_PAGE % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return _file(objects)


_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 841.89]/Contents %d 0 R/Resources<</Font<</F1 " + _FONT + b">>>>>>"
)


def _by_hand(cell: tuple[float, float], label: Label) -> bytes:
    left, top = (cell[0] + 2) * mm, (297 - cell[1] - 4) * mm
    module, symbol = 0.42 * mm, qr(label.url)
    place = b"q %.4f 0 0 %.4f %.3f %.3f cm " % (module, -module, left, top)
    words = b" Tj 0 -9 Td ".join(b"(%s)" % _plain(text) for text in (label.name, label.owner, label.contact))
    text = b" f Q BT /F1 6 Tf %.2f %.2f Td %s Tj ET" % (left + 14 * mm, top - 6, words)
    return place + " ".join(_runs(symbol.bits, symbol.side)).encode() + text


def _runs(bits: str, side: int) -> list[str]:
    rows = range(0, len(bits), side)
    return [
        f"{run.start()} {row} {run.end() - run.start()} 1 re"
        for row, start in enumerate(rows)
        for run in DARK.finditer(bits[start : start + side])
    ]


def _plain(text: str) -> bytes:
    plain = text.encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for n, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n, body))
    at = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at))
    return out.getvalue()
