"""Logos of the centre or the region beside the name, never larger than the emblem (2021/1060, annex IX, point 1.7)."""

import io
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from .errors import LabelError, TooLong
from .shapes import Box, Picture

MOST_LOGOS = 2
# Where no emblem stands, as large as one would be.
USUAL_MM = 10.0
# Lower than this a logo is a smudge at 203 dpi.
LEAST_MM = 4.0
_MOST_BYTES, _MOST_PIXELS = 2_000_000, 10_000_000
_SHARE = 0.45


@dataclass(frozen=True)
class Logo:
    """A picture as the bytes of a PNG or JPEG file; LabelError `bad_logo`. `ratio` is its width by its height."""

    picture: bytes = field(repr=False)
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        if len(self.picture) > _MOST_BYTES:
            raise LabelError("bad_logo", f"{len(self.picture)} bytes, {_MOST_BYTES} at most")
        try:
            with Image.open(io.BytesIO(self.picture), formats=("PNG", "JPEG")) as image:
                width, height = image.size
                if width * height > _MOST_PIXELS:
                    raise LabelError("bad_logo", f"{width} x {height} pixels, {_MOST_PIXELS} at most")
                image.load()
        except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise LabelError("bad_logo", f"neither PNG nor JPEG: {error}") from error
        object.__setattr__(self, "ratio", width / height)


def place_logos(logos: tuple[Logo, ...], tallest: float, gap: float, room: Box) -> tuple[tuple[Picture, ...], Box]:
    """The logos in one row at the right of `room`, all of one height, at most `tallest` mm; and the room that is left.

    Not wider than an emblem of that height either. LabelError `logo_too_large`: they would be under 4 mm.
    """
    if not logos:
        return (), room
    wide = room.width * _SHARE - gap * (len(logos) - 1)
    height = min(tallest, room.height, wide / sum(logo.ratio for logo in logos))
    height = min(height, *(1.5 * tallest / logo.ratio for logo in logos))
    if height < LEAST_MM:
        raise TooLong("logo_too_large", f"no room for logos {LEAST_MM:g} mm high in {room.width:.1f} mm")
    left = room.right - height * sum(logo.ratio for logo in logos) - gap * (len(logos) - 1)
    rest = room._replace(right=left - gap)
    placed = []
    for logo in logos:
        placed.append(Picture(left, room.top, logo.ratio * height, height, logo.picture))
        left += logo.ratio * height + gap
    return tuple(placed), rest


@lru_cache(maxsize=16)
def grey(picture: bytes) -> Image.Image:
    """A logo in shades of grey, on white where it is transparent."""
    with Image.open(io.BytesIO(picture)) as image:
        layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("L")
