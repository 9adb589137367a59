"""Photos as they are stored: drawn anew, so that nothing of the file that was sent stays but what one sees.

A phone writes into a photo where and when it was taken (EXIF); a file may also be no photo at all.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from app.errors import Refused
from app.words import _

KINDS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"
LONGEST_SIDE = 1600  # pixels
MOST_PIXELS = 40_000_000  # a phone's best; beyond it a small file may unpack to gigabytes
LARGEST = 400_000  # bytes stored


def redrawn(content: bytes) -> bytes:
    """A JPEG of at most 1,600 pixels a side and 400 kB. Raises `Refused` (422) for what is no photo."""
    words = _("This is not a photo that can be read here. Send a JPEG, PNG or WebP picture.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _opened(content)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as wrong:
        raise Refused("not_a_photo", words, status=422, fields={"photo": words}) from wrong
    return _small(picture)


def _opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=KINDS)
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError(picture.size)
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)  # a picture carries its file's comments along, pixels do not
    bare.paste(upright)
    return bare


def _small(picture: Image.Image) -> bytes:
    """Rather a little softer than too large."""
    for quality in (85, 75, 60, 45, 30):
        kept = BytesIO()
        picture.save(kept, "JPEG", quality=quality, optimize=True)
        if kept.tell() <= LARGEST:
            return kept.getvalue()
    picture.thumbnail((picture.width // 2, picture.height // 2))
    return _small(picture)
