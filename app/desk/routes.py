"""The board, a thing, a household, and the scan that finds them."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select

from app.db import session
from app.desk import board as questions
from app.desk import things
from app.errors import NotThere
from app.inputs import tidy
from app.inventory import answers as things_said
from app.inventory import care, details, devices
from app.inventory.forms import DeviceList
from app.inventory.models import Device, GivenCode
from app.inventory.states import HELD, LATE, LOOKS
from app.lending import answers as loans_said
from app.people import answers as people_said
from app.people import households
from app.people.doors import door, me
from app.people.models import Household
from app.times import now, today
from app.web import AnswerType, page, read_query, slice_of, spoken
from app.web.answers import wants_json
from app.web.guard import with_camera
from labels import codes

bp = Blueprint("desk", __name__)


@bp.route("/", methods=["GET"])
@door("staff")
@with_camera
def board() -> AnswerType:
    if not me().may("households"):
        return page("desk/plain_board.html", today=today(), free=questions.free_here(me()))
    return page(
        "desk/board.html",
        today=today(),
        due_today=questions.due(me(), today(), late=False),
        late=questions.due(me(), today(), late=True),
        to_check=questions.to_check(me()),
        deeds=questions.last_deeds(me(), now()),
        free=questions.free_here(me()),
        notes=questions.found_notes(me()),
    )


@bp.route("/calls", methods=["GET"])
@door("households")
def calls() -> AnswerType:
    """Whom to ring: late first, with the number as the button."""
    return page("desk/calls.html", late=questions.due(me(), today(), late=True), today=today())


@bp.route("/devices", methods=["GET"])
@door("things")
@spoken(asks=DeviceList, gives=things_said.Devices)
@with_camera
def list_devices() -> AnswerType:
    wish = read_query(DeviceList)
    found = slice_of(devices.listed(wish, me()), wish, by=(Device.folded, Device.id), key=lambda d: (d.folded, d.id))
    if not wants_json():
        return page(
            "desk/devices.html",
            found=found,
            wish=wish,
            states=LOOKS,
            stays=HELD,
            held=care.held_among(found.rows, today()),
            categories=devices.categories(),
            filters=details.filters(),
        )
    places = loans_said.places_with(found.rows, me())
    items = [things_said.device(d, places.get(d.id)) for d in found.rows]
    return page("desk/devices.html", answer=things_said.Devices(items=items, next=found.next))


@bp.route("/devices/<code>", methods=["GET"])
@door("things")
@spoken(gives=things_said.DeviceAnswer)
@with_camera
def thing(code: str) -> AnswerType:
    if wants_json():
        device = devices.get(code, me())
        place = loans_said.places_with([device], me()).get(device.id)
        return page("desk/thing.html", answer=things_said.whole(device, place))
    before = request.args.get("before", "", str)
    card = things.card(code, me())
    late = card.loan is not None and card.due_on < today()
    holds = care.holds_on(card, today()) if card.kept else []
    lends = me().may("lend") and card.state == "available" and card.centre_id == me().centre_id
    return page(
        "desk/thing.html",
        device=card,
        look=LATE if late else HELD if holds and card.state == "available" else LOOKS[card.state],
        late=late,
        mine=card.centre_id == me().centre_id,
        steps=things.steps(card.id, me(), before=_number(before)),
        holds=holds,
        recent=things.borrowers(me()) if lends else [],
        more=things.more(card),
        today=today(),
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,8}", text) else None


@bp.route("/households/<code>", methods=["GET"])
@door("households")
@spoken(gives=people_said.HouseholdAnswer)
@with_camera
def household(code: str) -> AnswerType:
    found = households.get(code, me())
    loans = things.loans_of(found) if not wants_json() else []
    return page("desk/household.html", answer=people_said.household(found), household=found, loans=loans, today=today())


@bp.route("/scan", methods=["GET"])
@door("things")
@with_camera
def scan() -> AnswerType:
    """Whatever was scanned or typed: one of our codes, a serial, an old number, or a name."""
    text, alt = (str(tidy(request.args.get(word, "")))[:100] for word in ("q", "alt"))
    for reading in (text, alt):
        if reading and (go := _found(reading)):
            return redirect(go, 303)  # type: ignore[return-value]
    known = _households(text) if text else []
    return page(
        "desk/scan.html",
        text=text,
        found=devices.find(text),
        meant=devices.meant(text),
        households=known,
        loose=_loose(text),
        looks=LOOKS,
    )


def _found(text: str) -> str | None:
    code = codes.parse(text)
    if code and code.startswith("F"):
        return _household_page(code)
    found = devices.find(text)
    return url_for("desk.thing", code=found[0].code) if len(found) == 1 else None


def _household_page(code: str) -> str | None:
    try:
        return url_for("desk.household", code=households.get(code, me()).code)
    except NotThere:
        return None


def _households(text: str) -> list[Household]:
    return list(session().scalars(households.search(text, me()).limit(20)))


def _loose(text: str) -> str | None:
    """A label printed ahead that waits for its thing."""
    code = codes.parse(text)
    query = select(GivenCode.code).where(GivenCode.code == (code or ""), GivenCode.device_id.is_(None))
    return session().scalar(query)
