"""Custody: at any moment a thing is in exactly one place. Each step is a new numbered link; nothing is changed back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from app import history
from app.db import ask, change, for_update, note, session, stand, whole
from app.errors import Refused
from app.inventory.models import CustodyLink, Device, GivenCode
from app.inventory.states import LOOKS, NEXT, PLACE_OF
from app.people.roles import Me
from app.words import Sentence, _


def move(
    device: Device,
    to: str,
    *,
    act: history.Act,
    by: Me,
    at: datetime,
    why: str,
    centre_id: int | None = None,
    due_back_on: date | None = None,
    place_id: int | None = None,
    undoes: int | None = None,
) -> int:
    """Take the thing one step on; answers the number of its row.

    Raises `Refused` when no such step leads on from where it is.
    """
    if undoes is None and to not in NEXT.get(device.state if device.link_number else "", frozenset()):
        words = _("%(name)s is “%(state)s”: this cannot be done now.", name=device.name, state=LOOKS[device.state].word)
        raise Refused("not_available", words)
    place = centre_id or device.centre_id
    number = device.link_number + 1
    link_id = note(
        CustodyLink,
        device_id=device.id,
        number=number,
        state=to,
        place=PLACE_OF[to],
        place_id=place if PLACE_OF[to] == "centre" else place_id,
        centre_id=place,
        act_id=act.id,
        at=at,
        by=by.id,
        why=why,
        due_back_on=due_back_on,
        undoes=undoes,
    )
    change(device, state=to, centre_id=place, link_number=number, due_back_on=due_back_on)
    return link_id


def step_back(device: Device, *, act: history.Act, by: Me, at: datetime, why: str) -> int:
    """Undo the last link: a new one that puts the thing where it was before."""
    last, before = last_two(device)
    return move(
        device,
        before.state,
        act=act,
        by=by,
        at=at,
        why=why,
        centre_id=before.centre_id,
        due_back_on=before.due_back_on,
        place_id=before.place_id,
        undoes=last.number,
    )


def last_two(device: Device) -> Sequence[CustodyLink]:
    query = select(CustodyLink).where(CustodyLink.device_id == device.id).order_by(CustodyLink.number.desc()).limit(2)
    links = session().scalars(query).all()
    if len(links) < 2:  # noqa: PLR2004 - the first link has nothing before it
        raise Refused("nothing_to_undo", _("There is nothing to undo."))
    return links


def last_link(device: Device) -> CustodyLink:
    query = select(CustodyLink).where(CustodyLink.device_id == device.id, CustodyLink.number == device.link_number)
    return session().scalars(query).one()


# The things alone: what stands around them is asked for by whoever needs it.
LOCKED = for_update(
    select(GivenCode.code.label("borne"), *whole(Device))
    .join(Device, Device.id == GivenCode.device_id)
    .where(GivenCode.code.in_(bindparam("codes", expanding=True)))
    .order_by(Device.id),
    of=Device,
)


def locked(codes: Sequence[str]) -> dict[str, Device]:
    """The devices that these codes find, old codes too, locked in one fixed order until the write ends."""
    return standing(ask(LOCKED, codes=list(codes)))


def standing(found: Sequence[Any]) -> dict[str, Device]:
    """The session's devices of the rows that `LOCKED` answered, by the code that was asked for."""
    return {row.borne: stand(Device, row) for row in found}


def check_here(device: Device, by: Me) -> None:
    """Staff act on what is in their centre's custody. Raises `Refused` with whom to call."""
    if device.centre_id != by.centre_id:
        raise Refused("not_here", answers_for(device))


def answers_for(device: Device) -> Sentence:
    """Whom to call about a thing of another centre."""
    centre = device.centre
    return _("%(centre)s answers for this one. Call them: %(phone)s.", centre=centre.name, phone=centre.phone or "—")
