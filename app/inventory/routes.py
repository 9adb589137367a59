"""Devices and models: lists, cards, checks, holds. The page of one thing shows several wings: see the desk."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, request, url_for
from pydantic import BaseModel

from app.inventory import answers, care, details, devices, identifiers, lists, wipes
from app.inventory.details import CategoryField
from app.inventory.forms import CheckDone, DeviceFacts, LiftHold, NewDevice, NewModel, PlaceHold, UndoIt
from app.inventory.models import Device
from app.inventory.states import LOOKS, State
from app.people import staff
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, done, page, read, spoken
from app.web.guard import with_camera
from app.words import _

bp = Blueprint("inventory", __name__)
LONGEST_NUMBER = 15  # figures
ASKED = ("imei", "imei", "iccid", "mac", "other")  # the lines for numbers on the form of a card


@bp.app_template_global()
def look_of(device: Device) -> State:
    """Word, icon and colour of a thing's state."""
    return LOOKS[device.state]


@bp.route("/devices/new", methods=["GET"])
@door("equip")
@with_camera
def new_device() -> AnswerType:
    owner = me().centre.organisation_id if me().centre else None  # type: ignore[union-attr]
    code, model = request.args.get("code", ""), request.args.get("model", "")
    asked = [{"field": one.id, "value": ""} for one in _fields_of(model)]
    form = read(NewDevice, owner=owner, code=code, model=model, identifiers=_numbers(), details=asked)
    return _card("inventory/device_new.html", form)


@bp.route("/devices", methods=["POST"])
@door("equip")
@spoken(
    takes=NewDevice,
    gives=answers.DeviceAnswer,
    made=True,
    refuses=("serial_taken", "number_taken", "code_taken", "code_unknown", "successor_unknown"),
    doubts=("serial_missing",),
)
@with_camera
def add_device() -> AnswerType:
    form = read(NewDevice)
    if device := form.submit(devices.add, by=me(), at=now(), again=devices.of_act):
        go = url_for("desk.thing", code=device.code)
        say = _("%(name)s is in the register.", name=device.name)
        return done(answers.whole(device), go=go, say=say, form=form, new=True)
    return _card("inventory/device_new.html", form)


@bp.route("/devices/<code>/edit", methods=["GET", "POST"])
@door("equip")
@spoken(
    takes=DeviceFacts,
    gives=answers.DeviceAnswer,
    refuses=("serial_taken", "number_taken", "not_here", "successor_unknown"),
    doubts=("serial_missing",),
)
def edit_device(code: str) -> AnswerType:
    device = devices.get(code, me())
    form = read(DeviceFacts, **_facts(device))
    if form.submit(devices.edit, device, by=me(), at=now(), again=devices.of_act):
        go = url_for("desk.thing", code=device.code)
        return done(answers.whole(device), go=go, say=_("The changes are kept."), form=form)
    return _card("inventory/device_edit.html", form, device)


def _facts(device: Device) -> dict[str, object]:
    """To fill the form of its card. What is not known is left out: an empty word is no number and no day."""
    names = (
        "name", "serial_number", "no_serial_reason", "inventory_number", "programme", "stated_value_cents", "note",
        "acquired_on", "warranty_until",
    )  # fmt: skip
    facts = {name: getattr(device, name) for name in names}
    facts |= {"model": device.model_id, "owner": device.owner_id, "payer": device.payer_id}
    facts |= {"replaced_by": device.replaced_by.code if device.replaced_by else None}
    facts |= {"identifiers": _numbers(device), "details": _details(device)}
    return {name: value for name, value in facts.items() if value is not None}


def _numbers(device: Device | None = None) -> list[dict[str, str]]:
    """The numbers it bears, and an empty line for each it might bear."""
    borne = [{"kind": one.kind, "value": one.value} for one in (identifiers.of(device.id) if device else ())]
    kinds = [one["kind"] for one in borne]
    return borne + [{"kind": kind, "value": ""} for kind in ASKED if kinds.count(kind) < ASKED.count(kind)]


def _details(device: Device) -> list[dict[str, object]]:
    written = details.of(device.id, device.model.category_code)
    fields = details.fields_of(device.model.category_code)
    return [{"field": one.id, "value": written.get(one.id, "")} for one in fields]


