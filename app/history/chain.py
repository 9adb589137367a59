"""The chain: the act's place is the last thing written in its transaction, under the lock that is always taken last."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from flask_sqlalchemy.session import Session as AppSession
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.db import ask_one, newest_under_lock, note_all, session, written
from app.history.acts import journal_key
from app.history.models import Act, ActLink

HEAD_LOCK = 0x5641_4556  # "VAEV": the advisory lock of the chain's head on PostgreSQL
START = "0" * 64


def _link(s: Session) -> None:
    """Before the outermost commit: give each new act its number."""
    if s.in_nested_transaction():
        return
    s.flush()
    acts = [row for row in written() if isinstance(row, Act)]
    if not acts:
        return
    number, previous = newest_under_lock(HEAD_LOCK, ActLink, "number", "hash") or (0, START)
    key = journal_key(s)
    links = []
    for act in acts:
        number += 1
        previous = chained(previous, act.line_hash)
        links.append((number, act.id, previous, mac(key, number, previous)))
    note_all(ActLink, ("number", "act_id", "hash", "mac"), links)


_HEAD = select(ActLink.number, ActLink.hash).order_by(ActLink.number.desc()).limit(1)


def head() -> tuple[int, str]:
    """Number and hash of the newest link; (0, sixty-four zeros) before the first act."""
    row = ask_one(_HEAD)
    return (row.number, row.hash) if row else (0, START)


def chained(previous: str, line_hash: str) -> str:
    return hashlib.sha256((previous + line_hash).encode()).hexdigest()


def mac(key: bytes, number: int, link_hash: str) -> str:
    return hmac.digest(key, f"{number}:{link_hash}".encode(), "sha256").hex()


def check_chain(key: bytes) -> Iterator[str]:
    """Each fault of the journal: a changed line, a link that does not follow, an act without its place."""
    s = session()
    expected, previous = 0, START
    rows = s.execute(select(ActLink, Act).join(Act, Act.id == ActLink.act_id).order_by(ActLink.number))
    for link, act in rows.yield_per(1000):
        expected += 1
        if link.number != expected:
            yield f"act_link {link.number}: number {expected} was due"
            expected = link.number
        if not act.is_whole():
            yield f"act {act.id}: the line was changed"
        previous = chained(previous, act.line_hash)
        if link.hash != previous:
            yield f"act_link {link.number}: does not follow from the one before"
            previous = link.hash
        if not hmac.compare_digest(link.mac, mac(key, link.number, link.hash)):
            yield f"act_link {link.number}: not sealed by this house"
    blank = s.scalars(select(ActLink.number).outerjoin(Act, Act.id == ActLink.act_id).where(Act.id.is_(None)))
    for number in blank:
        yield f"act_link {number}: its act is not there"
    loose = s.scalars(select(Act.id).outerjoin(ActLink, ActLink.act_id == Act.id).where(ActLink.act_id.is_(None)))
    for act_id in loose:
        yield f"act {act_id}: has no place in the chain"


# Every session of every app.
event.listen(AppSession, "before_commit", _link)
