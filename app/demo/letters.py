"""Letters of the demo world: brought, waiting, given up. No mail server is asked; what one would say is noted."""

from __future__ import annotations

from datetime import datetime

from app import mail
from app.db import writing
from app.people import staff
from app.people.models import Person


def write(person: Person, public_url: str, *, at: datetime) -> str:
    """The letter with the link to choose a password; answers the link's secret."""
    with writing():
        token = staff.reset_link(person, at=at)
        staff.write_reset(person, f"{public_url}/reset/{token}", at=at)
    return token


def arrives(person: Person, public_url: str, *, at: datetime) -> str:
    token = write(person, public_url, at=at)
    letter = mail.lease(at)
    assert letter is not None
    mail.tell(letter, None, at=at)
    return token


def never_arrives(person: Person, public_url: str, *, at: datetime) -> None:
    """The server takes no letter for that address: tried until the house gives up."""
    write(person, public_url, at=at)
    letter = mail.lease(at)
    while letter is not None:
        mail.tell(letter, "SMTPRecipientsRefused", at=at)
        at = letter.next_try_at or at
        letter = mail.lease(at) if letter.next_try_at else None
