"""The public side. A label shows strangers one page, whatever its code: never a name, place, price or state."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from sqlalchemy import text

from app.db import session
from app.inventory import found, printing
from app.inventory.forms import Found
from app.people import secrets
from app.people.answers import Nothing
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, done, page, read
from app.web.openapi import document
from app.words import _
from labels import codes

bp = Blueprint("portal", __name__)


@bp.route("/e/<code>", methods=["GET", "POST"])
@bp.route("/E/<code>", methods=["GET", "POST"])
@door("anyone")
def label(code: str) -> AnswerType:
    """Where a QR code leads: staff to the thing, anybody else to one and the same page."""
    if me().may("things") and request.method == "GET":
        return redirect(url_for("desk.scan", q=codes.parse(code) or code[:40]), 303)  # type: ignore[return-value]
    return _found(code, read(Found))


def _found(code: str, form: Form[Found]) -> AnswerType:
    if form.wish:
        with form.looking():
            secrets.throttle("found", request.remote_addr or "", at=now(), tries=10)
    if form.submit(found.leave_note, codes.parse(code) or "", by=None, at=now()):
        return done(Nothing(), go=url_for("portal.thanks"), say=_("Thank you. Your message has arrived."))
    return page("portal/found.html", form=form, phone=printing.federation_phone())


@bp.route("/thanks", methods=["GET"])
@door("anyone")
def thanks() -> AnswerType:
    return page("portal/thanks.html", phone=printing.federation_phone())


@bp.route("/notes/<int:number>/settle", methods=["POST"])
@door("lend")
def settle_note(number: int) -> AnswerType:
    """Somebody has called back: what the finder left to be reached goes."""
    form = read(found.SettleNote)
    form.insist(found.settle, number, by=me(), at=now())
    return done(Nothing(), go=url_for("desk.board"), say=_("The message is dealt with."))


@bp.route("/help", methods=["GET"])
@door("anyone")
def help_page() -> AnswerType:
    return page("portal/help.html")


@bp.route("/your-data", methods=["GET"])
@door("anyone")
def your_data() -> AnswerType:
    return page("portal/your_data.html", phone=printing.federation_phone())


@bp.route("/accessibility", methods=["GET"])
@door("anyone")
def accessibility() -> AnswerType:
    return page("portal/accessibility.html", phone=printing.federation_phone())


@bp.route("/openapi.json", methods=["GET"])
@door("anyone")
def openapi() -> Response:
    return jsonify(document(current_app))


@bp.route("/healthz", methods=["GET"])
@door("anyone")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"ok": True})


@bp.route("/readyz", methods=["GET"])
@door("anyone")
def readyz() -> tuple[Response, int]:
    """The database answers, too."""
    try:
        session().execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 - whatever it is, we are not ready
        return jsonify({"ok": False}), 503
    return jsonify({"ok": True}), 200
