"""The frame around every page: its menu, its language, and a fresh number for each form that is an act."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import uuid4

from flask import Flask, request
from flask_babel import get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.web import folding
from app.words import LANGUAGES, _, said, spoken

# The word on the door, the path, the words of the menu. A path is current for all that lies below it.
MENU: tuple[tuple[str, str, Any], ...] = (
    ("staff", "/", _("Desk")),
    ("things", "/devices", _("Things")),
    ("households", "/households", _("Households")),
    ("households", "/loans", _("Loans")),
    ("households", "/calls", _("To call")),
    ("label", "/labels", _("Labels")),
    ("people", "/staff", _("Team")),
)


def register(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(new_id=uuid4, LANGUAGES=LANGUAGES, menu=_menu, is_here=_is_here, reading=reading)
    app.jinja_env.globals.update(_=_said, gettext=_said)
    folding.register(app)


@pass_eval_context
def _said(how: EvalContext, sentence: str, **words: object) -> str:
    """A template's sentence. Flask-Babel's own way to it is five calls long."""
    text = said(sentence)
    if how.autoescape:
        text = Markup(text)  # noqa: S704 - sentences are ours; the words put in are escaped
    return text % words if words or "%" in text else text


@cache
def _menu(_reading: str) -> list[tuple[str, str, str]]:
    """The menu in the words of that language, which is the one now read."""
    return [(right, path, spoken(words)) for right, path, words in MENU]


def _is_here(path: str) -> bool:
    return request.path == path or (path != "/" and request.path.startswith(f"{path}/"))


def reading() -> str:
    """The two letters of the reader's language."""
    return str(get_locale())[:2]
