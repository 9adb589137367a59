"""Tables of what was spent: expenses with their lines, the things they paid, payments and papers.

An expense belongs to the organisation that pays it. Its lines are put down to budget lines of whichever operation;
what is not is outside of any operation, and says so.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Cents, Folded, Id, Ref, one_of
from app.files import StoredFile
from app.finance.models import STANDS
from app.finance.purchase_models import Purchase
from app.finance.records import REPEATS
from app.finance.shares import nth, share
from app.inventory.models import Device
from app.people.models import Organisation

EXPENSE_KINDS = ("invoice", "credit_note", "personnel")
MEANS = ("transfer", "card", "cheque", "direct_debit", "cash", "payroll")
PROOFS = ("bank_statement", "receipted_invoice", "certified_list")
PAPERS = ("quote", "order", "delivery_note", "invoice", "payment_proof", "payslip", "other")


class Expense(Base):
    """An invoice, a credit note, or a piece of personnel costs (a payslip, a time sheet) of one organisation.

    `vat_recoverable`: hundredths of a percent of the tax that comes back and is not eligible (Regulation (EU)
    1303/2013 article 69(3)(c)). `supplier_key`, `number_key`: by them the same invoice is known again.
    """

    __tablename__ = "expense"
    __table_args__ = (
        one_of("kind", *EXPENSE_KINDS),
        CheckConstraint("vat_recoverable BETWEEN 0 AND 10000", name="vat_recoverable"),
        CheckConstraint("from_day <= to_day", name="days_in_order"),
        Index(
            "uq_expense_once", "organisation_id", "supplier_key", "number_key", unique=True,
            sqlite_where=STANDS, postgresql_where=STANDS,
        ),
        Index("ix_expense_supplier_key_number_key", "supplier_key", "number_key"),
        Index("ix_expense_organisation_id_issued_on_id", "organisation_id", "issued_on", "id"),
    )  # fmt: skip

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    purchase_id: Mapped[Ref | None] = mapped_column(ForeignKey("purchase.id"), index=True)
    credits_id: Mapped[Ref | None] = mapped_column(ForeignKey("expense.id"), index=True)
    supplier: Mapped[str]
    supplier_key: Mapped[Folded]
    number: Mapped[str]
    number_key: Mapped[Folded]
    issued_on: Mapped[date]
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    vat_recoverable: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    purchase: Mapped[Purchase | None] = relationship(viewonly=True)
    credits: Mapped[Expense | None] = relationship(remote_side="Expense.id", viewonly=True)
    lines: Mapped[list[ExpenseLine]] = relationship(lazy="selectin", order_by="ExpenseLine.position", viewonly=True)
    payments: Mapped[list[Payment]] = relationship(
        lazy="selectin",
        order_by="Payment.id",
        viewonly=True,
        primaryjoin="and_(Payment.expense_id == Expense.id, Payment.gone_act_id.is_(None))",
    )

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return f"expense:{self.uuid.hex}"

    @property
    def gross_cents(self) -> int:
        return sum(line.gross_cents for line in self.lines)

    @property
    def net_cents(self) -> int:
        return sum(line.net_cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        return sum(line.vat_cents for line in self.lines)

    @property
    def eligible_cents(self) -> int:
        return sum(line.eligible_cents for line in self.lines)

    @property
    def allocated_cents(self) -> int:
        return sum(line.allocated_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        return sum(payment.cents for payment in self.payments)

    @property
    def paid_on(self) -> date | None:
        """The day on which its last cent went, once all of it is paid."""
        whole = bool(self.payments) and self.paid_cents == self.gross_cents
        return max(payment.debited_on for payment in self.payments) if whole else None


class ExpenseLine(Base):
    """One line of it. `eligible_cents`: net and the tax that does not come back, or less; of a credit note below zero.

    `allocated_cents` is moved by the allocations themselves (guards): never above what is eligible, anywhere.
    """

    __tablename__ = "expense_line"
    __table_args__ = (
        UniqueConstraint("expense_id", "position"),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint(
            "net_cents >= 0 AND vat_cents >= 0 AND eligible_cents BETWEEN 0 AND net_cents + vat_cents "
            "OR net_cents <= 0 AND vat_cents <= 0 AND eligible_cents BETWEEN net_cents + vat_cents AND 0",
            name="eligible",
        ),
        CheckConstraint(
            "eligible_cents >= 0 AND allocated_cents BETWEEN 0 AND eligible_cents "
            "OR eligible_cents < 0 AND allocated_cents BETWEEN eligible_cents AND 0",
            name="never_above_what_is_eligible",
        ),
    )

    id: Mapped[Id]
    expense_id: Mapped[Ref] = mapped_column(ForeignKey("expense.id"))
    position: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    net_cents: Mapped[Cents]
    vat_cents: Mapped[Cents]
    eligible_cents: Mapped[Cents]
    allocated_cents: Mapped[Cents] = mapped_column(default=0, info=REPEATS)
    expense: Mapped[Expense] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    @property
    def gross_cents(self) -> int:
        return self.net_cents + self.vat_cents

    @property
    def book_cents(self) -> int:
        """What it cost the organisation: without the tax that comes back."""
        return self.gross_cents - share(self.vat_cents, self.expense.vat_recoverable)

    @property
    def left_cents(self) -> int:
        """What of it is outside of any operation."""
        return self.eligible_cents - self.allocated_cents

    def part(self, whole: int, place: int) -> int:
        """What falls on the piece at that place (from 1) of so many cents of this line: the parts add up to it."""
        return nth(whole, self.quantity, place)


class Asset(Base):
    """A thing that a line of an expense paid, at one place of its quantity: its cost is that piece's part."""

    __tablename__ = "asset"
    __table_args__ = (
        Index("uq_asset_place", "line_id", "place", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
        Index("uq_asset_device", "line_id", "device_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
        Index("ix_asset_device_id", "device_id"),
        CheckConstraint("place >= 1", name="place"),
    )

    id: Mapped[Id]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("expense_line.id"))
    place: Mapped[int]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    line: Mapped[ExpenseLine] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    device: Mapped[Device] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    @property
    def cost_cents(self) -> int:
        """What it cost, tax included."""
        return self.line.part(self.line.gross_cents, self.place)

    @property
    def eligible_cents(self) -> int:
        return self.line.part(self.line.eligible_cents, self.place)


class Payment(Base):
    """Money that left the account, on the day of the debit, and what proves it.

    `certified_by`: who certified the list of paid expenses (public accountant, auditor of accounts).
    """

    __tablename__ = "payment"
    __table_args__ = (
        one_of("means", *MEANS),
        one_of("proof", *PROOFS),
        Index("ix_payment_expense_id", "expense_id"),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    expense_id: Mapped[Ref] = mapped_column(ForeignKey("expense.id"))
    debited_on: Mapped[date]
    cents: Mapped[Cents]
    means: Mapped[str]
    proof: Mapped[str | None]
    certified_by: Mapped[str]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))


class Paper(Base):
    """A file that proves something of a purchase, an expense or a payment."""

    __tablename__ = "paper"
    __table_args__ = (
        one_of("kind", *PAPERS),
        CheckConstraint("(purchase_id IS NULL) <> (expense_id IS NULL)", name="of_one"),
        Index("ix_paper_expense_id", "expense_id"),
        Index("ix_paper_purchase_id", "purchase_id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    title: Mapped[str]
    file_id: Mapped[Ref] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    purchase_id: Mapped[Ref | None] = mapped_column(ForeignKey("purchase.id"))
    expense_id: Mapped[Ref | None] = mapped_column(ForeignKey("expense.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
