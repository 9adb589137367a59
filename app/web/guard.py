"""Headers of every answer, the folder of statics, and the size of what may be sent."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, request, send_from_directory
from werkzeug.routing import IntegerConverter

F = TypeVar("F", bound=Callable[..., Any])
MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 25 * MEGABYTE
LARGEST_FORM = 500_000
RETRY_AFTER = {429: "900", 503: "3"}  # seconds: the window of tries, and a lock that others hold
# The parts of the style in their order; a test holds that none is forgotten.
STYLE = (
    "tokens", "base", "frame", "acts", "scan", "states", "things", "lists", "fields", "lend", "say", "tables", "labels",
    "public", "money", "calls", "calendar", "visit", "agreement", "count", "aids", "print",
)  # fmt: skip
FOREVER = "public, max-age=31536000, immutable"

_SELF = (
    "default-src 'none'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
PLAIN_CSP = _SELF.format(wasm="")
CAMERA_CSP = _SELF.format(wasm=" 'wasm-unsafe-eval'")  # the decoder is WebAssembly; only where the camera is


def with_camera(view: F) -> F:
    """Let this page open the camera and run the decoder."""
    view.camera = True  # type: ignore[attr-defined]
    return view


def with_secret(view: F) -> F:
    """The address of this page is a secret: nothing asked for from it is told where it was asked."""
    view.secret = True  # type: ignore[attr-defined]
    return view


class Number(IntegerConverter):
    """A number in an address; beyond fifteen figures no row of any database bears it."""

    regex = r"[0-9]{1,15}"


def register(app: Flask, *, secure: bool) -> None:
    app.url_map.converters["int"] = Number
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    app.config["MAX_FORM_PARTS"] = 2000
    folder = Path(app.root_path) / "static"
    mark = _mark_of(folder)
    mimetypes.add_type("application/wasm", ".wasm")
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("font/woff2", ".woff2")

    style = _style(folder / "css")

    def statics(_mark: str, name: str) -> Response:
        joined = name == "css/all.css"
        response = Response(style, mimetype="text/css") if joined else send_from_directory(folder, name)
        response.headers["Cache-Control"] = FOREVER if _mark == mark else "no-cache"
        return response

    statics.door = "anyone"  # type: ignore[attr-defined]
    app.add_url_rule("/s/<_mark>/<path:name>", "statics", statics)
    app.jinja_env.globals["static"] = f"/s/{mark}/"
    app.before_request(_small_form)
    app.after_request(_headers(app, secure))


def _small_form() -> None:
    """MAX_FORM_MEMORY_SIZE looks at multipart alone; a plain form is held to the same size."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = LARGEST_FORM


def _headers(app: Flask, secure: bool) -> Callable[[Response], Response]:
    fixed = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    }
    if secure:
        fixed["Strict-Transport-Security"] = "max-age=31536000"

    def add(response: Response) -> Response:
        headers = response.headers
        for name, value in fixed.items():
            headers[name] = value
        view = app.view_functions.get(request.endpoint or "")
        headers["Content-Security-Policy"] = CAMERA_CSP if hasattr(view, "camera") else PLAIN_CSP
        if hasattr(view, "secret"):
            headers["Referrer-Policy"] = "no-referrer"
        if wait := RETRY_AFTER.get(response.status_code):
            headers["Retry-After"] = wait
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
            headers["Vary"] = "Accept, Accept-Language, Cookie, Authorization"
        return response

    return add


def _style(folder: Path) -> str:
    """All parts of the style as one file: one request instead of twenty."""
    return "\n".join((folder / f"{part}.css").read_text(encoding="utf-8") for part in STYLE)


def _mark_of(folder: Path) -> str:
    """A short hash over all statics: a new version is a new folder, so nothing stale is ever used."""
    sum_ = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sum_.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return sum_.hexdigest()[:12]
