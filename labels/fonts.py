"""The vendored fonts (`fonts/VENDOR.json` tells where from) and which of them has which letter.

Atkinson Hyperlegible tells alike letters apart. The statement beside the emblem stands in Liberation Sans, the metric
twin of Arial (2021/1060, annex IX, point 1.3 names Arial). DejaVu Sans has the letters the others lack.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont
from reportlab.pdfbase.ttfonts import TTFont

from .errors import LabelError

FOLDER = Path(__file__).parent / "fonts"
REGULAR = ("AtkinsonHyperlegible-Regular", "DejaVuSans")
BOLD = ("AtkinsonHyperlegible-Bold", "DejaVuSans-Bold")
STATEMENT = ("LiberationSans-Regular", "DejaVuSans")

_EM = 1000

Face = tuple[str, str]  # the font, and the one that stands in for the letters it lacks
# Arabic and Hebrew need joining and order from right to left, which no painter here does: refused, not scrambled.
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


class Run(NamedTuple):
    """Letters of one font; `width` per unit of size."""

    font: str
    text: str
    width: float


@cache
def font(name: str) -> TTFont:
    """A vendored font as reportlab holds it, under a name of ours in its one table of fonts."""
    return TTFont(f"labels-{name}", str(FOLDER / f"{name}.ttf"))


@lru_cache(maxsize=4096)
def runs(text: str, face: Face) -> tuple[Run, ...]:
    """The text cut where the font changes; LabelError `unprintable_character` for what no font has."""
    cut: list[Run] = []
    for character in text:
        name, width = _found(character, face)
        if cut and cut[-1].font == name:
            last = cut.pop()
            cut.append(Run(name, last.text + character, last.width + width))
        else:
            cut.append(Run(name, character, width))
    return tuple(cut)


def width(text: str, face: Face) -> float:
    """The width of a text per unit of size, from where its first letter begins to where its last one makes room."""
    return overhang(text, face) + sum(run.width for run in runs(text, face))


def advance(letter: str, name: str) -> float:
    """How far the next letter stands from this one in this font, per unit of size."""
    return _found(letter, (name, name))[1]


def overhang(text: str, face: Face) -> float:
    """How far the first letter reaches out to the left of where it is set, per unit of size: the hat of an `î` does."""
    return _reach(runs(text, face)[0].font, text[0]) if text else 0.0


@lru_cache(maxsize=4096)
def _reach(name: str, character: str) -> float:
    left, _top, _right, _bottom = _measured(name).getbbox(character, anchor="ls")
    return max(0.0, -left / _EM)


@cache
def _measured(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FOLDER / f"{name}.ttf", _EM)


@lru_cache(maxsize=4096)
def _found(character: str, face: Face) -> tuple[str, float]:
    if not _is_hidden(character):
        for name in face:
            if ord(character) in font(name).face.charToGlyph:
                return name, font(name).face.charWidths[ord(character)] / 1000
    known = unicodedata.name(character, f"U+{ord(character):04X}")
    raise LabelError("unprintable_character", f"{character!r} ({known}) is in neither {face[0]} nor {face[1]}")


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character)[0] == "C" or unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
