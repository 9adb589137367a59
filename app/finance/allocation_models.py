"""The table of what is put down to budget lines, and the guards that keep it from ever being above the amount."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Cents, Id, Ref, guard, one_of
from app.finance.models import BudgetLine
from app.finance.spending import Asset, ExpenseLine

BASES = ("purchase", "depreciation")


class Allocation(Base):
    """So many cents of a line of an expense, or of one thing of it, are put down to a budget line.

    `basis`: what it cost, or what of that became a charge in the days named; never both for one line of an expense.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        one_of("basis", *BASES),
        CheckConstraint("cents <> 0", name="some"),
        CheckConstraint("from_day <= to_day", name="days_in_order"),
        CheckConstraint(
            "basis = 'purchase' OR from_day IS NOT NULL AND to_day IS NOT NULL AND asset_id IS NOT NULL", name="charged"
        ),
        Index("ix_allocation_line_id", "line_id"),
        Index("ix_allocation_budget_line_id", "budget_line_id"),
        Index("ix_allocation_asset_id", "asset_id"),
    )

    id: Mapped[Id]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("expense_line.id"))
    asset_id: Mapped[Ref | None] = mapped_column(ForeignKey("asset.id"))
    budget_line_id: Mapped[Ref] = mapped_column(ForeignKey("budget_line.id"))
    cents: Mapped[Cents]
    basis: Mapped[str]
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    line: Mapped[ExpenseLine] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    asset: Mapped[Asset | None] = relationship(viewonly=True)
    budget_line: Mapped[BudgetLine] = relationship(lazy="joined", innerjoin=True, viewonly=True)


_MOVE = "UPDATE expense_line SET allocated_cents = allocated_cents + ({}) WHERE id = NEW.line_id;"
_CHANGED = (
    "NEW.line_id <> OLD.line_id OR NEW.cents <> OLD.cents OR NEW.basis <> OLD.basis "
    "OR NEW.budget_line_id <> OLD.budget_line_id OR NEW.act_id <> OLD.act_id "
    "OR coalesce(NEW.asset_id, 0) <> coalesce(OLD.asset_id, 0) "
    "OR OLD.gone_act_id IS NOT NULL AND coalesce(NEW.gone_act_id, 0) <> OLD.gone_act_id"
)
_OTHER_BASIS = (
    "EXISTS (SELECT 1 FROM allocation WHERE line_id = NEW.line_id AND gone_act_id IS NULL AND basis <> NEW.basis)"
)
_REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation';"
guard(
    "allocation_one_basis",
    "allocation",
    "BEFORE INSERT",
    condition=_OTHER_BASIS,
    sqlite="SELECT RAISE(ABORT, 'what it cost or what became a charge, never both');",
    # Whoever comes second waits for the line, and sees then what the first put down.
    postgresql="PERFORM 1 FROM expense_line WHERE id = NEW.line_id FOR UPDATE; "
    f"IF {_OTHER_BASIS} THEN {_REFUSE.format('what it cost or what became a charge, never both')} END IF;",
)
guard(
    "allocation_put_down",
    "allocation",
    "AFTER INSERT",
    sqlite=_MOVE.format("NEW.cents"),
    postgresql=_MOVE.format("NEW.cents"),
)
guard(
    "allocation_taken_back",
    "allocation",
    "AFTER UPDATE",
    condition="NEW.gone_act_id IS NOT NULL AND OLD.gone_act_id IS NULL",
    sqlite=_MOVE.format("-NEW.cents"),
    postgresql="IF NEW.gone_act_id IS NOT NULL AND OLD.gone_act_id IS NULL THEN "
    + _MOVE.format("-NEW.cents")
    + " END IF;",
)
guard(
    "allocation_stays_what_it_is",
    "allocation",
    "BEFORE UPDATE",
    condition=_CHANGED,
    sqlite="SELECT RAISE(ABORT, 'an allocation is taken back, not changed');",
    postgresql=f"IF {_CHANGED} THEN {_REFUSE.format('an allocation is taken back, not changed')} END IF;",
)
guard(
    "allocation_no_delete",
    "allocation",
    "BEFORE DELETE",
    sqlite="SELECT RAISE(ABORT, 'an allocation is taken back, not removed');",
    postgresql=_REFUSE.format("an allocation is taken back, not removed"),
)
