"""Several things written down at once: a delivery unpacked with a scanner in the hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import uuid5

from sqlalchemy import func, select

from app import history
from app.db import session
from app.errors import Refused
from app.inventory import devices
from app.inventory.forms import LabelsFit, NewDevice, NewDevices
from app.inventory.models import Device, DeviceModel
from app.people.roles import Me
from app.words import _, bare
from labels import codes

MOST = 200


def add_several(wish: NewDevices, *, by: Me, at: datetime) -> Sequence[Device]:
    """One thing a line, all or none; a refusal names its line."""
    if by.centre is None:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    pairs = list(_pairs(wish.lines))
    if not pairs:
        raise _wrong(_("Please fill this in."))
    if len(pairs) > MOST:
        raise _wrong(_("At most %(n)s things at once.", n=MOST))
    model = _model(wish)
    first = 1 + (session().scalar(select(func.count()).where(Device.model_id == model.id)) or 0)
    made = [_add(wish, model, first + n, pair, by, at) for n, pair in enumerate(pairs)]
    history.record(
        "devices_new",
        wish,
        by=by,
        at=at,
        subject=made[0].code,
        centre_id=by.centre_id,
        codes=[device.code for device in made],
    )
    return made


def of_act(act: history.Act) -> Sequence[Device]:
    return [found for code in act.told["codes"] for found in devices.find(code)]


def say_fit(wish: LabelsFit, *, by: Me, at: datetime) -> history.Act:
    """Somebody held the first sheet in their hand: only they can tell that it came out right."""
    where = by.centre.code if by.centre else ""
    return history.record("labels_fit", wish, by=by, at=at, subject=where, centre_id=by.centre_id or None)


def fit(by: Me) -> bool:
    """Whether somebody of this centre said so."""
    said = select(history.Act.id).where(history.Act.kind == "labels_fit", history.Act.centre_id == by.centre_id)
    return session().scalar(said.limit(1)) is not None


def here(by: Me, limit: int = MOST) -> Sequence[Device]:
    """The newest things of this centre."""
    query = select(Device).where(Device.centre_id == by.centre_id).order_by(Device.id.desc()).limit(limit)
    return list(session().scalars(query))


def _model(wish: NewDevices) -> DeviceModel:
    found = session().get(DeviceModel, wish.model)
    if found is None:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"model": words})
    return found


def _pairs(text: str) -> Iterator[tuple[str, str, int]]:
    """Code (or nothing), serial, number of the line. A scanner ends each reading: a code may stand on a line alone."""
    waiting, seen = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        code, serial = _split(line)
        if code and waiting:
            raise _alone(waiting)
        if serial and (first := seen.setdefault(bare(serial), number)) != number:
            raise _wrong(_("Lines %(one)s and %(other)s bear the same serial number.", one=first, other=number))
        if serial:
            yield code or waiting, serial, number
        waiting = "" if serial else code or waiting
    if waiting:
        raise _alone(waiting)


def _alone(code: str) -> Refused:
    return _wrong(_("A serial number is missing behind the label %(code)s.", code=codes.grouped(code)))


def _wrong(words: object) -> Refused:
    return Refused("invalid", words, status=422, fields={"lines": words})


def _split(line: str) -> tuple[str, str]:
    """`DCLB TRXN  PF0001` is a code and a serial; either may stand alone."""
    words = line.replace(";", " ").replace(",", " ").split()
    for taken in (1, 2):
        if code := codes.parse(" ".join(words[:taken])):
            return code, " ".join(words[taken:])
    return "", " ".join(words)


def _add(wish: NewDevices, model: DeviceModel, number: int, pair: tuple[str, str, int], by: Me, at: datetime) -> Device:
    code, serial, line = pair
    assert by.centre is not None
    try:
        one = NewDevice(
            id=uuid5(wish.id, str(line)),  # the same delivery gives the same things
            occurred_at=wish.occurred_at,
            name=f"{model.name} n° {number}",
            model=model.id,
            serial_number=serial,
            owner=by.centre.organisation_id,
            programme=wish.programme,
            code=code,
        )
        return devices.add(one, by=by, at=at)
    except (Refused, ValueError) as no:
        why = no.words if isinstance(no, Refused) else _("This is too long.")
        words = _("Line %(line)s: %(why)s", line=line, why=why)
        code_of = no.code if isinstance(no, Refused) else "invalid"
        status = no.status if isinstance(no, Refused) else 422
        raise Refused(code_of, words, status=status, fields={"lines": words}) from no
