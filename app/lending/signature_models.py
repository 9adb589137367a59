"""Tables of signing: the pages that were shown, and who signed them. What names people goes by its clock."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import PERSONAL, Base, Id, Moment, Ref, one_of
from app.files import StoredFile

WAYS = ("drawn", "typed", "paper")
CAPACITIES = ("borrower", "co_borrower", "guardian", "other")
BINDING = ("borrower", "co_borrower", "guardian")
KNOWN = ("team", "document", "referent")
COPIES = ("paper", "mail", "none")
_ONE_OF_BOTH = "(loan_id IS NULL) <> (hand_over_id IS NULL)"


_PREPARED = text("form_id IS NULL")


class PaperForm(Base):
    """A blank agreement printed ahead under the next number of its centre: used once, spoilt, or still blank.

    `used_act_id`: the last act that used it; what an act before it made was undone.
    """

    __tablename__ = "paper_form"
    __table_args__ = (
        UniqueConstraint("centre_id", "id"),
        UniqueConstraint("centre_id", "number"),
        CheckConstraint("used_act_id IS NULL OR spoilt_act_id IS NULL", name="used_or_spoilt"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    number: Mapped[int]
    version: Mapped[str]
    printed_act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    used_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"), unique=True)
    spoilt_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"), unique=True)


class SigningPaper(Base):
    """The very pages of an agreement, or of a receipt for what came back, stored before anybody sees them to sign.

    `words` are those of a receipt; an agreement has its own. They go with the agreement; the file's hash stays. With
    a `form_id` the file is the photo of that form, signed on paper; a loan that was undone gives the form back.
    """

    __tablename__ = "signing_paper"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        ForeignKeyConstraint(["centre_id", "hand_over_id"], ["hand_over.centre_id", "hand_over.id"]),
        ForeignKeyConstraint(["centre_id", "form_id"], ["paper_form.centre_id", "paper_form.id"]),
        UniqueConstraint("centre_id", "id"),
        Index("uq_signing_paper_loan", "loan_id", unique=True, sqlite_where=_PREPARED, postgresql_where=_PREPARED),
        CheckConstraint(_ONE_OF_BOTH, name="one_of_both"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref | None]
    hand_over_id: Mapped[Ref | None] = mapped_column(unique=True)
    form_id: Mapped[Ref | None] = mapped_column(index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    file_id: Mapped[Ref] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    version: Mapped[str]
    words: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    form: Mapped[PaperForm | None] = relationship(lazy="joined", viewonly=True)


class Signature(Base):
    """Somebody signed those pages before one of the staff. The name, the mark and the salt go; what was sealed stays.

    `salt`: without it nobody finds the name from its hash. `device_at`: what the clock of the device said.
    """

    __tablename__ = "signature"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        ForeignKeyConstraint(["centre_id", "hand_over_id"], ["hand_over.centre_id", "hand_over.id"]),
        ForeignKeyConstraint(["centre_id", "paper_id"], ["signing_paper.centre_id", "signing_paper.id"]),
        CheckConstraint(_ONE_OF_BOTH, name="one_of_both"),
        Index("ix_signature_loan_id", "loan_id"),
        Index("ix_signature_hand_over_id", "hand_over_id"),
        one_of("way", *WAYS),
        one_of("capacity", *CAPACITIES),
        one_of("known", *KNOWN),
        one_of("copy_given", *COPIES),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref | None]
    hand_over_id: Mapped[Ref | None]
    paper_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    seal_id: Mapped[Ref] = mapped_column(ForeignKey("seal.id"), unique=True)
    way: Mapped[str]
    capacity: Mapped[str]
    known: Mapped[str]
    copy_given: Mapped[str]
    at: Mapped[Moment]
    device_at: Mapped[Moment | None]
    staff: Mapped[Ref]
    name: Mapped[str | None] = mapped_column(info=PERSONAL)
    mark: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    salt: Mapped[str | None] = mapped_column(info=PERSONAL)
    destroyed_at: Mapped[Moment | None]
    paper: Mapped[SigningPaper] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    @property
    def binds(self) -> bool:
        """Whether whoever signed answers for the loan; somebody else only says that they had the things in hand."""
        return self.capacity in BINDING