def _card(template: str, form: Form[DeviceFacts] | Form[NewDevice], device: Device | None = None) -> AnswerType:
    models = [(m.id, f"{m.maker.name} {m.name}") for m in devices.models()]
    asked = details.fields_of(device.model.category_code) if device else _fields_of(form.values.get("model"))
    fields = {one.id: one for one in asked}
    return page(template, form=form, models=models, organisations=lists.owners(), fields=fields, device=device)


def _fields_of(model: object) -> Sequence[CategoryField]:
    """The fields of the kind that a model is of; none while no model is chosen."""
    number = str(model or "")
    kind = devices.kind_of(int(number)) if number.isdecimal() and len(number) <= LONGEST_NUMBER else None
    return details.fields_of(kind) if kind else ()


@bp.route("/devices/<code>/check", methods=["GET", "POST"])
@door("lend")
@spoken(
    takes=CheckDone,
    gives=answers.DeviceAnswer,
    refuses=("not_to_check", "not_here", "too_soon", "not_prepared", "fault_unknown"),
    doubts=("method_missing",),
)
def check(code: str) -> AnswerType:
    device = devices.get(code, me())
    form = read(CheckDone, result="fit", files="offered")
    if form.submit(care.check, device, by=me(), at=now(), again=devices.of_act):
        free = device.state == "available"
        say = _("%(name)s is free again.", name=device.name) if free else _("It is written down. The thing stays here.")
        undo = url_for("inventory.undo_check", code=device.code) if free else ""
        go = url_for("desk.thing", code=device.code)
        return done(answers.device(device), go=go, say=say, undo=undo, form=form)
    colleagues = [(one.id, one.name) for one in staff.colleagues(me())]
    return page(
        "inventory/check.html",
        form=form,
        device=device,
        colleagues=colleagues,
        unverified=wipes.unverified(device),
        earliest=wipes.earliest(device),
    )


@bp.route("/devices/<code>/check/undo", methods=["POST"])
@door("lend")
@spoken(takes=UndoIt, gives=answers.DeviceAnswer, refuses=("too_late_to_undo", "nothing_to_undo", "not_here"))
def undo_check(code: str) -> AnswerType:
    device, form = devices.get(code, me()), read(UndoIt)
    form.insist(care.undo_check, device, by=me(), at=now(), again=devices.of_act)
    go = url_for("desk.thing", code=device.code)
    return done(answers.device(device), go=go, say=_("Undone: it waits to be checked."), form=form)


@bp.route("/devices/<code>/holds", methods=["GET", "POST"])
@door("hold")
@spoken(takes=PlaceHold, gives=answers.DeviceAnswer, refuses=("not_here",))
def hold(code: str) -> AnswerType:
    device, form = devices.get(code, me()), read(PlaceHold)
    if form.submit(care.place_hold, device, by=me(), at=now(), again=devices.of_act):
        go = url_for("desk.thing", code=device.code)
        return done(answers.device(device), go=go, say=_("The thing stays here for now."), form=form)
    return page("inventory/hold.html", form=form, device=device)


@bp.route("/devices/<code>/holds/<int:number>/lift", methods=["POST"])
@door("hold")
@spoken(takes=LiftHold, gives=answers.DeviceAnswer, refuses=("not_here",))
def lift_hold(code: str, number: int) -> AnswerType:
    device, form = devices.get(code, me()), read(LiftHold)
    form.insist(care.lift_hold, device, number, by=me(), at=now(), again=devices.of_act)
    go = url_for("desk.thing", code=device.code)
    return done(answers.device(device), go=go, say=_("The thing may leave again."), form=form)


@bp.route("/models", methods=["GET"])
@door("equip")
@spoken(gives=answers.Models)
def models() -> AnswerType:
    listed = answers.Models(items=[answers.model(m) for m in devices.models()], next=None)
    return _models(read(NewModel), listed)


@bp.route("/models", methods=["POST"])
@door("equip")
@spoken(takes=NewModel, gives=answers.ModelAnswer, made=True, refuses=("model_there",))
def add_model() -> AnswerType:
    form = read(NewModel)
    if model := form.submit(devices.add_model, by=me(), at=now(), again=devices.model_of_act):
        say = _("%(name)s can now be chosen for new devices.", name=model.name)
        go = url_for("catalogue.model", number=model.id)
        return done(answers.model(model), go=go, say=say, form=form, new=True)
    return _models(form)


def _models(form: Form[NewModel], answer: BaseModel | None = None) -> AnswerType:
    kinds = [(c.code, c.called) for c in devices.categories()]
    return page("inventory/models.html", form=form, answer=answer, models=devices.models(), kinds=kinds)
