"""A drawn mark as a path of straight strokes in a box of 600 by 300, read and written anew: nothing else is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

WIDE, HIGH = 600, 300
LONGEST = 30_000  # signs of a path as it is sent
_MOST_POINTS = 3_000
_LEAST = 12  # a mark is wider or higher than a slip of the finger
_POINT = re.compile(r"([ML]) ?([0-9]{1,4})(?:\.[0-9]{1,4})?[ ,]([0-9]{1,4})(?:\.[0-9]{1,4})?")

Stroke = list[tuple[int, int]]


def read(path: str) -> list[Stroke] | None:
    """The strokes of a path like `M10 20L30 40`; None when it is anything else, or too small to be meant."""
    strokes: list[Stroke] = []
    place = 0
    while place < len(path):
        found = _POINT.match(path, place)
        if found is None or (found[1] == "L" and not strokes):
            return None
        point = (min(int(found[2]), WIDE), min(int(found[3]), HIGH))
        if found[1] == "M":
            strokes.append([point])
        elif strokes[-1][-1] != point:
            strokes[-1].append(point)
        place = found.end()
        while path[place : place + 1] == " ":
            place += 1
    return strokes if _is_meant(strokes) else None


def _is_meant(strokes: Sequence[Stroke]) -> bool:
    points = [point for stroke in strokes for point in stroke]
    if not points or len(points) > _MOST_POINTS:
        return False
    sides: list[list[int]] = [[point[side] for point in points] for side in (0, 1)]
    return any(max(side) - min(side) >= _LEAST for side in sides)


def written(strokes: Sequence[Stroke]) -> str:
    """The path in the one way the house writes it."""
    return "".join("M" + "L".join(f"{x} {y}" for x, y in stroke) for stroke in strokes)
