"""Staff and households: who works here, and who is lent to."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from app.people import answers, cards, households, staff
from app.people.doors import door, me, settings
from app.people.forms import EditHousehold, Gone, HouseholdList, NewHousehold, NewRole, NewStaff
from app.people.models import Household, HouseholdIdentity, Person
from app.people.roles import Me
from app.times import now
from app.web import AnswerType, done, page, read, read_query, slice_of, spoken
from app.words import _

bp = Blueprint("team", __name__)


@bp.route("/staff", methods=["GET", "POST"])
@door("people")
def team() -> AnswerType:
    form = read(NewStaff)
    if person := form.submit(staff.join, by=me(), at=now(), again=_of_act):
        say = _("%(name)s is on the team. Give them a link to choose a password.", name=person.name)
        return done(answers.person(person), go=url_for("team.member", number=person.id), say=say)
    return page("people/staff.html", form=form, people=staff.colleagues(me()))


@bp.route("/staff/<int:number>")
@door("people")
def member(number: int) -> AnswerType:
    return page("people/member.html", form=read(NewRole), person=staff.colleague(number, me()))


@bp.route("/staff/<int:number>/roles", methods=["POST"])
@door("people")
def add_role(number: int) -> AnswerType:
    form, person = read(NewRole), staff.colleague(number, me())
    if form.submit(staff.give_role, person, by=me(), at=now(), again=_of_act):
        return done(answers.person(person), go=url_for("team.member", number=number), say=_("The role is given."))
    return page("people/member.html", form=form, person=person)


@bp.route("/staff/<int:number>/leave", methods=["POST"])
@door("people")
def leave(number: int) -> AnswerType:
    form, person = read(Gone), staff.colleague(number, me(), gone=True)
    if form.submit(staff.leave, person, by=me(), at=now(), again=_of_act):
        say = _("%(name)s no longer signs in.", name=person.name)
        return done(answers.person(person), go=url_for("team.team"), say=say)
    return page("people/member.html", form=form, person=person)


@bp.route("/staff/<int:number>/link", methods=["POST"])
@door("people")
def link(number: int) -> AnswerType:
    """A link to choose a password: sent by letter, and shown once to hand over while there is no password yet."""
    form, person = read(Gone), staff.colleague(number, me())
    token = form.submit(_link, person, by=me(), at=now())
    shown = token and person.password is None
    address = settings().public_url + url_for("people.reset", token=token) if shown else ""
    told = answers.Nothing() if token else None
    return page("people/member.html", form=form, answer=told, person=person, address=address, sent=bool(token))


def _link(person: Person, _wish: Gone, *, by: Me, at: object) -> str:
    staff.check_steers(by, person)
    token = staff.reset_link(person, at=now())
    staff.write_reset(person, settings().public_url + url_for("people.reset", token=token), at=now())
    return token


def _of_act(act: object) -> Person:
    return staff.colleague(int(getattr(act, "subject", "person:0").partition(":")[2]), me(), gone=True)


@bp.route("/households", methods=["GET"])
@door("households")
@spoken(asks=HouseholdList, gives=answers.Households)
def list_households() -> AnswerType:
    wish = read_query(HouseholdList)
    by = (HouseholdIdentity.folded, HouseholdIdentity.household_id)
    found = slice_of(households.search(wish.q, me()), wish, by=by, key=_key)
    answer = answers.Households(items=[answers.household(h) for h in found.rows], next=found.next)
    return page("people/households.html", answer=answer, found=found, wish=wish)


def _key(household: object) -> tuple[str, int]:
    return household.identity.folded, household.id  # type: ignore[attr-defined]


@bp.route("/households/new", methods=["GET"])
@door("households")
def new_household() -> AnswerType:
    return page("people/household_new.html", form=read(NewHousehold, name=request.args.get("name", "")))


@bp.route("/households", methods=["POST"])
@door("households")
@spoken(takes=NewHousehold, gives=answers.CardAnswer, made=True)
def add_household() -> AnswerType:
    form = read(NewHousehold)
    if household := form.submit(households.add, by=me(), at=now(), again=households.of_act):
        go = url_for("desk.household", code=household.code)
        return done(answers.card(household), go=go, say=_("The household is written down."), form=form, new=True)
    return page("people/household_new.html", form=form)


@bp.route("/households/<code>/edit", methods=["GET", "POST"])
@door("households")
@spoken(takes=EditHousehold, gives=answers.CardAnswer)
def edit_household(code: str) -> AnswerType:
    household = households.get(code, me())
    form = read(EditHousehold, **_known(household))
    if form.submit(households.edit, household, by=me(), at=now(), again=households.of_act):
        go = url_for("desk.household", code=household.code)
        return done(answers.card(household), go=go, say=_("The changes are kept."), form=form)
    team = [(person.id, person.name) for person in staff.colleagues(me())]
    hidden = not cards.of(household).show_address
    return page("people/household_edit.html", form=form, household=household, team=team, hidden=hidden)


def _known(household: Household) -> dict[str, object]:
    who = household.identity
    if who is None:
        return {}
    named = {"name": who.name, "contact": who.contact or "", "language": who.language, "referent": who.referent_id}
    return named | cards.written(household)
