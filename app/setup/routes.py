"""The set-up: the first account of an empty house, then its organisation, centre and team."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, make_response, request, url_for

from app.errors import Refused
from app.history import Act
from app.inventory import devices, printing
from app.people import answers, founding, secrets, sessions, staff
from app.people.doors import door, insist, known, me, set_cookie, settings
from app.people.forms import CentreFacts, FoundHouse, NewStaff, OrganisationName
from app.people.models import Centre, Person
from app.people.roles import THE_HOUSE, Me
from app.setup import keys, steps
from app.setup.forms import SetupAnswer, StepAnswer
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read
from app.web.guard import with_secret
from app.words import _

bp = Blueprint("setup", __name__)


@bp.app_template_global()
def still_to_set_up() -> bool:
    """Whether the desk should remind whoever may do something about it."""
    return known().may("people") and steps.unfinished(known(), settings())


@bp.app_template_global()
def nobody_here() -> bool:
    return not founding.somebody()


@bp.app_template_global()
def later(name: str) -> str:
    """Where “later” leads from this step."""
    return url_for(steps.after(name, me(), settings()))


@bp.route("/setup", methods=["GET"])
@door("anyone")
@with_secret
def overview() -> AnswerType:
    """Strangers come with the key while the house is empty; afterwards it is an ordinary page for those who may."""
    if not founding.somebody():
        return _first(read(FoundHouse, key=request.args.get("key", "")))
    insist("people")
    every = steps.all_of(me(), settings())
    answer = SetupAnswer(steps=[StepAnswer(name=s.name, done=s.done, matters=s.matters) for s in every])
    return page("setup/overview.html", answer=answer, steps=every, next=steps.next_of(every, me()))


@bp.route("/setup", methods=["POST"])
@door("anyone")
@with_secret
def found() -> AnswerType:
    form, hashed = read(FoundHouse), ""
    if form.wish:
        with form.looking():
            hashed = _looked_at(form.wish)
    if begun := form.submit(_found, hashed, by=THE_HOUSE, at=now(), again=founding.found_again):
        person, token = begun
        keys.throw_away(settings().instance)
        answer = make_response(done(answers.person(person), go=url_for("setup.centre")))
        set_cookie(answer, "sid", token, seconds=int(sessions.LASTS.total_seconds()))
        return answer
    return _first(form)


def _looked_at(wish: FoundHouse) -> str:
    """The password, hashed before the write, once the key is found to be right."""
    secrets.throttle("setup", request.remote_addr or "", at=now(), tries=30)
    if founding.somebody():
        raise founding.already_there()
    if not keys.opens(settings().instance, wish.key):
        raise Refused("wrong_key", _("This key does not open this house. Copy the whole address from the terminal."))
    return secrets.hashed(secrets.good_password(wish.password, email=wish.email))


def _found(hashed: str, wish: FoundHouse, *, by: Me, at: datetime) -> tuple[Person, str]:
    """The first person, the usual kinds of things, and a session, so that the set-up goes on."""
    person = founding.found_house(hashed, wish, by=by, at=at)
    devices.usual_categories()
    return person, sessions.begin(person, centre_id=None, browser=request.user_agent.string, at=at)[1]


def _first(form: Form[FoundHouse]) -> AnswerType:
    """The form for whoever has the key; without it, where it is to be found."""
    fits = keys.opens(settings().instance, str(form.values.get("key", "")))
    return page("setup/first.html" if fits and not founding.somebody() else "setup/no_key.html", form=form)


@bp.route("/setup/organisation", methods=["GET", "POST"])
@door("people")
def organisation() -> AnswerType:
    row = founding.organisation_of(me())
    known = {"organisation": row.name, "address": row.address, "privacy_contact": row.privacy_contact} if row else {}
    form = read(OrganisationName, **known)
    if form.submit(founding.name_organisation, by=me(), at=now(), again=lambda _act: founding.organisation_of(me())):
        return done(answers.Nothing(), go=url_for("setup.overview"), form=form)
    return page("setup/organisation.html", form=form, row=row)


@bp.route("/setup/centre", methods=["GET", "POST"])
@door("people")
def centre() -> AnswerType:
    form = read(CentreFacts, **_facts(founding.centre_of(me())))
    if form.submit(founding.settle_centre, by=me(), at=now(), again=founding.centre_of_act):
        return done(answers.Nothing(), go=_go_on("team"), form=form)
    return page("setup/centre.html", form=form, printed=printing.federation_phone())


def _facts(row: Centre | None) -> dict[str, object]:
    if row is None:
        return {"open_days": list(range(5))}
    cap = None if row.cap_cents is None else row.cap_cents // 100
    days = [day for day in range(7) if row.open_days >> day & 1]
    return {"name": row.name, "town": row.town, "phone": row.phone, "cap": cap, "open_days": days}


def _go_on(name: str) -> str:
    """On to this step when it is still open, else back to see all of them."""
    step = next(step for step in steps.all_of(me(), settings()) if step.name == name)
    return url_for("setup.overview" if step.done else step.go)


@bp.route("/setup/team", methods=["GET", "POST"])
@door("people")
def team() -> AnswerType:
    """A colleague joins; the link to choose a password goes by letter, or by hand from this page, once."""
    form = read(NewStaff, role="front_desk")
    joined, token = form.submit(_join, by=me(), at=now(), again=_joined) or (None, "")
    return page(
        "setup/team.html",
        form=blank(NewStaff, role="front_desk") if joined else form,
        answer=answers.person(joined) if joined else None,
        joined=joined,
        address=settings().public_url + url_for("people.reset", token=token) if token else "",
        mail=bool(settings().smtp_url),
        real=settings().labels_allowed,
        people=staff.colleagues(me()),
    )


def _join(wish: NewStaff, *, by: Me, at: datetime) -> tuple[Person, str]:
    person = staff.join(wish, by=by, at=at)
    token = staff.reset_link(person, at=at)
    if settings().smtp_url:
        staff.write_reset(person, settings().public_url + url_for("people.reset", token=token), at=at)
    return person, token


def _joined(act: Act) -> tuple[Person, str]:
    """The same wish again: the link was shown, and is not shown twice."""
    return staff.colleague(int(act.subject.partition(":")[2]), me(), gone=True), ""
