"""Passwords, PINs and tokens: hashed so that a stolen database opens no door, and their guessing throttled."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from app.db import is_postgresql, session, writing
from app.errors import Refused
from app.people.models import Attempt
from app.words import _

# OWASP's minimum for Argon2id: 19 MiB, two passes, one lane; 26 ms here (security.md 6.1).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_two_at_once = threading.Semaphore(2)
_DUMMY = _hasher.hash(secrets.token_hex(8))
WINDOW = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
TRIES = 10


def hashed(secret: str) -> str:
    with _two_at_once:
        return _hasher.hash(secret)


def matches(secret: str, kept: str | None) -> bool:
    """Whether the secret is the one kept; takes as long for a person who is not there."""
    try:
        with _two_at_once:
            return _hasher.verify(kept or _DUMMY, secret) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Tokens are 256 random bits: a plain SHA-256 is enough to keep them by."""
    return hashlib.sha256(token.encode()).hexdigest()


def good_password(password: str, *, email: str) -> str:
    """The password, or a refusal that says why: long enough, and not the person's own address."""
    if len(password) < SHORTEST_PASSWORD:
        words = _("Choose at least %(n)s characters. A short sentence is a good password.", n=SHORTEST_PASSWORD)
        raise Refused("weak_password", words, status=422, fields={"password": words})
    if password.casefold() in {email.casefold(), email.partition("@")[0].casefold() * 2}:
        words = _("Choose something else than your address.")
        raise Refused("weak_password", words, status=422, fields={"password": words})
    return password


def throttle(kind: str, key: str, *, at: datetime, tries: int = TRIES) -> None:
    """Count one try and refuse (429) beyond `tries` a quarter of an hour. Commits by itself: a refusal must count."""
    bucket = f"{kind}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    window = int(at.timestamp() // WINDOW.total_seconds())
    made = insert_postgresql(Attempt) if is_postgresql() else insert_sqlite(Attempt)
    upsert = made.values(bucket=bucket, window=window, count=1).on_conflict_do_update(
        index_elements=["bucket", "window"], set_={"count": Attempt.count + 1}
    )
    with writing():
        count = session().execute(upsert.returning(Attempt.count)).scalar_one()
    if count > tries:
        raise Refused("too_many", _("Too many tries. Wait a quarter of an hour, or ask a colleague."), status=429)


def forget_attempts(*, at: datetime) -> None:
    """Chore: windows that have passed count no more."""
    before = int(at.timestamp() // WINDOW.total_seconds()) - 4
    with writing() as s:
        s.query(Attempt).filter(Attempt.window < before).delete()
