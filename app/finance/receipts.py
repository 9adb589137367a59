"""Money received, passed on, earned and given back. The final payment starts the clock of durability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Cents, Id, Ref, draft, one_of, put, session, walk
from app.errors import NotThere, Refused
from app.finance import purse, records
from app.finance.forms import Code
from app.finance.models import Funder, Operation
from app.finance.spending_forms import Withdraw
from app.history import Act
from app.inputs import Act as Wish
from app.inputs import Answer, Day, Euros, Input, SaidText, Whole, invalid
from app.inventory.stock_forms import Price
from app.people.models import Organisation
from app.people.roles import Me
from app.web.listing import ListAnswer
from app.words import _

KINDS = ("advance", "interim", "final", "passed_on", "revenue", "recovery")
IN = ("advance", "interim", "final")  # what came from a funder
Kind = Literal["advance", "interim", "final", "passed_on", "revenue", "recovery"]


class Receive(Wish):
    """`funder`: who paid, or to whom it went back; `organisation`: to whom a share was passed on, or who earned it."""

    kind: Kind
    received_on: Day
    cents: Annotated[Price, Field(gt=0)]
    funder: Code | None = None
    organisation: Whole | None = None
    words: SaidText = ""


class StartReceipt(Input):
    """What a page that leads here knows of the sum already."""

    kind: Kind = "interim"
    cents: Price | None = None


class Receipt(Base):
    """So much, on the day it stood on the account."""

    __tablename__ = "receipt"
    __table_args__ = (
        one_of("kind", *KINDS),
        CheckConstraint("cents > 0", name="some"),
        Index("ix_receipt_operation_id_received_on_id", "operation_id", "received_on", "id"),
    )

    id: Mapped[Id]
    operation_id: Mapped[Ref] = mapped_column(ForeignKey("operation.id"))
    kind: Mapped[str]
    received_on: Mapped[date]
    cents: Mapped[Cents]
    funder_id: Mapped[Ref | None] = mapped_column(ForeignKey("funder.id"))
    organisation_id: Mapped[Ref | None] = mapped_column(ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(Text)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    funder: Mapped[Funder | None] = relationship(lazy="joined", viewonly=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="joined", viewonly=True)


class ReceiptAnswer(Answer):
    id: int
    kind: str
    received_on: date
    cents: int
    funder: str | None
    organisation: str | None


Receipts = ListAnswer[ReceiptAnswer]


def of(row: Operation) -> Sequence[Receipt]:
    """What stands, in the order of its days."""
    query = select(Receipt).where(Receipt.operation_id == row.id, Receipt.gone_act_id.is_(None))
    return session().scalars(query.order_by(Receipt.received_on, Receipt.id)).all()


def final_payment_on(row: Operation) -> date | None:
    """The day of the final payment to the beneficiary; none while it is not received."""
    final = (Receipt.kind == "final", Receipt.operation_id == row.id, Receipt.gone_act_id.is_(None))
    return session().scalar(select(func.max(Receipt.received_on)).where(*final))


def receive(row: Operation, wish: Receive, *, by: Me, at: datetime) -> Receipt:
    purse.check_leads(row, by)
    faults = {}
    funder = next((one for one in row.funders if one.code == wish.funder), None)
    if (wish.funder and funder is None) or (wish.kind in {*IN, "recovery"} and funder is None):
        faults["funder"] = _("Say which funder.")
    partners = {row.lead_id, *(one.organisation_id for one in row.partners)}
    if wish.kind == "passed_on" and wish.organisation not in partners - {row.lead_id}:
        faults["organisation"] = _("Say which partner.")
    if wish.organisation is not None and wish.organisation not in partners:
        faults["organisation"] = _("Please choose one of the answers offered.")
    if faults:
        raise invalid(faults)
    plain = {name: getattr(wish, name) for name in ("kind", "received_on", "cents", "words")}
    numbers = {"funder_id": funder.id if funder else None, "organisation_id": wish.organisation}
    new = draft(Receipt, operation_id=row.id, gone_act_id=None, **plain, **numbers)
    act = history.record("money_receive", wish, by=by, at=at, subject=row.number, row=_facts(new, wish.funder))
    new.act_id = act.id
    return put(new)


def take_back(row: Operation, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Receipt:
    purse.check_leads(row, by)
    one = get(row, number)
    if one.gone_act_id is not None:
        raise NotThere(_("This was taken back."))
    return records.take_back(one, "money_take_back", wish, row.number, by=by, at=at)


def put_back(row: Operation, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Receipt:
    purse.check_leads(row, by)
    one = get(row, number)
    if one.gone_act_id is None:
        raise Refused("in_force", _("This stands just now."))
    return records.put_back(one, "money_put_back", wish, row.number, by=by, at=at)


def get(row: Operation, number: int) -> Receipt:
    found = session().scalars(select(Receipt).where(Receipt.operation_id == row.id, Receipt.id == number)).first()
    if found is None:
        raise NotThere(_("There is no such sum."))
    return found


def of_act(act: Act) -> Receipt:
    return records.of_act(Receipt, act)


def answer(one: Receipt) -> ReceiptAnswer:
    return ReceiptAnswer(
        id=one.id,
        kind=one.kind,
        received_on=one.received_on,
        cents=one.cents,
        funder=one.funder.code if one.funder else None,
        organisation=one.organisation.short_name if one.organisation else None,
    )


def received(row: Operation) -> Euros:
    """What came from funders, less what went back to them."""
    return sum(one.cents if one.kind in IN else -one.cents for one in of(row) if one.kind in {*IN, "recovery"})


def _facts(one: Receipt, funder: str | None) -> records.Facts:
    return records.facts(one, "operation_id", "funder_id") | {"funder": funder}


def check_receipts() -> Iterator[str]:
    """Each sum is what its act tells of, of its operation and its funder."""
    funders = dict(walk(select(Funder.id, Funder.code)))
    numbers = dict(walk(select(Operation.id, Operation.number)))
    yield from records.check(
        Receipt,
        "money_receive",
        told=lambda one: _facts(one, funders.get(one.funder_id) if one.funder_id else None),
        also=lambda one, act: act.subject == numbers.get(one.operation_id),
    )
    yield from records.check_gone(Receipt)
