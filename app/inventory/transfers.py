"""Things on their way from one centre to another, as long as nobody has accepted them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import aliased

from app.db import session
from app.inventory.care_forms import TransferList
from app.inventory.models import CustodyLink, Device
from app.people.models import Centre
from app.people.roles import Me, is_coordinator

To = aliased(Centre)


def listed(wish: TransferList, me: Me) -> Any:
    """Thing, its link and where it goes: those to this centre or from it, or all of them for the coordinator."""
    query = (
        select(Device, CustodyLink, To)
        .join(CustodyLink, (CustodyLink.device_id == Device.id) & (CustodyLink.number == Device.link_number))
        .join(To, To.id == CustodyLink.place_id)
        .where(text("device.state = 'in_transit'"))  # as it stands, so that its own small index is used
    )
    arriving, leaving = CustodyLink.place_id == me.centre_id, Device.centre_id == me.centre_id
    if wish.way:
        return query.where(arriving if wish.way == "in" else leaving)
    return query if is_coordinator(me) else query.where(or_(arriving, leaving))


def waiting(me: Me, limit: int = 20) -> Sequence[Any]:
    """The same for the board, the one longest on its way first."""
    return session().execute(listed(TransferList(), me).order_by(CustodyLink.at, Device.id).limit(limit)).all()
