"""Photos and documents of a thing, each through the door of the thing it hangs on."""

from __future__ import annotations

from flask import Blueprint, url_for

from app import files, papers
from app.errors import NotThere
from app.inventory import attachments, catalogue_answers, devices, received
from app.inventory.attachments import Attachment
from app.inventory.catalogue_forms import AddFile, LetFileGo, PutFileBack
from app.inventory.models import Device
from app.inventory.printed import Photo
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, Form, blank, done, file_answer, page, read, spoken
from app.words import _

bp = Blueprint("papers", __name__)


@bp.route("/devices/<code>/files", methods=["GET"])
@door("things")
@spoken(gives=catalogue_answers.Files)
def of_thing(code: str) -> AnswerType:
    return _page(devices.get(code, me()), blank(AddFile, kind="photo"))


def _page(device: Device, form: Form[AddFile]) -> AnswerType:
    rows = attachments.of(device.id)
    answer = catalogue_answers.Files(items=[_said(device, row) for row in rows], next=None)
    mine = device.centre_id == me().centre_id and me().may("label")
    return page("inventory/files.html", form=form, answer=answer, device=device, files=rows, mine=mine)


def _said(device: Device, row: Attachment) -> catalogue_answers.FileAnswer:
    return catalogue_answers.file(row, url_for("papers.one", code=device.code, number=row.id))


@bp.route("/devices/<code>/files", methods=["POST"])
@door("label")
@spoken(
    takes=AddFile,
    gives=catalogue_answers.FileAnswer,
    refuses=("not_here", "too_many_files"),
    doubts=("not_a_photo", "not_a_document", "file_missing"),
)
def add(code: str) -> AnswerType:
    """The file comes beside, as the part `file` of a form; what it is, its content says."""
    device, form, sent = devices.get(code, me()), read(AddFile), None
    with form.looking():
        sent = _sent(form.wish) if form.wish else None
    if sent and (row := form.submit(attachments.add, device, sent, by=me(), at=now(), again=attachments.of_act)):
        go = url_for("papers.of_thing", code=device.code)
        return done(_said(device, row), go=go, say=_("It is on the card now."), form=form)
    return _page(device, form)


def _sent(wish: AddFile) -> Photo:
    """What is stored of the file, written down. A photo is a picture; a document may be one too, or a PDF."""
    content = received.chosen("file")
    return received.stored(content, papers.picture(content) if wish.kind == "photo" else papers.kept(content), "thing")


@bp.route("/devices/<code>/files/<int:number>", methods=["GET"])
@door("things")
def one(code: str, number: int) -> AnswerType:
    """A picture of ours is shown; a PDF of somebody else's is only saved."""
    device = devices.get(code, me())
    row = attachments.get(device, number)
    path = files.path_of(settings().instance, row.file)
    if not path.exists():  # `flask verify` names it
        raise NotThere(_("This file is lost. Somebody who keeps the backups may have it."))
    end = "jpg" if row.is_picture else "pdf"
    return file_answer(path.read_bytes(), row.file.media_type, f"{device.code}-{row.id}.{end}", inline=row.is_picture)


@bp.route("/devices/<code>/files/<int:number>/remove", methods=["POST"])
@door("label")
@spoken(takes=LetFileGo, gives=catalogue_answers.FileAnswer, refuses=("not_here",))
def remove(code: str, number: int) -> AnswerType:
    device, form = devices.get(code, me()), read(LetFileGo)
    row = form.insist(attachments.let_go, device, number, by=me(), at=now(), again=attachments.of_act)
    go = url_for("papers.of_thing", code=device.code)
    undo = url_for("papers.put_back", code=device.code, number=number)
    say = _("It is off the card. In a week it is destroyed for good.")
    return done(_said(device, row), go=go, say=say, undo=undo, form=form)


@bp.route("/devices/<code>/files/<int:number>/put-back", methods=["POST"])
@door("label")
@spoken(takes=PutFileBack, gives=catalogue_answers.FileAnswer, refuses=("not_here", "too_late_to_undo"))
def put_back(code: str, number: int) -> AnswerType:
    device, form = devices.get(code, me()), read(PutFileBack)
    row = form.insist(attachments.put_back, device, number, by=me(), at=now(), again=attachments.of_act)
    go = url_for("papers.of_thing", code=device.code)
    return done(_said(device, row), go=go, say=_("It is on the card again."), form=form)
