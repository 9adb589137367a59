"""Trying a hand scanner, in every house; and codes to scan from the screen, in a demonstration."""

from __future__ import annotations

from flask import Blueprint, request

from app.desk import scanner, symbols
from app.errors import NotThere
from app.inputs import LONGEST_LINE, tidy
from app.people.doors import demo_world, door, me, settings
from app.web import AnswerType, page
from app.words import _
from labels import codes

bp = Blueprint("scanner", __name__)


@bp.app_template_global()
def square(code: str) -> str:
    """The QR of the code, as the label bears it."""
    return symbols.square(codes.link(settings().public_url, code))


@bp.app_template_global()
def bars(code: str) -> str:
    return symbols.bars(code)


@bp.route("/scanner", methods=["GET"])
@door("staff")
def try_it() -> AnswerType:
    """A scan comes as words of the address: from the form, or from the script that fills it."""
    text, alt = (str(tidy(request.args.get(word, "")))[:LONGEST_LINE] for word in ("q", "alt"))
    return page("desk/scanner.html", specimen=scanner.SPECIMEN, heard=scanner.reading(text, alt))


@bp.route("/scanner/codes", methods=["GET"])
@door("things")
def samples() -> AnswerType:
    if not demo_world():
        raise NotThere(_("Codes to scan from the screen are there in a demonstration only."))
    return page("desk/scanner_codes.html", samples=scanner.samples(me()))
