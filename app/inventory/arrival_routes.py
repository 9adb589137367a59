"""Deliveries: what is expected, what came, and how each new thing is prepared before it is lent."""

from __future__ import annotations

from flask import Blueprint, url_for

from app.inventory import answers as things_said
from app.inventory import arrivals, devices, preparing
from app.inventory import stock_answers as answers
from app.inventory.arrivals import Delivery, DeliveryLine
from app.inventory.models import Device
from app.inventory.stock_forms import CloseDelivery, NewDelivery, ReceiveDevice, TickStep
from app.people.doors import door, me
from app.times import now
from app.web import AnswerType, Form, Listing, blank, done, page, read, read_query, slice_of, spoken
from app.web.guard import with_camera
from app.words import _

bp = Blueprint("arrivals", __name__)
ROWS = 4  # models a form of a delivery offers


@bp.route("/deliveries", methods=["GET"])
@door("things")
@spoken(asks=Listing, gives=answers.Deliveries)
def deliveries() -> AnswerType:
    found = slice_of(
        arrivals.listed(me()), read_query(Listing), by=(Delivery.id,), key=lambda row: (row.id,), backwards=True
    )
    answer = answers.Deliveries(items=[_answer(row) for row in found.rows], next=found.next)
    return page("inventory/deliveries.html", answer=answer, found=found, arrivals=arrivals)


@bp.route("/deliveries/new", methods=["GET"])
@door("equip")
def new_delivery() -> AnswerType:
    return _new(read(NewDelivery))


@bp.route("/deliveries", methods=["POST"])
@door("equip")
@spoken(takes=NewDelivery, gives=answers.DeliveryAnswer, made=True, refuses=("no_centre",))
def expect() -> AnswerType:
    form = read(NewDelivery)
    if row := form.submit(arrivals.expect, by=me(), at=now(), again=arrivals.of_act):
        say = _("The delivery is expected. Scan it in when it comes.")
        return done(_answer(row), go=url_for("arrivals.show", number=row.id), say=say, form=form, new=True)
    return _new(form)


def _new(form: Form[NewDelivery]) -> AnswerType:
    models = [(m.id, f"{m.maker.name} {m.name}") for m in devices.models()]
    sent = form.values.get("lines")
    rows = [row if isinstance(row, dict) else {} for row in (sent if isinstance(sent, list) else [])][:20]
    return page("inventory/delivery_new.html", form=form, models=models, rows=rows + [{}] * (ROWS - len(rows)))


@bp.route("/deliveries/<int:number>", methods=["GET"])
@door("things")
@spoken(gives=answers.DeliveryAnswer)
@with_camera
def show(number: int) -> AnswerType:
    row = arrivals.get(number, me())
    return _show(row, blank(ReceiveDevice))


def _show(row: Delivery, form: Form[ReceiveDevice]) -> AnswerType:
    items = [(line, item) for line in row.lines for item in line.items]
    waiting = [item.device for _line, item in items if item.device.state == "to_check"]
    mine = row.centre_id == me().centre_id and me().may("equip")
    return page(
        "inventory/delivery.html",
        form=form,
        answer=_answer(row),
        delivery=row,
        items=sorted(items, key=lambda pair: -pair[1].id),
        choices=[(line.id, f"{line.model.maker.name} {line.model.name}") for line in row.lines],
        left={device.id: _left(device) for device in waiting},
        codes=[item.device.code for _line, item in items],
        receives=mine and row.closed_at is None,
        ordered=arrivals.ordered(row),
        received=arrivals.received(row),
    )


def _left(device: Device) -> int:
    return sum(not step.done for step in preparing.steps(device))


@bp.route("/deliveries/<int:number>/items", methods=["POST"])
@door("equip")
@spoken(
    takes=ReceiveDevice,
    gives=things_said.DeviceAnswer,
    refuses=(
        "serial_taken",
        "code_taken",
        "code_unknown",
        "not_here",
        "delivery_closed",
        "delivery_complete",
        "no_centre",
    ),
    doubts=("serial_missing",),
)
@with_camera
def receive(number: int) -> AnswerType:
    row, form = arrivals.get(number, me()), read(ReceiveDevice)
    if item := form.submit(arrivals.receive, row, by=me(), at=now(), again=arrivals.item_of_act):
        say = _("%(name)s is in the register.", name=item.device.name)
        return done(things_said.device(item.device), go=url_for("arrivals.show", number=row.id), say=say, form=form)
    return _show(arrivals.get(number, me()), form)


@bp.route("/deliveries/<int:number>/close", methods=["POST"])
@door("equip")
@spoken(takes=CloseDelivery, gives=answers.DeliveryAnswer, refuses=("not_here", "delivery_closed"))
def close(number: int) -> AnswerType:
    row, form = arrivals.get(number, me()), read(CloseDelivery)
    form.insist(arrivals.close, row, by=me(), at=now(), again=arrivals.of_act)
    go = url_for("arrivals.show", number=row.id)
    return done(_answer(row), go=go, say=_("The delivery is closed."), form=form)


@bp.route("/devices/<code>/preparation", methods=["GET", "POST"])
@door("equip")
@spoken(takes=TickStep, gives=answers.PreparationAnswer, refuses=("not_here", "nothing_to_prepare"))
def prepare(code: str) -> AnswerType:
    """Tick the steps; once all are done, the check frees the thing."""
    device, form = devices.get(code, me()), read(TickStep)
    if form.submit(preparing.tick, device, by=me(), at=now(), again=devices.of_act):
        return done(_preparation(device), go=url_for("arrivals.prepare", code=device.code), form=form)
    steps = preparing.steps(device)
    return page("inventory/preparation.html", form=form, answer=_preparation(device), device=device, steps=steps)


def _preparation(device: Device) -> answers.PreparationAnswer:
    steps = preparing.steps(device)
    told = [answers.StepAnswer(step=one.key, done=one.done, by=one.by, at=one.at) for one in steps]
    return answers.PreparationAnswer(code=device.code, complete=all(one.done for one in steps), steps=told)


def _answer(row: Delivery) -> answers.DeliveryAnswer:
    return answers.DeliveryAnswer(
        id=row.id,
        supplier=row.supplier,
        order_number=row.order_number,
        centre=row.centre.name,
        due_on=row.due_on,
        programme=row.programme,
        closed_at=row.closed_at,
        ordered=arrivals.ordered(row),
        received=arrivals.received(row),
        lines=[_line(line) for line in row.lines],
        devices=[item.device.code for line in row.lines for item in line.items],
    )


def _line(line: DeliveryLine) -> answers.DeliveryLineAnswer:
    return answers.DeliveryLineAnswer(
        id=line.id,
        model=f"{line.model.maker.name} {line.model.name}",
        ordered=line.ordered,
        received=len(line.items),
        missing=line.missing,
        wrong=[item.device.serial_number or "" for item in line.wrong],
    )
