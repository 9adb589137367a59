"""Devices: written down, found by any number they bear, changed, and given codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select

from app import history
from app.db import ask, ask_one, draft, note, put, session
from app.errors import NotThere, Refused
from app.inputs import Act, bits_of
from app.inventory import cards, custody, identifiers, recalls, search
from app.inventory.forms import BroughtAlong, DeviceFacts, NewCodes, NewDevice, NewModel, TieCode
from app.inventory.models import Category, Device, DeviceModel, GivenCode, Maker
from app.inventory.states import ENTRIES
from app.people.roles import Me
from app.words import _, bare, fold
from labels import codes


def seen_by(_me: Me) -> Select[Device]:
    """Things are the whole federation's to see; who may act on them is custody's affair."""
    return select(Device)


def get(code: str, me: Me) -> Device:
    """The device that bears this code, or once bore it. Raises `NotThere`."""
    device = _by_code(codes.parse(code) or "")
    if device is None:
        raise NotThere(_("No thing bears this code."))
    return device


_BY_CODE = select(Device).where(Device.code == bindparam("code"))


def _by_code(code: str) -> Device | None:
    found = session().scalar(_BY_CODE, {"code": code})
    if found is None:
        tied = select(Device).join(GivenCode, GivenCode.device_id == Device.id).where(GivenCode.code == code)
        found = session().scalar(tied)
    return found


def find(text: str) -> list[Device]:
    """Things that bear this number: one of our codes, a serial, an old inventory number, an IMEI or the like."""
    if (code := codes.parse(text)) and (device := _by_code(code)):
        return [device]
    key = bare(text)
    if not key:
        return []
    borne = or_(Device.serial_key == key, Device.inventory_key == key, identifiers.bears(key))
    query = select(Device).where(borne).limit(10)
    return list(session().scalars(query))


def meant(text: str) -> list[Device]:
    """Things whose code is one slip of the fingers away from what was typed."""
    near = codes.neighbours("".join(c for c in text.upper() if c.isalpha()))
    query = select(Device).where(Device.code.in_(near)).limit(5) if near else None
    return list(session().scalars(query)) if query is not None else []


def add_model(wish: NewModel, *, by: Me, at: datetime) -> DeviceModel:
    if session().get(Category, wish.category) is None:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"category": words})
    maker = session().scalar(select(Maker).where(Maker.folded == fold(wish.maker))) or Maker(name=wish.maker)
    session().add(maker)
    session().flush()
    twin = select(DeviceModel.id).where(DeviceModel.maker_id == maker.id, DeviceModel.name == wish.name)
    if session().scalar(twin):
        words = _("This model is already there.")
        raise Refused("model_there", words, fields={"name": words})
    model = DeviceModel(
        maker_id=maker.id,
        category_code=wish.category,
        name=wish.name,
        number=wish.number,
        parts=[part.strip() for part in wish.parts.split(",") if part.strip()],
        loan_days=wish.loan_days,
        updates_until=wish.updates_until,
        safety=wish.safety or None,
    )
    session().add(model)
    session().flush()
    history.record("model_new", wish, by=by, at=at, subject=f"model:{model.id}", name=wish.name)
    return model


def model_of_act(act: history.Act) -> DeviceModel:
    return session().get_one(DeviceModel, int(act.subject.partition(":")[2]))


def model(number: int) -> DeviceModel:
    found = session().get(DeviceModel, number)
    if found is None:
        raise NotThere(_("There is no such model."))
    return found


def kind_of(model: int) -> str | None:
    """The code of the kind of things that a model is of."""
    return session().scalar(select(DeviceModel.category_code).where(DeviceModel.id == model))


def models() -> list[DeviceModel]:
    return list(session().scalars(select(DeviceModel).join(Maker).order_by(Maker.folded, DeviceModel.name)))


def usual_categories() -> None:
    """The kinds of things such centres lend, for a new house."""
    for code, french, english, gate, lent_to in (
        ("laptop", "Ordinateurs portables", "Laptops", "wipe", "household"),
        ("tablet", "Tablettes", "Tablets", "wipe", "household"),
        ("router", "Clés 4G", "4G routers", "check", "household"),
        ("printer3d", "Imprimantes 3D", "3D printers", "check", "outing"),
    ):
        if session().get(Category, code) is None:
            row = Category(code=code, name_fr=french, name_en=english, icon=code, gate=gate, lent_to=lent_to)
            session().add(row)
    session().flush()


def categories() -> list[Category]:
    return list(session().scalars(select(Category).order_by(Category.name_fr)))


def add(wish: NewDevice, *, by: Me, at: datetime) -> Device:
    """Write a thing down, in this centre's store: free to be lent, or to check if that is how it was brought along."""
    waits = isinstance(wish, BroughtAlong) and wish.to_check
    return enter(wish, wish, "device_brought" if waits else "device_new", by=by, at=at)[0]


