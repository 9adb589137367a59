"""Placeholders of what a centre writes, `{date_fin}`: a few known names in braces, filled once and never read again.

Python's own `format` is not for texts that people write: `{nom.__class__}` would be code in them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

NAMES = (
    "numero", "organisation", "adresse", "centre", "telephone", "agent", "nom", "foyer", "materiel", "proprietaire",
    "date_debut", "date_fin", "lieu", "article_1883", "plafond", "caution", "contact_rgpd", "union_europeenne",
)  # fmt: skip
# Without these a text does not say who lends what to whom until when, or leaves out what the law or a funder asks.
NEEDED = (
    "organisation", "telephone", "nom", "foyer", "materiel", "proprietaire", "date_debut", "date_fin", "article_1883",
    "contact_rgpd", "union_europeenne", "caution",
)  # fmt: skip
_ONE = re.compile(r"\{([^{}\n]*)\}")
_CAPPED = re.compile(r" ?[^.?!\n]*\{plafond\}[^.?!\n]*[.?!]?")


def filled(words: str, values: Mapping[str, str]) -> str:
    """An agreement's text with each name's value in its place. A sentence about the cap goes where there is none."""
    first, *rest = _cut(words, capped=bool(values["plafond"]))
    return first + "".join([values[part] if n % 2 == 0 else part for n, part in enumerate(rest)])


@lru_cache(50)  # the texts in force: looking for the names takes longer than all else that is written for a loan
def _cut(words: str, *, capped: bool) -> Sequence[str]:
    """A text cut at its placeholders: what stands before the first, then by turns a name and what follows it."""
    return _ONE.split(words if capped else _CAPPED.sub("", words))


def unknown(words: str, names: Container[str] = NAMES) -> list[str]:
    """What stands in braces and is no name of ours; a brace alone is told of as itself."""
    odd = [found[0] for found in _ONE.finditer(words) if found[1] not in names]
    return odd + sorted(set(re.findall(r"[{}]", _ONE.sub("", words))))


def missing(words: str) -> list[str]:
    there = set(_ONE.findall(words))
    return ["{" + name + "}" for name in NEEDED if name not in there]
