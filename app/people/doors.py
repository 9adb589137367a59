"""Doors: every route carries one word, and whoever passes holds a role that gives that word."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.people import sessions
from app.people.models import Person
from app.people.roles import NOBODY, RIGHTS, Me
from app.settings import Settings
from app.times import now
from app.words import LANGUAGES, _

F = TypeVar("F", bound=Callable[..., Any])
DOORS = frozenset({"anyone"}).union(*RIGHTS.values())
SAFE = {"GET", "HEAD", "OPTIONS"}
ANONYMOUS = {"statics", "portal.healthz", "portal.readyz"}  # asked too often, by machines, to look anyone up


def door(right: str) -> Callable[[F], F]:
    """Open this route to whoever holds that right; `anyone` needs none."""
    if right not in DOORS:
        raise ValueError(right)

    def mark(view: F) -> F:
        view.door = right  # type: ignore[attr-defined]
        return view

    return mark


def me() -> Me:
    """Whoever asks, found once a request: by token alone when one is shown, else by cookie."""
    if "me" not in g:
        g.me = _who()
    return g.me  # type: ignore[no-any-return]


def known() -> Me:
    """Whoever asks, for a page that may itself be the answer to a broken token."""
    return g.get("me") or NOBODY


def demo_world() -> bool:
    """Whether this house is a demonstration; looked up once a process."""
    if "DEMO_WORLD" not in current_app.config:
        demo = select(Person.id).where(Person.demo).limit(1)
        current_app.config["DEMO_WORLD"] = session().scalar(demo) is not None
    return bool(current_app.config["DEMO_WORLD"])


def by_token() -> bool:
    return "Authorization" in request.headers


def _who() -> Me:
    if by_token():
        kind, _blank, token = request.headers["Authorization"].partition(" ")
        found = sessions.whose_token(token.strip(), at=now()) if kind.lower() == "bearer" else NOBODY
        if not found.id:
            raise Refused("sign_in", _("This token opens nothing. Ask for a new one."), status=401)
        return found
    cookie = request.cookies.get(cookie_name("sid"))
    return sessions.whose(cookie, at=now()) if cookie else NOBODY


def settings() -> Settings:
    return current_app.config["SETTINGS"]  # type: ignore[no-any-return]


def cookie_name(name: str) -> str:
    return f"__Host-{name}" if settings().secure else name


def set_cookie(response: Response, name: str, value: str, *, seconds: int) -> None:
    response.set_cookie(
        cookie_name(name), value, max_age=seconds, secure=settings().secure, httponly=True, samesite="Lax", path="/"
    )


def csrf_token() -> str:
    """The sign that a form is ours: HMAC of the session's secret, so it lives as long as the session."""
    cookie = request.cookies.get(cookie_name("sid"), "")
    return hmac.new(settings().secret_key, b"csrf:" + cookie.encode(), hashlib.sha256).hexdigest()


def language() -> str:
    """The reader's language: the person's own; of strangers, what their browser asks for, French first."""
    if not has_request_context():  # a command
        return "fr"
    if known().id:
        return known().language
    asked = (tag.partition("-")[0].lower() for tag, _wish in request.accept_languages)
    return next((tongue for tongue in asked if tongue in LANGUAGES), "fr")


def register(app: Flask) -> None:
    app.before_request(_pass)
    app.jinja_env.globals.update(csrf_token=csrf_token, demo_world=demo_world)
    app.context_processor(lambda: {"me": known()})


def check_all(app: Flask) -> None:
    """Refuse to start while a route has no door."""
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "door")]
    if bare:
        raise RuntimeError(f"no door: {', '.join(sorted(bare))}")


def _pass() -> None:
    if request.endpoint is None:  # nothing stands here; still say so in the reader's language
        _known_if_possible()
        return
    right = str(getattr(current_app.view_functions[request.endpoint], "door"))  # noqa: B009 - a mark of ours, unknown to Flask's types
    if request.endpoint in ANONYMOUS:
        return
    person = insist(right)
    if request.method not in SAFE and not by_token():
        _same_origin()
        if person.id:
            _csrf()


def insist(right: str) -> Me:
    """Whoever asks, if they hold that right; turned away else. For a page that opens to strangers only at times."""
    person = me()
    if not person.may(right):
        _turn_away(person)
    return person


def _turn_away(person: Me) -> None:
    if not person.id:
        raise Refused("sign_in", _("Please sign in."), status=401)
    raise Refused("forbidden", _("Your role does not open this door here."), status=403)


def _known_if_possible() -> None:
    with suppress(Refused):
        me()


def _same_origin() -> None:
    """A browser says where a write comes from; another site's is refused."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    elsewhere = origin is not None and origin.partition("://")[2] != request.host
    if site not in {"same-origin", "none"} or (elsewhere and "Sec-Fetch-Site" not in request.headers):
        raise Refused("other_site", _("This came from another site and was not done."), status=403)


def _csrf() -> None:
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf")
    if not hmac.compare_digest((sent or "").encode(errors="replace"), csrf_token().encode()):
        raise Refused("csrf", _("This page was open too long. Go back, reload it, and send it again."), status=403)