def enter(card: NewDevice, wish: Act, kind: str, *, by: Me, at: datetime, **facts: Any) -> tuple[Device, history.Act]:
    """The thing of this card comes into the register by that act, into this centre's store."""
    if by.centre is None:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    state, why = ENTRIES[kind]
    code = _code_of(card) if card.code else _fresh(wish)
    facts_of_it = cards.columns(0, card, _successor(0, card))
    device = put(draft(Device, code=code, state=state, centre_id=by.centre_id, link_number=0, **facts_of_it))
    if card.code and _known(device.code):
        _tie(device.code, device, at)  # a label printed ahead
    else:
        note(GivenCode, code=device.code, kind=device.code[0], made_at=at, device_id=device.id, tied_at=at)
    cards.write_more(device, card)
    search.index([device])
    act = history.record(kind, wish, by=by, at=at, subject=device.code, centre_id=by.centre_id, **facts)
    recalls.follow(device, act)
    custody.move(device, state, act=act, by=by, at=wish.happened(at), why=why)
    return device, act


def edit(device: Device, wish: DeviceFacts, *, by: Me, at: datetime) -> Device:
    custody.check_here(device, by)
    for name, value in cards.columns(device.id, wish, _successor(device.id, wish)).items():
        setattr(device, name, value)
    session().flush()
    cards.write_more(device, wish)
    search.index([device])
    act = history.record("device_edit", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id)
    recalls.follow(device, act)
    return device


def of_act(act: history.Act) -> Device:
    device = _by_code(act.subject)
    assert device is not None
    return device


def _successor(this: int, wish: DeviceFacts) -> int | None:
    """The number of the thing that took its place, if one is named."""
    if not wish.replaced_by:
        return None
    found = find(wish.replaced_by)
    if len(found) != 1 or found[0].id == this:
        words = _("One other thing must bear this number.")
        raise Refused("successor_unknown", words, fields={"replaced_by": words})
    return found[0].id


def print_ahead(wish: NewCodes, *, by: Me, at: datetime) -> Sequence[str]:
    """Give codes to labels before there is a thing for them."""
    made = [code for code, _n in zip(_fresh_ones(wish), range(wish.count), strict=False)]
    session().add_all(GivenCode(code=code, made_at=at) for code in made)
    history.record("codes_ahead", wish, by=by, at=at, subject=made[0], centre_id=by.centre_id or None, codes=made)
    return made


def ahead_of_act(act: history.Act) -> Sequence[str]:
    return list(act.told["codes"])


def tie(wish: TieCode, *, by: Me, at: datetime) -> Device:
    """The label just stuck on becomes the thing's code; the old one still finds it."""
    found = find(wish.thing)
    if len(found) != 1:
        words = _("Nothing bears this number yet.") if not found else _("Several things bear this number.")
        raise Refused("thing_unknown", words, fields={"thing": words})
    device = found[0]
    custody.check_here(device, by)
    _tie(_code_for(wish.code), device, at)
    device.code = wish.code
    search.index([device])
    history.record("code_tie", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id)
    return device


_GIVEN = select(GivenCode.code).where(GivenCode.code.in_(bindparam("codes", expanding=True)))


def _known(code: str) -> bool:
    return ask_one(_GIVEN, codes=[code]) is not None


@contextmanager
def together(numbers: Sequence[UUID]) -> Iterator[None]:
    """Around the writing down of many things by these acts: whether the codes they give are free is asked once."""
    wanted = {codes.make("D", bits_of(number, 0)): number for number in numbers}
    given = {row.code for row in ask(_GIVEN, codes=list(wanted))} if wanted else set()
    session().info[_FREE] = {number: code for code, number in wanted.items() if code not in given}
    try:
        yield
    finally:
        del session().info[_FREE]


_FREE = "codes looked for ahead that nothing bears, by the act that gives them"


def _tie(code: str, device: Device, at: datetime) -> None:
    row = session().get(GivenCode, code) or GivenCode(code=code, made_at=at)
    row.device_id, row.tied_at = device.id, at
    session().add(row)
    session().flush()


def _code_of(wish: NewDevice) -> str:
    """The code on its label; a thing from another register of ours keeps the one it had there."""
    code = codes.parse(wish.code)
    strange = code is not None and code[0] == "D" and not _known(code)
    return str(code) if isinstance(wish, BroughtAlong) and strange else _code_for(wish.code)


def _code_for(text: str) -> str:
    """The pre-printed code, if it is one of ours and still loose."""
    code = codes.parse(text)
    row = session().get(GivenCode, code) if code and code.startswith("D") else None
    if row is None or row.device_id is not None:
        words = _("This label was not printed here.") if row is None else _("This label is already on another thing.")
        raise Refused("code_unknown" if row is None else "code_taken", words, fields={"code": words})
    return row.code


def _fresh(wish: Act) -> str:
    return session().info.get(_FREE, {}).get(wish.id) or next(_fresh_ones(wish))


def _fresh_ones(wish: Act) -> Iterator[str]:
    """Codes never given before, drawn from the act's id."""
    seen: set[str] = set()
    for turn in count():
        code = codes.make("D", wish.bits(turn))
        if code not in seen and not _known(code):
            seen.add(code)
            yield code
