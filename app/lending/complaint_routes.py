"""The copies of complaints on a loan, each through the door of its household's people."""

from __future__ import annotations

from flask import Blueprint, url_for

from app import files, papers
from app.errors import NotThere
from app.inventory import received
from app.inventory.printed import Photo
from app.lending import complaints, loan_page, loans
from app.lending.complaints import AddComplaint, Complaint, ComplaintAnswer, RemoveComplaint
from app.people.doors import door, me, settings
from app.times import now
from app.web import AnswerType, done, file_answer, read, spoken
from app.words import _

bp = Blueprint("complaints", __name__)


@bp.route("/loans/<uuid>/complaints", methods=["POST"])
@door("lend")
@spoken(
    takes=AddComplaint,
    gives=ComplaintAnswer,
    refuses=("too_many_files",),
    doubts=("not_a_photo", "not_a_document", "file_missing"),
)
def add(uuid: str) -> AnswerType:
    loan, form, sent = loans.get(uuid, me()), read(AddComplaint), None
    with form.looking():
        sent = _sent() if form.wish else None
    if sent and (row := form.submit(complaints.add, loan, sent, by=me(), at=now(), again=complaints.of_act)):
        return done(_said(uuid, row), go=_page(uuid), say=_("The copy is kept with this loan."), form=form)
    return loan_page.shown(loan, form)


def _sent() -> Photo:
    content = received.chosen("file")
    return received.stored(content, papers.kept(content), "loan")


@bp.route("/loans/<uuid>/complaints/<int:complaint>", methods=["GET"])
@door("households")
def one(uuid: str, complaint: int) -> AnswerType:
    """A picture of ours is shown; a PDF of somebody else's is only saved."""
    row = complaints.get(loans.get(uuid, me()), complaint)
    path, picture = files.path_of(settings().instance, row.file), row.file.media_type.startswith("image/")
    if not path.exists():  # `flask verify` names it
        raise NotThere(_("This file is lost. Somebody who keeps the backups may have it."))
    name = f"plainte-{row.id}.{'jpg' if picture else 'pdf'}"
    return file_answer(path.read_bytes(), row.file.media_type, name, inline=picture)


@bp.route("/loans/<uuid>/complaints/<int:complaint>/remove", methods=["POST"])
@door("lend")
@spoken(takes=RemoveComplaint, gives=ComplaintAnswer)
def remove(uuid: str, complaint: int) -> AnswerType:
    loan, form = loans.get(uuid, me()), read(RemoveComplaint)
    row = form.insist(complaints.remove, loan, complaint, by=me(), at=now(), again=complaints.of_act)
    return done(_said(uuid, row), go=_page(uuid), say=_("The copy is off this loan. In a week it is gone."), form=form)


def _said(uuid: str, row: Complaint) -> ComplaintAnswer:
    href = url_for("complaints.one", uuid=uuid, complaint=row.id)
    told = {"id": row.id, "media_type": row.file.media_type, "size": row.file.size, "stored_at": row.file.stored_at}
    return ComplaintAnswer(**told, href=href)


def _page(uuid: str) -> str:
    return url_for("lending.show", uuid=uuid)
