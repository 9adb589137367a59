"""Tables of imports: each file while it is looked at, and what the columns of its like meant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import PERSONAL, Base, Id, Moment, Ref
from app.files import StoredFile
from app.jobs import Job
from app.people.models import Person
from app.words import _, spoken


class TableImport(Base):
    """One file of one centre, or of the money of one organisation; the latter into the `operation` of that number.

    `mapping`: fields by sheet; `choices`: what people decided and mended, by line.
    """

    __tablename__ = "table_import"
    __table_args__ = (
        Index("ix_table_import_centre_id_id", "centre_id", "id"),
        CheckConstraint("(centre_id IS NULL) <> (organisation_id IS NULL)", name="of_one"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref | None] = mapped_column(ForeignKey("centre.id"))
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(info=PERSONAL)  # people call files by names of people
    program: Mapped[str]
    sha256: Mapped[str]
    fingerprint: Mapped[str]
    file_id: Mapped[Ref] = mapped_column(ForeignKey("stored_file.id"))
    made_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Moment]
    mapping: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    category: Mapped[str] = mapped_column(default="")
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PERSONAL)
    job_id: Mapped[Ref | None] = mapped_column(ForeignKey("job.id"))
    ended_at: Mapped[Moment | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=PERSONAL)
    archive_id: Mapped[Ref | None] = mapped_column(ForeignKey("stored_file.id"))  # with the photos it brings
    organisation_id: Mapped[Ref | None] = mapped_column(ForeignKey("organisation.id"))
    operation: Mapped[str] = mapped_column(default="")
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True, foreign_keys=file_id)
    archive: Mapped[StoredFile | None] = relationship(lazy="joined", foreign_keys=archive_id)
    job: Mapped[Job | None] = relationship(lazy="joined")
    maker: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def of(self) -> int | str:
        """What its acts are numbered after."""
        return self.centre_id or f"{self.organisation_id}:{self.operation}"

    @property
    def called(self) -> str:
        """The name of the file, as long as it is known."""
        return self.name or spoken(_("A file"))

    @property
    def brought(self) -> list[str]:
        """The codes of the things it wrote down that bear no label of ours yet."""
        return list((self.report or {}).get("brought", ()))

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.job_id is None and self.file.destroyed_at is None


class KnownHeaders(Base):
    """What the columns of files with the same headers meant, the last time one came to this centre."""

    __tablename__ = "known_headers"

    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    category: Mapped[str] = mapped_column(default="")
