"""What is kept for a workshop or an outing leaves in one press, and is back in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for

from app.lending import booking_answers as answers
from app.lending import booking_routes, outings, reservations
from app.lending.booking_forms import ComeBack, TakeOut, UndoOut
from app.lending.booking_models import Reservation
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, done, read, spoken
from app.words import _

bp = Blueprint("outings", __name__)
REFUSES = (
    "reservation_closed", "for_a_household", "device_unknown", "things_out", "not_available", "not_here", "promised",
)  # fmt: skip


@bp.route("/reservations/<uuid>/out", methods=["POST"])
@door("lend")
@spoken(takes=TakeOut, gives=answers.ReservationAnswer, refuses=REFUSES)
def take_out(uuid: str) -> AnswerType:
    return _done(uuid, read(TakeOut), outings.take_out, _("All of it is out."), "outings.undo")


@bp.route("/reservations/<uuid>/out/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoOut, gives=answers.ReservationAnswer, refuses=("too_late_to_undo", "not_here"))
def undo(uuid: str) -> AnswerType:
    return _done(uuid, read(UndoOut), outings.undo, _("Undone: it is kept as before."))


@bp.route("/reservations/<uuid>/back", methods=["POST"])
@door("lend")
@spoken(takes=ComeBack, gives=answers.ReservationAnswer, refuses=("nothing_out", "not_available", "not_here"))
def come_back(uuid: str) -> AnswerType:
    return _done(uuid, read(ComeBack), outings.come_back, _("All of it is back, to be checked."), "outings.undo_back")


@bp.route("/reservations/<uuid>/back/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoOut, gives=answers.ReservationAnswer, refuses=("too_late_to_undo", "not_here", "promised"))
def undo_back(uuid: str) -> AnswerType:
    return _done(uuid, read(UndoOut), outings.undo_back, _("Undone: it is out again."))


def _done(uuid: str, form: Form[Any], rule: Callable[..., Reservation], say: object, undo: str = "") -> AnswerType:
    """Do it, and show the reservation as it stands then; refused, it says so itself."""
    row = reservations.get(uuid, me())
    if form.submit(rule, row, by=me(), at=now(), again=reservations.of_act):
        row = reservations.get(uuid, me())
        go = url_for("bookings.show", uuid=row.uuid)
        back = url_for(undo, uuid=row.uuid) if undo else ""
        return done(answers.reservation(row, today()), go=go, say=say, undo=back, form=form)
    return booking_routes.shown(reservations.get(uuid, me()), form)
