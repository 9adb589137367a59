"""Care of things: what to do after a theft, the certificate of a wipe, maintenance by date and by meter."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, url_for

from app.inputs import Answer
from app.inventory import certificate, devices, maintenance, thefts, wipes
from app.inventory.care_forms import EndPlan, NewPlan, PlanDone, ReadMeter, TheftStep
from app.inventory.models import Device
from app.people.doors import door, me
from app.times import now, today
from app.web import AnswerType, Form, blank, done, file_answer, page, read, spoken
from app.words import _

bp = Blueprint("care", __name__)


class TickAnswer(Answer):
    step: str
    done: bool
    day: date | None
    reference: str


class TheftAnswer(Answer):
    """The list after a theft; empty for a thing that is not stolen."""

    device: str
    steps: list[TickAnswer]


class PlanAnswer(Answer):
    id: int
    name: str
    last_done_on: date
    due_on: date | None
    due_at: int | None
    unit: str
    meter: int
    is_due: bool


class PlansAnswer(Answer):
    """The maintenance of one thing, what is due first."""

    device: str
    plans: list[PlanAnswer]


@bp.route("/devices/<code>/theft", methods=["GET", "POST"])
@door("move")
@spoken(
    takes=TheftStep,
    gives=TheftAnswer,
    refuses=("not_stolen", "not_here", "device_unknown"),
)
def theft(code: str) -> AnswerType:
    device, form = devices.get(code, me()), read(TheftStep)
    if form.submit(thefts.tick, device, by=me(), at=now(), again=devices.of_act):
        go = url_for("care.theft", code=device.code)
        return done(_theft(device), go=go, say=_("Noted."), form=form)
    steps = thefts.checklist(device) if device.state == "stolen" else []
    return page("inventory/theft.html", form=form, device=device, steps=steps, answer=_theft(device), today=today())


def _theft(device: Device) -> TheftAnswer:
    steps = thefts.checklist(device) if device.state == "stolen" else []
    told = [
        TickAnswer(
            step=one.step,
            done=one.done,
            day=one.row.day if one.row else None,
            reference=one.row.reference if one.row else "",
        )
        for one in steps
    ]
    return TheftAnswer(device=device.code, steps=told)


@bp.route("/wipes/<int:number>.pdf", methods=["GET"])
@door("things")
def wipe_certificate(number: int) -> AnswerType:
    return file_answer(certificate.pdf(wipes.proof(number)), "application/pdf", "effacement.pdf", inline=True)


@bp.route("/devices/<code>/maintenance", methods=["GET", "POST"])
@door("move")
@spoken(takes=NewPlan, gives=PlansAnswer, refuses=("not_here",))
def plans(code: str) -> AnswerType:
    device, form = devices.get(code, me()), read(NewPlan)
    if form.submit(maintenance.new, device, by=me(), at=now(), again=devices.of_act):
        return _done(device, form, _("This maintenance is planned."))
    return _plans(device, form, blank(ReadMeter))


@bp.route("/devices/<code>/meter", methods=["POST"])
@door("move")
@spoken(takes=ReadMeter, gives=PlansAnswer, refuses=("not_here", "meter_back"))
def meter(code: str) -> AnswerType:
    device, form = devices.get(code, me()), read(ReadMeter)
    if form.submit(maintenance.read_meter, device, by=me(), at=now(), again=devices.of_act):
        return _done(device, form, _("The reading is kept."))
    return _plans(device, blank(NewPlan), form)


@bp.route("/devices/<code>/plans/<int:plan>/done", methods=["POST"])
@door("move")
@spoken(takes=PlanDone, gives=PlansAnswer, refuses=("not_here",))
def plan_done(code: str, plan: int) -> AnswerType:
    device, form = devices.get(code, me()), read(PlanDone)
    form.insist(maintenance.done, device, plan, by=me(), at=now(), again=devices.of_act)
    return _done(device, form, _("Noted: the maintenance is done."))


@bp.route("/devices/<code>/plans/<int:plan>/end", methods=["POST"])
@door("move")
@spoken(takes=EndPlan, gives=PlansAnswer, refuses=("not_here",))
def end_plan(code: str, plan: int) -> AnswerType:
    device, form = devices.get(code, me()), read(EndPlan)
    form.insist(maintenance.end, device, plan, by=me(), at=now(), again=devices.of_act)
    return _done(device, form, _("This maintenance is no longer planned."))


def _done(
    device: Device, form: Form[NewPlan] | Form[ReadMeter] | Form[PlanDone] | Form[EndPlan], say: object
) -> AnswerType:
    return done(_told(device), go=url_for("care.plans", code=device.code), say=say, form=form)


def _told(device: Device) -> PlansAnswer:
    told = [
        PlanAnswer(
            id=one.plan.id,
            name=one.plan.name,
            last_done_on=one.last,
            due_on=one.on,
            due_at=one.at,
            unit=one.plan.unit,
            meter=one.value,
            is_due=one.is_due,
        )
        for one in maintenance.plans_of(device.id, today())
    ]
    return PlansAnswer(device=device.code, plans=told)


def _plans(device: Device, new: Form[NewPlan], meter: Form[ReadMeter]) -> AnswerType:
    readings = {unit: maintenance.reading(device.id, unit) for unit in maintenance.UNITS}
    return page(
        "inventory/maintenance.html",
        form=meter if meter.sent else new,
        new=new,
        meter=meter,
        answer=_told(device),
        device=device,
        plans=maintenance.plans_of(device.id, today()),
        readings=readings,
        today=today(),
    )
