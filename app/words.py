"""Words: translation and folding. `_` is lazy, so that a sentence made in a rule is spoken in the reader's language."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext, lazy_ngettext

LANGUAGES = ("fr", "en")
_ = lazy_gettext
_n = lazy_ngettext

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "’": "'", "ı": "i"})


def fold(text: str) -> str:
    """The form in which names are searched and sorted: no accents, no case, single blanks.

    Done here and not in the database, so that SQLite and PostgreSQL find and order alike.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def bare(text: str) -> str:
    """A number as people compare it: capitals and figures only, O/0 and I/1 kept as read."""
    return "".join(c for c in text.upper() if c.isalnum())


def spoken(words: Any) -> str:
    """A lazy sentence, said now."""
    return str(words)
