"""Custody other than loans: what happens to a thing, the things on their way between centres, and a mistake undone."""

from __future__ import annotations

from flask import Blueprint, url_for
from sqlalchemy import select

from app.db import session
from app.desk import moving
from app.inputs import Answer
from app.inventory import answers, devices, moved, movements, outside, transfers
from app.inventory.care_forms import Move, MoveAsked, TransferList
from app.inventory.forms import UndoIt
from app.inventory.models import Device
from app.lending import answers as loans_said
from app.lending import broken, losses
from app.people import staff
from app.people.doors import door, me
from app.people.models import Centre
from app.people.roles import is_coordinator
from app.times import now, today
from app.web import AnswerType, Form, done, page, read, read_query, slice_of, spoken, wants_json
from app.web.listing import ListAnswer
from app.words import _

bp = Blueprint("moves", __name__)
REFUSES = (
    "not_available",
    "not_here",
    "wipe_first",
    "coordinator_needed",
    "due_in_past",
    "before_the_loan",
)


class TransferAnswer(Answer):
    """A thing on its way: from which centre, to which, since when."""

    device: answers.DeviceAnswer
    sender: answers.Place
    to: answers.Place
    sent_on: str


Transfers = ListAnswer[TransferAnswer]


@bp.route("/devices/<code>/move", methods=["GET", "POST"])
@door("move")
@spoken(takes=Move, gives=answers.DeviceAnswer, refuses=REFUSES)
def move(code: str) -> AnswerType:
    """First what happens, then the few fields that this asks for."""
    device, form = devices.get(code, me()), read(Move)
    if form.submit(losses.move, device, by=me(), at=now(), again=devices.of_act):
        what = form.wish.what if form.wish else ""
        stolen = device.state == "stolen"
        go = url_for("care.theft" if stolen else "desk.thing", code=device.code)
        say = moving.CHOICES[what].said % {"name": device.name}
        undo = url_for("moves.undo", code=device.code)
        words = lambda: moving.and_then(say, _broken(device, what))  # noqa: E731 - programs are not told
        return done(_told(device), go=go, say=words, undo=undo, form=form)
    return _ask(device, form)


def _broken(device: Device, what: str) -> int:
    """How many reservations need another thing now."""
    return len(broken.by([device], me(), today())) if what in broken.BREAKS else 0


def _ask(device: Device, form: Form[Move]) -> AnswerType:
    offered = movements.choices(device, me())
    what = str(form.values.get("what") or "") if form.sent else (read_query(MoveAsked).what or "")
    centres = session().scalars(select(Centre).where(Centre.id != device.centre_id).order_by(Centre.name))
    return page(
        "desk/move.html",
        form=form,
        device=device,
        offered={one: moving.CHOICES[one] for one in offered},
        what=what if what in offered else "",
        centres=[(centre.code, centre.name) for centre in centres],
        colleagues=[(one.id, one.name) for one in staff.colleagues(me())],
        partners=moved.partners(),
        clean=outside.is_clean(device),
        kept=[outside.why(one) for one in outside.kept(device, today())] if what in outside.DISPOSES else (),
        decides=is_coordinator(me()),
        breaks=broken.BREAKS,
    )


@bp.route("/devices/<code>/move/undo", methods=["POST"])
@door("move")
@spoken(
    takes=UndoIt,
    gives=answers.DeviceAnswer,
    refuses=("too_late_to_undo", "nothing_to_undo", "not_here", "promised"),
)
def undo(code: str) -> AnswerType:
    device, form = devices.get(code, me()), read(UndoIt)
    form.insist(losses.undo, device, by=me(), at=now(), again=devices.of_act)
    go = url_for("desk.thing", code=device.code)
    return done(_told(device), go=go, say=_("Undone: it is where it was before."), form=form)


def _told(device: Device) -> answers.DeviceAnswer:
    return answers.device(device, loans_said.places_with([device], me()).get(device.id))


@bp.route("/transfers", methods=["GET"])
@door("things")
@spoken(asks=TransferList, gives=Transfers)
def list_transfers() -> AnswerType:
    """What is on its way to this centre and from it; for the coordinator, everywhere."""
    wish = read_query(TransferList)
    found = slice_of(transfers.listed(wish, me()), wish, by=(Device.id,), key=lambda row: (row[0].id,))
    if not wants_json():
        return page("desk/transfers.html", found=found, wish=wish, today=today())
    items = [
        TransferAnswer(
            device=answers.device(thing, _centre("transit", to)),
            sender=_centre("centre", thing.centre),
            to=_centre("centre", to),
            sent_on=link.at.date().isoformat(),
        )
        for thing, link, to in found.rows
    ]
    return page("desk/transfers.html", answer=Transfers(items=items, next=found.next))


def _centre(kind: str, row: Centre) -> answers.Place:
    return answers.Place(kind=kind, code=row.code, name=row.name)
