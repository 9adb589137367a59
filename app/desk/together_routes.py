"""What happens to several things of a list at once: they move, or the same maintenance is planned for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import select

from app.db import session
from app.desk import moving
from app.inventory import answers, moved, outside, together
from app.inventory.care_forms import ChosenThings, MoveMany, PlanMany
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from app.lending import answers as loans_said
from app.lending import broken, losses
from app.people import staff
from app.people.doors import door, me
from app.people.models import Centre
from app.times import now, today
from app.web import AnswerType, Form, done, page, read, read_query, spoken
from app.words import _, _n
from labels import codes

bp = Blueprint("together", __name__)
REFUSES = ("not_available", "not_here", "wipe_first", "due_in_past", "device_unknown")


@bp.route("/together/move", methods=["GET", "POST"])
@door("move")
@spoken(takes=MoveMany, gives=answers.Devices, refuses=REFUSES)
def move() -> AnswerType:
    """First what happens to all of them, then the few fields that this asks for."""
    form = read(MoveMany)
    if things := form.submit(losses.move_all, by=me(), at=now(), again=together.of_act):
        return _moved(things, form)
    things, what = _chosen(form), _what(form)
    offered = together.choices(things, me())
    centres = session().scalars(select(Centre).where(Centre.id != me().centre_id).order_by(Centre.name))
    return page(
        "desk/together.html",
        form=form,
        things=things,
        codes=[device.code for device in things],
        offered={one: moving.CHOICES[one] for one in offered},
        what=what if what in offered else "",
        centres=[(centre.code, centre.name) for centre in centres],
        colleagues=[(one.id, one.name) for one in staff.colleagues(me())],
        partners=moved.partners(),
        breaks=broken.BREAKS,
        clean=all(outside.is_clean(device) for device in things),
    )


def _moved(things: Sequence[Device], form: Form[MoveMany]) -> AnswerType:
    assert form.wish is not None
    word = moving.CHOICES[form.wish.what].word
    say = _n("%(num)s thing: %(what)s.", "%(num)s things: %(what)s.", len(things), what=word)
    if form.wish.what in broken.BREAKS:
        say = moving.and_then(say, len(broken.by(things, me(), today())))
    undo = url_for("together.undo", uuid=form.wish.id)
    return done(_told(things), go=url_for("desk.list_devices"), say=say, undo=undo, form=form)


@bp.route("/together/<uuid>/undo", methods=["POST"])
@door("move")
@spoken(takes=UndoIt, gives=answers.Devices, refuses=("too_late_to_undo", "nothing_to_undo", "not_here", "promised"))
def undo(uuid: str) -> AnswerType:
    form = read(UndoIt)
    things = form.insist(losses.undo_all, together.get(uuid), by=me(), at=now(), again=together.of_act)
    say = _("Undone: they are where they were before.")
    return done(_told(things), go=url_for("desk.list_devices"), say=say, form=form)


@bp.route("/together/maintenance", methods=["GET", "POST"])
@door("move")
@spoken(takes=PlanMany, gives=answers.Devices, refuses=("not_here", "device_unknown"))
def plan() -> AnswerType:
    form = read(PlanMany)
    if things := form.submit(together.plan_all, by=me(), at=now(), again=together.of_act):
        say = _n("Planned for %(num)s thing.", "Planned for %(num)s things.", len(things))
        return done(_told(things), go=url_for("desk.list_devices"), say=say, form=form)
    things = _chosen(form)
    return page("desk/together_plan.html", form=form, things=things, codes=[device.code for device in things])


def _chosen(form: Form[Any]) -> list[Device]:
    """The things ticked in the list, or sent just now."""
    sent = form.values.get("codes") if form.sent else read_query(ChosenThings).codes
    texts = [codes.parse(text) for text in sent or () if isinstance(text, str)] if isinstance(sent, list) else []
    found = {d.code: d for d in session().scalars(select(Device).where(Device.code.in_([t for t in texts if t])))}
    return [found[text] for text in texts if text in found]


def _what(form: Form[MoveMany]) -> str:
    return str(form.values.get("what") or "") if form.sent else (read_query(ChosenThings).what or "")


def _told(things: Sequence[Device]) -> answers.Devices:
    places = loans_said.places_with(things, me())
    return answers.Devices(items=[answers.device(one, places.get(one.id)) for one in things], next=None)
