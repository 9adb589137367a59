"""Photos of things as they changed hands, of the thing only: kept as long as the agreement of their loan, then gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Id, Ref, draft, insert_only, put, session, walk
from app.errors import NotThere
from app.files import StoredFile
from app.history.seals import digest
from app.inventory.printed import Photo
from app.lending.models import Agreement, HandOver, LoanLine
from app.people.roles import Me
from app.words import _

MOST = 12  # photos of one hand-over


class HandOverPhoto(Base):
    """A photo of a thing that changed hands. The seal of its hand-over names its hash."""

    __tablename__ = "hand_over_photo"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "hand_over_id"], ["hand_over.centre_id", "hand_over.id"]),
        ForeignKeyConstraint(["centre_id", "line_id"], ["loan_line.centre_id", "loan_line.id"]),
        Index("ix_hand_over_photo_hand_over_id", "hand_over_id"),
        Index("ix_hand_over_photo_line_id", "line_id"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    hand_over_id: Mapped[Ref]
    line_id: Mapped[Ref]
    file_id: Mapped[Ref] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


@dataclass(frozen=True)
class Photos:
    """The photos that came with a hand-over, by the code of their thing."""

    by_code: Mapping[str, Sequence[Photo]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """What was sent, as an act is aimed at it: the same photos again are no other act."""
        return digest(",".join(one.code for sent in self.by_code.values() for one in sent))

    def of(self, code: str) -> Sequence[Photo]:
        return self.by_code.get(code, ())


def keep(event_id: int, line: LoanLine, shots: Sequence[Photo]) -> None:
    """Hang these photos on a thing of a hand-over; their bytes lie on the disk already."""
    for one in shots:
        session().add(one.file)
        session().flush()
        numbers = {"centre_id": line.centre_id, "hand_over_id": event_id, "line_id": line.id}
        put(draft(HandOverPhoto, file_id=one.file.id, **numbers), file=one.file)


def of_lines(lines: Sequence[int]) -> Mapping[tuple[int, int], Sequence[HandOverPhoto]]:
    """The photos of these lines that are still kept, by the numbers of hand-over and line, in the order they came."""
    found: dict[tuple[int, int], list[HandOverPhoto]] = {}
    query = select(HandOverPhoto).where(HandOverPhoto.line_id.in_(lines)).order_by(HandOverPhoto.id)
    for row in session().scalars(query):
        if row.file.destroyed_at is None:
            found.setdefault((row.hand_over_id, row.line_id), []).append(row)
    return found


def hashes() -> Mapping[int, Mapping[int, Sequence[str]]]:
    """Of every photo, by the number of its hand-over and of the line: for `flask verify`."""
    found: dict[int, dict[int, list[str]]] = {}
    query = select(HandOverPhoto.hand_over_id, HandOverPhoto.line_id, StoredFile.sha256)
    for event, line, sha256 in walk(query.join(StoredFile).order_by(HandOverPhoto.id)):
        found.setdefault(event, {}).setdefault(line, []).append(sha256)
    return found


def get(uuid: str, number: int, me: Me) -> HandOverPhoto:
    """One photo, for those of the centre who may see its people's loans."""
    query = select(HandOverPhoto).join(HandOver, HandOver.id == HandOverPhoto.hand_over_id)
    mine = query.where(HandOver.centre_id == me.people_of, HandOverPhoto.id == number)
    try:
        row = session().scalar(mine.where(HandOver.uuid == UUID(uuid)))
    except ValueError:
        row = None
    if row is None or row.file.destroyed_at is not None:
        raise NotThere(_("This photo is no longer kept."))
    return row


def let_go_outdated(*, day: date, at: datetime) -> None:
    """Chore: a photo goes when the words of its loan's agreement do."""
    over = select(HandOverPhoto.file_id).join(LoanLine, LoanLine.id == HandOverPhoto.line_id)
    over = over.join(Agreement, Agreement.loan_id == LoanLine.loan_id).where(Agreement.keep_until < day)
    due = StoredFile.id.in_(over) & StoredFile.keep_until.is_(None)
    session().execute(update(StoredFile).where(due).values(keep_until=at))


insert_only("hand_over_photo")
