"""The ladder of a centre: its hour, whom residents answer, and the day and words of each rung."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.db import session
from app.errors import NotThere
from app.lending import ladder, reminder_answers, reminder_story, reminders
from app.lending.reminder_answers import LadderAnswer, RungAnswer
from app.lending.reminder_forms import EditRung, SetHabit
from app.people.doors import door, me, settings
from app.people.models import Centre
from app.times import now, today
from app.web import AnswerType, done, page, read, spoken
from app.words import _

bp = Blueprint("ladder", __name__)


def _centre() -> Centre:
    found = session().get(Centre, me().centre_id)
    if found is None:
        raise NotThere(_("You work at no centre just now."))
    return found


@bp.route("/centre/reminders", methods=["GET", "POST"])
@door("privacy")
@spoken(takes=SetHabit, gives=LadderAnswer)
def show() -> AnswerType:
    centre = _centre()
    form = read(SetHabit, hour=ladder.hour_of(centre.id), email=centre.email or "")
    if form.submit(ladder.settle_habit, centre, by=me(), at=now(), again=lambda _act: centre):
        return done(_said(centre), go=url_for("ladder.show"), say=_("It is kept."), form=form)
    rungs, sender = ladder.of_centre(centre.id), settings().mail_from
    words = reminder_story.KINDS
    return page("lending/ladder.html", form=form, answer=_said(centre), rungs=rungs, words=words, sender=sender)


def _said(centre: Centre) -> LadderAnswer:
    return reminder_answers.ladder(centre, ladder.hour_of(centre.id), ladder.of_centre(centre.id))


@bp.route("/centre/reminders/<kind>", methods=["GET", "POST"])
@door("privacy")
@spoken(takes=EditRung, gives=RungAnswer, refuses=("out_of_order",), doubts=("unknown_placeholder",))
def rung(kind: str) -> AnswerType:
    """The words of one rung, and how they read to invented people."""
    centre = _centre()
    one = ladder.rung_of(centre.id, kind)
    form = read(EditRung, **reminder_answers.rung(one).model_dump(exclude={"kind"}))
    if form.wish and form.wish.look:
        with form.looking():
            one = ladder.as_wished(kind, form.wish)
    elif form.submit(ladder.edit, centre, kind, by=me(), at=now(), again=lambda _act: one):
        said = reminder_answers.rung(ladder.rung_of(centre.id, kind))
        return done(said, go=url_for("ladder.show"), say=_("It is kept."), form=form)
    seen = list(reminders.previews(centre, one, today()))
    said, words = reminder_answers.rung(one), reminder_story.KINDS
    return page("lending/rung.html", form=form, answer=said, rung=one, seen=seen, words=words, named=ladder.NAMED)
