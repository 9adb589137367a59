"""Letters: a row first, so that a mail server never fails a request; the chores send them."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Index, Text, Uuid, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import PERSONAL, Base, Id, Moment, for_update, session, writing

TRIES = 8
CALLED_OFF = "called_off"
REFUSED = "refused"  # by the server, for good: the address is not there
PERMANENT = 500
log = logging.getLogger(__name__)


class Letter(Base):
    """A letter to be sent, or sent. Its address and words are personal and go when the person goes."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_next_try_at", "next_try_at"),)

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    kind: Mapped[str]
    address: Mapped[str | None] = mapped_column(info=PERSONAL)
    subject: Mapped[str | None] = mapped_column(info=PERSONAL)
    words: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    written_at: Mapped[Moment]
    next_try_at: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None]
    sender_name: Mapped[str | None]
    reply_to: Mapped[str | None]
    bounced_at: Mapped[Moment | None]

    @property
    def called_off(self) -> bool:
        return self.fault == CALLED_OFF

    @property
    def failed(self) -> bool:
        """It did not reach anybody: the server refused it, the house gave up, or it came back."""
        return bool(self.bounced_at) or not (self.sent_at or self.next_try_at or self.called_off)


Wanted = Callable[[Letter], bool]
_watched: dict[str, Wanted] = {}


def watched(kind: str) -> Callable[[Wanted], Wanted]:
    """Letters of this kind are asked about just before they leave: whoever wrote one may change it or call it off.

    What comes back of such a letter is brought home: its envelope carries its number.
    """

    def keep(wanted: Wanted) -> Wanted:
        _watched[kind] = wanted
        return wanted

    return keep


def put(
    kind: str, *, to: str, subject: str, words: str, at: datetime, sender_name: str | None = None, reply_to: str = ""
) -> Letter:
    """`sender_name`, `reply_to`: on whose behalf it is sent, and who reads the answer, when not the house itself."""
    letter = Letter(uuid=uuid4(), kind=kind, address=to, subject=subject, words=words, written_at=at, next_try_at=at)
    letter.sender_name, letter.reply_to = sender_name, reply_to or None
    session().add(letter)
    session().flush()
    return letter


def last(kind: str, to: str) -> Letter | None:
    """The last letter of this kind to this address: whether it went out, and what stood in its way."""
    query = select(Letter).where(Letter.kind == kind, Letter.address == to).order_by(Letter.id.desc()).limit(1)
    return session().scalar(query)


def deliver(smtp_url: str, sender: str, *, at: datetime) -> int:
    """Chore: send what is due; a letter that fails is tried again, each time later. Answers how many went out.

    A letter is leased before it is sent: a worker that dies leaves it for a later one, never two send it at once.
    """
    sent = 0
    while smtp_url and (letter := lease(at)) is not None:
        if letter.called_off:
            continue
        fault = _send(smtp_url, sender, letter)
        tell(letter, fault, at=at)
        sent += fault is None
    return sent


def lease(at: datetime) -> Letter | None:
    """The letter that has been due longest, to be tried now; it is due again later unless `tell` says it went out."""
    with writing():
        due = select(Letter).where(Letter.next_try_at <= at).order_by(Letter.next_try_at).limit(1)
        letter: Letter | None = session().scalar(for_update(due))
        if letter is not None:
            letter.tries += 1
            later = at + timedelta(minutes=2**letter.tries)
            letter.next_try_at = later if letter.tries < TRIES else None
            if letter.kind in _watched and not _watched[letter.kind](letter):
                call_off(letter)
        return letter


def call_off(letter: Letter) -> None:
    """It need not leave any more; one that left is what it is."""
    if letter.sent_at is None:
        letter.next_try_at, letter.fault = None, CALLED_OFF


def came_back(letter: Letter, status: str, *, at: datetime) -> None:
    """Another server tells that it could not bring the letter (RFC 3464), in its own code: 5.1.1 is nobody there."""
    letter.bounced_at, letter.fault, letter.next_try_at = at, f"bounced {status}", None


def forget(letter: Letter) -> None:
    """Whom it was for and what it said go; that it was sent stays."""
    call_off(letter)
    letter.address, letter.subject, letter.words = None, None, None


def tell(letter: Letter, fault: str | None, *, at: datetime) -> None:
    """How the try ended: with a fault, or the letter went out."""
    with writing():
        letter.fault = fault
        if fault is None:
            letter.sent_at, letter.next_try_at = at, None
        elif fault.startswith(REFUSED):
            letter.next_try_at = None


def _send(smtp_url: str, sender: str, letter: Letter) -> str | None:
    try:
        message = _written(letter, sender)
        with _server(urlsplit(smtp_url)) as server:
            server.send_message(message, _envelope(letter, sender), [letter.address or ""])
    except smtplib.SMTPRecipientsRefused as no:
        log.warning("letter %s not sent: refused", letter.uuid)
        code, _words = no.recipients[letter.address or ""]
        return f"{REFUSED} {code}" if code >= PERMANENT else type(no).__name__
    except Exception as trouble:  # noqa: BLE001 - an address that no library can write must not keep the others back
        log.warning("letter %s not sent: %s", letter.uuid, type(trouble).__name__)
        return type(trouble).__name__
    return None


def _written(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = _from(letter, sender), letter.address, letter.subject
    message["Message-ID"] = f"<{letter.uuid}@{sender.rpartition('@')[2]}>"
    if letter.reply_to:
        message["Reply-To"] = formataddr((letter.sender_name or "", letter.reply_to))
    if letter.kind in _watched:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers a machine
    message.set_content(letter.words or "")
    if len(message["To"].addresses) != 1:
        raise ValueError("a letter goes to one address")
    return message


def _from(letter: Letter, sender: str) -> str:
    """Whoever it is sent for, under the house's address where theirs is of another domain, whose servers object."""
    same = (letter.reply_to or "").rpartition("@")[2].lower() == sender.rpartition("@")[2].lower()
    address = letter.reply_to if letter.reply_to and same else sender
    return formataddr((letter.sender_name, address)) if letter.sender_name else address


def _envelope(letter: Letter, sender: str) -> str:
    """Where the post brings back what it cannot deliver: with the letter's number, `va-et-vient+<number>@...`."""
    name, _at, domain = sender.rpartition("@")
    return f"{name}+{letter.uuid.hex}@{domain}" if letter.kind in _watched else sender


def _server(parts: SplitResult) -> smtplib.SMTP:
    """The mail server; it proves its name before it is told a password."""
    host, proof = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=20, context=proof)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=20)
    if parts.username:
        if parts.scheme == "smtp":
            server.starttls(context=proof)
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
