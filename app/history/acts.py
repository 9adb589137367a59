"""Acts: performed once however often they are sent, and recorded at once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import ask_one, connection, draft, put_aside, session, writing
from app.errors import Refused
from app.history.models import Act, canonical
from app.inputs import Act as Wish
from app.inputs import Input
from app.words import _

FRESH = timedelta(hours=2)  # how long a mistake counts as fresh and is simply undone
AHEAD = timedelta(days=1)  # a phone's clock may run wrong, but not into another day

T = TypeVar("T")


class Author(Protocol):
    """Whoever acts: a person of the staff, or the house itself with id 0."""

    @property
    def id(self) -> int: ...


_NUMBER = select(Act.id).where(Act.uuid == bindparam("uuid"))


def by_uuid(uuid: UUID) -> Act | None:
    found = ask_one(_NUMBER, uuid=uuid)  # nearly always none: no need to ask for the whole row
    return session().get(Act, found.id) if found else None


def perform(
    rule: Callable[..., T],
    wish: Input,
    *things: object,
    by: Author | None,
    at: datetime,
    again: Callable[[Act], T] | None = None,
) -> tuple[T, bool]:
    """Do one act in a write transaction of its own: (what the rule returned, whether it had been done before).

    Raises `Refused` when the house says no; then nothing is written. `again` finds the first result of a repeat.
    """
    if isinstance(wish, Wish):
        wish.aim(rule.__name__, *things)
    try:
        with writing(rule.__name__):
            return rule(*things, wish, by=by, at=at), False
    except (IntegrityError, Refused) as clash:
        # A repeat is refused by the rule or by its number; then, and only then, is the first one looked for.
        return _after_clash(clash, wish, by, again)


def _after_clash(clash: IntegrityError | Refused, wish: Input, by: Author | None, again: Any) -> tuple[Any, bool]:
    earlier = _earlier(wish, by)
    if earlier is not None and again is not None:
        return again(earlier), True
    if isinstance(clash, Refused):
        raise clash
    raise Refused("changed_meanwhile", _("Somebody was quicker. Please look again.")) from clash


def _earlier(wish: Input, by: Author | None) -> Act | None:
    """The act that already carries this id; refused when it is another's or says something else."""
    if not isinstance(wish, Wish) or (act := by_uuid(wish.id)) is None:
        return None
    if by is None or act.author != by.id:
        raise Refused("id_taken", _("This act's number belongs to somebody else. Send it under a new one."))
    if act.fingerprint != _fingerprint(wish):
        raise Refused("id_reused", _("This act's number was used for something else. Send it under a new one."))
    return act


def _fingerprint(wish: Wish) -> str:
    """HMAC of what is wished: tells a repeat from another wish, and tells nobody else what was in it."""
    return hmac.digest(journal_key(session()), wish.wished().encode(errors="replace"), "sha256").hex()


def journal_key(s: Session) -> bytes:
    """The key of the journal hangs on the app's engine, so that a session of any app finds its own."""
    return cast("bytes", connection(s).get_execution_options()["journal_key"])


def record(
    kind: str,
    wish: Wish,
    *,
    by: Author,
    at: datetime,
    subject: str,
    centre_id: int | None = None,
    **facts: Any,
) -> Act:
    """Write the act's line in the journal. `facts` hold codes, days and figures, never a person's name or number."""
    if wish.happened(at) > at + AHEAD:
        raise Refused("not_yet", _("This moment lies ahead. Check the clock of the device."), status=422)
    act = draft(
        Act,
        uuid=wish.id,
        kind=kind,
        author=by.id,
        centre_id=centre_id,
        subject=subject,
        occurred_at=wish.happened(at),
        recorded_at=at,
        facts=canonical(facts),
        fingerprint=_fingerprint(wish),
        salt=secrets.token_hex(16),
    )
    act.line_hash = act.hash_of_line()
    return put_aside(act)
