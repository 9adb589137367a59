"""The samples of an on-the-spot check: from the register to the shelf, and from the shelf to the register."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, or_, select

from app import history
from app.db import change, draft, put, session
from app.errors import NotThere, Refused
from app.finance import assets, records, spot_checks
from app.finance.spending_forms import Withdraw
from app.finance.spot_check_forms import DrawSample, FromShelf, LookedFor
from app.finance.spot_check_models import SpotCheck, SpotItem
from app.history import Act
from app.inventory import devices
from app.inventory.models import Device
from app.people.roles import Me
from app.words import _

MOST = 500  # things in the samples of one check


def of(check: SpotCheck) -> Sequence[SpotItem]:
    """Those that stand, in the order they came."""
    query = select(SpotItem).where(SpotItem.check_id == check.id, SpotItem.gone_act_id.is_(None))
    return session().scalars(query.order_by(SpotItem.number)).all()


def get(check: SpotCheck, number: int) -> SpotItem:
    found = session().scalars(select(SpotItem).where(SpotItem.check_id == check.id, SpotItem.number == number)).first()
    if found is None:
        raise NotThere(_("There is no such thing in the sample."))
    return found


def draw(check: SpotCheck, wish: DrawSample, *, by: Me, at: datetime) -> SpotCheck:
    """Those named first, then so many drawn among the things that the operation pays."""
    check = spot_checks.going_on(check, by)
    if wish.count is None and not wish.things:
        words = _("Say how many things to draw, or name them.")
        raise Refused("invalid", words, status=422, fields={"count": words})
    there = {item.device_id for item in of(check) if item.direction == "register"}
    named = [one for one in _named(wish.things) if one.id not in there]
    drawn = drawn_from(check, by, but={*there, *(one.id for one in named)})[: wish.count or 0]
    if not named and not drawn:
        raise Refused("sample_same", _("All these things are in the sample already."))
    _add(check, wish, "spot_sample", [_new(check, "register", one) for one in (*named, *drawn)], by, at)
    return check


def _named(text: str) -> list[Device]:
    """The things that these numbers mean, one a line, each once."""
    numbers = [line for part in text.splitlines() if (line := part.strip())]
    if len(numbers) > MOST:
        words = _("These are too many at once.")
        raise Refused("invalid", words, status=422, fields={"things": words})
    found = [_one(number, "things") for number in numbers]
    return list({one.id: one for one in found}.values())


def drawn_from(check: SpotCheck, by: Me, but: set[int | None]) -> list[Device]:
    """The things of the operation in the order in which this check draws them.

    It is that of the hashes of the check's number and each code, so that whoever doubts the draw repeats it by hand.
    """
    things = session().scalars(assets.of_operation(check.operation, by)).all()
    return sorted((one for one in things if one.id not in but), key=lambda one: draw_key(check, one))


def draw_key(check: SpotCheck, device: Device) -> str:
    return sha256(f"{check.uuid} {device.code}".encode()).hexdigest()


def _one(text: str, field: str) -> Device:
    found = devices.find(text)
    if len(found) != 1:
        said = _("Nothing bears the number %(number)s.", number=text)
        words = _("Several things bear the number %(number)s.", number=text) if found else said
        raise Refused("device_unknown", words, fields={field: words})
    return found[0]


def look_for(check: SpotCheck, wish: LookedFor, *, by: Me, at: datetime) -> SpotItem:
    """A thing drawn from the register was seen, was not, or is still to be looked for."""
    check = spot_checks.going_on(check, by)
    device = _one(wish.thing, "thing")
    item = next((one for one in of(check) if (one.direction, one.device_id) == ("register", device.id)), None)
    if item is None:
        words = _("%(name)s is not in the sample drawn from the register.", name=device.name)
        raise Refused("not_in_sample", words, fields={"thing": words})
    values = {"result": None if wish.result == "open" else wish.result, "words": wish.words}
    told = draft(SpotItem, number=item.number, direction=item.direction, **values)
    of_this = [facts(told, device.code)]
    act = history.record("spot_look_for", wish, by=by, at=at, subject=check.name, items=of_this)
    return records.rewrite(item, act, **values)


def from_shelf(check: SpotCheck, wish: FromShelf, *, by: Me, at: datetime) -> SpotItem:
    """A thing that stood there: it is in the register when a number it bears finds it, else words describe it."""
    check = spot_checks.going_on(check, by)
    device = _looked_up(wish)
    if device and any((one.direction, one.device_id) == ("shelf", device.id) for one in of(check)):
        words = _("%(name)s is in this sample already.", name=device.name)
        raise Refused("sample_same", words, fields={"found": words})
    told = wish.words if device else " ".join(part for part in (wish.found, wish.words) if part)
    [item] = _add(check, wish, "spot_shelf", [_new(check, "shelf", device, told)], by, at)
    return item


def _looked_up(wish: FromShelf) -> Device | None:
    found = devices.find(wish.found) if wish.found else []
    if len(found) > 1:
        words = _("Several things bear the number %(number)s.", number=wish.found)
        raise Refused("device_unknown", words, fields={"found": words})
    if not found and not wish.words:
        nothing = _("Nothing bears the number %(number)s. Describe the thing.", number=wish.found)
        words = nothing if wish.found else _("Type a number of the thing, or describe it.")
        raise Refused("device_unknown", words, fields={"words": words})
    return found[0] if found else None


def _new(check: SpotCheck, direction: str, device: Device | None, words: str = "") -> tuple[SpotItem, Device | None]:
    number = device.id if device else None
    empty = {"result": None, "gone_act_id": None}
    return draft(SpotItem, check_id=check.id, direction=direction, device_id=number, words=words, **empty), device


def _add(
    check: SpotCheck, wish: Any, kind: str, new: Sequence[tuple[SpotItem, Device | None]], by: Me, at: datetime
) -> list[SpotItem]:
    last = session().scalar(select(func.max(SpotItem.number)).where(SpotItem.check_id == check.id)) or 0
    if last + len(new) > MOST:
        raise Refused("too_many_things", _("%(n)s things are the most in the samples of one check.", n=MOST))
    for number, (item, _device) in enumerate(new, last + 1):
        item.number = number
    told = [facts(item, device.code if device else None) for item, device in new]
    act = history.record(kind, wish, by=by, at=at, subject=check.name, items=told)
    for item, _device in new:
        item.act_id = act.id
    return [put(item, device=device) for item, device in new]


def take_off(check: SpotCheck, number: int, wish: Withdraw, *, by: Me, at: datetime) -> SpotItem:
    check = spot_checks.going_on(check, by)
    item = get(check, number)
    if item.gone_act_id is not None:
        raise NotThere(_("There is no such thing in the sample."))
    gone = [name_of(check.uuid.hex, number)]
    act = history.record("spot_item_withdraw", wish, by=by, at=at, subject=check.name, gone=gone)
    change(item, gone_act_id=act.id)
    return item


def put_back(check: SpotCheck, number: int, wish: Withdraw, *, by: Me, at: datetime) -> SpotItem:
    """Refused by its number when the thing came in again meanwhile."""
    check = spot_checks.going_on(check, by)
    item = get(check, number)
    if item.gone_act_id is None:
        raise Refused("in_force", _("This thing is in the sample."))
    back = [name_of(check.uuid.hex, number)]
    history.record("spot_item_restore", wish, by=by, at=at, subject=check.name, back=back)
    change(item, gone_act_id=None)
    return item


def name_of(check: str, number: int) -> str:
    """What the journal calls a thing of a sample that may be taken off."""
    return f"spot_check_item {check} {number}"


def facts(item: SpotItem, code: str | None) -> records.Facts:
    return records.facts(item, "check_id", "device_id") | {"device": code}


def of_act(act: Act) -> SpotItem:
    """The thing that an act was about: it is told whole, or named with its number at the end."""
    check = spot_checks.of_act(act)
    told = act.told
    number = told["items"][0]["number"] if "items" in told else (told.get("back") or told["gone"])[0].split()[-1]
    return get(check, int(number))


def last_seen(numbers: Collection[int]) -> dict[int, tuple[date, str]]:
    """When a check last saw each of these things, drawn or met on the shelf, and which body made it."""
    there = or_(SpotItem.result == "seen", SpotItem.direction == "shelf")
    query = (
        select(SpotItem.device_id, SpotCheck.checked_on, SpotCheck.body)
        .join(SpotCheck, SpotCheck.id == SpotItem.check_id)
        .where(SpotItem.device_id.in_(numbers), there)
        .where(SpotItem.gone_act_id.is_(None), SpotCheck.gone_act_id.is_(None))
        .order_by(SpotCheck.checked_on, SpotCheck.id)
    )
    return {number: (day, body) for number, day, body in session().execute(query) if number is not None}
