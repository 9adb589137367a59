"""Messages from people who found a thing."""

from __future__ import annotations

from datetime import datetime

from app.db import session
from app.errors import NotThere
from app.inputs import Input
from app.inventory.forms import Found
from app.inventory.models import FoundNote
from app.people.roles import Me
from app.words import _


class SettleNote(Input):
    """Somebody has called back."""


def leave_note(code: str, wish: Found, *, by: object, at: datetime) -> FoundNote:
    note = FoundNote(code=code, words=wish.words, contact=wish.contact or None, left_at=at, settled_at=None)
    session().add(note)
    session().flush()
    return note


def settle(number: int, wish: SettleNote, *, by: Me, at: datetime) -> FoundNote:
    note = session().get(FoundNote, number) if number < 2**31 else None
    if note is None:
        raise NotThere(_("This message is no longer there."))
    note.settled_at, note.contact, note.words = at, None, ""
    return note
