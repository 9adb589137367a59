"""Things that money of an operation paid: what each cost, whose money that was, and what is left of it in the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select

from app.db import session
from app.errors import NotThere
from app.finance import accounts, allocations, keys, purse, spent
from app.finance.accounts import AssetAccount, Year
from app.finance.allocation_models import Allocation
from app.finance.depreciation import Plan
from app.finance.keys import Share
from app.finance.models import BudgetLine, Operation
from app.finance.spending import Asset, Expense, ExpenseLine
from app.finance.spending_forms import AssetList
from app.history import Act
from app.inventory.models import Device
from app.people.models import Centre
from app.people.roles import Me
from app.words import _, fold


@dataclass(frozen=True)
class PutDown:
    """So many cents of a thing on a budget line, and who pays them."""

    allocation: Allocation
    cents: int
    shares: Sequence[Share]


@dataclass(frozen=True)
class Held:
    """A thing as finance sees it: the lines that paid for it, and what of that is put down where."""

    device: Device
    paid: Sequence[Asset]
    put_down: Sequence[PutDown]
    account: AssetAccount | None

    @property
    def cost_cents(self) -> int:
        return sum(one.cost_cents for one in self.paid)

    @property
    def book_cents(self) -> int:
        return sum(one.line.part(one.line.book_cents, one.place) for one in self.paid)

    @property
    def eligible_cents(self) -> int:
        return sum(one.eligible_cents for one in self.paid)

    @property
    def allocated_cents(self) -> int:
        return sum(one.cents for one in self.put_down)

    @property
    def outside_cents(self) -> int:
        """What of it no operation pays."""
        return self.cost_cents - self.allocated_cents

    @property
    def shares(self) -> list[Share]:
        return keys.added(share for one in self.put_down for share in one.shares)

    @property
    def granted_cents(self) -> int:
        """What public funders pay of it: released as it becomes a charge."""
        return sum(share.cents for share in self.shares if share.is_public)

    def plan(self, basis: str) -> Plan | None:
        return accounts.plan_of(self.device.id, basis)[0] if self.account else None

    def years(self, basis: str) -> Sequence[Year]:
        plan = self.plan(basis)
        return accounts.years(plan, self.book_cents, self.granted_cents) if plan else ()

    def book_value(self, basis: str, day: date) -> int | None:
        """What it is worth in the books at the end of that day."""
        plan = self.plan(basis)
        return self.book_cents - plan.until(self.book_cents, day) if plan else None


def listed(row: Operation, me: Me, wish: AssetList) -> Select[Device]:
    """Those of an operation that a list or the register is asked for."""
    query = of_operation(row, me)
    if wish.centre:
        query = query.join(Centre, Centre.id == Device.centre_id).where(Centre.code == wish.centre)
    return query.where(Device.folded.contains(fold(wish.q), autoescape=True)) if wish.q else query


def of_operation(row: Operation, me: Me) -> Select[Device]:
    """Those it paid for, as far as the money is this person's to see."""
    return put_down_to(row, purse.mine_in(row, Expense.organisation_id, me))


def put_down_to(row: Operation, *conditions: ColumnElement[bool]) -> Select[Device]:
    """The things of which something is put down to this operation."""
    standing = (
        select(Asset.device_id)
        .join(ExpenseLine, ExpenseLine.id == Asset.line_id)
        .join(Expense, Expense.id == ExpenseLine.expense_id)
        .join(Allocation, Allocation.line_id == Asset.line_id)
        .join(BudgetLine, BudgetLine.id == Allocation.budget_line_id)
        .where(Asset.gone_act_id.is_(None), Allocation.gone_act_id.is_(None), BudgetLine.operation_id == row.id)
        .where(Allocation.asset_id.is_(None) | (Allocation.asset_id == Asset.id))
        .where(*conditions)
    )
    return select(Device).where(Device.id.in_(standing))


def that_paid(things: Select[int]) -> Select[int]:
    """The numbers of the expenses that paid for these things."""
    query = select(ExpenseLine.expense_id).join(Asset, Asset.line_id == ExpenseLine.id)
    return query.where(Asset.gone_act_id.is_(None), Asset.device_id.in_(things))


