"""“L’essentiel” in each language: read beside its French, and who read it again for this centre."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, url_for

from app.db import session
from app.inputs import Answer
from app.lending import loans, rereadings, summaries
from app.lending.rereadings import ReadAgain, TakeBackReading
from app.lending.summaries import Summary
from app.people.doors import door, me
from app.people.models import Centre
from app.times import now, today
from app.web import AnswerType, Form, blank, done, page, read, spoken
from app.web.listing import ListAnswer
from app.words import _

bp = Blueprint("rereadings", __name__)


class SummaryState(Answer):
    """`state`: `ours` for those in which we write, `read`, or `to_read`. `text`: the digest of it and its French."""

    language: str
    state: str
    reader: str
    read_on: date | None
    text: str
    lines: list[str]
    french: list[str]


Summaries = ListAnswer[SummaryState]


def _told(language: str) -> Summary:
    """As a household would read it that borrows today."""
    centre = session().get_one(Centre, me().centre_id)
    due = loans.usual_due_day(today(), centre)
    told = summaries.of(language, due, centre.phone or centre.organisation.phone)
    return rereadings.marked(told, centre.id)


def _answer(told: Summary) -> SummaryState:
    state = "ours" if not told.translated else "read" if told.known else "to_read"
    return SummaryState(
        language=told.language,
        state=state,
        reader=told.reader,
        read_on=told.read_on,
        text=summaries.digest_of(told.language),
        lines=[line for _icon, line, _french in told.lines],
        french=[french for _icon, _line, french in told.lines],
    )


@bp.route("/summaries", methods=["GET"])
@door("privacy")
@spoken(gives=Summaries)
def list_summaries() -> AnswerType:
    told = [_told(language) for language in summaries.languages()]
    answer = Summaries(items=[_answer(one) for one in told], next=None)
    return page("lending/summaries.html", answer=answer, told=told, names=summaries.languages())


@bp.route("/summaries/<language>", methods=["GET"])
@door("privacy")
@spoken(gives=SummaryState)
def show(language: str) -> AnswerType:
    language = rereadings.known(language)
    return _show(language, blank(ReadAgain, read_on=today()))


def _show(language: str, form: Form[ReadAgain]) -> AnswerType:
    told, name = _told(language), summaries.languages()[language]
    answer = _answer(told)
    return page("lending/reread.html", form=form, answer=answer, told=told, name=name, text=answer.text, today=today())


@bp.route("/summaries/<language>", methods=["POST"])
@door("privacy")
@spoken(takes=ReadAgain, gives=SummaryState, refuses=("read_already", "not_what_was_shown"), doubts=("not_yet",))
def read_again(language: str) -> AnswerType:
    language, form = rereadings.known(language), read(ReadAgain)
    if form.submit(rereadings.read_again, language, by=me(), at=now(), again=rereadings.of_act):
        say, undo = _("Written down: this text was read again."), url_for("rereadings.take_back", language=language)
        return done(_answer(_told(language)), go=url_for("rereadings.list_summaries"), say=say, undo=undo, form=form)
    return _show(language, form)


@bp.route("/summaries/<language>/undo", methods=["POST"])
@door("privacy")
@spoken(takes=TakeBackReading, gives=SummaryState, refuses=("not_read",))
def take_back(language: str) -> AnswerType:
    """At once, by “Annuler”, or later."""
    language, form = rereadings.known(language), read(TakeBackReading)
    form.insist(rereadings.take_back, language, by=me(), at=now(), again=rereadings.taken_back)
    say = _("This text is to be read again.")
    return done(_answer(_told(language)), go=url_for("rereadings.list_summaries"), say=say, form=form)
