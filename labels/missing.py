"""What becomes of letters that no vendored font has: refused, or replaced by a sign that says so."""

from dataclasses import replace
from functools import lru_cache
from typing import Literal

from . import fonts
from .errors import LabelError
from .label import Label

Missing = Literal["error", "replace"]
REPLACEMENT = "?"


def printable(label: Label, missing: Missing) -> Label:
    """The label as it can be printed: for "replace" with a question mark for each letter that no font has.

    For "error" as it is: laying it out raises LabelError `unprintable_character`.
    """
    if missing == "error":
        return label
    return replace(
        label,
        name=_replaced(label.name),
        owner=_replaced(label.owner),
        contact=_replaced(label.contact),
        word=_replaced(label.word),
        funding=label.funding and replace(label.funding, statement=tuple(map(_replaced, label.funding.statement))),
    )


@lru_cache(maxsize=4096)
def _replaced(text: str) -> str:
    return "".join(character if _is_known(character) else REPLACEMENT for character in text)


def _is_known(character: str) -> bool:
    """Whether each of our faces has it: they share the font that stands in."""
    try:
        for face in (fonts.REGULAR, fonts.BOLD, fonts.STATEMENT):
            fonts.runs(character, face)
    except LabelError:
        return False
    return True
