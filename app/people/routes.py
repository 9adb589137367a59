"""Signing in and out, one's own settings, and the desks that colleagues share."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, request, url_for

from app.errors import Refused
from app.people import answers, secrets, sessions, staff, stations
from app.people.doors import by_token, cookie_name, door, me, set_cookie, settings
from app.people.forms import (
    AskReset,
    Gone,
    Lock,
    NewPassword,
    NewPin,
    NewStation,
    OwnSettings,
    SignIn,
    Switch,
    TakeOver,
)
from app.people.models import Person, Station
from app.people.models import SignIn as SignInRow
from app.people.roles import Me
from app.times import now
from app.web import AnswerType, Form, done, page, read
from app.web.guard import with_secret
from app.words import _

bp = Blueprint("people", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@door("anyone")
def sign_in() -> AnswerType:
    form = read(SignIn, next=request.args.get("next", ""))
    station = stations.known(request.cookies.get(cookie_name("desk")), at=now())
    person = _known(form) if form.wish else None
    if person and form.wish and (begun := form.submit(_begin, person, station, by=None, at=now())):
        return _enter(person, begun[1], form.wish.next)
    team = stations.team(station) if station else []
    return page("people/sign_in.html", form=form, station=station, team=team)


def _known(form: Form[SignIn]) -> Person | None:
    wish = form.wish
    assert wish is not None
    with form.looking():
        secrets.throttle("sign_in", wish.email.lower(), at=now())
        secrets.throttle("sign_in_from", request.remote_addr or "", at=now(), tries=100)
        return staff.known(wish.email, wish.password)
    return None


def _begin(
    person: Person, station: Station | None, _wish: object, *, by: object, at: datetime
) -> tuple[SignInRow, str]:
    where = {"centre_id": station.centre_id, "station_id": station.id} if station else {"centre_id": None}
    return sessions.begin(person, browser=request.user_agent.string, at=at, **where)


def _enter(person: Person, token: str, wished: str) -> AnswerType:
    answer = make_response(done(answers.person(person), go=safe_next(wished)))
    set_cookie(answer, "sid", token, seconds=int(sessions.LASTS.total_seconds()))
    return answer


def safe_next(wished: str) -> str:
    """Where to go after signing in: a path of this house, whatever was asked for."""
    inside = wished.startswith("/") and not wished.startswith("//") and "\\" not in wished
    return wished if inside else url_for("desk.board")


@bp.route("/sign-out", methods=["POST"])
@door("anyone")
def sign_out() -> AnswerType:
    return _leave(read(Lock), url_for("people.sign_in"))


@bp.route("/station/lock", methods=["POST"])
@door("staff")
def lock() -> AnswerType:
    return _leave(read(Lock), url_for("people.sign_in"))


def _leave(form: Form[Lock], go: str) -> AnswerType:
    form.insist(_end, by=me(), at=now())
    answer = make_response(done(answers.Nothing(), go=go))
    answer.delete_cookie(cookie_name("sid"), path="/", secure=settings().secure, httponly=True, samesite="Lax")
    return answer


def _end(_wish: Lock, *, by: Me, at: datetime) -> bool:
    sessions.end(by.sign_in_id or 0, person_id=by.id, at=at)
    return True


@bp.route("/station/take-over", methods=["GET", "POST"])
@door("anyone")
def take_over() -> AnswerType:
    form = read(TakeOver)
    station = stations.known(request.cookies.get(cookie_name("desk")), at=now())
    person = None
    if form.wish:
        with form.looking():
            if station is None:
                raise Refused("no_desk", _("This computer is not a desk. Sign in with your password."), status=403)
            secrets.throttle("pin", f"{station.id}:{form.wish.person}", at=now(), tries=5)
            person = stations.known_by_pin(station, form.wish.person, form.wish.pin)
    if person and station and (begun := form.submit(_begin, person, station, by=None, at=now())):
        return _enter(person, begun[1], "")
    team = stations.team(station) if station else []
    return page("people/sign_in.html", form=form, station=station, team=team)


@bp.route("/me", methods=["GET", "POST"])
@door("staff")
def profile() -> AnswerType:
    form = read(OwnSettings, language=me().language)
    if person := form.submit(staff.settle, by=me(), at=now()):
        return done(answers.person(person), go=url_for("people.profile"), say=_("Your settings are kept."))
    return page("people/profile.html", form=form, open_ones=sessions.open_ones(me().id, at=now()))


@bp.route("/me/password", methods=["GET", "POST"])
@door("staff")
def password() -> AnswerType:
    form, hashed = read(NewPassword), ""
    if form.wish:
        with form.looking():
            secrets.throttle("password", str(me().id), at=now())
            staff.known(me().email, form.wish.old)
            hashed = secrets.hashed(secrets.good_password(form.wish.password, email=me().email))
    if person := form.submit(staff.change_password, hashed, by=me(), at=now()):
        say = _("Your password is changed. Your other sessions were ended.")
        return done(answers.person(person), go=url_for("people.profile"), say=say)
    return page("people/password.html", form=form, ask_old=True)


@bp.route("/me/pin", methods=["GET", "POST"])
@door("staff")
def pin() -> AnswerType:
    form, hashed = read(NewPin), ""
    if form.wish:
        with form.looking():
            secrets.throttle("password", str(me().id), at=now())
            staff.known(me().email, form.wish.password)
            hashed = secrets.hashed(form.wish.pin)
    if person := form.submit(staff.change_pin, hashed, by=me(), at=now()):
        return done(answers.person(person), go=url_for("people.profile"), say=_("Your PIN is kept."))
    return page("people/pin.html", form=form)


@bp.route("/me/centre", methods=["GET", "POST"])
@door("staff")
def switch() -> AnswerType:
    form = read(Switch)
    if centre := form.submit(staff.switch, by=me(), at=now()):
        return done(
            answers.Nothing(), go=url_for("desk.board"), say=_("You are now at %(centre)s.", centre=centre.name)
        )
    return page("people/switch.html", form=form, centres=sessions.centres_of(me().id))


@bp.route("/me/sessions/<int:number>/end", methods=["POST"])
@door("staff")
def end_session(number: int) -> AnswerType:
    form = read(Lock)
    form.insist(_end_one, number, by=me(), at=now())
    return done(answers.Nothing(), go=url_for("people.profile"), say=_("This session is ended."))


def _end_one(number: int, _wish: Lock, *, by: Me, at: datetime) -> bool:
    sessions.end(number, person_id=by.id, at=at)
    return True


@bp.route("/forgot", methods=["GET", "POST"])
@door("anyone")
def forgot() -> AnswerType:
    """The same answer for every address, known or not."""
    form = read(AskReset)
    if form.wish:
        with form.looking():
            secrets.throttle("forgot", form.wish.email.lower(), at=now(), tries=3)
            secrets.throttle("forgot_from", request.remote_addr or "", at=now(), tries=20)
    if form.submit(_send_reset, by=None, at=now()):
        return done(
            answers.Nothing(), go=url_for("people.sign_in"), say=_("If we know this address, a letter is on its way.")
        )
    return page("people/forgot.html", form=form)


def _send_reset(wish: AskReset, *, by: object, at: datetime) -> bool:
    if person := staff.by_email(wish.email):
        token = staff.reset_link(person, at=at)
        staff.write_reset(person, settings().public_url + url_for("people.reset", token=token), at=at)
    return True


@bp.route("/reset/<token>", methods=["GET", "POST"])
@door("anyone")
@with_secret
def reset(token: str) -> AnswerType:
    found = staff.open_reset(token, at=now())
    form, hashed = read(NewPassword), ""
    if form.wish:
        with form.looking():
            hashed = secrets.hashed(secrets.good_password(form.wish.password, email=""))
    if person := form.submit(staff.use_reset, found, hashed, by=None, at=now()):
        say = _("Your password is chosen. You can sign in.")
        return done(answers.person(person), go=url_for("people.sign_in"), say=say)
    return page("people/password.html", form=form, ask_old=False)


@bp.route("/stations", methods=["GET", "POST"])
@door("stations")
def list_stations() -> AnswerType:
    form, token = read(NewStation), secrets.new_token()
    if form.submit(stations.enrol, token, by=me(), at=now()):
        say = _("This computer is now a desk of the centre. Colleagues take over with their PIN.")
        answer: Response = make_response(done(answers.Nothing(), go=url_for("people.list_stations"), say=say))
        if not by_token():
            set_cookie(answer, "desk", token, seconds=int(stations.LASTS.total_seconds()))
        return answer
    return page("people/stations.html", form=form, stations=stations.of_centre(me()))


@bp.route("/stations/<int:number>/end", methods=["POST"])
@door("stations")
def end_station(number: int) -> AnswerType:
    form = read(Gone)
    if form.submit(stations.revoke, number, by=me(), at=now()):
        return done(answers.Nothing(), go=url_for("people.list_stations"), say=_("This desk is given up."))
    return page("people/stations.html", form=form, stations=stations.of_centre(me()))
