"""Labels for Zebra printers: each one whole bitmap in ZPL's `^GFA`.

ZPL's own text and QR commands look different from firmware to firmware, and ^BQ moves with the last ^BY; a bitmap is
the same dots everywhere, and nothing that stands on a label can be taken for a command.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Literal

from PIL import Image, ImageChops

from .bitmap import bitmap
from .errors import LabelError
from .label import Label
from .media import Medium, Roll, media
from .missing import Missing, printable
from .pdf import check_count

Compression = Literal["z64", "acs", "none"]
_RUN = re.compile(r"(.)\1*")
# A count of repeats is written as a letter for its twenties and one for the rest.
_TWENTY, _MOST = 20, 419


def render_zpl(
    labels: Sequence[Label], medium: str | Medium, *, compression: Compression = "z64", missing: Missing = "error"
) -> bytes:
    """ZPL for a roll, one format (`^XA` to `^XZ`) a label. `compression` "acs" or "none" is for firmware without Z64.

    LabelError: those of `media`, `lay_out` and `printable`; `no_labels`, `too_many_labels`, `not_a_roll`.
    """
    check_count(labels)
    roll = media(medium) if isinstance(medium, str) else medium
    if not isinstance(roll, Roll):
        raise LabelError("not_a_roll", f"{roll.id} is a sheet; ZPL is for rolls")
    return "".join(_format(bitmap(printable(label, missing), roll), compression) for label in labels).encode("ascii")


def _format(image: Image.Image, compression: Compression) -> str:
    width, height = image.size
    row = (width + 7) // 8
    dots = ImageChops.invert(image).tobytes()  # ZPL says 1 for black
    data = _encoded(dots, row, compression)
    return f"^XA^PW{width}^LL{height}^LH0,0^FO0,0^GFA,{len(dots)},{len(dots)},{row},{data}^FS^PQ1^XZ\n"


def _encoded(dots: bytes, row: int, compression: Compression) -> str:
    if compression == "z64":
        packed = base64.b64encode(zlib.compress(dots, 9))
        return f":Z64:{packed.decode()}:{binascii.crc_hqx(packed, 0):04X}"
    lines = (dots[start : start + row].hex().upper() for start in range(0, len(dots), row))
    return "".join(lines if compression == "none" else ("".join(_repeated(line)) for line in lines))


def _repeated(line: str) -> Iterator[str]:
    """A row of hexadecimal digits with its runs as ZPL's repeat counts: G to Y are 1 to 19, g to z 20 to 400."""
    for run in _RUN.finditer(line):
        digit, left = run[1], len(run[0])
        while left > 0:
            count = min(left, _MOST)
            twenties, rest = divmod(count, _TWENTY)
            letters = (chr(ord("g") + twenties - 1) if twenties else "") + (chr(ord("G") + rest - 1) if rest else "")
            yield (letters if count > 1 else "") + digit
            left -= count
