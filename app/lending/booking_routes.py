"""Reservations and the calendar of a model, for people and programs alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for

from app.db import session
from app.errors import NotThere, Refused
from app.inputs import tidy
from app.inventory import devices
from app.inventory.models import Device, DeviceModel
from app.lending import booking_answers as answers
from app.lending import bookings, broken, calendar, choosing, reservations, waiting
from app.lending.booking_forms import (
    CancelReservation,
    ChooseThing,
    Month,
    ReservationList,
    Reserve,
    RestoreReservation,
    WaitingList,
)
from app.lending.booking_models import Reservation
from app.people import households
from app.people.doors import door, me
from app.people.models import Centre, Household
from app.times import now, today
from app.web import AnswerType, Form, done, page, read, read_query, slice_of, spoken
from app.web.guard import with_camera
from app.web.looks import day
from app.words import _

bp = Blueprint("bookings", __name__)
RESERVING = (
    "promised", "not_free", "due_in_past", "days_reversed", "closed_that_day", "household_unknown", "device_unknown",
    "not_available", "not_here", "kit_empty", "no_centre",
)  # fmt: skip


@bp.app_template_global()
def purposes_in_words() -> Mapping[str, Any]:
    return {"household": _("A household"), "workshop": _("A workshop"), "outing": _("An outing")}


@bp.app_template_global()
def broken_by(things: Sequence[Device]) -> Sequence[broken.Broken]:
    """The reservations that count on these things."""
    return broken.by(things, me(), today())


@bp.app_template_global()
def broken_by_recall(model: DeviceModel) -> Sequence[broken.Broken]:
    """The reservations that count on things of this model."""
    return broken.by_recall(model, me())


@bp.app_template_global()
def troubles_in_words() -> Mapping[str, Any]:
    """Why a promised thing may not be there, as the desk is told."""
    return {
        "late": _("still on loan"),
        "to_check": _("waits for its check"),
        "in_repair": _("in repair"),
        "in_transit": _("on its way elsewhere"),
        "with_staff": _("in a colleague’s bag"),
        "with_partner": _("with a partner"),
        "on_outing": _("on an outing"),
        "lost": _("lost"),
        "stolen": _("stolen"),
        "retired": _("out of use"),
        "gone": _("gone"),
        "elsewhere": _("with another centre now"),
        "held": _("kept from leaving"),
    }


@bp.route("/reservations", methods=["GET"])
@door("households")
@spoken(asks=ReservationList, gives=answers.Reservations)
def list_reservations() -> AnswerType:
    wish = read_query(ReservationList)
    query = reservations.listed(wish, me())
    if wish.state == "closed":
        found = slice_of(query, wish, by=(Reservation.id,), key=lambda row: (row.id,), backwards=True)
    else:  # what begins first
        by = (Reservation.from_day, Reservation.id)
        found = slice_of(query, wish, by=by, key=lambda row: (row.from_day, row.id), backwards=wish.state is None)
    items = [answers.reservation(row, today()) for row in found.rows]
    answer = answers.Reservations(items=items, next=found.next)
    troubled = {item.id for item in items if any(thing.trouble for thing in item.things)}
    waits = waiting.in_order(WaitingList(), me())
    return page(
        "lending/reservations.html",
        answer=answer,
        found=found,
        wish=wish,
        troubled=troubled,
        waits=waits,
        today=today(),
    )


@bp.route("/reservations/new", methods=["GET"])
@door("lend")
@with_camera
def new_reservation() -> AnswerType:
    wished = [{"model": number, "count": 1} for number in request.args.getlist("model", type=int)]
    first = _open_day(today() + timedelta(days=1))
    texts = [str(tidy(text)) for text in request.args.getlist("device")]
    defaults = {"devices": texts, "models": wished, "household": request.args.get("household", "")}
    return _new(read(Reserve, from_day=first, to_day=first + timedelta(days=14), purpose="household", **defaults))


@bp.route("/reservations", methods=["POST"])
@door("lend")
@spoken(takes=Reserve, gives=answers.ReservationAnswer, made=True, refuses=RESERVING)
@with_camera
def reserve() -> AnswerType:
    form = read(Reserve)
    if row := form.submit(reservations.reserve, by=me(), at=now(), again=reservations.of_act):
        go = url_for("bookings.show", uuid=row.uuid)
        say = _("Kept from %(first)s to %(last)s.", first=day(row.from_day), last=day(row.to_day))
        return done(answers.reservation(row, today()), go=go, say=say, form=form, new=True)
    return _new(form)


def _open_day(one: date) -> date:
    centre = session().get(Centre, me().centre_id)
    return centre.open_day_from(one) if centre else one


def _new(form: Form[Reserve]) -> AnswerType:
    words = str(tidy(request.args.get("q", "")))[:100]
    texts = form.values.get("devices")
    found = [devices.find(str(text)) for text in (texts if isinstance(texts, list) else [])[:50]]
    things = [one[0] for one in found if len(one) == 1]
    rows = form.values.get("models")
    return page(
        "lending/reservation_new.html",
        form=form,
        things=things,
        conflicts=reservations.keeping(things, me()),
        rows=[row for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict)],
        models=models_here(),
        household=household_of(str(form.values.get("household") or "")),
        people=households.meant(words, me()),
        words=words,
        today=today(),
    )


def models_here() -> list[tuple[int, str, int]]:
    """The models of which this centre has things in use, with how many."""
    counts = [(model, len(choosing.candidates(model.id, me().centre_id))) for model in devices.models()]
    return [(model.id, f"{model.maker.name} {model.name}", count) for model, count in counts if count]


def household_of(code: str) -> Household | None:
    try:
        return households.get(code, me()) if code else None
    except Refused:
        return None


@bp.route("/reservations/<uuid>", methods=["GET"])
@door("households")
@spoken(gives=answers.ReservationAnswer)
def show(uuid: str) -> AnswerType:
    return shown(reservations.get(uuid, me()))


def shown(row: Reservation, form: Form[Any] | None = None) -> AnswerType:
    troubles = reservations.troubles(row, today())
    return page(
        "lending/reservation.html",
        form=form,
        answer=answers.reservation(row, today()),
        row=row,
        troubles=troubles,
        never_there=reservations.NEVER_THERE,
        buffer_days=bookings.buffer_of(row.open_lines[0].booking_id) if row.open_lines else 0,
        others={line.id: broken.instead_of(line, today())[:3] for line in row.kept_lines if line.id in troubles},
        today=today(),
    )


@bp.route("/reservations/<uuid>/cancel", methods=["POST"])
@door("lend")
@spoken(takes=CancelReservation, gives=answers.ReservationAnswer, refuses=("reservation_closed", "things_out"))
def cancel(uuid: str) -> AnswerType:
    row, form = reservations.get(uuid, me()), read(CancelReservation)
    if form.submit(reservations.cancel, row, by=me(), at=now(), again=reservations.of_act):
        row = reservations.get(uuid, me())
        undo = url_for("bookings.restore", uuid=row.uuid)
        say = _("Cancelled: others can have the things.")
        answer = answers.reservation(row, today())
        return done(answer, go=url_for("bookings.show", uuid=row.uuid), say=say, undo=undo, form=form)
    return shown(reservations.get(uuid, me()), form)


@bp.route("/reservations/<uuid>/restore", methods=["POST"])
@door("lend")
@spoken(takes=RestoreReservation, gives=answers.ReservationAnswer, refuses=("too_late_to_undo", "promised"))
def restore(uuid: str) -> AnswerType:
    row, form = reservations.get(uuid, me()), read(RestoreReservation)
    if form.submit(reservations.restore, row, by=me(), at=now(), again=reservations.of_act):
        row = reservations.get(uuid, me())
        go = url_for("bookings.show", uuid=row.uuid)
        return done(answers.reservation(row, today()), go=go, say=_("Kept for them again."), form=form)
    return shown(reservations.get(uuid, me()), form)


@bp.route("/reservations/<uuid>/choose", methods=["POST"])
@door("lend")
@spoken(
    takes=ChooseThing,
    gives=answers.ReservationAnswer,
    refuses=("reservation_closed", "device_unknown", "not_available", "not_here", "promised"),
)
def choose(uuid: str) -> AnswerType:
    row, form = reservations.get(uuid, me()), read(ChooseThing)
    if form.submit(reservations.choose, row, by=me(), at=now(), again=reservations.of_act):
        row = reservations.get(uuid, me())
        go = url_for("bookings.show", uuid=row.uuid)
        return done(answers.reservation(row, today()), go=go, say=_("Another one is kept instead."), form=form)
    return shown(reservations.get(uuid, me()), form)


@bp.route("/calendar", methods=["GET"])
@door("households")
@spoken(asks=Month, gives=answers.CalendarAnswer)
def show_calendar() -> AnswerType:
    wish = read_query(Month)
    models = models_here()
    number = wish.model if wish.model is not None else next((one for one, _name, _count in models), None)
    model = session().get(DeviceModel, number) if number is not None and 0 < number < 2**53 else None
    centre = session().get(Centre, me().centre_id)
    if wish.model is not None and model is None:
        raise NotThere(_("There is no such model."))
    if model is None or centre is None:
        return page("lending/calendar.html", answer=None, model=None, models=models, weeks=[], kept=[], shown=today())
    return _calendar(model, centre, wish.day or today(), models)


def _calendar(model: DeviceModel, centre: Centre, shown: date, models: Sequence[Any]) -> AnswerType:
    weeks = calendar.month(model, centre, shown)
    kept = calendar.kept(model, me(), weeks[0][0].day, weeks[-1][-1].day)
    within = [answers.day_of_things(one) for week in weeks for one in week if one.within]
    answer = answers.CalendarAnswer(model=model.id, name=model.name, days=within, kept=[answers.kept(k) for k in kept])
    first = shown.replace(day=1)
    return page(
        "lending/calendar.html",
        answer=answer,
        model=model,
        models=models,
        weeks=weeks,
        kept=kept,
        shown=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=(first + timedelta(days=32)).replace(day=1),
        today=today(),
    )
