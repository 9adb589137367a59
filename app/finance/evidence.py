"""What proves a thing, in the order an auditor asks: from the choice of the supplier to whoever uses it today.

People are not in it: a loan is told by the number of its agreement, which finds the paper and names nobody.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.db import session
from app.finance import papers, publicity, traces
from app.finance.assets import Held, operations_of
from app.finance.purchase_models import Purchase
from app.finance.spending import Expense, Paper
from app.finance.traces import Trace, agreement_number
from app.finance.wording import PUBLICITY
from app.history import Seal
from app.inventory.models import CustodyLink, Device
from app.inventory.states import LOOKS, State
from app.lending.models import Agreement, Loan, LoanLine
from app.people.models import Centre
from app.times import day_of
from app.web.looks import money, plain_date
from app.words import Sentence, _


@dataclass(frozen=True)
class Proof:
    """One thing an auditor asks for: whether it is there, in words, and the papers that show it."""

    kind: str
    title: Sentence
    there: bool
    words: Sentence
    papers: Sequence[Paper] = field(default_factory=tuple)


@dataclass(frozen=True)
class Step:
    """A step of the way of a thing: where it was from then on. `agreement`: the number of the loan's, if it is one."""

    number: int
    look: State
    place: Sentence | str
    at: datetime
    agreement: str


@dataclass(frozen=True)
class Agreed:
    """The agreement of a loan of a thing, by the hash that was sealed: its words name people."""

    device_id: int
    number: str
    lent_on: date
    ended_on: date | None
    sha256: str


def of(one: Held) -> list[Proof]:
    """The proofs of a thing that some expense paid; those of use and sight alone where none did."""
    bills = list({asset.line.expense_id: asset.line.expense for asset in one.paid}.values())
    trace = traces.of([one.device])[one.device.id]
    told = [proof for bill in bills for proof in _of_bill(bill, trace)]
    return [*told, _label(trace), *_poster(one), sight(trace), _use(one.device, trace)]


def _of_bill(bill: Expense, trace: Trace) -> list[Proof]:
    own = papers.of(bill)
    ordered = papers.of(bill.purchase) if bill.purchase else ()
    every = [*ordered, *own]

    def some(*kinds: str) -> list[Paper]:
        return [paper for paper in every if paper.kind in kinds]

    return [
        _order(bill, some("quote", "order")),
        _delivery(trace, some("delivery_note")),
        Proof(
            "invoice",
            _("Invoice %(number)s", number=bill.number),
            bool(some("invoice")),
            _("%(day)s, %(supplier)s", day=plain_date(bill.issued_on), supplier=bill.supplier),
            some("invoice"),
        ),
        _payment(bill, some("payment_proof")),
    ]


def _order(bill: Expense, shown: Sequence[Paper]) -> Proof:
    title, purchase = _("Choice of the supplier and order"), bill.purchase
    if purchase is None:
        return Proof("order", title, there=False, words=_("No purchase is named on the invoice."))
    quotes = sum(paper.kind == "quote" for paper in shown)
    day = plain_date(purchase.ordered_on) if purchase.ordered_on else _("day unknown")
    words = _("%(n)s quotes, order %(number)s, %(day)s", n=quotes, number=purchase.order_number or "—", day=day)
    return Proof("order", title, bool(shown), words, shown)


def _delivery(trace: Trace, shown: Sequence[Paper]) -> Proof:
    title = _("Delivery")
    if trace.delivered is not None:
        words = _("Received on %(day)s", day=plain_date(trace.delivered))
        return Proof("delivery", title, there=True, words=words, papers=shown)
    words = _("A delivery note is there.") if shown else _("Nothing tells that it was delivered.")
    return Proof("delivery", title, bool(shown), words, shown)


def _payment(bill: Expense, shown: Sequence[Paper]) -> Proof:
    title = _("Payment")
    if bill.paid_on is None:
        words = _("%(paid)s of %(whole)s are paid.", paid=money(bill.paid_cents), whole=money(bill.gross_cents))
        return Proof("payment", title, there=False, words=words, papers=shown)
    proved = bool(shown) and all(payment.proof for payment in bill.payments)
    return Proof("payment", title, proved, _("Debited on %(day)s", day=plain_date(bill.paid_on)), shown)


