"""Tables of the journal. Subjects are codes and facts carry no clear personal data."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Id, Moment, Ref, guard, insert_only
from app.times import rfc3339


class Act(Base):
    """One act, and at once its line in the journal. `author` 0 is the house itself (command line, chores).

    `facts` is canonical JSON. `line_hash` = SHA-256(salt + canonical line), all as hexadecimal text.
    """

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_centre_id_id", "centre_id", "id"), Index("ix_act_subject_id", "subject", "id"))

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    kind: Mapped[str]
    author: Mapped[Ref]
    centre_id: Mapped[Ref | None]
    subject: Mapped[str]
    occurred_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    facts: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str]
    salt: Mapped[str]
    line_hash: Mapped[str]

    @property
    def told(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self.facts))
        except ValueError:  # damaged: the chain says so
            return {}

    def line(self) -> str:
        """The canonical line: JSON with sorted keys and no blanks, UTC moments with six decimals."""
        centre = "null" if self.centre_id is None else self.centre_id
        return (
            f'{{"act":"{self.uuid.hex}","author":{self.author},"centre":{centre},'
            f'"facts":{self.facts},'  # JSON of that form already
            f'"fingerprint":{canonical(self.fingerprint)},"kind":{canonical(self.kind)},'
            f'"occurred_at":"{rfc3339(self.occurred_at)}","recorded_at":"{rfc3339(self.recorded_at)}",'
            f'"subject":{canonical(self.subject)}}}'
        )

    def is_whole(self) -> bool:
        """Whether the line is the one whose hash was kept."""
        return self.hash_of_line() == self.line_hash

    def hash_of_line(self) -> str:
        return hashlib.sha256((self.salt + self.line()).encode()).hexdigest()


class ActLink(Base):
    """The act's place in the chain: `hash` = SHA-256(previous hash + line hash); `mac` = HMAC of number and hash."""

    __tablename__ = "act_link"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    hash: Mapped[str]
    mac: Mapped[str]


class Seal(Base):
    """What was sealed: a digest of parts, each with its own SHA-256. The bytes may go one day; this row stays.

    `parts` is canonical JSON {name: sha256}; `digest` = SHA-256 of it.
    """

    __tablename__ = "seal"

    id: Mapped[Id]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    kind: Mapped[str]
    parts: Mapped[str] = mapped_column(Text)
    digest: Mapped[str]


def canonical(value: object) -> str:
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


insert_only("act", "act_link", "seal")
guard(
    "act_link_in_order",
    "act_link",
    "BEFORE INSERT",
    condition="NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM act_link)",
    sqlite="SELECT RAISE(ABORT, 'the chain has no gaps');",
    postgresql="IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM act_link) THEN "
    "RAISE EXCEPTION 'the chain has no gaps' USING ERRCODE = 'integrity_constraint_violation'; END IF;",
)
