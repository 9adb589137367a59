"""Tables of an operation and its plan: who pays (funders), and what for (budget lines)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Cents, Id, Ref, insert_only, one_of
from app.finance.records import REPEATS
from app.inventory.models import PROGRAMMES
from app.people.models import Organisation

FUNDER_KINDS = ("eu", "region", "local", "state", "partner", "self", "other")
PUBLIC = ("eu", "region", "local", "state")  # public support, above which a plaque is due
COST_MODES = ("real", "flat_rate")
STANDS = text("gone_act_id IS NULL")
FUNDING_KEYS = ("plan_prorata", "beneficiary", "explicit")


class Operation(Base):
    """A project that funders pay for together. Days are as the grant agreement has them; an empty one is not known.

    `eligible_from`, `eligible_to`: when an expense may be incurred; `paid_until`: by when it must be paid;
    `accounts_on`: the day on which the authority sent in the accounts with its final expenditure; `basis`: how days of
    use are counted; `packages`: its work packages, [code, name]. It was opened by the first act, told last by `act_id`.
    """

    __tablename__ = "operation"
    __table_args__ = (
        one_of("programme", *PROGRAMMES),
        one_of("basis", "30/360", "actual/365"),
        CheckConstraint("eligible_from <= eligible_to", name="days_in_order"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    programme: Mapped[str]
    programme_name: Mapped[str]
    lead_id: Mapped[Ref] = mapped_column(ForeignKey("organisation.id"))
    agreement: Mapped[str]
    decided_on: Mapped[date | None]
    eligible_from: Mapped[date | None]
    eligible_to: Mapped[date | None]
    paid_until: Mapped[date | None]
    accounts_on: Mapped[date | None]
    basis: Mapped[str]
    packages: Mapped[list[list[str]]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    plan_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"), info=REPEATS)
    lead: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    partners: Mapped[list[OperationPartner]] = relationship(lazy="selectin", viewonly=True)
    funders: Mapped[list[Funder]] = relationship(lazy="selectin", order_by="Funder.position", viewonly=True)

    def __str__(self) -> str:  # what an act is aimed at
        return f"operation {self.number}"

    @property
    def total_cents(self) -> int:
        """What all funders pay together."""
        return sum(funder.amount_cents for funder in self.funders)


class OperationPartner(Base):
    """An organisation that incurs costs of its own in the operation of another."""

    __tablename__ = "operation_partner"

    operation_id: Mapped[Ref] = mapped_column(ForeignKey("operation.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisation.id"), primary_key=True, autoincrement=False)
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class Funder(Base):
    """Who pays how much of an operation. The amount was signed; `printed_rate` (hundredths of a percent) beside it."""

    __tablename__ = "funder"
    __table_args__ = (
        UniqueConstraint("operation_id", "code"),
        one_of("kind", *FUNDER_KINDS),
        CheckConstraint("amount_cents >= 0", name="amount"),
        CheckConstraint("printed_rate BETWEEN 0 AND 10000", name="rate"),
    )

    id: Mapped[Id]
    operation_id: Mapped[Ref] = mapped_column(ForeignKey("operation.id"))
    position: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    amount_cents: Mapped[Cents]
    printed_rate: Mapped[int | None]
    organisation_id: Mapped[Ref | None] = mapped_column(ForeignKey("organisation.id"))
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class BudgetLine(Base):
    """What a part of the money is for. `amended_cents` repeats the sum of its amendments.

    `flat_rate`: hundredths of a percent of what its base lines come to; such a line takes no invoice and no thing.
    `beneficiary_id`: whose line it is, where it is not everybody's; `funding_key`: how funders share what it pays.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        Index("uq_budget_line_code", "operation_id", "code", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
        one_of("cost_mode", *COST_MODES),
        one_of("funding_key", *FUNDING_KEYS),
        CheckConstraint("initial_cents >= 0 AND initial_cents + amended_cents >= 0", name="planned"),
        CheckConstraint("(cost_mode = 'flat_rate') = (flat_rate IS NOT NULL)", name="rate_when_flat"),
        CheckConstraint("flat_rate BETWEEN 1 AND 10000", name="flat_rate"),
        CheckConstraint("cost_mode = 'real' OR NOT accepts_assets", name="flat_takes_no_thing"),
    )

    id: Mapped[Id]
    operation_id: Mapped[Ref] = mapped_column(ForeignKey("operation.id"))
    position: Mapped[int]
    code: Mapped[str]
    heading: Mapped[str]
    label: Mapped[str]
    packages: Mapped[list[str]] = mapped_column(JSON)
    initial_cents: Mapped[Cents]
    amended_cents: Mapped[Cents] = mapped_column(default=0, info=REPEATS)
    cost_mode: Mapped[str]
    flat_rate: Mapped[int | None]
    accepts_assets: Mapped[bool]
    beneficiary_id: Mapped[Ref | None] = mapped_column(ForeignKey("organisation.id"))
    funding_key: Mapped[str]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    operation: Mapped[Operation] = relationship(lazy="joined", innerjoin=True)
    beneficiary: Mapped[Organisation | None] = relationship(lazy="joined")
    bases: Mapped[list[BudgetLine]] = relationship(
        secondary="flat_base",
        primaryjoin="BudgetLine.id == FlatBase.line_id",
        secondaryjoin="BudgetLine.id == FlatBase.base_id",
        order_by="BudgetLine.position",
        lazy="selectin",
        viewonly=True,
    )
    key_parts: Mapped[list[KeyPart]] = relationship(lazy="selectin", order_by="KeyPart.funder_id", viewonly=True)

    def __str__(self) -> str:  # what an act is aimed at
        return f"line {self.operation.number}/{self.code}"

    @property
    def planned_cents(self) -> int:
        return self.initial_cents + self.amended_cents

    @property
    def is_flat(self) -> bool:
        return self.cost_mode == "flat_rate"


class FlatBase(Base):
    """A line of which a flat-rate line is a percentage."""

    __tablename__ = "flat_base"

    line_id: Mapped[Ref] = mapped_column(ForeignKey("budget_line.id"), primary_key=True, autoincrement=False)
    base_id: Mapped[Ref] = mapped_column(ForeignKey("budget_line.id"), primary_key=True, autoincrement=False)


class KeyPart(Base):
    """The weight of a funder in what a line pays, where its key is written down (`explicit`)."""

    __tablename__ = "key_part"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight"),)

    line_id: Mapped[Ref] = mapped_column(ForeignKey("budget_line.id"), primary_key=True, autoincrement=False)
    funder_id: Mapped[Ref] = mapped_column(ForeignKey("funder.id"), primary_key=True, autoincrement=False)
    weight: Mapped[Cents]


class Amendment(Base):
    """The funders agreed that a line is worth more or less: so much, by which paper, and why.

    A wrong one is answered by another.
    """

    __tablename__ = "amendment"

    id: Mapped[Id]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("budget_line.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    decided_on: Mapped[date]
    delta_cents: Mapped[Cents]
    reference: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)


class Overrun(Base):
    """Somebody answers for a line that costs more than was planned: up to so much, and why."""

    __tablename__ = "overrun"

    id: Mapped[Id]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("budget_line.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    up_to_cents: Mapped[Cents]
    reason: Mapped[str] = mapped_column(Text)


insert_only("amendment", "overrun")
