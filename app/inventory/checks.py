"""What `flask verify` asks of the inventory: rows agree with custody, codes with what was given, checks with acts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app.db import session
from app.history import Act
from app.inventory.models import Check, CustodyLink, Device, GivenCode, Hold
from app.inventory.states import NEXT, PLACE_OF
from labels import codes


def check_inventory() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from check_custody()
    yield from _check_codes()
    yield from _check_gates()
    yield from _check_holds()


def check_custody() -> Iterator[str]:
    """Each device whose row does not agree with its chain, and each chain with a gap or an impossible step."""
    s = session()
    newest = select(CustodyLink.device_id, func.max(CustodyLink.number).label("top"), func.count().label("n")).group_by(
        CustodyLink.device_id
    )
    tops = newest.subquery()
    rows = s.execute(
        select(Device, CustodyLink, tops.c.top, tops.c.n)
        .outerjoin(tops, tops.c.device_id == Device.id)
        .outerjoin(CustodyLink, (CustodyLink.device_id == Device.id) & (CustodyLink.number == tops.c.top))
    )
    for device, link, top, count in rows.yield_per(1000):
        if link is None or top != count:
            yield f"device {device.id}: custody has a gap"
        elif (device.state, device.centre_id, device.link_number, device.due_back_on) != (
            link.state,
            link.centre_id,
            link.number,
            link.due_back_on,
        ):
            yield f"device {device.id}: the row does not agree with custody_link {link.id}"
    yield from _impossible_steps()


def _impossible_steps() -> Iterator[str]:
    query = select(CustodyLink).order_by(CustodyLink.device_id, CustodyLink.number)
    before: CustodyLink | None = None
    for link in session().scalars(query).yield_per(1000):
        state = before.state if before and before.device_id == link.device_id else ""
        if link.undoes is None and link.state not in NEXT.get(state, frozenset()):
            yield f"custody_link {link.id}: no step leads from {state or 'nothing'} to {link.state}"
        if link.place != PLACE_OF[link.state]:
            yield f"custody_link {link.id}: the place does not go with the state"
        before = link


def _check_codes() -> Iterator[str]:
    """Every device bears a right code that was given to it; a code is tied with its moment or not at all."""
    query = select(Device.id, Device.code, GivenCode.device_id).outerjoin(GivenCode, GivenCode.code == Device.code)
    for number, code, tied_to in session().execute(query).yield_per(1000):
        if not codes.is_right(code) or tied_to != number:
            yield f"device {number}: its code is not one given to it"
    for row in session().scalars(select(GivenCode)).yield_per(1000):
        if not codes.is_right(row.code) or (row.device_id is None) != (row.tied_at is None):
            yield f"given_code {row.code}: not a code as one is given"


def _check_gates() -> Iterator[str]:
    """A check is told by its act, and one that found the thing fit freed it."""
    freed = select(CustodyLink.id).where(CustodyLink.act_id == Check.act_id, CustodyLink.device_id == Check.device_id)
    query = select(Check, Act, freed.scalar_subquery()).join(Act, Act.id == Check.act_id)
    for row, act, link in session().execute(query).yield_per(1000):
        told = act.told
        same = (told.get("gate"), told.get("result"), told.get("method")) == (row.kind, row.result, row.method)
        if not same or (link is not None) != (row.result == "fit") or act.author != row.by:
            yield f"device_check {row.id}: does not agree with its act"


def _check_holds() -> Iterator[str]:
    """A hold stands on the thing its act was about."""
    query = select(Hold, Act.subject, GivenCode.device_id).join(Act, Act.id == Hold.act_id)
    for row, _subject, device_id in session().execute(query.outerjoin(GivenCode, GivenCode.code == Act.subject)):
        if device_id != row.device_id:
            yield f"hold {row.id}: not on the thing its act was about"
