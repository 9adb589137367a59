"""Words: translation and folding. `_` is lazy, so that a sentence made in a rule is spoken in the reader's language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from babel.support import NullTranslations
from flask import g, has_app_context
from flask_babel import force_locale, get_locale, get_translations, lazy_ngettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

LANGUAGES = ("fr", "en")
_n = lazy_ngettext

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "’": "'", "ı": "i"})


class Sentence(LazyString):  # type: ignore[misc]
    """A sentence that is said when it is shown. Flask-Babel's own is said twice over to be put on a page."""

    def __html__(self) -> Markup:
        return escape(str(self))


def _(sentence: str, **words: object) -> Sentence:
    return Sentence(said, sentence, **words)


def said(sentence: str, **words: object) -> str:
    """The sentence now, in the reader's language. Pages say dozens: the catalogue is kept, not looked for each time."""
    text = str(_catalogue(reading()).ugettext(sentence))
    return text % words if words else text


def reading() -> str:
    """The two letters of the reader's language; French when nobody reads."""
    if not has_app_context():
        return "fr"
    if "reading" not in g:
        g.reading = str(get_locale().language)
    return str(g.reading)


@cache
def _catalogue(_reading: str) -> NullTranslations:
    found: NullTranslations = get_translations()
    return found


@contextmanager
def said_to(language: str) -> Iterator[None]:
    """Sentences are said in this language meanwhile: in long work for somebody who is not asking just now."""
    before = g.pop("reading", None)
    with force_locale(language):
        yield
    g.pop("reading", None)
    if before:
        g.reading = before


@lru_cache(2000)  # a table says the same makers, models and places line after line
def fold(text: str) -> str:
    """The form in which names are searched and sorted: no accents, no case, single blanks.

    Done here and not in the database, so that SQLite and PostgreSQL find and order alike.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    bare_case = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    plain = unicodedata.normalize("NFKD", bare_case)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def in_order(text: str) -> str:
    """The folded form in which names are sorted as people count: n° 2 stands before n° 10."""
    return _FIGURES.sub(lambda number: number[0].lstrip("0").zfill(_PLACES), fold(text))


_PLACES = 8
_FIGURES = re.compile("[0-9]+")


def bare(text: str) -> str:
    """A number as people compare it: capitals and figures only, O/0 and I/1 kept as read."""
    capitals = text.upper()
    return capitals if capitals.isalnum() else "".join(filter(str.isalnum, capitals))


def spoken(words: Any) -> str:
    """A lazy sentence, said now."""
    return str(words)
