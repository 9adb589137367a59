"""Fitting words into a width: shrink, break between words, and at last an ellipsis."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .fonts import Face, overhang, runs, width
from .shapes import BLACK, DROP, MM_PER_POINT, Colour, Text

STEP = 0.25
LEADING = 1.18
# The height of a capital, per unit of size, in the vendored fonts.
CAPITAL = 0.67
_ELLIPSIS = "…"
_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Style:
    """A face, the size it likes and the least it may shrink to (points), and how many lines it may take."""

    face: Face
    size: float
    least: float
    lines: int = 1
    colour: Colour = BLACK

    @property
    def pitch(self) -> float:
        """From one baseline to the next at full size, in mm."""
        return self.size * MM_PER_POINT * LEADING

    def scaled(self, scale: float) -> "Style":
        """The same style that much larger."""
        return replace(self, size=self.size * scale, least=self.least * scale)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that fit, all in one size (points)."""

    style: Style
    size: float
    lines: tuple[str, ...]

    @property
    def pitch(self) -> float:
        """From one baseline to the next, in mm."""
        return self.size * MM_PER_POINT * LEADING

    @property
    def capital(self) -> float:
        """The height of its capitals, in mm."""
        return CAPITAL * self.size * MM_PER_POINT

    @property
    def tall(self) -> float:
        """From the top of the first line's capitals to the last baseline, in mm."""
        return (len(self.lines) - 1) * self.pitch + self.capital

    @property
    def wide(self) -> float:
        """The width of its longest line, in mm."""
        return max(width(line, self.style.face) for line in self.lines) * self.size * MM_PER_POINT

    def set(self, left: float, baseline: float) -> Iterator[Text]:
        """The block as shapes, its first line on `baseline`."""
        for index, line in enumerate(self.lines):
            yield from set_line(line, self.style, self.size, left, baseline + index * self.pitch)


def set_line(text: str, style: Style, size: float, left: float, baseline: float) -> Iterator[Text]:
    """One line as shapes, one for each font it takes."""
    em = size * MM_PER_POINT
    left += overhang(text, style.face) * em
    for run in runs(text, style.face):
        yield Text(left, baseline, run.text, run.font, size, run.width * em, style.colour)
        left += run.width * em


@lru_cache(maxsize=1024)
def whole(paragraphs: tuple[str, ...], style: Style, room: float, height: float) -> Block | None:
    """The largest block of the unshortened paragraphs within `room` x `height` mm, or None."""
    for size in _sizes(style):
        em = size * MM_PER_POINT
        lines = tuple(line for paragraph in paragraphs for line in _balanced(paragraph, style.face, room / em))
        tall = ((len(lines) - 1) * LEADING + CAPITAL + DROP) * em
        if len(lines) <= style.lines and tall <= height and all(width(line, style.face) * em <= room for line in lines):
            return Block(style, size, lines)
    return None


@lru_cache(maxsize=1024)
def shortened(text: str, style: Style, room: float, height: float = float("inf")) -> Block:
    """The text whole where it can be; else at its least size, the last line ending in an ellipsis."""
    if block := whole((text,), style, room, height):
        return block
    em = style.least * MM_PER_POINT
    count = max(1, min(style.lines, 1 + int((height / em - 1) / LEADING))) if height < float("inf") else style.lines
    kept: list[str] = []
    for _ in range(count - 1):
        kept.append(_first_line(text, style.face, room / em))
        text = text[len(kept[-1]) :].lstrip(" ")
    last = text if width(text, style.face) * em <= room else _cut(text, style.face, room / em, _ELLIPSIS)
    return Block(style, style.least, (*kept, last))


def _sizes(style: Style) -> Iterator[float]:
    steps = round((style.size - style.least) / STEP)
    return (style.size - STEP * step for step in range(steps + 1))


def _wrapped(text: str, face: Face, room: float) -> list[str]:
    # Only plain blanks: French sets no-break spaces where a line must hold together.
    lines: list[str] = []
    for word in filter(None, text.split(" ")):
        if lines and width(longer := f"{lines[-1]} {word}", face) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(text: str, face: Face, room: float) -> list[str]:
    """As few lines as fit, broken so that the longest is as short as can be."""
    lines = _wrapped(text, face, room)
    while (longest := max(width(line, face) for line in lines)) <= room:
        narrower = _wrapped(text, face, longest - _HAIR)
        if len(narrower) > len(lines) or max(width(line, face) for line in narrower) >= longest:
            break
        lines = narrower
    return lines


def _first_line(text: str, face: Face, room: float) -> str:
    line = _wrapped(text, face, room)[0]
    return line if width(line, face) <= room else _cut(line, face, room, "")


def _cut(text: str, face: Face, room: float, ending: str) -> str:
    """The longest beginning that fits with its ending, cut between graphemes.

    Among the letters our fonts have, only combining marks join the letter before them.
    """
    for end in range(len(text) - 1, 0, -1):
        kept = text[:end].rstrip(" ") + ending
        if not unicodedata.category(text[end]).startswith("M") and width(kept, face) <= room:
            return kept
    return ending or text[:1]
