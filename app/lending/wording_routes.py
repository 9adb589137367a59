"""A centre's own text of the agreement: written, tried with invented people, given up."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.db import session
from app.inputs import Answer
from app.lending import agreements, clauses, filling, wording
from app.lending.wording_forms import RevertTerms, WriteTerms
from app.people.doors import door, me
from app.people.models import Centre
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, spoken
from app.words import _

bp = Blueprint("wording", __name__)


class TermsAnswer(Answer):
    """`version` is empty while the shipped text is in force; `versions` are the centre's own."""

    version: str
    words: str
    versions: list[str]


def _centre() -> Centre:
    return session().get_one(Centre, me().centre_id)


def _answer() -> TermsAnswer:
    version = _centre().terms
    known = [row.version for row in wording.of_centre(me())]
    return TermsAnswer(version=version, words=wording.of_version(version), versions=known)


@bp.route("/terms", methods=["GET"])
@door("privacy")
@spoken(gives=TermsAnswer)
def show() -> AnswerType:
    return _page(blank(WriteTerms, words=wording.of_version(_centre().terms)))


def _page(form: Form[WriteTerms], tried: str = "") -> AnswerType:
    parts = clauses.parts_of(tried) if tried else []
    return page(
        "lending/terms.html",
        form=form,
        answer=_answer(),
        tried=parts,
        own=_centre().terms,
        versions=wording.of_centre(me()),
        names=filling.NAMES,
        needed=filling.NEEDED,
    )


@bp.route("/terms", methods=["POST"])
@door("privacy")
@spoken(takes=WriteTerms, gives=TermsAnswer, doubts=("placeholders",))
def write() -> AnswerType:
    form = read(WriteTerms)
    if form.submit(wording.write, by=me(), at=now(), again=wording.of_act):
        say = _("From the next loan on, this is the text.")
        return done(_answer(), go=url_for("wording.show"), say=say, form=form)
    return _page(form)


@bp.route("/terms/preview", methods=["POST"])
@door("privacy")
def preview() -> AnswerType:
    """The same text with invented people; nothing is kept."""
    form, tried = read(WriteTerms), ""
    with form.looking():
        if form.wish:
            wording.check(form.wish.words)
            tried = agreements.tried(_centre(), form.wish.words)
    return _page(form, tried)


@bp.route("/terms/revert", methods=["POST"])
@door("privacy")
@spoken(takes=RevertTerms, gives=TermsAnswer)
def revert() -> AnswerType:
    form = read(RevertTerms)
    form.insist(wording.revert, by=me(), at=now(), again=wording.reverted)
    return done(_answer(), go=url_for("wording.show"), say=_("The original text is in force again."), form=form)
