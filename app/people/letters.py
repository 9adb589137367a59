"""Letters to colleagues, for those who look after the team: what was written, to whom, and whether it left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import session
from app.mail import Letter
from app.people import staff
from app.people.roles import Me
from app.words import _

SHOWN = 100
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
LINK = _("(a link that only they may open)")


@dataclass(frozen=True)
class Told:
    """A letter as the page tells it. `state` is sent, waits or given_up; `next_at` when it is tried again."""

    subject: str
    words: str
    name: str
    address: str
    written_at: datetime
    state: str
    sent_at: datetime | None
    next_at: datetime | None
    tried: bool


def to_colleagues(me: Me) -> list[Told]:
    """The newest letters to those whom this person looks after, left or not; nobody else's are told of."""
    names = {person.email: person.name for person in staff.colleagues(me, gone=True)}
    query = select(Letter).where(Letter.address.in_(names)).order_by(Letter.id.desc()).limit(SHOWN)
    return [_told(letter, names) for letter in session().scalars(query)]


def _told(letter: Letter, names: dict[str, str]) -> Told:
    state = "sent" if letter.sent_at else "waits" if letter.next_try_at else "given_up"
    address = letter.address or ""
    return Told(
        letter.subject or "", without_links(letter.words or ""), names[address], address,
        letter.written_at, state, letter.sent_at, letter.next_try_at, letter.tries > 0,
    )  # fmt: skip


def without_links(words: str) -> Any:
    """A link in a letter is a key: whoever reads this page must not open another's door with it."""
    return _ADDRESS.sub(str(LINK), words)
