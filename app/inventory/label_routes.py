"""Labels: printed for things, printed ahead, tied to a thing by scanning."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for

from app import history
from app.errors import Refused
from app.inputs import LONGEST_CODE
from app.inventory import answers, devices, printing
from app.inventory.forms import Labels, LabelsAsked, NewCodes, TieCode
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, blank, done, file_answer, page, read, read_query, spoken
from app.web.guard import with_camera
from app.web.reading import invalid
from app.words import _
from labels import SHEETS

bp = Blueprint("labels", __name__)
SHEET = ("start_at_out_of_range", "text_too_long", "unprintable_character", "payload_too_long", "label_too_small")


@bp.route("/labels", methods=["GET"])
@door("label")
def labels() -> AnswerType:
    """Choose the sheet and the first free place; codes come from a list, a thing, or labels printed ahead."""
    asked = [c for c in request.args.get("codes", "").split(",") if c]
    codes = asked or _printed_ahead(request.args.get("ahead", ""))
    return page(
        "inventory/labels.html",
        form=blank(Labels, codes=codes, medium="L7160", start_at=1),
        blank=blank(NewCodes, count=21, medium="L7160", start_at=1),
        sheets=SHEETS,
        real=settings().labels_allowed,
    )


def _printed_ahead(text: str) -> list[str]:
    try:
        act = history.by_uuid(UUID(text)) if text else None
    except ValueError:
        return []
    return list(devices.ahead_of_act(act)) if act and act.kind == "codes_ahead" and act.author == me().id else []


@bp.route("/labels.pdf", methods=["GET"])
@door("label")
@spoken(asks=LabelsAsked, media="application/pdf", doubts=SHEET)
def labels_pdf() -> AnswerType:
    wish = read_query(LabelsAsked)
    codes = [c[:LONGEST_CODE] for c in wish.codes.split(",") if c]
    if len(codes) > printing.IN_AN_ADDRESS:
        words = _("At most %(n)s labels in one address: send the rest by POST.", n=printing.IN_AN_ADDRESS)
        raise Refused("invalid", words, status=422, fields={"codes": words})
    return _drawn(Labels(codes=codes, medium=wish.medium, start_at=wish.start_at))


@bp.route("/labels.pdf", methods=["POST"])
@door("label")
@spoken(takes=Labels, media="application/pdf", doubts=SHEET)
def post_labels_pdf() -> AnswerType:
    form = read(Labels)
    if form.wish is None:
        raise invalid(form.faults)
    return _drawn(form.wish)


def _drawn(wish: Labels) -> AnswerType:
    pdf = printing.sheet(
        wish.codes,
        medium=wish.medium,
        start_at=wish.start_at,
        public_url=settings().public_url,
        real=settings().labels_allowed,
    )
    return file_answer(pdf, "application/pdf", "etiquettes.pdf", inline=True)


@bp.route("/codes", methods=["POST"])
@door("label")
@spoken(takes=NewCodes, gives=answers.CodesAnswer)
def print_ahead() -> AnswerType:
    """Give codes to blank labels; the sheet is drawn from the page that follows."""
    form = read(NewCodes)
    codes = form.insist(devices.print_ahead, by=me(), at=now(), again=devices.ahead_of_act)
    go = url_for("labels.labels", ahead=form.wish and form.wish.id)
    return done(answers.CodesAnswer(codes=list(codes)), go=go, say=_("The codes are ready to print."), form=form)


@bp.route("/tie", methods=["GET", "POST"])
@door("label")
@spoken(takes=TieCode, gives=answers.DeviceAnswer, refuses=("thing_unknown", "code_taken", "code_unknown", "not_here"))
@with_camera
def tie() -> AnswerType:
    """Stick a blank label, scan it, scan the serial."""
    form = read(TieCode, code=request.args.get("code", ""), thing=request.args.get("thing", ""))
    if device := form.submit(devices.tie, by=me(), at=now(), again=devices.of_act):
        say = _("%(name)s bears this label now.", name=device.name)
        return done(answers.device(device), go=url_for("desk.thing", code=device.code), say=say, form=form)
    return page("inventory/tie.html", form=form)
