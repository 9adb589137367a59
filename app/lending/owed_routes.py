"""What is still owed: the list, and what became of each part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, url_for

from app.inventory import supplies
from app.inventory.stock_forms import SupplyList
from app.inventory.supplies import SupplyStock
from app.lending import answers, owed
from app.lending.forms import EndOwed, OwedList, ReopenOwed
from app.lending.models import OwedPart
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, read_query, slice_of, spoken
from app.words import _

bp = Blueprint("owed", __name__)
SAID = {
    "received": _("It came back. Thank you to them."),
    "replaced": _("Replaced: one of the supplies goes with it now."),
    "let_go": _("It is let go: nothing is asked any more."),
}


@bp.app_template_global()
def owed_endings() -> dict[str, Any]:
    return {
        "received": _("Brought back"),
        "replaced": _("Replaced"),
        "let_go": _("No longer asked for"),
        "undone": _("Undone"),
    }


@bp.route("/owed", methods=["GET"])
@door("households")
@spoken(asks=OwedList, gives=answers.OwedParts)
def list_owed() -> AnswerType:
    wish = read_query(OwedList)
    found = slice_of(owed.listed(wish, me()), wish, by=(OwedPart.id,), key=lambda part: (part.id,), backwards=True)
    answer = answers.OwedParts(items=[answers.owed_part(part) for part in found.rows], next=found.next)
    return page("lending/owed.html", answer=answer, found=found, wish=wish)


@bp.route("/owed/<int:number>", methods=["GET"])
@door("households")
@spoken(gives=answers.OwedAnswer)
def show(number: int) -> AnswerType:
    return _show(owed.get(number, me()), blank(EndOwed, how="received"))


def _show(part: OwedPart, form: Form[EndOwed] | Form[ReopenOwed]) -> AnswerType:
    return page("lending/owed_part.html", form=form, answer=answers.owed_part(part), part=part, spare=_spare())


def _spare() -> Sequence[SupplyStock]:
    """The accessories of which this centre has some left."""
    found = supplies.stocks_of(supplies.all_of(SupplyList(kind="accessory")), me())
    return [stock for stock in found if stock.on_hand]


@bp.route("/owed/<int:number>/end", methods=["POST"])
@door("lend")
@spoken(takes=EndOwed, gives=answers.OwedAnswer, refuses=("part_settled", "not_enough"))
def end(number: int) -> AnswerType:
    part, form = owed.get(number, me()), read(EndOwed)
    if form.submit(owed.end, part, by=me(), at=now(), again=owed.of_act):
        undo = url_for("owed.reopen", number=part.id)
        say = SAID[str(part.ending)]
        return done(answers.owed_part(part), go=_loan(part), say=say, undo=undo, form=form)
    return _show(part, form)


@bp.route("/owed/<int:number>/reopen", methods=["POST"])
@door("lend")
@spoken(takes=ReopenOwed, gives=answers.OwedAnswer, refuses=("too_late_to_undo",))
def reopen(number: int) -> AnswerType:
    part, form = owed.get(number, me()), read(ReopenOwed)
    form.insist(owed.reopen, part, by=me(), at=now(), again=owed.of_act)
    return done(answers.owed_part(part), go=_loan(part), say=_("Undone: it is owed again."), form=form)


def _loan(part: OwedPart) -> str:
    return url_for("lending.show", uuid=part.line.loan.uuid)
