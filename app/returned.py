"""Letters that come back: what another mail server says of one it could not bring (RFC 3464), read and noted."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.db import session, writing
from app.mail import Letter, came_back

LARGEST = 2_000_000  # bytes; such a report is a few thousand
_TOKEN = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
_NUMBER = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")


def note(content: bytes, *, at: datetime) -> Letter | None:
    """The letter that a report says did not arrive, noted so; nothing for any other mail, or one not ours."""
    if len(content) > LARGEST:
        return None
    report = BytesParser(policy=policy.compat32).parsebytes(content)  # takes whatever comes, as it is
    status = failed_for_good(report)
    if not status:
        return None
    with writing():
        for number in _numbers(report):
            letter = session().scalar(select(Letter).where(Letter.uuid == number, Letter.tries > 0))
            if letter is not None:
                came_back(letter, status, at=at)
                return letter
    return None


def failed_for_good(report: Message) -> str:
    """The code of a failure that will not pass, like 5.1.1; empty for a delay, a delivery, or another kind of mail."""
    for block in _blocks(report):
        action, status = str(block.get("Action", "")).strip().lower(), _STATUS.search(str(block.get("Status", "")))
        if action == "failed" and status:
            return status[0]
    return ""


def _blocks(report: Message) -> Iterator[Message]:
    """The fields for each recipient, from the part for machines."""
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks := part.get_payload(), list):
            yield from (block for block in blocks if isinstance(block, Message))


def _numbers(report: Message) -> Iterator[UUID]:
    """Whose it may be: the number in the address it came back to, then that of the mail it brings along."""
    for name in _TO:
        for value in report.get_all(name, []):
            yield from (UUID(hex=token) for token in _TOKEN.findall(str(value)))
    for part in report.walk():
        for text in _brought_along(part):
            yield from (UUID(number) for number in _NUMBER.findall(text))


def _brought_along(part: Message) -> Iterator[str]:
    """The Message-ID of the mail that came back, whole or only its head."""
    kind = part.get_content_type()
    if kind == "message/rfc822" and isinstance(inner := part.get_payload(), list):
        yield from (str(mail.get("Message-ID", "")) for mail in inner if isinstance(mail, Message))
    elif kind == "text/rfc822-headers":
        head = (part.get_payload(decode=True) or b"").decode("ascii", "replace")  # type: ignore[union-attr]
        yield from re.findall(r"^message-id:\s*(<[^>]*>)", head, re.IGNORECASE | re.MULTILINE)


def read_box(folder: Path, *, at: datetime) -> int:
    """Chore: the new mail of a Maildir is looked at once and marked as read. Answers how many letters came back."""
    if not (folder / "new").is_dir():
        return 0
    box = mailbox.Maildir(folder, create=False)
    found = sum(_read(box, name, at) for name in list(box.keys()))
    box.close()
    return found


def _read(box: mailbox.Maildir, name: str, at: datetime) -> bool:
    """Whether it told of a letter of ours. Another worker may have read it meanwhile: it is the same report."""
    try:
        message = box.get_message(name)
        if message.get_subdir() != "new":
            return False
        letter = note(box.get_bytes(name), at=at)
        message.set_subdir("cur")
        message.add_flag("S")
        box[name] = message
    except (KeyError, FileNotFoundError):
        return False
    return letter is not None
