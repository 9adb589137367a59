"""What stands on a label."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from .codes import is_right
from .errors import LabelError
from .logos import MOST_LOGOS, Logo

TEXT_LIMIT = 200
# QR alphanumeric mode has no lower case and none of ? = & # _ ~ (ISO/IEC 18004, table 5).
_URL = re.compile(r"HTTPS?://[A-Z0-9.:/-]+/E/(?P<code>[A-Z]{8})")
# Tabs and line ends come with imported names; a no-break space is meant and stays.
_BLANKS = re.compile(r"[ \t\r\n]+")


def tidied(text: str) -> str:
    """Composed letters (NFC) and single blanks; LabelError `text_too_long` above 200 characters."""
    tidy = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if len(tidy) > TEXT_LIMIT:
        raise LabelError("text_too_long", f"{len(tidy)} characters, {TEXT_LIMIT} at most: {tidy[:40]!r}")
    return tidy


@dataclass(frozen=True)
class Funding:
    """The funding statement, each line in full, and the emblem's height in mm (at least 5, the usual rule is 10).

    The lines are never cut; a line too long for its place is broken between words. LabelError `no_statement`,
    `text_too_long`, `emblem_too_small`. The managing authority has the last word on both.
    """

    statement: tuple[str, ...]
    emblem_mm: float = 10.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "statement", tuple(filter(None, map(tidied, self.statement))))
        if not self.statement:
            raise LabelError("no_statement", "the emblem never stands without its statement")
        if not self.emblem_mm >= 5:  # noqa: PLR2004 - the smallest height whose stars still print at 300 dpi
            raise LabelError("emblem_too_small", f"{self.emblem_mm} mm; at least 5 mm, 10 mm is the rule")


# By programme period: regulation 821/2014, article 4 (the Union in full, and the fund); regulation 2021/1060, annex IX,
# point 1.2 (the statement in full, no fund needed).
FUNDING: Mapping[str, Funding] = MappingProxyType(
    {
        "2014-2020": Funding(("Union européenne", "Fonds européen de développement régional")),
        "2021-2027": Funding(("Cofinancé par l’Union européenne",)),
    }
)


@dataclass(frozen=True)
class Label:
    """One label: a right code, its URL (`HTTPS://HOST/E/<CODE>`), and the words around them.

    `name` shrinks, then ends in an ellipsis, and so does `owner`; `contact` (a short phone text) and the code are
    never cut. Emblem and statement are drawn only where `funding` is given. A label to be tied to a thing later has a
    code and a URL alone. `word` says what a copy is stuck on ("chargeur"); it is never cut, stands where the name does,
    and the name where the owner does. At most two `logos` stand beside the title. LabelError `bad_code`, `bad_url`,
    `text_too_long`, `too_many_logos`.
    """

    code: str
    url: str
    name: str = ""
    owner: str = ""
    contact: str = ""
    funding: Funding | None = None
    word: str = ""
    logos: tuple[Logo, ...] = ()

    def __post_init__(self) -> None:
        if not is_right(self.code):
            raise LabelError("bad_code", f"{self.code[:20]!r} is not a right code")
        for field in ("name", "owner", "contact", "word"):
            object.__setattr__(self, field, tidied(getattr(self, field)))
        if len(self.logos) > MOST_LOGOS:
            raise LabelError("too_many_logos", f"{len(self.logos)} logos, {MOST_LOGOS} at most")
        found = _URL.fullmatch(self.url) if len(self.url) <= TEXT_LIMIT else None
        if found is None or found["code"] != self.code:
            raise LabelError("bad_url", f"HTTPS://HOST/E/{self.code} was expected, not {self.url[:80]!r}")

    @property
    def title(self) -> str:
        """The most prominent words: the owner's where the name is missing."""
        return self.word or self.name or self.owner

    @property
    def second(self) -> str:
        """The words below the title."""
        if self.word:
            return self.name or self.owner
        return self.owner if self.name else ""

    def copies(self, *words: str) -> "tuple[Label, ...]":
        """The label, and one more for each part that is lent with the thing: `copies("chargeur", "housse")`."""
        return (self, *(replace(self, word=word) for word in words))
