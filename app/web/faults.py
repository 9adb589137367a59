"""What people and programs are told when something is not there, not allowed, malformed, or broken."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, Response, make_response, redirect, request, url_for
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, SecurityError

from app.db import read_again
from app.errors import Busy, Refused
from app.web.answers import AnswerType, refusal
from app.web.folding import draw
from app.web.reading import wants_json
from app.words import _

log = logging.getLogger(__name__)

OF_STATUS: dict[int, tuple[str, Any]] = {
    400: ("bad_request", _("What was sent could not be read.")),
    401: ("sign_in", _("Please sign in.")),
    403: ("forbidden", _("You can see this, but not do it here.")),
    404: ("not_found", _("There is nothing here for you. Check the address or the code.")),
    405: ("method_not_allowed", _("This cannot be done at this address.")),
    406: ("not_acceptable", _("This address answers people only.")),
    413: ("too_large", _("This is too large. The limit is 25 MB.")),
    415: ("unsupported_media_type", _("Send a form or JSON.")),
    429: ("too_many", _("Too many tries. Wait a little, then try again.")),
    503: ("busy", _("Many people are writing right now. Nothing was lost: try again in a few seconds.")),
}
MALFORMED = (RecursionError, OverflowError, UnicodeError, DataError)


def register(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _refused(no: Refused) -> AnswerType:
    read_again()
    if no.status == 401 and not wants_json():  # noqa: PLR2004
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("people.sign_in", next=here), 303)  # type: ignore[return-value]
    if wants_json():
        return refusal(no)
    return draw("web/fault.html", no=no), no.status


def _http(wrong: HTTPException) -> Any:
    if wrong.response is not None or (wrong.code or 500) < 400:  # noqa: PLR2004 - a redirect of the router
        return wrong
    if isinstance(wrong, SecurityError):  # asked under another host: no address of ours can be built
        return Response(str(OF_STATUS[400][1]), 400, mimetype="text/plain")
    code, words = OF_STATUS.get(wrong.code or 500, ("bad_request", OF_STATUS[400][1]))
    answer = make_response(_refused(Refused(code, words, status=wrong.code or 500)))
    for name, value in wrong.get_headers(request.environ):
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _busy(_trouble: Busy) -> AnswerType:
    code, words = OF_STATUS[503]
    return _refused(Refused(code, words, status=503))


def _broken(trouble: Exception) -> AnswerType:
    """A fault of ours, logged with a number people can read out; or text no database takes, which is malformed."""
    read_again()
    if isinstance(trouble, MALFORMED):
        code, words = OF_STATUS[400]
        return _refused(Refused(code, words, status=400))
    number = secrets.token_hex(4)
    log.error("request failed, number %s", number, exc_info=trouble)
    no = Refused("broken", _("Something broke here. Tell us this number: %(number)s.", number=number), status=500)
    return _refused(no)
