"""Tables of on-the-spot checks: what a controlling body looked at, what it found, what it took back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Cents, Id, Ref, one_of
from app.finance.models import STANDS, BudgetLine, Operation
from app.inventory.models import Device
from app.people.models import Centre

KINDS = ("service_fait", "on_the_spot", "operation_audit", "other")
DIRECTIONS = ("register", "shelf")
RESULTS = ("seen", "not_seen")


class SpotCheck(Base):
    """A check (contrôle sur place) that a body made on an operation. An empty day: none was set, or it has not come.

    `answered_on`: when our answer went out; `concluded_on`: when the body said what it takes back, which is the sum of
    the corrections of its findings and stands nowhere else.
    """

    __tablename__ = "spot_check"
    __table_args__ = (
        one_of("kind", *KINDS),
        CheckConstraint("answer_due_on >= checked_on", name="due_afterwards"),
        CheckConstraint("answered_on >= checked_on", name="answered_afterwards"),
        CheckConstraint("concluded_on >= checked_on", name="concluded_afterwards"),
        Index("ix_spot_check_operation_id_checked_on_id", "operation_id", "checked_on", "id"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    operation_id: Mapped[Ref] = mapped_column(ForeignKey("operation.id"))
    kind: Mapped[str]
    body: Mapped[str]
    checked_on: Mapped[date]
    centre_id: Mapped[Ref | None] = mapped_column(ForeignKey("centre.id"))
    notes: Mapped[str] = mapped_column(Text)
    answer_due_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    concluded_on: Mapped[date | None]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    operation: Mapped[Operation] = relationship(viewonly=True)
    centre: Mapped[Centre | None] = relationship(lazy="joined", viewonly=True)

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return f"spot_check:{self.uuid.hex}"

    @property
    def goes_on(self) -> bool:
        """Whether something can still be written on it."""
        return self.gone_act_id is None and self.concluded_on is None

    def is_late(self, day: date) -> bool:
        """Whether our answer should have gone out before that day, and the body still waits for it."""
        waits = self.answered_on is None and self.concluded_on is None
        return waits and self.answer_due_on is not None and self.answer_due_on < day


class SpotItem(Base):
    """A thing of a sample: drawn from the register and looked for, or taken from the shelf and looked up.

    `result`: of a thing drawn from the register, once somebody looked for it. One taken from the shelf is in the
    register when `device_id` names it, else `words` say what it is. Beside a result, `words` are a note on it.
    """

    __tablename__ = "spot_check_item"
    __table_args__ = (
        UniqueConstraint("check_id", "number"),
        one_of("direction", *DIRECTIONS),
        one_of("result", *RESULTS),
        CheckConstraint("direction = 'shelf' OR device_id IS NOT NULL", name="drawn_from_the_register"),
        CheckConstraint("direction = 'register' OR result IS NULL", name="looked_for"),
        CheckConstraint("device_id IS NOT NULL OR words <> ''", name="told_somehow"),
        Index(
            "uq_spot_check_item_once", "check_id", "direction", "device_id", unique=True,
            sqlite_where=STANDS, postgresql_where=STANDS,
        ),
        Index("ix_spot_check_item_device_id", "device_id"),
    )  # fmt: skip

    id: Mapped[Id]
    check_id: Mapped[Ref] = mapped_column(ForeignKey("spot_check.id"))
    number: Mapped[int]
    direction: Mapped[str]
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"))
    result: Mapped[str | None]
    words: Mapped[str] = mapped_column(Text)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    device: Mapped[Device | None] = relationship(lazy="joined", viewonly=True)


class SpotFinding(Base):
    """Something the body found, our answer to it, and how many cents it takes back: empty while that is not settled."""

    __tablename__ = "spot_check_finding"
    __table_args__ = (
        UniqueConstraint("check_id", "number"),
        CheckConstraint("correction_cents >= 0", name="correction"),
        CheckConstraint("(answer = '') = (answered_on IS NULL)", name="answered_on_a_day"),
    )

    id: Mapped[Id]
    check_id: Mapped[Ref] = mapped_column(ForeignKey("spot_check.id"))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    budget_line_id: Mapped[Ref | None] = mapped_column(ForeignKey("budget_line.id"))
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"))
    answer: Mapped[str] = mapped_column(Text)
    answered_on: Mapped[date | None]
    correction_cents: Mapped[Cents | None]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    budget_line: Mapped[BudgetLine | None] = relationship(lazy="joined", viewonly=True)
    device: Mapped[Device | None] = relationship(lazy="joined", viewonly=True)
