"""A household's card: what they say no to, and the address that is not to be shown."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.people import answers, cards, households, oppositions
from app.people.doors import door, me
from app.people.forms import Oppose, ShowAddress, Withdraw
from app.times import now
from app.web import AnswerType, done, page, read, spoken
from app.words import _

bp = Blueprint("homes", __name__)


@bp.route("/households/<code>/oppose", methods=["POST"])
@door("households")
@spoken(takes=Oppose, gives=answers.CardAnswer, refuses=("already_opposed",))
def oppose(code: str) -> AnswerType:
    household, form = households.get(code, me()), read(Oppose)
    form.insist(oppositions.oppose, household, by=me(), at=now(), again=households.of_act)
    go = url_for("desk.household", code=household.code)
    return done(answers.card(household), go=go, say=_("It is written down: they said no."), form=form)


@bp.route("/households/<code>/withdraw", methods=["POST"])
@door("households")
@spoken(takes=Withdraw, gives=answers.CardAnswer, refuses=("not_opposed",))
def withdraw(code: str) -> AnswerType:
    household, form = households.get(code, me()), read(Withdraw)
    form.insist(oppositions.withdraw, household, by=me(), at=now(), again=households.of_act)
    go = url_for("desk.household", code=household.code)
    return done(answers.card(household), go=go, say=_("It is written down: they no longer mind."), form=form)


@bp.route("/households/<code>/address", methods=["POST"])
@door("households")
@spoken(takes=ShowAddress, gives=answers.AddressAnswer)
def address(code: str) -> AnswerType:
    """The address, once: on the answer to an act that the journal keeps, never at an address of the house."""
    household, form = households.get(code, me()), read(ShowAddress)
    form.insist(cards.show_address, household, by=me(), at=now(), again=households.of_act)
    answer = answers.address(household)
    return page("people/household_address.html", form=form, answer=answer, household=household, card=answer)
