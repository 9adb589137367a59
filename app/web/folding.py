"""Pages are compiled once a language: what a template says whoever reads it is folded in, not looked up each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, render_template, url_for
from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from app.words import LANGUAGES, reading, said

_CALL = ("name", "lparen", "string", "rparen")
_PATH = ("name", "lparen", "string", "comma", "name", "assign")
_SHOWN = ("variable_begin", "name", "variable_end")
_SAFE = (("pipe", "|"), ("name", "safe"))
_ANY = "8a5f0c"  # stands for what is not known before the page is drawn


class Folding(Extension):
    """`_("Lend")` becomes its words, `url_for("people.switch")` its path, `icon("out")` its picture.

    `url_for("desk.thing", code=…)` becomes the path it fills. Compiling happens while a page is drawn for somebody who
    reads that language.
    """

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        return _folded(list(stream), self.environment.globals)


def _folded(tokens: Sequence[Token], known: Mapping[str, Any]) -> Iterator[Token]:
    place = 0
    while place < len(tokens):
        new, taken = _fold(tokens, place, known)
        yield from (Token(tokens[place].lineno, kind, value) for kind, value in new)
        place += taken


def _fold(tokens: Sequence[Token], place: int, known: Mapping[str, Any]) -> tuple[Iterable[tuple[str, str]], int]:
    """What stands here instead, and for how many tokens it stands."""
    first = tokens[place]
    if (text := _text_of(tokens[place : place + len(_CALL)])) is not None:
        return [("string", text), *(_SAFE if first.value == "icon" else ())], len(_CALL)
    if first.value == "url_for" and (pattern := _pattern_of(tokens[place:])):
        endpoint, name = tokens[place + 2].value, tokens[place + 4].value
        said = [token for text in (pattern, endpoint, name) for token in (("string", text), ("comma", ","))]
        return [("name", "path_to"), ("lparen", "("), *said], len(_PATH)
    if first.value == "static" and _kinds(tokens[place - 1 : place + 2]) == _SHOWN:
        return [("string", known["static"])], 1
    return [(first.type, first.value)], 1


def _kinds(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.type for token in tokens)


def _text_of(call: Sequence[Token]) -> str | None:
    if _kinds(call) != _CALL:
        return None
    if call[0].value == "_":
        text = said(call[2].value)
        return text % {} if "%" in text else text
    if call[0].value == "url_for":
        return url_for(call[2].value)
    return str(icon(call[2].value)) if call[0].value == "icon" else None


def _pattern_of(call: Sequence[Token]) -> str:
    """`/devices/%s/edit`, when a call gives one text to fill in; else nothing."""
    if _kinds(call[: len(_PATH)]) != _PATH or _gives_more(call[len(_PATH) :]):
        return ""
    try:
        path = url_for(call[2].value, **_named(call[4].value, _ANY))
    except ValueError:  # a number is wanted
        return ""
    return path.replace("%", "%%").replace(_ANY, "%s")


def _gives_more(rest: Iterable[Token]) -> bool:
    """Whether another argument follows before the call ends."""
    depth = 0
    for token in rest:
        if depth == 0 and token.type in {"comma", "rparen"}:
            return token.type == "comma"
        depth += {"lparen": 1, "lbracket": 1, "rparen": -1, "rbracket": -1}.get(token.type, 0)
    return True


def _path_to(pattern: str, endpoint: str, name: str, value: object) -> str:
    """The address with this text filled in; whatever is no text is the router's."""
    return pattern % quote(value, safe="") if isinstance(value, str) else url_for(endpoint, **_named(name, value))


def _named(name: str, value: object) -> dict[str, Any]:
    return {name: value}


@lru_cache(maxsize=200)
def icon(name: str, *, turn: bool = False) -> Markup:
    """One picture of the house's own set (static/icons.svg). `turn`: it points the other way where one reads so."""
    kind, sheet = "i turn" if turn else "i", current_app.jinja_env.globals["static"]
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}icons.svg#i-{}"/></svg>').format(kind, sheet, name)


def register(app: Flask) -> None:
    pages = {language: app.jinja_env.overlay(extensions=[Folding], cache_size=400) for language in LANGUAGES}
    app.extensions["pages"] = pages
    app.jinja_env.globals.update(icon=icon, path_to=_path_to)


def draw(template: str, **context: object) -> str:
    """The page, in the reader's language; `parts` are what every page is made of (web/parts.html)."""
    pages: Mapping[str, Environment] = current_app.extensions["pages"]
    here = pages[reading()]
    parts = here.get_template("web/parts.html").module
    return render_template(here.get_template(template), parts=parts, **context)
