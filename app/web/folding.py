"""Pages are compiled once a language: what a template says whoever reads it is folded in, not looked up each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from flask import Flask, current_app, render_template, url_for
from flask_babel import get_locale
from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from app.words import LANGUAGES, said

_CALL = ("name", "lparen", "string", "rparen")
_SAFE = (("pipe", "|"), ("name", "safe"))


class Folding(Extension):
    """`_("Lend")` becomes its words, `url_for("people.switch")` its path, `icon("out")` its picture.

    Compiling happens while a page is drawn for somebody who reads that language.
    """

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        return _folded(list(stream))


def _folded(tokens: Sequence[Token]) -> Iterator[Token]:
    place = 0
    while place < len(tokens):
        call, line = tokens[place : place + len(_CALL)], tokens[place].lineno
        text = _text_of(call)
        yield tokens[place] if text is None else Token(line, "string", text)
        if call[0].value == "icon" and text is not None:
            yield from (Token(line, kind, value) for kind, value in _SAFE)
        place += 1 if text is None else len(_CALL)


def _text_of(call: Sequence[Token]) -> str | None:
    if tuple(token.type for token in call) != _CALL:
        return None
    if call[0].value == "_":
        text = said(call[2].value)
        return text % {} if "%" in text else text
    if call[0].value == "url_for":
        return url_for(call[2].value)
    return str(icon(call[2].value)) if call[0].value == "icon" else None


@lru_cache(maxsize=200)
def icon(name: str, *, turn: bool = False) -> Markup:
    """One picture of the house's own set (static/icons.svg). `turn`: it points the other way where one reads so."""
    kind, sheet = "i turn" if turn else "i", current_app.jinja_env.globals["static"]
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}icons.svg#i-{}"/></svg>').format(kind, sheet, name)


def register(app: Flask) -> None:
    pages = {language: app.jinja_env.overlay(extensions=[Folding], cache_size=400) for language in LANGUAGES}
    app.extensions["pages"] = pages
    app.jinja_env.globals["icon"] = icon


def draw(template: str, **context: object) -> str:
    """The page, in the reader's language."""
    pages: Mapping[str, Environment] = current_app.extensions["pages"]
    return render_template(pages[str(get_locale())[:2]].get_template(template), **context)
