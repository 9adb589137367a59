"""What tells the public of the Union's money in an operation: what is due, what was seen, with its photos."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app import files
from app import papers as documents
from app.errors import NotThere
from app.finance import publicity, purse
from app.finance.models import Operation
from app.finance.publicity import PublicityAnswer, Show, Shown
from app.finance.spending_forms import Withdraw
from app.inventory.received import stored
from app.people.doors import door, me, settings
from app.times import now, today
from app.web import AnswerType, Form, blank, done, file_answer, page, read, spoken
from app.web.reading import sent_file
from app.words import _

bp = Blueprint("publicity", __name__)
DOUBTS = ("not_a_photo", "not_a_document")


@bp.route("/finance/operations/<operation>/publicity", methods=["GET"])
@door("money")
@spoken(gives=Shown)
def of_operation(operation: str) -> AnswerType:
    return _show(purse.operation(operation, me()), blank(Show, seen_on=today(), kind="poster"))


def _show(row: Operation, form: Form[Any]) -> AnswerType:
    found, centres = publicity.of(row), publicity.centres(row)
    mine = [one for one in centres if purse.leads(row, me()) or purse.spends(one.organisation_id, me())]
    return page(
        "finance/publicity.html",
        form=form,
        answer=Shown(items=[publicity.answer(one) for one in found], next=None),
        operation=row,
        found=found,
        rule=publicity.plaque_rule(row),
        last={one.kind: one for one in reversed(found)},
        posters=[(centre, next((one for one in found if one.centre_id == centre.id), None)) for centre in centres],
        centres=[(one.id, one.name) for one in mine],
        changes=me().may("spend"),
        leads=purse.leads(row, me()),
    )


@bp.route("/finance/operations/<operation>/publicity", methods=["POST"])
@door("spend")
@spoken(takes=Show, gives=PublicityAnswer, made=True, doubts=DOUBTS)
def show(operation: str) -> AnswerType:
    """The photo comes beside, as the part `file` of a form."""
    row, form, sent = purse.operation(operation, me()), read(Show), None
    with form.looking():
        content = sent_file("file") if form.wish else b""
        sent = stored(content, documents.kept(content), "finance") if content else None
    if one := form.submit(publicity.show, row, sent, by=me(), at=now(), again=publicity.of_act):
        go = url_for("publicity.of_operation", operation=row.number)
        undo = url_for("publicity.take_off", operation=row.number, shown=one.id)
        return done(publicity.answer(one), go=go, say=_("It is written down."), undo=undo, form=form, new=True)
    return _show(row, form)


@bp.route("/finance/operations/<operation>/publicity/<int:shown>/photo", methods=["GET"])
@door("money")
def photo(operation: str, shown: int) -> AnswerType:
    """A picture of ours is shown; a PDF of somebody else's is only saved."""
    file = publicity.get(purse.operation(operation, me()), shown).file
    path = files.path_of(settings().instance, file) if file else None
    if file is None or path is None or not path.exists():
        raise NotThere(_("This file is lost. Somebody who keeps the backups may have it."))
    picture = file.media_type.startswith("image/")
    name = f"publicite-{shown}.{'jpg' if picture else 'pdf'}"
    return file_answer(path.read_bytes(), file.media_type, name, inline=picture)


@bp.route("/finance/operations/<operation>/publicity/<int:shown>/off", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=PublicityAnswer)
def take_off(operation: str, shown: int) -> AnswerType:
    row, form = purse.operation(operation, me()), read(Withdraw)
    one = form.insist(publicity.take_off, row, shown, by=me(), at=now(), again=publicity.of_act)
    go = url_for("publicity.of_operation", operation=row.number)
    undo = url_for("publicity.put_back", operation=row.number, shown=shown)
    return done(publicity.answer(one), go=go, say=_("It is taken back."), undo=undo, form=form)


@bp.route("/finance/operations/<operation>/publicity/<int:shown>/back", methods=["POST"])
@door("spend")
@spoken(takes=Withdraw, gives=PublicityAnswer, refuses=("in_force",))
def put_back(operation: str, shown: int) -> AnswerType:
    row, form = purse.operation(operation, me()), read(Withdraw)
    one = form.insist(publicity.put_back, row, shown, by=me(), at=now(), again=publicity.of_act)
    go = url_for("publicity.of_operation", operation=row.number)
    return done(publicity.answer(one), go=go, say=_("It stands again."), form=form)
