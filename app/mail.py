"""Letters: a row first, so that a mail server never fails a request; the chores send them."""

from __future__ import annotations

import logging
import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Index, Text, Uuid, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import PERSONAL, Base, Id, Moment, for_update, session, writing

TRIES = 8
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


def put(kind: str, *, to: str, subject: str, words: str, at: datetime) -> Letter:
    letter = Letter(uuid=uuid4(), kind=kind, address=to, subject=subject, words=words, written_at=at, next_try_at=at)
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
        return letter


def tell(letter: Letter, fault: str | None, *, at: datetime) -> None:
    """How the try ended: with a fault, or the letter went out."""
    with writing():
        letter.fault = fault
        if fault is None:
            letter.sent_at, letter.next_try_at = at, None


def _send(smtp_url: str, sender: str, letter: Letter) -> str | None:
    try:
        message = _written(letter, sender)
        with _server(urlsplit(smtp_url)) as server:
            server.send_message(message, sender, [letter.address or ""])
    except Exception as trouble:  # noqa: BLE001 - an address that no library can write must not keep the others back
        log.warning("letter %s not sent: %s", letter.uuid, type(trouble).__name__)
        return type(trouble).__name__
    return None


def _written(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.address, letter.subject
    message["Message-ID"] = f"<{letter.uuid}@{sender.rpartition('@')[2]}>"
    message.set_content(letter.words or "")
    if len(message["To"].addresses) != 1:
        raise ValueError("a letter goes to one address")
    return message


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