def _label(trace: Trace) -> Proof:
    title = _("Label and European emblem")
    if trace.label is None:
        return Proof("label", title, there=False, words=_("Nobody has said that its label is on it."))
    day = plain_date(trace.label.at)
    words = (
        _("Seen on it on %(day)s, with a photo", day=day) if trace.label.photo else _("Seen on it on %(day)s", day=day)
    )
    return Proof("label", title, there=True, words=words)


def _poster(one: Held) -> list[Proof]:
    """In the centre that answers for it, of an operation that paid for it."""
    paying = operations_of(one)
    found = publicity.poster_in(paying, one.device.centre_id) if paying else None
    if not paying:
        return []
    words = _("No poster was seen here so far.")
    if found is not None:
        day, what = plain_date(found.seen_on), PUBLICITY[found.kind]
        words = _("%(what)s, seen on %(day)s", what=what, day=day)
    title = _("Poster in %(centre)s", centre=one.device.centre.name)
    return [Proof("poster", title, found is not None, words)]


def parents(proofs: Sequence[Proof]) -> dict[int, UUID]:
    """By the number of a paper, what it hangs on."""
    shown = [paper for proof in proofs for paper in proof.papers]
    bills = select(Expense.id, Expense.uuid).where(Expense.id.in_({paper.expense_id for paper in shown}))
    orders = select(Purchase.id, Purchase.uuid).where(Purchase.id.in_({paper.purchase_id for paper in shown}))
    of_bill, of_order = dict(session().execute(bills).all()), dict(session().execute(orders).all())
    return {one.id: of_bill[one.expense_id] if one.expense_id else of_order[one.purchase_id or 0] for one in shown}


def sight(trace: Trace) -> Proof:
    """When somebody last saw it, in a stock-take or in a check of whoever came from outside."""
    title, seen = _("Physical check"), trace.seen
    if seen is None:
        return Proof("sight", title, there=False, words=_("It was in no stock-take and no check so far."))
    words = _("%(day)s, %(how)s", day=plain_date(seen.day), how=seen.words)
    return Proof("sight", title, seen.how != "declared", words)


def _use(device: Device, trace: Trace) -> Proof:
    title, loan = _("Use"), trace.loan
    if loan is None:
        words = _("Not on loan just now: %(state)s", state=LOOKS[device.state].word)
        return Proof("use", title, there=True, words=words)
    said = {"day": plain_date(loan.since), "number": loan.agreement}
    words = _("On loan since %(day)s, agreement %(number)s, signed", **said)
    words = words if loan.signed else _("On loan since %(day)s, agreement %(number)s, not signed yet", **said)
    return Proof("use", title, loan.signed, words)


def way_of(device: Device, limit: int = 50) -> list[Step]:
    """Where it was, the newest first, without anybody's name."""
    query = (
        select(CustodyLink, Centre.name, Loan.uuid)
        .join(Centre, Centre.id == CustodyLink.centre_id)
        .outerjoin(LoanLine, LoanLine.link_id == CustodyLink.id)
        .outerjoin(Loan, Loan.id == LoanLine.loan_id)
        .where(CustodyLink.device_id == device.id)
        .order_by(CustodyLink.number.desc())
        .limit(limit)
    )
    return [
        Step(
            link.number,
            LOOKS[link.state],
            _("A household (%(centre)s)", centre=centre) if link.place == "household" else centre,
            link.at,
            agreement_number(loan) if loan is not None else "",
        )
        for link, centre, loan in session().execute(query)
    ]


def agreements_of(devices: Collection[int]) -> list[Agreed]:
    """Those of every loan of these things, the oldest first."""
    query = (
        select(LoanLine.device_id, Loan.uuid, Loan.lent_at, LoanLine.closed_at, Seal.parts)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(Agreement, Agreement.loan_id == Loan.id)
        .join(Seal, Seal.id == Agreement.seal_id)
        .where(LoanLine.device_id.in_(devices))
        .order_by(Loan.id, LoanLine.id)
    )
    return [
        Agreed(device, agreement_number(uuid), day_of(lent), day_of(closed) if closed else None, _hash_of(parts))
        for device, uuid, lent, closed, parts in session().execute(query)
    ]


def _hash_of(parts: str) -> str:
    return str(json.loads(parts).get("agreement", ""))
