"""Labels: printed for things, printed ahead, tied to a thing by scanning."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from sqlalchemy import Select, func, select

from app import files, history, papers, photos
from app.db import session
from app.errors import NotThere, Refused
from app.imports import tables
from app.inputs import LONGEST_CODE, invalid
from app.inventory import answers, devices, printed, printers, printing, received
from app.inventory.forms import (
    AT_ONCE,
    ForgetPrinter,
    Labels,
    LabelsAsked,
    LabelsLook,
    LabelsPage,
    NewCodes,
    PlaceLabel,
    TestPage,
    TieCode,
    TunePrinter,
)
from app.inventory.models import Device
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, blank, done, file_answer, page, read, read_query, spoken
from app.web.guard import with_camera
from app.web.reading import sent_file
from app.words import _
from labels import Sheet, media, render_test_page

bp = Blueprint("labels", __name__)
SHEET = (
    "start_at_out_of_range",
    "statement_too_long",
    "contact_too_long",
    "text_too_long",
    "unprintable_character",
    "payload_too_long",
    "label_too_small",
)


@bp.route("/labels", methods=["GET"])
@door("label")
def labels() -> AnswerType:
    """Choose the sheet and the first free place; codes come from a list, a thing, an import, labels printed ahead."""
    asked = read_query(LabelsPage)
    codes = [c[:LONGEST_CODE] for text in asked.codes for c in text.split(",") if c]
    codes = codes or _printed_ahead(asked.ahead) or _brought(asked.brought, asked.start)
    return _labels(codes, asked)


@bp.route("/labels", methods=["POST"])
@door("label")
def look() -> AnswerType:
    """The same for the codes on the page, another sheet or place: nothing is written or printed."""
    form = read(LabelsLook)
    if form.wish is None:
        raise invalid(form.faults)
    return _labels(form.wish.codes, form.wish)


def _labels(codes: list[str], asked: LabelsPage | LabelsLook) -> AnswerType:
    medium = asked.medium or printed.usual_medium(me())
    place = asked.start_at or printed.next_place(me(), medium)
    form = blank(Labels, codes=codes, medium=medium, start_at=place)
    return page(
        "inventory/labels.html",
        form=form,
        blank=blank(NewCodes, count=21),
        groups=printing.groups(),
        derived=media(medium).derived,
        real=settings().labels_allowed,
        renew=session().scalar(select(func.count()).select_from(_to_renew().subquery())),
        **_looked_at(form, Labels.model_validate({"codes": codes, "medium": medium, "start_at": place})),
    )


def _looked_at(form: Form[Labels], wish: Labels) -> dict[str, Any]:
    """The first page as it would be printed; nothing while no label is chosen or it cannot be drawn."""
    if not wish.codes:
        return {}
    with form.looking():
        picture, pages, left = printing.preview(wish, **_house())
        return {"picture": picture, "pages": pages, "left": left}
    return {}


@bp.route("/labels/renew", methods=["GET"])
@door("label")
def renew() -> AnswerType:
    """Things whose label says something that is no longer so."""
    things = session().scalars(_to_renew().order_by(Device.folded, Device.id).limit(printing.IN_AN_ADDRESS)).all()
    return page("inventory/renew.html", things=things)


def _to_renew() -> Select[Any]:
    return printed.to_renew(me(), printing.contact_of_all())


def _printed_ahead(uuid: UUID | None) -> list[str]:
    act = history.by_uuid(uuid) if uuid else None
    return list(devices.ahead_of_act(act)) if act and act.kind == "codes_ahead" and act.author == me().id else []


def _brought(uuid: UUID | None, start: int) -> list[str]:
    return tables.get(str(uuid), me()).brought[start : start + AT_ONCE] if uuid else []


@bp.route("/labels.pdf", methods=["GET"])
@door("label")
@spoken(asks=LabelsAsked, media="application/pdf", doubts=SHEET)
def labels_pdf() -> AnswerType:
    wish = read_query(LabelsAsked)
    codes = [c[:LONGEST_CODE] for c in wish.codes.split(",") if c]
    if len(codes) > printing.IN_AN_ADDRESS:
        words = _("At most %(n)s labels in one address: send the rest by POST.", n=printing.IN_AN_ADDRESS)
        raise Refused("invalid", words, status=422, fields={"codes": words})
    asked = Labels(codes=codes, medium=wish.medium, start_at=wish.start_at)
    return _file(_sheet(asked).pdf)


@bp.route("/labels.pdf", methods=["POST"])
@door("label")
@spoken(takes=Labels, media="application/pdf", doubts=SHEET)
def post_labels_pdf() -> AnswerType:
    form = read(Labels)
    if form.wish is None:
        raise invalid(form.faults)
    drawn = _sheet(form.wish)
    form.insist(printed.keep, drawn, by=me(), at=now(), again=lambda _act: drawn)
    return _file(drawn.pdf)


@bp.route("/labels/test-page.pdf", methods=["GET"])
@door("label")
@spoken(asks=TestPage, media="application/pdf")
def try_sheet() -> AnswerType:
    """Every place outlined and two rulers, printed as sheets are: held against one, it tells what is left to tune."""
    wish = read_query(TestPage)
    pdf = render_test_page(wish.medium, calibration=printers.calibration(me(), wish.medium))
    return file_answer(pdf, "application/pdf", "reglage.pdf", inline=True)


@bp.route("/labels/printer", methods=["GET", "POST"])
@door("label")
@spoken(takes=TunePrinter, gives=answers.PrinterAnswer, refuses=("no_centre",), doubts=("calibration_out_of_range",))
def printer() -> AnswerType:
    """Tune the printer of this centre by its test page."""
    form = read(TunePrinter, **printers.NOTHING_SEEN)
    if row := form.submit(printers.tune, by=me(), at=now(), again=printers.of_act):
        say = _("The printer is tuned. Print the page once more to see whether the frames fall right.")
        return done(answers.printer(row), go=url_for("labels.printer"), say=say, form=form)
    medium = printed.usual_medium(me())
    sheet = medium if isinstance(media(medium), Sheet) else printed.USUAL
    return page("inventory/printer.html", form=form, sheet=sheet, row=printers.of(me().centre_id))


@bp.route("/labels/printer/forget", methods=["POST"])
@door("label")
@spoken(takes=ForgetPrinter, gives=answers.PrinterAnswer, refuses=("no_centre",))
def forget_printer() -> AnswerType:
    form = read(ForgetPrinter)
    row = form.insist(printers.forget, by=me(), at=now(), again=printers.of_act)
    return done(answers.printer(row), go=url_for("labels.printer"), say=_("Sheets are drawn as they are."), form=form)


def _sheet(wish: Labels) -> printed.Drawn:
    """The labels as the printer of this centre needs them."""
    return printing.sheet(wish, **_house(), calibration=printers.calibration(me(), wish.medium))


def _house() -> dict[str, Any]:
    return {"public_url": settings().public_url, "real": settings().labels_allowed}


def _file(pdf: bytes) -> AnswerType:
    return file_answer(pdf, "application/pdf", "etiquettes.pdf", inline=True)


@bp.route("/devices/<code>/placed", methods=["GET", "POST"])
@door("label")
@spoken(takes=PlaceLabel, gives=answers.DeviceAnswer, refuses=("not_here",), doubts=("not_a_photo",))
def place(code: str) -> AnswerType:
    """The label is on the thing: with a photo, it is what an auditor asks for."""
    device, form, photo = devices.get(code, me()), read(PlaceLabel), None
    with form.looking():
        photo = _photo()
    if form.submit(printed.place, device, photo, by=me(), at=now(), again=devices.of_act):
        go = url_for("desk.thing", code=device.code)
        return done(answers.device(device), go=go, say=_("Noted: its label is in place."), form=form)
    return page("inventory/placed.html", form=form, device=device)


def _photo() -> printed.Photo | None:
    """The photo that was sent, drawn anew and written down; nothing when none was."""
    content = sent_file("photo")
    return received.stored(content, papers.picture(content, field="photo"), "label") if content else None


@bp.route("/devices/<code>/label.jpg", methods=["GET"])
@door("things")
def label_photo(code: str) -> AnswerType:
    seen = printed.placed(devices.get(code, me()).id)
    if seen is None or seen.photo is None or seen.photo.destroyed_at:
        raise NotThere(_("There is no photo of this label."))
    content = files.path_of(settings().instance, seen.photo).read_bytes()
    return file_answer(content, photos.MEDIA_TYPE, "etiquette.jpg", inline=True)


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
