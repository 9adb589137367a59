"""The waiting list: who waits for which model, for people and programs alike."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.lending import booking_answers as answers
from app.lending import waiting
from app.lending.booking_forms import StopWaiting, Wait, WaitFirst, WaitingList
from app.lending.booking_models import Waiting
from app.lending.booking_routes import household_of, models_here
from app.people import households
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, read_query, slice_of, spoken
from app.words import _

bp = Blueprint("waiting", __name__)


@bp.route("/waiting", methods=["GET"])
@door("households")
@spoken(asks=WaitingList, gives=answers.WaitingRows)
def waiting_list() -> AnswerType:
    return _waiting(blank(Wait))


@bp.route("/waiting", methods=["POST"])
@door("lend")
@spoken(takes=Wait, gives=answers.WaitingAnswer, made=True, refuses=("waits_already", "household_unknown"))
def wait() -> AnswerType:
    form = read(Wait)
    if row := form.submit(waiting.wait, by=me(), at=now(), again=waiting.of_act):
        say = _("%(who)s is on the list. The desk is told when one is free.", who=row.household.name)
        return done(answers.waiting(row), go=url_for("waiting.waiting_list"), say=say, form=form, new=True)
    return _waiting(form)


def _waiting(form: Form[Any]) -> AnswerType:
    wish = WaitingList() if form.sent else read_query(WaitingList)
    query = waiting.listed(wish, me())
    if wish.household:
        query = query.where(Waiting.household.has(code=wish.household))
    found = slice_of(query, wish, by=(Waiting.id,), key=lambda row: (row.id,))
    answer = answers.WaitingRows(items=[answers.waiting(row) for row in found.rows], next=found.next)
    return page(
        "lending/waiting.html",
        form=form,
        answer=answer,
        rows=waiting.in_order(wish, me()),
        choices=[(number, name) for number, name, _count in models_here()],
        people=households.recent(me(), most=12),
        household=household_of(wish.household or ""),
    )


@bp.route("/waiting/<uuid>/stop", methods=["POST"])
@door("lend")
@spoken(takes=StopWaiting, gives=answers.WaitingAnswer, refuses=("not_waiting",))
def stop_waiting(uuid: str) -> AnswerType:
    row, form = waiting.get(uuid, me()), read(StopWaiting)
    row = form.insist(waiting.stop, row, by=me(), at=now(), again=waiting.of_act)
    say = _("%(who)s does not wait any more.", who=row.household.name)
    return done(answers.waiting(row), go=url_for("waiting.waiting_list"), say=say, form=form)


@bp.route("/waiting/<uuid>/first", methods=["POST"])
@door("privacy")
@spoken(takes=WaitFirst, gives=answers.WaitingAnswer, refuses=("not_waiting",))
def wait_first(uuid: str) -> AnswerType:
    row, form = waiting.get(uuid, me()), read(WaitFirst)
    if form.submit(waiting.first, row, by=me(), at=now(), again=waiting.of_act):
        say = _("%(who)s comes first now.", who=row.household.name)
        return done(answers.waiting(row), go=url_for("waiting.waiting_list"), say=say, form=form)
    return _waiting(form)
