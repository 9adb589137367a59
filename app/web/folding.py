"""Pages are compiled once a language: what a template says whoever reads it is folded in, not looked up each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import Flask, current_app, render_template, url_for
from flask_babel import get_locale
from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from app.words import LANGUAGES, said

_CALL = ("name", "lparen", "string", "rparen")


class Folding(Extension):
    """`_("Lend")` becomes its words, `url_for("people.switch")` its path; both have no further words.

    Compiling happens while a page is drawn for somebody who reads that language.
    """

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        return _folded(list(stream))


def _folded(tokens: Sequence[Token]) -> Iterator[Token]:
    place = 0
    while place < len(tokens):
        text = _text_of(tokens[place : place + len(_CALL)])
        yield tokens[place] if text is None else Token(tokens[place].lineno, "string", text)
        place += 1 if text is None else len(_CALL)


def _text_of(call: Sequence[Token]) -> str | None:
    if tuple(token.type for token in call) != _CALL:
        return None
    if call[0].value == "_":
        text = said(call[2].value)
        return text % {} if "%" in text else text
    return url_for(call[2].value) if call[0].value == "url_for" else None


def register(app: Flask) -> None:
    pages = {language: app.jinja_env.overlay(extensions=[Folding], cache_size=400) for language in LANGUAGES}
    app.extensions["pages"] = pages


def draw(template: str, **context: object) -> str:
    """The page, in the reader's language."""
    pages: Mapping[str, Environment] = current_app.extensions["pages"]
    return render_template(pages[str(get_locale())[:2]].get_template(template), **context)
