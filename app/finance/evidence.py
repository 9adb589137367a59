"""What proves a thing, in the order an auditor asks: from the choice of the supplier to whoever uses it today.

People are not in it: a loan is told by the number of its agreement, which finds the paper and names nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db import session
from app.finance import papers, spot_samples
from app.finance.assets import Held
from app.finance.purchase_models import Purchase
from app.finance.spending import Expense, Paper
from app.history import Act
from app.inventory import printed
from app.inventory.arrivals import item_of
from app.inventory.models import CustodyLink, Device
from app.inventory.states import LOOKS, State
from app.inventory.stocktakes import Sighting
from app.lending.models import Loan, LoanLine
from app.lending.signature_models import Signature
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


def of(one: Held) -> list[Proof]:
    """The proofs of a thing that some expense paid; those of use and sight alone where none did."""
    bills = list({asset.line.expense_id: asset.line.expense for asset in one.paid}.values())
    told = [proof for bill in bills for proof in _of_bill(bill, one.device)]
    return [*told, _label(one.device), sight(one.device), _use(one.device)]


def _of_bill(bill: Expense, device: Device) -> list[Proof]:
    own = papers.of(bill)
    ordered = papers.of(bill.purchase) if bill.purchase else ()
    every = [*ordered, *own]

    def some(*kinds: str) -> list[Paper]:
        return [paper for paper in every if paper.kind in kinds]

    return [
        _order(bill, some("quote", "order")),
        _delivery(device, some("delivery_note")),
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


def _delivery(device: Device, shown: Sequence[Paper]) -> Proof:
    title, item = _("Delivery"), item_of(device.id)
    if item is not None:
        day = session().get_one(Act, item.act_id).occurred_at
        return Proof("delivery", title, there=True, words=_("Received on %(day)s", day=plain_date(day)), papers=shown)
    words = _("A delivery note is there.") if shown else _("Nothing tells that it was delivered.")
    return Proof("delivery", title, bool(shown), words, shown)


def _payment(bill: Expense, shown: Sequence[Paper]) -> Proof:
    title = _("Payment")
    if bill.paid_on is None:
        words = _("%(paid)s of %(whole)s are paid.", paid=money(bill.paid_cents), whole=money(bill.gross_cents))
        return Proof("payment", title, there=False, words=words, papers=shown)
    proved = bool(shown) and all(payment.proof for payment in bill.payments)
    return Proof("payment", title, proved, _("Debited on %(day)s", day=plain_date(bill.paid_on)), shown)


def _label(device: Device) -> Proof:
    title, placed = _("Label and European emblem"), printed.placed(device.id)
    if placed is None:
        return Proof("label", title, there=False, words=_("Nobody has said that its label is on it."))
    day = session().get_one(Act, placed.act_id).occurred_at
    words = _("Seen on it on %(day)s", day=plain_date(day))
    words = _("Seen on it on %(day)s, with a photo", day=plain_date(day)) if placed.file_id else words
    return Proof("label", title, there=True, words=words)


def parents(proofs: Sequence[Proof]) -> dict[int, UUID]:
    """By the number of a paper, what it hangs on."""
    shown = [paper for proof in proofs for paper in proof.papers]
    bills = select(Expense.id, Expense.uuid).where(Expense.id.in_({paper.expense_id for paper in shown}))
    orders = select(Purchase.id, Purchase.uuid).where(Purchase.id.in_({paper.purchase_id for paper in shown}))
    of_bill, of_order = dict(session().execute(bills).all()), dict(session().execute(orders).all())
    return {one.id: of_bill[one.expense_id] if one.expense_id else of_order[one.purchase_id or 0] for one in shown}


SEEN = {
    "scan": _("its label was scanned"),
    "visit": _("seen at the borrower's"),
    "photo": _("on a photo"),
    "declared": _("only declared"),
}
SIGHT = _("Physical check")


def last_counted(device: Device) -> Sighting | None:
    """When it was last seen in a stock-take; nothing when the last word was that this was a mistake."""
    query = select(Sighting).where(Sighting.device_id == device.id).order_by(Sighting.id.desc())
    found = session().scalars(query.limit(1)).first()
    return None if found is None or found.how == "mistake" else found


def sight(device: Device) -> Proof:
    """The newest of what a stock-take and an on-the-spot check saw; of one day, whoever came from outside."""
    counted, checked = last_counted(device), spot_samples.last_seen(device)
    if checked and (counted is None or checked[0] >= day_of(counted.at)):
        words = _("%(day)s, seen by %(body)s", day=plain_date(checked[0]), body=checked[1])
        return Proof("sight", SIGHT, there=True, words=words)
    if counted is None:
        return Proof("sight", SIGHT, there=False, words=_("It was in no stock-take and no check so far."))
    words = _("%(day)s, %(how)s", day=plain_date(counted.at), how=SEEN[counted.how])
    return Proof("sight", SIGHT, counted.how != "declared", words)


def _use(device: Device) -> Proof:
    title = _("Use")
    query = select(Loan).join(LoanLine, LoanLine.loan_id == Loan.id).where(LoanLine.device_id == device.id)
    loan = session().scalars(query.where(LoanLine.closed_at.is_(None)).limit(1)).first()
    if loan is None:
        return Proof(
            "use", title, there=True, words=_("Not on loan just now: %(state)s", state=LOOKS[device.state].word)
        )
    signed = session().scalar(select(Signature.id).where(Signature.loan_id == loan.id).limit(1)) is not None
    number, day = agreement_number(loan.uuid), plain_date(loan.lent_at)
    words = _("On loan since %(day)s, agreement %(number)s, signed", day=day, number=number)
    words = (
        words if signed else _("On loan since %(day)s, agreement %(number)s, not signed yet", day=day, number=number)
    )
    return Proof("use", title, signed, words)


def agreement_number(loan: UUID) -> str:
    """As it stands on the agreement."""
    return loan.hex[:8].upper()


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
            _("A household of %(centre)s", centre=centre) if link.place == "household" else centre,
            link.at,
            agreement_number(loan) if loan is not None else "",
        )
        for link, centre, loan in session().execute(query)
    ]
