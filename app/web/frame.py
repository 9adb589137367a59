"""The frame around every page: its menu, its language, and a fresh number for each form that is an act."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import uuid4

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.web import folding
from app.words import LANGUAGES, _, reading, said, spoken

# The word on the door, the address, the words of the menu. Its path is current for all that lies below it.
MENU: tuple[tuple[str, str, Any], ...] = (
    ("staff", "/", _("Desk")),
    ("things", "/devices", _("Things")),
    ("households", "/households", _("Households")),
    ("households", "/loans?state=open", _("Loans")),
    ("households", "/calls", _("To call")),
    ("label", "/labels", _("Labels")),
    ("money", "/finance/operations", _("Finance")),
    ("people", "/staff", _("Team")),
)


def register(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(new_id=uuid4, LANGUAGES=LANGUAGES, menu=_menu, reading=reading)
    app.jinja_env.globals.update(_=_said, gettext=_said)
    folding.register(app)
    app.session_interface = _Said()


class _Said(SecureCookieSessionInterface):
    """What was just done is told once, on the next page; nearly every request comes without."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


@pass_eval_context
def _said(how: EvalContext, sentence: str, **words: object) -> str:
    """A template's sentence. Flask-Babel's own way to it is five calls long."""
    text = said(sentence)
    if how.autoescape:
        text = Markup(text)  # noqa: S704 - sentences are ours; the words put in are escaped
    return text % words if words or "%" in text else text


def _menu(rights: frozenset[str]) -> list[tuple[str, str, bool]]:
    """For whoever holds these rights: each path, its words, and whether the page lies there."""
    here = request.path
    return [(path, words, _lies(here, path)) for right, path, words in _worded(reading()) if right in rights]


@cache
def _worded(_reading: str) -> list[tuple[str, str, str]]:
    """The menu in the words of that language, which is the one now read."""
    return [(right, path, spoken(words)) for right, path, words in MENU]


def _lies(here: str, path: str) -> bool:
    """Whether a page is of the wing a path of the menu leads into: `/finance/import` is of `/finance/operations`."""
    return here.split("/")[1] == path.partition("?")[0].split("/")[1]
