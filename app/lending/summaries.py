"""“L’essentiel” for residents, in the languages spoken here: six sentences, each beside its picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date

from app.history.models import canonical
from app.history.seals import digest
from app.web.looks import phone as spaced
from app.web.looks import spoken_day

READ_AGAIN = frozenset({"fr", "en"})  # by who speaks them; the others are shown with French beside
ICONS = ("laptop", "calendar", "phone", "shield", "euro", "undo")
RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True)
class Summary:
    """`known`: somebody who speaks the language has read it again. `lines`: the picture, the sentence, its French.

    `reader` and `read_on`: who it was, and when; of the languages in which we write, nobody needs to be named.
    """

    language: str
    known: bool
    lines: Sequence[tuple[str, str, str]]
    reader: str = ""
    read_on: date | None = None

    @property
    def way(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def translated(self) -> bool:
        """Whether the French, which counts, stands beside."""
        return self.language not in READ_AGAIN

    def read_by(self, reader: str, day: date) -> Summary:
        return replace(self, known=True, reader=reader, read_on=day)


@cache
def _all() -> Mapping[str, Sequence[str]]:
    kept: Mapping[str, Sequence[str]] = json.loads(
        (Path(__file__).parent / "terms" / "summaries.json").read_text(encoding="utf-8")
    )
    return kept


def languages() -> dict[str, str]:
    """Each language with its name in itself, which is the one its readers look for."""
    return {tag: str(Locale.parse(tag).display_name).capitalize() for tag in _all()}


def offered(tag: str) -> str:
    """The language of a household, if there is a summary in it; else French."""
    short = tag.partition("-")[0]
    return short if short in _all() else "fr"


def of(language: str, due_on: date, phone: str) -> Summary:
    there, french = (_said(one, due_on, phone) for one in (language, "fr"))
    return Summary(language, language in READ_AGAIN, list(zip(ICONS, there, french, strict=True)))


def digest_of(language: str) -> str:
    """Of the text beside its French: when either is written anew, it is to be read again."""
    return digest(canonical([_all()[one] for one in (language, "fr")]))


def _said(language: str, due_on: date, phone: str) -> list[str]:
    day = spoken_day(format_date(due_on, "EEEE d MMMM y", locale=language), language)
    number = f"\u2066{spaced(phone)}\u2069"  # figures stay left to right among Arabic
    return [line.replace("{day}", day).replace("{phone}", number) for line in _all()[language]]
