"""Things of the register and the line that paid for them: one invoice of twenty laptops, typed once, takes all twenty.

Each takes a place of the line's quantity, and so its part of the line, to the cent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, select

from app import history
from app.db import change, draft, put, session, walk_one
from app.errors import NotThere, Refused
from app.finance import allocations, records, spent
from app.finance.allocation_models import Allocation
from app.finance.purchase_models import PurchaseDelivery
from app.finance.spending import Asset, Expense, ExpenseLine
from app.finance.spending_forms import TieThings, UntieThing
from app.history import of_kind
from app.inputs import invalid
from app.inventory.arrivals import Delivery, DeliveryItem, DeliveryLine
from app.inventory.models import Device
from app.inventory.told import bearers
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

OFFERED = 200  # things a page offers at once


def of_line(line: ExpenseLine) -> Sequence[Asset]:
    """The things that this line paid, in the order of their places."""
    return of_these([line.id]).get(line.id, [])


def of_these(lines: Collection[int]) -> dict[int, list[Asset]]:
    """The same of several lines, by their numbers."""
    query = select(Asset).where(Asset.line_id.in_(lines), Asset.gone_act_id.is_(None))
    found: dict[int, list[Asset]] = {}
    for one in session().scalars(query.order_by(Asset.line_id, Asset.place)):
        found.setdefault(one.line_id, []).append(one)
    return found


def of_device(device_id: int) -> Sequence[Asset]:
    """The lines that paid for this thing, in force."""
    query = select(Asset).where(Asset.device_id == device_id, Asset.gone_act_id.is_(None))
    return session().scalars(query.order_by(Asset.id)).all()


def tie(row: Expense, wish: TieThings, *, by: Me, at: datetime) -> Expense:
    """These things take the free places of the line, in their order."""
    row = spent.in_force(row, by)
    line = next((one for one in row.lines if one.id == wish.line), None)
    if line is None or row.kind != "invoice" or line.gross_cents < 0:
        raise NotThere(_("There is no such line in this expense."))
    found = _found(wish.devices)
    _check_accepted(line)
    taken = {one.place for one in of_line(line)}
    free = [place for place in range(1, line.quantity + 1) if place not in taken]
    _check_room(line, found, free)
    told = [[line.position, place, device.code] for place, device in zip(free, found, strict=False)]
    act = history.record("things_tie", wish, by=by, at=at, subject=row.name, things=told)
    for place, device in zip(free, found, strict=False):
        put(draft(Asset, line_id=line.id, place=place, device_id=device.id, act_id=act.id, gone_act_id=None))
    return row


def _found(codes: Sequence[str]) -> list[Device]:
    """The things of these codes, each once."""
    there = {one.code: one for one in session().scalars(select(Device).where(Device.code.in_(codes)))}
    if unknown := {f"devices.{n}": _("No thing bears this code.") for n, code in enumerate(codes) if code not in there}:
        raise invalid(unknown)
    return [there[code] for code in dict.fromkeys(codes)]


def _check_accepted(line: ExpenseLine) -> None:
    """What the line is put down to must take things of the register."""
    for one in allocations.standing(line):
        if not one.budget_line.accepts_assets:
            words = _("Things of the register cannot be put down to line %(line)s.", line=one.budget_line.code)
            raise Refused("takes_no_things", words, fields={"devices": words})


def _check_room(line: ExpenseLine, found: Sequence[Device], free: Sequence[int]) -> None:
    there = {one.device_id for one in of_line(line)}
    if again := next((one for one in found if one.id in there), None):
        words = _("%(thing)s is tied to this line already.", thing=again.name)
        raise Refused("thing_tied", words, fields={"devices": words})
    if len(found) > len(free):
        words = _(
            "This line is for %(n)s things, and %(left)s of its places are free.", n=line.quantity, left=len(free)
        )
        raise Refused("no_place_left", words, fields={"devices": words})


def untie(row: Expense, number: int, wish: UntieThing, *, by: Me, at: datetime) -> Expense:
    """The line did not pay for that thing. What is put down for the thing alone must be taken back first."""
    row = spent.undeclared(row, by)
    asset = _mine(row, number)
    own = select(Allocation.id).where(Allocation.asset_id == asset.id, Allocation.gone_act_id.is_(None))
    if session().scalar(own.limit(1)):
        raise Refused("thing_put_down", _("Something is put down for this thing alone. Take that back first."))
    act = history.record("thing_untie", wish, by=by, at=at, subject=row.name, gone=[name_of(asset)])
    change(asset, gone_act_id=act.id)
    return row


def tie_again(row: Expense, number: int, wish: UntieThing, *, by: Me, at: datetime) -> Expense:
    """It did pay for that thing, which takes the first free place."""
    row = spent.in_force(row, by)
    asset = session().get(Asset, number)
    if asset is None or asset.gone_act_id is None or asset.line_id not in {line.id for line in row.lines}:
        raise NotThere(_("This thing is not tied to this expense."))
    again = TieThings(id=wish.id, occurred_at=wish.occurred_at, line=asset.line_id, devices=[asset.device.code])
    return tie(row, again, by=by, at=at)


def _mine(row: Expense, number: int) -> Asset:
    found = session().get(Asset, number)
    if found is None or found.gone_act_id is not None or found.line_id not in {line.id for line in row.lines}:
        raise NotThere(_("This thing is not tied to this expense."))
    return found


def offered(row: Expense) -> Sequence[Device]:
    """Things that may have come with it: those of its purchase's deliveries first, then of the payer's centres.

    A thing that an expense in force paid already is not among them.
    """
    ordered = _received().join(PurchaseDelivery, PurchaseDelivery.delivery_id == Delivery.id)
    ordered = ordered.where(PurchaseDelivery.purchase_id == (row.purchase_id or 0))
    first = session().scalars(_free(ordered).limit(OFFERED)).all()
    if first:
        return first
    own = _received().join(Centre, Centre.id == Delivery.centre_id).where(Centre.organisation_id == row.organisation_id)
    return session().scalars(_free(own).limit(OFFERED)).all()


def _received() -> Select[Device]:
    return (
        select(Device)
        .join(DeliveryItem, DeliveryItem.device_id == Device.id)
        .join(DeliveryLine, DeliveryLine.id == DeliveryItem.line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
    )


def _free(query: Select[Device]) -> Select[Device]:
    tied = exists().where(Asset.device_id == Device.id, Asset.gone_act_id.is_(None))
    return query.where(~tied).order_by(Device.folded, Device.id)


def name_of(asset: Asset) -> str:
    """What the journal calls it: the act that tied it, the place of its line, and its own."""
    return records.named(asset, asset.line.position, asset.place)


def check_assets() -> Iterator[str]:
    """Each thing is tied as its act tells, and none was let go without one."""
    known, names = bearers(), spent.names()
    left = {act.id: (act.subject, list(act.told.get("things", []))) for act in of_kind("things_tie")}
    for asset in walk_one(select(Asset).order_by(Asset.id)):
        subject, things = left.get(asset.act_id, ("", []))
        mine = [one for one in things if one[:2] == [asset.line.position, asset.place]]
        if subject != names.get(asset.line.expense_id) or not mine or known.get(mine[0][2]) != asset.device_id:
            yield f"asset {asset.id}: not what its act tells of"
        else:
            things.remove(mine[0])
    for number, (_subject, things) in left.items():
        if things:
            yield f"asset: act {number} tells of one that is gone"
    yield from records.check_gone(Asset, name_of)
