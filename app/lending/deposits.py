"""A deposit, where a centre asks for one: a cheque that is kept and not cashed. Never more of a bank than four figures.

A cheque is good for a year and eight days (CMF L131-31 and after): the centre is told a month before the year is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import PERSONAL, Base, Id, Moment, Ref, change, for_update, one_of, put, session, walk
from app.errors import NotThere, Refused
from app.history import Act, of_kind
from app.history.models import canonical
from app.history.seals import digest
from app.inputs import Act as Wish
from app.inputs import Answer, Day, Line, Name
from app.inventory.stock_forms import Price
from app.lending import loans
from app.lending.models import Loan
from app.people.roles import Me
from app.times import add_months, day_of
from app.words import _

OPEN = text("closed_at IS NULL")
WARNED_AFTER = 11  # months: one before its year is over
WORDS = ("amount_cents", "last_four", "dated_on", "kept_where")


class HoldDeposit(Wish):
    """`last_four`: of the cheque's own number, to find it again; the account is never written down."""

    amount_cents: Price
    last_four: Annotated[Line, Field(pattern=r"^([0-9]{4})?$")] = ""
    dated_on: Day
    kept_where: Name


class EndDeposit(Wish):
    """The cheque was given back, or destroyed before the household's eyes."""

    how: Literal["returned", "destroyed"]


class Deposit(Base):
    """A cheque held for a loan. `said`: what its act knows of the words, which go with the household."""

    __tablename__ = "deposit"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "loan_id"], ["loan.centre_id", "loan.id"]),
        Index("ix_deposit_loan_id", "loan_id"),
        Index("ix_deposit_open", "centre_id", "dated_on", sqlite_where=OPEN, postgresql_where=OPEN),
        CheckConstraint("amount_cents >= 0", name="amount"),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ending_when_closed"),
        one_of("ending", "returned", "destroyed"),
    )

    id: Mapped[Id]
    centre_id: Mapped[Ref]
    loan_id: Mapped[Ref]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    amount_cents: Mapped[int]
    last_four: Mapped[str | None] = mapped_column(info=PERSONAL)
    dated_on: Mapped[date]
    kept_where: Mapped[str | None] = mapped_column(info=PERSONAL)
    closed_at: Mapped[Moment | None]
    ending: Mapped[str | None]
    loan: Mapped[Loan] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class DepositAnswer(Answer):
    """`state`: held, returned or destroyed. `good_until`: the day its year is over."""

    id: int
    amount_cents: int
    last_four: str
    dated_on: date
    kept_where: str
    good_until: date
    state: str


_LOCKED = for_update(select(Deposit), of=Deposit)


def hold(loan: Loan, wish: HoldDeposit, *, by: Me, at: datetime) -> Deposit:
    """The cheque is here. One at a time for a loan."""
    loan = loans.mine(loan, by)
    loans.check_open(loan)
    if any(row.closed_at is None for row in of_loan(loan)):
        raise Refused("deposit_held", _("A cheque is held for this loan already: give that one back first."))
    if wish.dated_on > day_of(at):
        words = _("The cheque bears a day that lies ahead.")
        raise Refused("invalid", words, status=422, fields={"dated_on": words})
    row = {name: getattr(wish, name) for name in WORDS}
    told = {"loan": loan.uuid.hex, "amount": wish.amount_cents, "said": said(row)}
    centre = loan.centre_id
    act = history.record("deposit_hold", wish, by=by, at=at, subject=loan.household.code, centre_id=centre, **told)
    return put(Deposit(centre_id=loan.centre_id, loan_id=loan.id, act_id=act.id, **row), loan=loan)


def said(row: dict[str, Any]) -> str:
    """What stands on the cheque, as the journal may hold it."""
    return digest(canonical(row | {"dated_on": row["dated_on"].isoformat()}))


def end(loan: Loan, number: int, wish: EndDeposit, *, by: Me, at: datetime) -> Deposit:
    loan = loans.get(loan.uuid.hex, by)
    row: Deposit | None = session().scalars(_LOCKED.where(Deposit.id == number, Deposit.loan_id == loan.id)).first()
    if row is None:
        raise NotThere(_("No such cheque is held for this loan."))
    if row.closed_at is not None:
        raise Refused("deposit_ended", _("This cheque is no longer here."))
    told = {"deposit": row.id, "how": wish.how}
    centre = loan.centre_id
    act = history.record("deposit_end", wish, by=by, at=at, subject=loan.household.code, centre_id=centre, **told)
    change(row, closed_at=act.occurred_at, ending=wish.how)
    return row


def of_loan(loan: Loan) -> Sequence[Deposit]:
    return session().scalars(select(Deposit).where(Deposit.loan_id == loan.id).order_by(Deposit.id)).all()


def of_act(act: Act) -> Deposit:
    if act.kind == "deposit_hold":
        return session().scalars(select(Deposit).where(Deposit.act_id == act.id)).one()
    return session().get_one(Deposit, act.told["deposit"])


def to_see_to(me: Me, day: date, limit: int = 20) -> Sequence[Deposit]:
    """The cheques held here though their loan is over, or whose year is nearly over."""
    old = Deposit.dated_on <= add_months(day, -WARNED_AFTER)
    query = select(Deposit).join(Loan, Loan.id == Deposit.loan_id).where(Deposit.centre_id == me.people_of)
    query = query.where(Deposit.closed_at.is_(None), or_(old, Loan.closed_at.is_not(None)))
    return session().scalars(query.order_by(Deposit.dated_on, Deposit.id).limit(limit)).all()


def good_until(row: Deposit) -> date:
    return add_months(row.dated_on, 12)


def answer(row: Deposit) -> DepositAnswer:
    return DepositAnswer(
        id=row.id,
        amount_cents=row.amount_cents,
        last_four=row.last_four or "",
        dated_on=row.dated_on,
        kept_where=row.kept_where or "",
        good_until=good_until(row),
        state=row.ending or "held",
    )


def check_deposits() -> Iterator[str]:
    """Each cheque is what its act tells of, and went when an act says so."""
    ended = {act.told.get("deposit"): act for act in of_kind("deposit_end")}
    query = select(Deposit, Act, Loan.uuid).join(Act, Act.id == Deposit.act_id).join(Loan, Loan.id == Deposit.loan_id)
    told = 0
    for row, act, uuid in walk(query):
        told += 1
        mine = (act.kind, act.told.get("loan"), act.told.get("amount"), act.centre_id)
        erased = row.last_four is None and row.kept_where is None
        same = erased or act.told.get("said") == said({name: getattr(row, name) for name in WORDS})
        if mine != ("deposit_hold", uuid.hex, row.amount_cents, row.centre_id) or not same:
            yield f"deposit {row.id}: not what its act tells of"
        last = ended.get(row.id)
        if (row.closed_at, row.ending) != ((last.occurred_at, last.told.get("how")) if last else (None, None)):
            yield f"deposit {row.id}: no act ended it so"
    if told != sum(1 for _act in of_kind("deposit_hold")):
        yield "deposit: a row for each act was due"
