"""The board, a thing, a household, and the scan that finds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select

from app.db import session
from app.desk import agreed, columns, see_to, things
from app.desk import board as questions
from app.errors import NotThere
from app.inputs import LONGEST_LINE, tidy
from app.inventory import answers as things_said
from app.inventory import care, details, devices, kits, lists, moved, movements, places, wipes
from app.inventory.forms import DeviceList
from app.inventory.models import Device, GivenCode
from app.inventory.states import HELD, LATE, LOOKS
from app.lending import answers as loans_said
from app.lending import calls as waiting
from app.lending import owed, promised, reminder_answers, requests
from app.people import answers as people_said
from app.people import households
from app.people.answers import Nothing
from app.people.doors import door, me
from app.people.models import Household
from app.times import now, today
from app.web import AnswerType, done, page, read, read_query, slice_of, spoken, wants_json
from app.web.guard import with_camera
from labels import codes

bp = Blueprint("desk", __name__)
SHOWN = 10  # things, of those that a scan finds by words
KEPT = set(DeviceList.model_fields) - {"after"}  # of a list's address, when its columns change


@bp.route("/", methods=["GET"])
@door("staff")
@with_camera
def board() -> AnswerType:
    if not me().may("households"):
        matters = see_to.matters(me(), today())
        return page("desk/plain_board.html", today=today(), free=questions.free_here(me()), see_to=matters)
    return page(
        "desk/board.html",
        today=today(),
        due_today=questions.due(me(), today(), late=False),
        late=questions.due(me(), today(), late=True),
        to_check=questions.to_check(me()),
        deeds=questions.last_deeds(me(), now()),
        free=questions.free_here(me()),
        notes=questions.found_notes(me()),
        waits=waiting.waits(me(), today()),
        see_to=see_to.matters(me(), today()),
        agreed=agreed.matters(me(), today()),
        stock=questions.stock_waits(me(), today()),
    )


@bp.route("/calls", methods=["GET"])
@door("households")
@spoken(gives=reminder_answers.Calls)
def calls() -> AnswerType:
    """Whom to ring, with the number as the button; letters to print, visits to plan, what is to be decided."""
    to_call = waiting.to_call(me(), today())
    rest = {name: waiting.waiting(me(), way) for name, way in waiting.LISTS.items()}
    answer, lately = reminder_answers.calls(to_call, **rest), waiting.done_lately(me(), now())
    return page("desk/calls.html", answer=answer, calls=to_call, rest=rest, lately=lately)


@bp.route("/devices", methods=["GET"])
@door("things")
@spoken(asks=DeviceList, gives=things_said.Devices)
@with_camera
def list_devices() -> AnswerType:
    wish = read_query(DeviceList)
    by, backwards = lists.SORTS[wish.sort.lstrip("-")], wish.sort.startswith("-")
    query = lists.listed(wish, me(), today())
    found = slice_of(query, wish, by=by, key=lists.place_in(wish), backwards=backwards)
    if wants_json():
        places = loans_said.places_with(found.rows, me())
        items = [things_said.device(d, places.get(d.id)) for d in found.rows]
        return page("desk/devices.html", answer=things_said.Devices(items=items, next=found.next))
    picked = columns.chosen(me())
    return page(
        "desk/devices.html",
        found=found,
        wish=wish,
        states=LOOKS,
        late_look=LATE,
        stays=HELD,
        held=care.held_among(found.rows, today()),
        today=today(),
        categories=devices.categories(),
        models=devices.models(),
        owners=lists.owners(),
        filters=details.filters(),
        always=columns.ALWAYS,
        choice=columns.CHOICE,
        shown=picked,
        picked=picked,
        words=request.query_string.decode(errors="replace")[:LONGEST_LINE],
        again=_again,
        asked={name: value for name, value in request.args.items() if name in KEPT},
    )


def _again(**other: str) -> str:
    """The address of this list with other words, from its first page on."""
    return url_for("desk.list_devices", **{k: v for k, v in request.args.items() if k in KEPT} | other)  # type: ignore[arg-type]


@bp.route("/devices/columns", methods=["POST"])
@door("staff")
def choose_columns() -> AnswerType:
    """Which columns this person sees, until they choose others; then the list goes on as it was filtered."""
    form = read(columns.ChooseColumns)
    form.insist(columns.choose, by=me(), at=now())
    words = {name: value for name, value in parse_qsl(form.wish.words if form.wish else "") if name in KEPT}
    return done(Nothing(), go=url_for("desk.list_devices", **words))  # type: ignore[arg-type]


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
        place=places.of([card]).get(card.id),
        moves=movements.choices(card, me()),
        repairs=moved.repairs_of(card.id) if card.moved else [],
        wipes=wipes.of(card.id) if card.wiped and card.gate == "wipe" else [],
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,8}", text) else None


@bp.route("/households/<code>", methods=["GET"])
@door("households")
@spoken(gives=people_said.CardAnswer)
@with_camera
def household(code: str) -> AnswerType:
    found = households.get(code, me())
    card = people_said.card(found)
    if wants_json():
        return page("desk/household.html", answer=card)
    loans = things.loans_of(found)
    return page(
        "desk/household.html",
        household=found,
        card=card,
        loans=loans,
        doubles=households.doubles(found),
        kept=promised.kept_for(found),
        waits=[row for row in promised.waits_of(found) if row.closed_at is None],
        owed=[part for left in owed.of_loans(loans).values() for part in left if part.closed_at is None],
        asked=[one for one in requests.of_loans(loans) if one.loan.closed_at is None and one.state != "granted"],
        today=today(),
    )


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
        found=devices.find(text) or _named(text),
        meant=devices.meant(text),
        households=known,
        loose=_loose(text),
        most=SHOWN,
        looks=LOOKS,
    )


def _found(text: str) -> str | None:
    code = codes.parse(text)
    if code and code.startswith("F"):
        return _household_page(code)
    if code and code.startswith("K") and (kit := kits.by_code(code)):
        return url_for("kits.show", code=kit.code)
    found = devices.find(text)
    # Whoever is here to check sees first what proves the thing.
    page_of = "assets.show" if me().audit else "desk.thing"
    return url_for(page_of, code=found[0].code) if len(found) == 1 else None


def _household_page(code: str) -> str | None:
    try:
        return url_for("desk.household", code=households.get(code, me()).code)
    except NotThere:  # of one that was split its own address says why
        return url_for("desk.household", code=code) if households.was_split(code, me()) else None


def _named(text: str) -> Sequence[Device]:
    """The first things that bear these words; one more than are shown tells that there are others."""
    if not text:
        return []
    query = lists.listed(DeviceList(q=text), me(), today()).order_by(Device.folded, Device.id)
    return session().scalars(query.limit(SHOWN + 1)).all()


def _households(text: str) -> list[Household]:
    return list(session().scalars(households.search(text, me()).limit(20)))


def _loose(text: str) -> str | None:
    """A label printed ahead that waits for its thing."""
    code = codes.parse(text)
    query = select(GivenCode.code).where(GivenCode.code == (code or ""), GivenCode.device_id.is_(None))
    return session().scalar(query)
