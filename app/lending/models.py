"""Tables of lending. Every row carries its centre and points within it; the line of a loan knows its custody link."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import PERSONAL, Base, Id, Moment, Ref, change, insert_only, one_of
from app.inventory.models import Device
from app.lending import bookings
from app.lending.booking_models import OPEN
from app.people.models import Centre, Household
from app.times import day_of

CONDITIONS = ("good", "worn", "damaged", "incomplete")
ENDINGS = ("returned", "undone", "lost", "split", "swapped", "corrected", "let_go")
OWED_ENDINGS = ("received", "replaced", "let_go", "undone")
ASKED = ("desk", "phone", "visit", "portal")
ANSWERED = ("open", "granted", "refused", "undone")


class Loan(Base):
    """A loan to a household. Its UUID is the act's. `due_on` and `closed_at` repeat its lines, for lists."""

    __tablename__ = "loan"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "household_id"], ["household.centre_id", "household.id"]),
        UniqueConstraint("centre_id", "id"),
        Index("ix_loan_open", "centre_id", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_loan_centre_id_due_on", "centre_id", "due_on", "id"),
        Index("ix_loan_household_id", "household_id", "id"),
        one_of("ending", *ENDINGS),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending_when_closed"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref]
    household_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    lent_at: Mapped[Moment]
    lent_by: Mapped[Ref]
    due_on: Mapped[date]
    closed_at: Mapped[Moment | None]
    ending: Mapped[str | None]
    household: Mapped[Household] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    lines: Mapped[list[LoanLine]] = relationship(back_populates="loan", lazy="selectin", order_by="LoanLine.id")

    def is_late(self, day: date) -> bool:
        return self.closed_at is None and self.due_on < day

    @property
    def open_lines(self) -> list[LoanLine]:
        return [line for line in self.lines if line.closed_at is None]


class LoanLine(Base):
    """One thing of a loan, with its own due day and return. At most one open line a thing: the index guards it."""

    __tablename__ = "loan_line"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        UniqueConstraint("centre_id", "id"),
        Index("uq_loan_line_open", "device_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_loan_line_device_id", "device_id", "id"),
        Index("ix_loan_line_loan_id", "loan_id"),
        one_of("ending", *ENDINGS),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending_when_closed"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    link_id: Mapped[Ref] = mapped_column(ForeignKey("custody_link.id"))
    due_on: Mapped[date]
    closed_at: Mapped[Moment | None]
    ending: Mapped[str | None]
    booking_id: Mapped[Ref] = mapped_column(ForeignKey("booking.id"))
    loan: Mapped[Loan] = relationship(back_populates="lines")
    device: Mapped[Device] = relationship(lazy="joined", innerjoin=True)

    def close(self, ending: str, *, at: datetime) -> None:
        """It is over; others may have the thing from that day on, whatever the day it was due."""
        change(self, closed_at=at, ending=ending)
        bookings.let_go(self.booking_id, max(day_of(at), day_of(self.loan.lent_at)))

    def run_again(self) -> None:
        """Its end was a mistake. Raises `Refused` when the thing is promised to somebody else meanwhile."""
        bookings.check_still_free(self.booking_id, self.device, day_of(self.loan.lent_at), self.due_on)
        change(self, closed_at=None, ending=None)
        bookings.hold_again(self.booking_id, self.due_on)


class HandOver(Base):
    """Things change hands, out or back: one sealed event, with whoever of the staff stood there."""

    __tablename__ = "hand_over"
    __table_args__ = (one_of("way", "out", "back"), UniqueConstraint("centre_id", "id"))

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"))
    way: Mapped[str]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    seal_id: Mapped[Ref] = mapped_column(ForeignKey("seal.id"))
    at: Mapped[Moment]
    staff: Mapped[Ref]
    items: Mapped[list[HandOverItem]] = relationship(lazy="selectin", order_by="HandOverItem.id")
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)


class HandOverItem(Base):
    """One thing changing hands: its condition, the parts that are missing, the points that are worn or damaged.

    `points`: a `point`, its `grade` and a `note` each.
    """

    __tablename__ = "hand_over_item"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "hand_over_id"], ["hand_over.centre_id", "hand_over.id"]),
        ForeignKeyConstraint(["centre_id", "line_id"], ["loan_line.centre_id", "loan_line.id"]),
        one_of("condition", *CONDITIONS),
        Index("ix_hand_over_item_line_id", "line_id"),
        Index("ix_hand_over_item_hand_over_id", "hand_over_id"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    hand_over_id: Mapped[Ref]
    line_id: Mapped[Ref]
    condition: Mapped[str]
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    points: Mapped[list[dict[str, str]] | None] = mapped_column(JSON)
    line: Mapped[LoanLine] = relationship(lazy="joined", innerjoin=True, overlaps="items")


class OwedPart(Base):
    """A part that did not come back with its thing, by the words of the return that said so.

    It outlives the loan. `act_id`: the act that ended it; `reason`: why it was let go.
    """

    __tablename__ = "owed_part"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "line_id"], ["loan_line.centre_id", "loan_line.id"]),
        ForeignKeyConstraint(["centre_id", "hand_over_id"], ["hand_over.centre_id", "hand_over.id"]),
        Index("ix_owed_part_line_id", "line_id"),
        Index("ix_owed_part_hand_over_id", "hand_over_id"),
        Index("ix_owed_part_open", "centre_id", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        one_of("ending", *OWED_ENDINGS),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending_when_closed"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    line_id: Mapped[Ref]
    hand_over_id: Mapped[Ref]
    name: Mapped[str]
    closed_at: Mapped[Moment | None]
    ending: Mapped[str | None]
    act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    reason: Mapped[str | None] = mapped_column(info=PERSONAL)
    line: Mapped[LoanLine] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    hand_over: Mapped[HandOver] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class Extension(Base):
    """A line kept longer: from which day to which, by which act."""

    __tablename__ = "extension"
    __table_args__ = (ForeignKeyConstraint(["centre_id", "line_id"], ["loan_line.centre_id", "loan_line.id"]),)

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    line_id: Mapped[Ref] = mapped_column(index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    from_day: Mapped[date]
    to_day: Mapped[date]


class ExtensionRequest(Base):
    """A household asks to keep things longer: until when, by which way it asked, and what it was answered.

    `devices`: their codes, none for all that is out. `reason`: why it was refused, or granted beyond the limits.
    """

    __tablename__ = "extension_request"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        Index("ix_extension_request_loan_id", "loan_id", "id"),
        Index("ix_extension_request_state", "centre_id", "state", "id"),
        one_of("how", *ASKED),
        one_of("state", *ANSWERED),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    wished_on: Mapped[date]
    how: Mapped[str]
    devices: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[Ref | None]
    answer_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    reason: Mapped[str | None] = mapped_column(info=PERSONAL)
    loan: Mapped[Loan] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class LetGo(Base):
    """A line ended without its thing, by the manager's decision. `reason`: words for those who ask later."""

    __tablename__ = "let_go"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "line_id"], ["loan_line.centre_id", "loan_line.id"]),
        Index("ix_let_go_line_id", "line_id"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    line_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(info=PERSONAL)


class Agreement(Base):
    """The text of a loan agreement as it was sealed. It names people, so it can be destroyed; the seal's hash stays."""

    __tablename__ = "agreement"
    __table_args__ = (ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),)

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref] = mapped_column(unique=True)
    version: Mapped[str]
    words: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    seal_id: Mapped[Ref] = mapped_column(ForeignKey("seal.id"))
    keep_until: Mapped[date | None]
    destroyed_at: Mapped[Moment | None]


insert_only("hand_over", "hand_over_item", "extension")
