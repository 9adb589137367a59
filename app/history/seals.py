"""Seals: what was shown and agreed, as hashes. Bytes may be destroyed when the law says so, never replaced."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from sqlalchemy import select

from app.db import note, walk
from app.history.models import Act, Seal, canonical


def seal(kind: str, act: Act, parts: Mapping[str, str | bytes]) -> int:
    """Seal named parts (texts or bytes) of an act: each gets its SHA-256, the whole gets one over them.

    Answers the number of the seal.
    """
    hashes = _hashes(parts)
    return note(Seal, act_id=act.id, kind=kind, parts=hashes, digest=digest(hashes))


def digest_of(parts: Mapping[str, str | bytes]) -> str:
    """The digest these parts will have once sealed. Their act names it, so that the journal holds the seal too."""
    return digest(_hashes(parts))


def _hashes(parts: Mapping[str, str | bytes]) -> str:
    return canonical({name: digest(part) for name, part in parts.items()})


def digest(part: str | bytes) -> str:
    return hashlib.sha256(part.encode() if isinstance(part, str) else part).hexdigest()


def holds(row: Seal, name: str, part: str | bytes) -> bool:
    """Whether these are the very bytes that were sealed under that name."""
    try:
        return bool(json.loads(row.parts).get(name) == digest(part))
    except ValueError:  # damaged: `check_seals` says so
        return False


def check_seals() -> Iterator[str]:
    for row, act in walk(select(Seal, Act).join(Act, Act.id == Seal.act_id)):
        if digest(row.parts) != row.digest:
            yield f"seal {row.id}: the parts were changed"
        elif act.told.get("seal", row.digest) != row.digest:
            yield f"seal {row.id}: not the one that its act names"
