"""The letters sent, or waiting to be."""

from __future__ import annotations

from flask import Blueprint

from app.people import letters
from app.people.doors import door, me, settings
from app.web import AnswerType, page

bp = Blueprint("letters", __name__)


@bp.route("/letters", methods=["GET"])
@door("people")
def sent() -> AnswerType:
    return page("people/letters.html", letters=letters.to_colleagues(me()), server=bool(settings().smtp_url))
