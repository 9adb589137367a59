"""Payments: the day on which money left the account, and what proves it.

Proof of payment: an invoice receipted by the supplier, a bank statement that shows the debit, or a list of paid
expenses certified by a public accountant or an auditor of accounts (decrees 2016-279 and 2022-608).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from app import history
from app.db import change, draft, put, session
from app.errors import NotThere, Refused
from app.finance import records, spent
from app.finance.spending import Expense, Payment
from app.finance.spending_forms import Pay, ProvePayment, Withdraw
from app.people.roles import Me
from app.words import _


def pay(row: Expense, wish: Pay, *, by: Me, at: datetime) -> Expense:
    """So much of it was debited that day: all that is left, where nothing else is said."""
    row = spent.in_force(row, by)
    sign, left = (-1 if row.gross_cents < 0 else 1), row.gross_cents - row.paid_cents
    cents = left if wish.cents is None else sign * wish.cents
    if cents == 0 or abs(cents) > abs(left):
        words = _("All of it is paid.") if left == 0 else _("More was paid than these lines come to.")
        raise Refused("paid_more", words, fields={"cents": words})
    values = {"debited_on": wish.debited_on, "cents": cents, "means": wish.means, "proof": wish.proof}
    one = draft(Payment, uuid=wish.id, expense_id=row.id, certified_by=wish.certified_by, gone_act_id=None, **values)
    act = history.record("expense_pay", wish, by=by, at=at, subject=row.name, row=told(one))
    one.act_id = act.id
    put(one)
    session().expire(row, ["payments"])
    return row


def told(one: Payment) -> records.Facts:
    return records.facts(one, "expense_id")


def prove(row: Expense, number: int, wish: ProvePayment, *, by: Me, at: datetime) -> Expense:
    """What proves this payment came in later."""
    row = spent.in_force(row, by)
    one = _one(row, number)
    values = {"proof": wish.proof, "certified_by": wish.certified_by}
    new = records.facts(one, "expense_id") | values
    act = history.record("payment_prove", wish, by=by, at=at, subject=row.name, row=new)
    records.rewrite(one, act, **values)
    return row


def withdraw(row: Expense, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Expense:
    """It was not paid then, or not so much."""
    row = spent.undeclared(row, by)
    one = _one(row, number)
    act = history.record("payment_withdraw", wish, by=by, at=at, subject=row.name, gone=[_name(one)])
    change(one, gone_act_id=act.id)
    session().expire(row, ["payments"])
    return row


def restore(row: Expense, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Expense:
    """It was paid after all."""
    row = spent.in_force(row, by)
    query = select(Payment).where(Payment.id == number, Payment.expense_id == row.id, Payment.gone_act_id.is_not(None))
    one = session().scalars(query).first()
    if one is None:
        raise NotThere(_("There is no such payment."))
    if abs(row.paid_cents + one.cents) > abs(row.gross_cents):
        raise Refused("paid_more", _("More was paid than these lines come to."))
    history.record("payment_restore", wish, by=by, at=at, subject=row.name, back=[_name(one)])
    change(one, gone_act_id=None)
    session().expire(row, ["payments"])
    return row


def _one(row: Expense, number: int) -> Payment:
    found = next((one for one in row.payments if one.id == number), None)
    if found is None:
        raise NotThere(_("There is no such payment."))
    return found


def _name(one: Payment) -> str:
    """What the journal calls it."""
    return f"payment {one.uuid.hex}"


def check_payments() -> Iterator[str]:
    """Each payment is what its last act tells of its expense."""
    names = spent.names()
    yield from records.check(
        Payment,
        "expense_pay",
        "payment_prove",
        told=told,
        also=lambda row, act: act.subject == names.get(row.expense_id),
    )
    yield from records.check_gone(Payment, _name)
