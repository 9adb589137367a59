"""Purchases: how a supplier was chosen, what was ordered, and how much of which budget line that binds.

An order counts as committed until its invoices take the place of it, or until nothing more is to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, or_, select

from app import history
from app.db import change, draft, for_update, put, session, walk_one
from app.errors import NotThere, Refused
from app.finance import budget, purse, records, spent
from app.finance.models import BudgetLine
from app.finance.purchase_models import Commitment, Purchase, PurchaseDelivery
from app.finance.spending import Expense
from app.finance.spending_forms import ClosePurchase, CommitmentWish, NewPurchase, PurchaseCard
from app.history import Act
from app.inventory.arrivals import Delivery
from app.people.models import Centre
from app.people.roles import Me, is_coordinator
from app.words import _

_LOCKED = for_update(select(Purchase), of=Purchase)
_PLAIN = ("title", "procedure", "market_number", "reason", "supplier", "order_number", "ordered_on")


def seen_by(me: Me) -> Select[Purchase]:
    """Those of the organisations whose money they keep; an auditor's and a lead's through their operations."""
    query = select(Purchase)
    if is_coordinator(me):
        return query
    whole = [row.id for row in session().scalars(purse.operations(me)) if purse.sees_all(row, me)]
    bound = select(Commitment.purchase_id).join(BudgetLine).where(BudgetLine.operation_id.in_(whole))
    billed = select(Expense.purchase_id).where(Expense.id.in_(spent.put_down_to(whole)))
    return query.where(
        or_(Purchase.organisation_id.in_(purse.own(me)), Purchase.id.in_(bound), Purchase.id.in_(billed))
    )


def get(uuid: str, me: Me) -> Purchase:
    found = session().scalars(seen_by(me).where(Purchase.uuid == records.number(uuid))).first()
    if found is None:
        raise NotThere(_("There is no such purchase."))
    return found


def locked(row: Purchase, by: Me) -> Purchase:
    row = session().scalars(_LOCKED.where(Purchase.id == row.id)).one()
    purse.check_spends(row.organisation_id, by)
    return row


def open_one(wish: NewPurchase, *, by: Me, at: datetime) -> Purchase:
    organisation = purse.payer(wish.organisation, by)
    lines, deliveries = _bound(wish.commitments, by), _deliveries(wish.deliveries, organisation)
    values = {name: getattr(wish, name) for name in _PLAIN}
    row = draft(Purchase, uuid=wish.id, organisation_id=organisation, closed_act_id=None, **values)
    told = _facts(row, lines, deliveries)
    row.act_id = history.record("purchase_new", wish, by=by, at=at, subject=row.name, **told).id
    return _with_parts(put(row), lines, deliveries)


def edit(row: Purchase, wish: PurchaseCard, *, by: Me, at: datetime) -> Purchase:
    row = locked(row, by)
    lines, deliveries = _bound(wish.commitments, by), _deliveries(wish.deliveries, row.organisation_id)
    values = {name: getattr(wish, name) for name in _PLAIN}
    new = draft(Purchase, uuid=row.uuid, organisation_id=row.organisation_id, **values)
    act = history.record("purchase_edit", wish, by=by, at=at, subject=row.name, **_facts(new, lines, deliveries))
    for table in (Commitment, PurchaseDelivery):
        session().execute(delete(table).where(table.purchase_id == row.id))
    return _with_parts(records.rewrite(row, act, **values), lines, deliveries)


def _bound(wishes: Sequence[CommitmentWish], by: Me) -> dict[BudgetLine, int]:
    """The budget lines that are bound, and how much of each."""
    bound: dict[BudgetLine, int] = {}
    for place, one in enumerate(wishes):
        operation = purse.operation(one.operation, by)
        line = next((line for line in budget.of(operation) if line.code == one.line), None)
        if line is None or line.is_flat or one.cents == 0:
            words = _("Please choose one of the answers offered.")
            field = "cents" if line is not None and not line.is_flat else "line"
            raise Refused("invalid", words, status=422, fields={f"commitments.{place}.{field}": words})
        bound[line] = bound.get(line, 0) + one.cents
    return bound


def _deliveries(numbers: Sequence[int], organisation: int) -> list[int]:
    """The deliveries in which it came, to centres of the organisation that pays."""
    query = select(Delivery.id).join(Centre, Centre.id == Delivery.centre_id)
    own = set(session().scalars(query.where(Delivery.id.in_(numbers), Centre.organisation_id == organisation)))
    if wrong := {f"deliveries.{n}": one for n, one in enumerate(numbers) if one not in own}:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields=dict.fromkeys(wrong, words))
    return sorted(own)


def _facts(row: Purchase, lines: dict[BudgetLine, int], deliveries: Sequence[int]) -> records.Facts:
    bound = sorted([line.operation.number, line.code, cents] for line, cents in lines.items())
    return {"row": records.facts(row), "commitments": bound, "deliveries": sorted(map(_delivery, deliveries))}


def _with_parts(row: Purchase, lines: dict[BudgetLine, int], deliveries: Sequence[int]) -> Purchase:
    session().add_all(Commitment(purchase_id=row.id, line_id=line.id, cents=cents) for line, cents in lines.items())
    session().add_all(PurchaseDelivery(purchase_id=row.id, delivery_id=number) for number in deliveries)
    session().flush()
    session().expire(row)
    return row


def close(row: Purchase, wish: ClosePurchase, *, by: Me, at: datetime) -> Purchase:
    """Nothing more of it is to come: what is not invoiced is bound no longer."""
    row = locked(row, by)
    if row.closed_act_id is not None:
        raise Refused("purchase_closed", _("This purchase is closed."))
    act = history.record("purchase_close", wish, by=by, at=at, subject=row.name)
    change(row, closed_act_id=act.id)
    return row


def open_again(row: Purchase, wish: ClosePurchase, *, by: Me, at: datetime) -> Purchase:
    row = locked(row, by)
    if row.closed_act_id is None:
        raise Refused("purchase_open", _("This purchase is open."))
    history.record("purchase_open_again", wish, by=by, at=at, subject=row.name)
    change(row, closed_act_id=None)
    return row


def deliveries_of(row: Purchase) -> Sequence[Delivery]:
    query = select(Delivery).join(PurchaseDelivery, PurchaseDelivery.delivery_id == Delivery.id)
    return session().scalars(query.where(PurchaseDelivery.purchase_id == row.id).order_by(Delivery.id)).all()


def deliveries_for(organisation: int, but: Purchase | None = None) -> Sequence[Delivery]:
    """Deliveries to centres of that organisation which no other purchase names."""
    taken = select(PurchaseDelivery.delivery_id).where(PurchaseDelivery.purchase_id != (but.id if but else 0))
    query = select(Delivery).join(Centre, Centre.id == Delivery.centre_id)
    query = query.where(Centre.organisation_id == organisation, Delivery.id.not_in(taken))
    return session().scalars(query.order_by(Delivery.id.desc()).limit(50)).all()


def open_of(organisations: Sequence[int]) -> Sequence[Purchase]:
    """Those of which something may still come, the newest first."""
    query = select(Purchase).where(Purchase.organisation_id.in_(organisations), Purchase.closed_act_id.is_(None))
    return session().scalars(query.order_by(Purchase.id.desc()).limit(100)).all()


def of_act(act: Act) -> Purchase:
    return session().scalars(select(Purchase).where(Purchase.uuid == UUID(act.subject.partition(":")[2]))).one()


def check_purchases() -> Iterator[str]:
    """Each purchase is what its last act tells of, with what it binds and the deliveries in which it came."""
    yield from records.check(Purchase, "purchase_new", "purchase_edit")
    bound = ((one.purchase_id, one.purchase_id, _told(one)) for one in walk_one(select(Commitment)))
    yield from records.check_parts("commitment", bound, records.said(Purchase, "commitments"))
    came = (
        (one.purchase_id, one.purchase_id, _delivery(one.delivery_id)) for one in walk_one(select(PurchaseDelivery))
    )
    yield from records.check_parts("purchase_delivery", came, records.said(Purchase, "deliveries"))
    closed = dict[str, int]()
    for act in history.of_kind("purchase_close", "purchase_open_again"):
        if act.kind == "purchase_close":
            closed[act.subject] = act.id
        else:
            closed.pop(act.subject, None)
    for row in walk_one(select(Purchase)):
        if row.closed_act_id != closed.get(row.name):
            yield f"purchase {row.id}: no act closed it so"


def _told(one: Commitment) -> list[Any]:
    return [one.line.operation.number, one.line.code, one.cents]


def _delivery(number: int) -> str:
    """A delivery by the name that stays: that of the act which expected it."""
    query = select(Act.uuid).join(Delivery, Delivery.act_id == Act.id).where(Delivery.id == number)
    found = session().scalar(query)
    return found.hex if found else ""
