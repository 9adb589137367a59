"""What labels are printed on, found by part number."""

import difflib
import re
from collections.abc import Iterator

from .errors import LabelError
from .rolls import ROLLS, Roll
from .sheet import Sheet
from .sheets import SHEETS

__all__ = ["MEDIA", "ROLLS", "SHEETS", "Medium", "Roll", "Sheet", "media"]

Medium = Sheet | Roll
MEDIA: tuple[Medium, ...] = (*SHEETS, *ROLLS)
_FILLERS = re.compile(r"[\s\-_./]+")
# A plain number is Avery's, once Zweckform's in Germany, and either word may stand before it.
_AVERY = ("AVERY", "ZWECKFORM", "AVERYZWECKFORM")


def media(name: str) -> Medium:
    """A medium by its part number or one of the same die; LabelError `unknown_medium` names the nearest.

    Any case, blanks and hyphens; with or without the brand: "L7160", "Avery L7160", "herma 4346", "4346".
    """
    wanted = _key(name[:40])
    if medium := _BY_NAME.get(wanted):
        return medium
    near = difflib.get_close_matches(wanted, _BY_NAME, n=6, cutoff=0.4)
    ids = list(dict.fromkeys(_BY_NAME[key].id for key in near))[:3] or [SHEETS[0].id, ROLLS[0].id]
    raise LabelError("unknown_medium", f"no {name[:20]!r}; there is {', '.join(ids)}")


def _key(name: str) -> str:
    return _FILLERS.sub("", name).upper()


def _keys(medium: Medium) -> Iterator[str]:
    for name in (medium.id, *medium.aliases):
        brand, _, number = name.rpartition(" ")
        yield _key(name)
        if brand:
            yield _key(number)
        elif isinstance(medium, Sheet):
            yield from (f"{word}{_key(name)}" for word in _AVERY)


_BY_NAME = {key: medium for medium in MEDIA for key in _keys(medium)}
