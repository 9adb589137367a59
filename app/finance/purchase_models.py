"""Tables of purchases: how a supplier was chosen, what was ordered, and which budget lines that binds."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Cents, Id, Ref, one_of
from app.finance.models import BudgetLine
from app.finance.records import REPEATS
from app.inventory.arrivals import Delivery
from app.people.models import Organisation

PROCEDURES = ("direct", "quotes", "adapted", "framework", "other")


class Purchase(Base):
    """A need that was met: how the supplier was chosen, and what was ordered of whom.

    What it commits of each budget line counts until its invoices take the place of that.
    """

    __tablename__ = "purchase"
    __table_args__ = (one_of("procedure", *PROCEDURES),)

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str]
    procedure: Mapped[str]
    market_number: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    supplier: Mapped[str]
    order_number: Mapped[str]
    ordered_on: Mapped[date | None]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    closed_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"), info=REPEATS)
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    commitments: Mapped[list[Commitment]] = relationship(lazy="selectin", viewonly=True)

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return f"purchase:{self.uuid.hex}"


class Commitment(Base):
    """How much of a budget line an order binds."""

    __tablename__ = "commitment"
    __table_args__ = (CheckConstraint("cents > 0", name="some"),)

    purchase_id: Mapped[Ref] = mapped_column(ForeignKey("purchase.id"), primary_key=True, autoincrement=False)
    line_id: Mapped[Ref] = mapped_column(
        ForeignKey("budget_line.id"), primary_key=True, autoincrement=False, index=True
    )
    cents: Mapped[Cents]
    line: Mapped[BudgetLine] = relationship(lazy="joined", innerjoin=True)


class PurchaseDelivery(Base):
    """The delivery in which what was ordered came."""

    __tablename__ = "purchase_delivery"

    purchase_id: Mapped[Ref] = mapped_column(ForeignKey("purchase.id"), primary_key=True, autoincrement=False)
    delivery_id: Mapped[Ref] = mapped_column(
        ForeignKey("delivery.id"), primary_key=True, autoincrement=False, unique=True
    )
    delivery: Mapped[Delivery] = relationship(lazy="joined", innerjoin=True)
