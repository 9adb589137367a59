"""Tables of what is declared to the funders: claims, with numbered pieces that are frozen once filed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Cents, Id, Ref, guard, one_of
from app.finance.allocation_models import Allocation
from app.finance.models import BudgetLine, Operation
from app.finance.records import REPEATS
from app.people.models import Organisation

STATES = ("draft", "filed", "answered")
DECLARED = text("kind = 'expense'")
PIECES = ("expense", "flat_rate", "correction")


class Claim(Base):
    """A claim (remontée de dépenses) of one organisation, the lead's own beside those of its partners.

    `number` is given when it is filed, from 1 within its operation. `total_cents` repeats the sum of its pieces.
    `left_out`: allocations that wait for a later claim, by the act that put them down; `corrections`: of pieces filed
    before, as claim, piece, cents and words. `lead_claim_id`: the claim of the lead in which a partner's was taken up.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        one_of("state", *STATES),
        CheckConstraint("from_day <= to_day", name="days_in_order"),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered_once_filed"),
        CheckConstraint("(number IS NULL) = (filed_on IS NULL)", name="filed_on_a_day"),
        Index("ix_claim_operation_id_id", "operation_id", "id"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    operation_id: Mapped[Ref] = mapped_column(ForeignKey("operation.id"))
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    from_day: Mapped[date]
    to_day: Mapped[date]
    left_out: Mapped[list[str]] = mapped_column(JSON)
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(info=REPEATS)
    number: Mapped[int | None] = mapped_column(info=REPEATS)
    filed_on: Mapped[date | None] = mapped_column(info=REPEATS)
    total_cents: Mapped[Cents] = mapped_column(info=REPEATS)
    lead_claim_id: Mapped[Ref | None] = mapped_column(ForeignKey("claim.id"), info=REPEATS)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    filed_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"), info=REPEATS)
    answered_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"), info=REPEATS)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    operation: Mapped[Operation] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return f"claim:{self.uuid.hex}"


class Piece(Base):
    """One numbered piece of a filed claim: an allocation, a flat rate, or a correction of an earlier piece.

    `accepted_cents`: what the authority accepted of it, once it answered; the rest was rejected, for `reason`.
    """

    __tablename__ = "claim_piece"
    __table_args__ = (
        UniqueConstraint("claim_id", "number"),
        one_of("kind", *PIECES),
        CheckConstraint("(kind = 'expense') = (allocation_id IS NOT NULL)", name="of_an_allocation"),
        CheckConstraint("(kind = 'correction') = (corrects_id IS NOT NULL)", name="of_a_piece"),
        CheckConstraint(
            "accepted_cents IS NULL OR cents >= 0 AND accepted_cents BETWEEN 0 AND cents "
            "OR cents < 0 AND accepted_cents BETWEEN cents AND 0",
            name="accepted",
        ),
        Index(
            "uq_claim_piece_declared_once", "allocation_id", unique=True,
            sqlite_where=DECLARED, postgresql_where=DECLARED,
        ),
        Index("ix_claim_piece_corrects_id", "corrects_id"),
        Index("ix_claim_piece_budget_line_id", "budget_line_id"),
    )  # fmt: skip

    id: Mapped[Id]
    claim_id: Mapped[Ref] = mapped_column(ForeignKey("claim.id"))
    number: Mapped[int]
    kind: Mapped[str]
    budget_line_id: Mapped[Ref] = mapped_column(ForeignKey("budget_line.id"))
    allocation_id: Mapped[Ref | None] = mapped_column(ForeignKey("allocation.id"))
    corrects_id: Mapped[Ref | None] = mapped_column(ForeignKey("claim_piece.id"))
    cents: Mapped[Cents]
    words: Mapped[str] = mapped_column(Text)
    accepted_cents: Mapped[Cents | None] = mapped_column(info=REPEATS)
    reason: Mapped[str] = mapped_column(Text, info=REPEATS)
    claim: Mapped[Claim] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    budget_line: Mapped[BudgetLine] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    allocation: Mapped[Allocation | None] = relationship(viewonly=True)

    @property
    def rejected_cents(self) -> int:
        """What the authority did not accept of it; nothing before it answered."""
        return 0 if self.accepted_cents is None else self.cents - self.accepted_cents


_FROZEN = (
    "NEW.claim_id <> OLD.claim_id OR NEW.number <> OLD.number OR NEW.kind <> OLD.kind OR NEW.cents <> OLD.cents "
    "OR NEW.budget_line_id <> OLD.budget_line_id OR coalesce(NEW.allocation_id, 0) <> coalesce(OLD.allocation_id, 0) "
    "OR coalesce(NEW.corrects_id, 0) <> coalesce(OLD.corrects_id, 0) OR NEW.words <> OLD.words"
)
_REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation';"
guard(
    "claim_piece_frozen",
    "claim_piece",
    "BEFORE UPDATE",
    condition=_FROZEN,
    sqlite="SELECT RAISE(ABORT, 'what was filed is corrected, not changed');",
    postgresql=f"IF {_FROZEN} THEN {_REFUSE.format('what was filed is corrected, not changed')} END IF;",
)
guard(
    "claim_piece_no_delete",
    "claim_piece",
    "BEFORE DELETE",
    sqlite="SELECT RAISE(ABORT, 'what was filed is corrected, not removed');",
    postgresql=_REFUSE.format("what was filed is corrected, not removed"),
)
_GONE = "EXISTS (SELECT 1 FROM allocation WHERE id = NEW.allocation_id AND gone_act_id IS NOT NULL)"
guard(
    "claim_piece_stands",
    "claim_piece",
    "BEFORE INSERT",
    condition=_GONE,
    sqlite="SELECT RAISE(ABORT, 'what was taken back is not declared');",
    # Whoever takes it back meanwhile is waited for, and whoever comes later finds it declared.
    postgresql="PERFORM 1 FROM allocation WHERE id = NEW.allocation_id FOR UPDATE; "
    f"IF {_GONE} THEN {_REFUSE.format('what was taken back is not declared')} END IF;",
)
_DECLARED = "NEW.gone_act_id IS NOT NULL AND EXISTS (SELECT 1 FROM claim_piece WHERE allocation_id = NEW.id)"
guard(
    "allocation_declared",
    "allocation",
    "BEFORE UPDATE",
    condition=_DECLARED,
    sqlite="SELECT RAISE(ABORT, 'what was declared stays put down');",
    postgresql=f"IF {_DECLARED} THEN {_REFUSE.format('what was declared stays put down')} END IF;",
)
