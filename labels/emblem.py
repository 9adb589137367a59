"""The emblem of the European Union as geometry.

Source: the graphic instructions of regulation 821/2014, annex II (the same words in 2021/1060, annex IX): the fly is
one and a half times the hoist; twelve upright stars stand like the hours of a clock on a circle of a third of the
hoist; the points of a star lie on a circle of one eighteenth of the hoist.
"""

import math
from functools import cache

from .shapes import Colour

Point = tuple[float, float]

BLUE: Colour = (0, 51 / 255, 153 / 255)  # Reflex Blue
YELLOW: Colour = (1, 204 / 255, 0)
# The one-colour version is outlined in black with black stars on white; the width of its line, as a share of the hoist.
OUTLINE = 1 / 40
# The inner corners of a pentagram, as a share of its outer radius.
_INNER = math.sin(math.radians(18)) / math.sin(math.radians(54))


@cache
def stars(height: float) -> tuple[tuple[Point, ...], ...]:
    """The twelve stars of an emblem `height` high: ten corners each, from its top left corner, y downwards."""
    return tuple(star(x, y, height / 18) for x, y in middles(height))


def middles(height: float) -> tuple[Point, ...]:
    """Where the middles of the twelve stars are, from noon on."""
    middle_x, middle_y, ring = 0.75 * height, height / 2, height / 3
    hours = (math.radians(30 * hour) for hour in range(12))
    return tuple((middle_x + ring * math.sin(hour), middle_y - ring * math.cos(hour)) for hour in hours)


def star(x: float, y: float, radius: float) -> tuple[Point, ...]:
    """The ten corners of an upright star around a middle."""
    corners = ((math.radians(36 * k), radius if k % 2 == 0 else radius * _INNER) for k in range(10))
    return tuple((x + reach * math.sin(turn), y - reach * math.cos(turn)) for turn, reach in corners)
