"""Messages from people who found a thing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, or_, select

from app.db import session
from app.errors import NotThere
from app.inputs import Input
from app.inventory.forms import Found
from app.inventory.models import Device, FoundNote, GivenCode
from app.people.roles import Me
from app.words import _


class SettleNote(Input):
    """Somebody has called back."""


def leave_note(code: str, wish: Found, *, by: object, at: datetime) -> FoundNote:
    note = FoundNote(code=code, words=wish.words, contact=wish.contact or None, left_at=at, settled_at=None)
    session().add(note)
    session().flush()
    return note


def open_for(me: Me) -> Select[FoundNote]:
    """Notes nobody has dealt with, about things in this centre's custody; about a code that nothing bears, anybody's.

    They say how to reach the finder, so they are no other centre's business.
    """
    where = select(GivenCode.code, Device.centre_id).join(Device, Device.id == GivenCode.device_id).subquery()
    mine = or_(where.c.centre_id == me.centre_id, where.c.centre_id.is_(None))
    return (
        select(FoundNote).outerjoin(where, where.c.code == FoundNote.code).where(FoundNote.settled_at.is_(None), mine)
    )


def settle(number: int, wish: SettleNote, *, by: Me, at: datetime) -> FoundNote:
    note = session().scalar(open_for(by).where(FoundNote.id == number)) if number < 2**31 else None
    if note is None:
        raise NotThere(_("This message is no longer there."))
    note.settled_at, note.contact, note.words = at, None, ""
    return note