def centres_of(row: Operation, me: Me) -> Sequence[Centre]:
    """Those that answer for things of this operation."""
    numbers = of_operation(row, me).with_only_columns(Device.centre_id)
    return session().scalars(select(Centre).where(Centre.id.in_(numbers)).order_by(Centre.name)).all()


def held(found: Sequence[Device], operation: Operation | None = None) -> list[Held]:
    """These things with their money; of one operation's lines alone when it is named."""
    numbers = [device.id for device in found]
    query = select(Asset).where(Asset.device_id.in_(numbers), Asset.gone_act_id.is_(None)).order_by(Asset.id)
    paid: dict[int, list[Asset]] = {}
    for asset in session().scalars(query):
        paid.setdefault(asset.device_id, []).append(asset)
    stands = allocations.of_these({asset.line_id for some in paid.values() for asset in some})
    rows = session().scalars(select(AssetAccount).where(AssetAccount.device_id.in_(numbers)))
    known = {row.device_id: row for row in rows}
    return [
        Held(device, mine := paid.get(device.id, []), _put_down(mine, stands, operation), known.get(device.id))
        for device in found
    ]


def _put_down(
    paid: Sequence[Asset], stands: dict[int, list[Allocation]], operation: Operation | None
) -> Sequence[PutDown]:
    told = []
    for asset in paid:
        for one, cents in allocations.parts_of(asset.line, asset.place, stands.get(asset.line_id, ())):
            line = one.budget_line
            if operation is None or line.operation_id == operation.id:
                told.append(PutDown(one, cents, keys.shares_of(cents, line, line.operation.funders)))
    return told


def operations_of(one: Held) -> Sequence[Operation]:
    """Those that pay for it, each once."""
    lines = (put.allocation.budget_line for put in one.put_down)
    return list({line.operation_id: line.operation for line in lines}.values())


def seen(device: Device, me: Me) -> Held:
    """A thing with the money that is this person's to see: what their organisation, or an operation of theirs, paid."""
    [one] = held([device])
    mine = [asset for asset in one.paid if _is_seen(asset.line.expense.organisation_id, one, me)]
    if one.paid and not mine:
        raise NotThere(_("The money that paid for this thing is not yours to see."))
    return one


def _is_seen(organisation: int, one: Held, me: Me) -> bool:
    if purse.spends(organisation, me):
        return True
    numbers = {row.id for row in session().scalars(purse.operations(me)) if purse.sees_all(row, me)}
    return any(row.id in numbers for row in operations_of(one))


def check_keeps(one: Held, me: Me) -> None:
    """Whoever keeps the money that paid for it says how the accounts treat it."""
    for organisation in {asset.line.expense.organisation_id for asset in one.paid}:
        purse.check_spends(organisation, me)
    if not one.paid:
        raise NotThere(_("No expense paid for this thing yet."))


def total(row: Operation, me: Me) -> int:
    """What all the things of an operation put on its lines together, in cents.

    Summed by the lines that paid for them: thing by thing only where some pieces of a line are in the register.
    """
    tied = (
        select(Asset.line_id, ExpenseLine.quantity, func.count())
        .join(ExpenseLine, ExpenseLine.id == Asset.line_id)
        .join(Expense, Expense.id == ExpenseLine.expense_id)
        .where(Asset.gone_act_id.is_(None), purse.mine_in(row, Expense.organisation_id, me))
        .where(Expense.id.in_(spent.put_down_to([row.id])))
        .group_by(Asset.line_id, ExpenseLine.quantity)
    )
    lines = session().execute(tied).all()
    stands = allocations.of_these([number for number, _quantity, _count in lines])
    whole = [number for number, quantity, count in lines if quantity == count]
    some = [number for number, quantity, count in lines if quantity != count]
    sums = sum(one.cents for n in whole for one in stands.get(n, ()) if one.budget_line.operation_id == row.id)
    return sums + _of_some(some, stands, row)


def _of_some(lines: Sequence[int], stands: dict[int, list[Allocation]], row: Operation) -> int:
    query = select(Asset).where(Asset.line_id.in_(lines), Asset.gone_act_id.is_(None))
    return sum(
        cents
        for asset in session().scalars(query)
        for one, cents in allocations.parts_of(asset.line, asset.place, stands.get(asset.line_id, ()))
        if one.budget_line.operation_id == row.id
    )


def device_of_act(act: Act) -> Device:
    return session().scalars(select(Device).where(Device.code == act.subject)).one()
