"""The known faults of a thing: noted, mended, put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, url_for

from app.inputs import Answer
from app.inventory import devices, faults
from app.inventory.fault_forms import EndFault, NoteFault, PutFaultBack
from app.inventory.faults import Fault
from app.inventory.models import Device
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, blank, done, page, read, spoken
from app.web.listing import ListAnswer
from app.words import _

bp = Blueprint("faults", __name__)
GRADES: Mapping[str, Any] = {
    "ok": _("Sound"),
    "worn": _("Worn"),
    "damaged": _("Damaged"),
    "missing": _("Not there"),
}


class FaultAnswer(Answer):
    """`point`: which part, empty for the whole. `grade`: worn, damaged or missing."""

    id: int
    point: str
    grade: str
    note: str


Faults = ListAnswer[FaultAnswer]


@bp.app_template_global()
def grades_in_words() -> Mapping[str, Any]:
    return GRADES


@bp.app_template_global()
def fault_in_words(fault: Fault | Mapping[str, str]) -> Any:
    """`Screen (worn, scratch on the left)`, for staff."""
    point, grade, note = _parts_of(fault)
    named, word = point or _("The whole"), str(GRADES[grade]).lower()
    if note:
        return _("%(point)s (%(grade)s, %(note)s)", point=named, grade=word, note=note)
    return _("%(point)s (%(grade)s)", point=named, grade=word)


@bp.app_template_global()
def faults_in_words(known: Sequence[Fault]) -> str:
    return ", ".join(str(fault_in_words(fault)) for fault in known)


def _parts_of(fault: Fault | Mapping[str, str]) -> tuple[str, str, str]:
    if isinstance(fault, Fault):
        return fault.point, fault.grade, fault.note
    return fault["point"], fault["grade"], fault["note"]


@bp.app_template_global()
def faults_known_of(device: Device) -> list[Fault]:
    return list(faults.known_of([device]).get(device.id, ()))


@bp.route("/devices/<code>/faults", methods=["GET"])
@door("things")
@spoken(gives=Faults)
def of_thing(code: str) -> AnswerType:
    return _page(devices.get(code, me()), blank(NoteFault, grade="worn"))


def _page(device: Device, form: Form[NoteFault]) -> AnswerType:
    mine = device.centre_id == me().centre_id and me().may("lend")
    return page("inventory/faults.html", form=form, answer=_said(device), device=device, mine=mine)


def _said(device: Device) -> Faults:
    known = faults.known_of([device]).get(device.id, ())
    items = [FaultAnswer(id=f.number or 0, point=f.point, grade=f.grade, note=f.note) for f in known]
    return Faults(items=items, next=None)


@bp.route("/devices/<code>/faults", methods=["POST"])
@door("lend")
@spoken(takes=NoteFault, gives=Faults, refuses=("not_here", "too_many_faults"))
def add(code: str) -> AnswerType:
    device, form = devices.get(code, me()), read(NoteFault)
    if form.submit(faults.add, device, by=me(), at=now(), again=faults.of_act):
        return done(_said(device), go=_go(device), say=_("Written down: whoever borrows it will be told."), form=form)
    return _page(device, form)


@bp.route("/devices/<code>/faults/<int:fault>/end", methods=["POST"])
@door("lend")
@spoken(takes=EndFault, gives=Faults, refuses=("not_here",))
def end(code: str, fault: int) -> AnswerType:
    device, form = devices.get(code, me()), read(EndFault)
    form.insist(faults.end, device, fault, by=me(), at=now(), again=faults.of_act)
    undo = url_for("faults.put_back", code=device.code, fault=fault)
    return done(_said(device), go=_go(device), say=_("It is off its card: mended."), undo=undo, form=form)


@bp.route("/devices/<code>/faults/<int:fault>/undo", methods=["POST"])
@door("lend")
@spoken(takes=PutFaultBack, gives=Faults, refuses=("too_late_to_undo", "not_here"))
def put_back(code: str, fault: int) -> AnswerType:
    device, form = devices.get(code, me()), read(PutFaultBack)
    form.insist(faults.put_back, device, fault, by=me(), at=now(), again=faults.of_act)
    return done(_said(device), go=_go(device), say=_("It stands on its card again."), form=form)


def _go(device: Device) -> str:
    return url_for("faults.of_thing", code=device.code)
