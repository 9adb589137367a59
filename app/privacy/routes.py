"""A household's copy of its data, its erasure, and the merging of doubles."""

from __future__ import annotations

import json

from flask import Blueprint, request, url_for

from app.inputs import tidy
from app.lending import privacy as lending
from app.people import answers, households
from app.people.doors import door, me, settings
from app.privacy import copies, rights, wings
from app.privacy.copies import AskCopy
from app.privacy.rights import Erase, Merge
from app.times import now
from app.web import AnswerType, done, file_answer, page, read, spoken
from app.words import _

bp = Blueprint("privacy", __name__)


@bp.route("/households/<code>/copy", methods=["GET", "POST"])
@door("privacy")
def copy(code: str) -> AnswerType:
    """The copy as a page; posting asks for the archive, which the chores make."""
    household, form = households.get(code, me()), read(AskCopy)
    if form.submit(copies.ask, household, by=me(), at=now(), again=copies.of_act):
        go = url_for("privacy.copy", code=household.code)
        return done(answers.Nothing(), go=go, say=_("The archive is being made. It stands here in a moment."))
    archives = copies.of_household(household)
    return page("privacy/copy.html", form=form, household=household, copy=wings.shown(household), archives=archives)


@bp.route("/households/<code>/copies/<uuid>", methods=["GET"])
@door("privacy")
def archive(code: str, uuid: str) -> AnswerType:
    content = copies.bytes_of(households.get(code, me()), uuid, settings().instance)
    return file_answer(content, "application/zip", "copie.zip")


@bp.route("/households/<code>/copy.json", methods=["GET"])
@door("privacy")
def copy_json(code: str) -> AnswerType:
    told = wings.shown(households.get(code, me()))
    return file_answer(json.dumps(told, ensure_ascii=False, indent=1).encode(), "application/json", "copie.json")


@bp.route("/households/<code>/erase", methods=["GET", "POST"])
@door("privacy")
@spoken(takes=Erase, gives=answers.CardAnswer, refuses=("on_loan", "still_promised"))
def erase(code: str) -> AnswerType:
    """What cannot be taken back is asked first, and says what stays, why and until when."""
    household, form = households.get(code, me()), read(Erase)
    if form.submit(rights.erase, household, by=me(), at=now(), again=households.of_act):
        go = url_for("desk.household", code=household.code)
        return done(answers.card(household), go=go, say=_("Name and contact are erased."), form=form)
    return page("privacy/erase.html", form=form, household=household, kept=lending.kept(household))


@bp.route("/households/<code>/merge", methods=["GET", "POST"])
@door("privacy")
@spoken(takes=Merge, gives=answers.CardAnswer, refuses=("same_household", "household_unknown"))
def merge(code: str) -> AnswerType:
    household, form = households.card(code, me()), read(Merge, **_proposed())
    if kept := form.submit(rights.merge, household, by=me(), at=now(), again=rights.merged):
        go = url_for("desk.household", code=kept.code)
        return done(answers.card(kept), go=go, say=_("Both cards are one now."), form=form)
    return page("privacy/merge.html", form=form, household=households.not_split(household))


def _proposed() -> dict[str, str]:
    """The card that stays, when the page of a probable double says which."""
    into = str(tidy(request.args.get("into", "")))[:20]
    return {"into": into} if into else {}
