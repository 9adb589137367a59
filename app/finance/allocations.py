"""What was spent is put down to budget lines: in amounts or percent, as what it cost or as what became a charge.

One expense is never paid twice (Regulation (EU) 1303/2013 article 65(11), 2021/1060 article 63(9)): what is put down
of a line, over all operations, is never above what of it is eligible. A CHECK holds that, whoever writes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid5

from sqlalchemy import select

from app import history
from app.db import change, draft, put, session
from app.errors import NotThere, Refused
from app.finance import budget, depreciation, purse, records, spent
from app.finance.accounts import plan_of
from app.finance.allocation_models import Allocation
from app.finance.claim_models import Piece
from app.finance.models import BudgetLine, Operation
from app.finance.shares import share
from app.finance.spending import Asset, Expense, ExpenseLine
from app.finance.spending_forms import Allocate, TakeBackAllocation, Withdraw
from app.inputs import invalid
from app.inventory.models import Device
from app.people.models import Organisation
from app.people.roles import Me
from app.web.looks import money
from app.words import _


def allocate(row: Expense, wish: Allocate, *, by: Me, at: datetime, field: str = "budget_line") -> Allocation:
    """`field`: beside which a refusal of the budget line stands."""
    row = spent.in_force(row, by)
    line = next((one for one in row.lines if one.id == wish.line), None)
    if line is None:
        raise NotThere(_("There is no such line in this expense."))
    operation = purse.operation(wish.operation, by)
    target = target_of(operation, wish.budget_line, row, field)
    asset = _asset(line, wish.device) if wish.device else None
    _check_basis(line, wish.basis)
    _check_things(target, line, asset, field)
    cents = _charge(line, asset, operation, wish) if wish.basis == "depreciation" else _cost(line, asset, wish)
    values = {"line_id": line.id, "asset_id": asset.id if asset else None, "budget_line_id": target.id, "cents": cents}
    days = {"basis": wish.basis, "from_day": wish.from_day, "to_day": wish.to_day}
    return _written(row, draft(Allocation, **values, **days), line, asset, target, wish, by=by, at=at)


def _written(
    row: Expense, new: Allocation, line: ExpenseLine, asset: Asset | None, target: BudgetLine, wish: Any,
    *, by: Me, at: datetime,
) -> Allocation:  # fmt: skip
    told = _told(new, line, asset, target)
    act = history.record("allocate", wish, by=by, at=at, subject=row.name, row=told)
    new.act_id, new.gone_act_id = act.id, None
    put(new)
    session().expire(line)
    return new


def _told(one: Allocation, line: ExpenseLine, asset: Asset | None, target: BudgetLine) -> records.Facts:
    """By names that stay: the place of the line, the code of the thing, the operation and its budget line."""
    rest = records.facts(one, "line_id", "asset_id", "budget_line_id")
    thing = asset.device.code if asset else None
    return rest | {"line": line.position, "thing": thing, "budget_line": [target.operation.number, target.code]}


def target_of(operation: Operation, code: str, row: Expense, field: str) -> BudgetLine:
    """The budget line, if this expense may be put down to it. Raises `Refused` else, beside that field."""
    line = next((one for one in budget.of(operation) if one.code == code), None)
    words: Any = None
    reason = "invalid"
    if line is None:
        words = _("Please choose one of the answers offered.")
    elif row.organisation_id not in {operation.lead_id, *(one.organisation_id for one in operation.partners)}:
        words = _("%(payer)s takes no part in this operation.", payer=_payer(row))
        reason = "no_part_in_it"
    elif line.is_flat:
        words = _("This line is a flat rate: it follows from other lines and takes no expense.")
        reason = "flat_rate_line"
    elif line.beneficiary_id not in {None, row.organisation_id}:
        words = _("This line is for what another organisation spends.")
        reason = "others_line"
    elif not _within(operation, row):
        words = _("This was spent outside of the days of the operation. If it is for a period, write the period down.")
        reason = "outside_days"
    if words is not None or line is None:
        raise Refused(reason, words, status=422 if reason == "invalid" else 409, fields={field: words})
    return line


def _payer(row: Expense) -> str:
    return session().get_one(Organisation, row.organisation_id).short_name


def _within(operation: Operation, row: Expense) -> bool:
    """Whether it was incurred while the operation went on; days that are not known bind nobody."""
    first, last = row.from_day or row.issued_on, row.to_day or row.issued_on
    early = operation.eligible_from is not None and last < operation.eligible_from
    late = operation.eligible_to is not None and first > operation.eligible_to
    return not early and not late


def _asset(line: ExpenseLine, code: str) -> Asset:
    query = select(Asset).join(Device, Device.id == Asset.device_id)
    found = session().scalars(query.where(Asset.line_id == line.id, Asset.gone_act_id.is_(None), Device.code == code))
    asset = found.first()
    if asset is None:
        words = _("This line did not pay for that thing.")
        raise Refused("not_its_thing", words, fields={"device": words})
    return asset


def _check_basis(line: ExpenseLine, basis: str) -> None:
    if any(one.basis != basis for one in standing(line)):
        words = _("A thing is claimed as what it cost or as its depreciation, never as both.")
        raise Refused("one_basis", words, fields={"basis": words})


def _check_things(target: BudgetLine, line: ExpenseLine, asset: Asset | None, field: str) -> None:
    """A line that takes no things takes none; and a line of an expense goes whole, or thing by thing."""
    tied = asset is not None or session().scalar(
        select(Asset.id).where(Asset.line_id == line.id, Asset.gone_act_id.is_(None)).limit(1)
    )
    if tied and not target.accepts_assets:
        words = _("Things of the register cannot be put down to this line.")
        raise Refused("takes_no_things", words, fields={field: words})
    if any((one.asset_id is None) != (asset is None) for one in standing(line)):
        words = _("This line is put down as a whole or thing by thing. Take back what stands first.")
        raise Refused("mixed_allocation", words, fields={field: words})


def standing(line: ExpenseLine) -> Sequence[Allocation]:
    """What of this line is put down just now, the oldest first."""
    return of_these([line.id]).get(line.id, [])


def of_these(lines: Collection[int]) -> dict[int, list[Allocation]]:
    """The same of several lines, by their numbers."""
    query = select(Allocation).where(Allocation.line_id.in_(lines), Allocation.gone_act_id.is_(None))
    found: dict[int, list[Allocation]] = {}
    for one in session().scalars(query.order_by(Allocation.id)):
        found.setdefault(one.line_id, []).append(one)
    return found


def _left(line: ExpenseLine, asset: Asset | None) -> tuple[int, int]:
    """What is eligible, and what of that is not put down yet: of the line, or of the thing's part."""
    if asset is None:
        return line.eligible_cents, line.left_cents
    whole = asset.eligible_cents
    return whole, whole - sum(one.cents for one in standing(line) if one.asset_id == asset.id)


def _cost(line: ExpenseLine, asset: Asset | None, wish: Allocate) -> int:
    """So much as is wished, as a percentage or as all that is left; below zero for a credit note."""
    whole, left = _left(line, asset)
    sign = -1 if whole < 0 else 1
    if wish.cents is not None:
        cents = sign * wish.cents
    elif wish.percent is not None:
        cents = share(whole, wish.percent)
        # 70 % and 30 % of an odd cent are both rounded up: the last one takes what is left.
        cents = left if abs(cents) - abs(left) == 1 else cents
    else:
        cents = left
    if cents == 0 or abs(cents) > abs(left):
        raise _above(left)
    return cents


def _above(left: int) -> Refused:
    words = _("No more than %(left)s is left of it.", left=money(abs(left)))
    words = words if left else _("All of it is put down already.")
    return Refused("above_the_amount", words, fields={"cents": words})


def _charge(line: ExpenseLine, asset: Asset | None, operation: Operation, wish: Allocate) -> int:
    """What of a thing became a charge in those days (Regulation (EU) 1303/2013 article 69(2))."""
    faults: dict[str, Any] = {}
    if asset is None:
        faults["device"] = _("Depreciation is that of one thing: say which.")
    if wish.from_day is None or wish.to_day is None or wish.from_day > wish.to_day:
        faults["from_day"] = _("Say from which day to which day it was used.")
    if faults:
        raise invalid(faults)
    assert asset is not None
    assert wish.from_day is not None
    assert wish.to_day is not None
    plan, no_grant = plan_of(asset.device_id, operation.basis)
    if plan is None:
        words = _("Write down first when it was put into service, and for how many months it is used.")
        raise Refused("not_in_service", words, fields={"device": words})
    if not no_grant:
        words = _("Depreciation is eligible only if no public grant helped to buy the thing: write that down first.")
        raise Refused("grant_unsaid", words, fields={"device": words})
    if any(_overlap(one, wish.from_day, wish.to_day) for one in standing(line) if one.asset_id == asset.id):
        words = _("Some of these days are put down already.")
        raise Refused("days_taken", words, fields={"from_day": words})
    return _of_days(plan, asset.eligible_cents, wish.from_day, wish.to_day)


def _of_days(plan: depreciation.Plan, cents: int, first: date, last: date) -> int:
    charge = plan.until(cents, last) - plan.until(cents, first - timedelta(days=1))
    if charge == 0:
        words = _("Nothing of it became a charge in these days.")
        raise Refused("no_charge", words, fields={"from_day": words})
    return charge


def _overlap(one: Allocation, first: date, last: date) -> bool:
    return one.from_day is not None and one.to_day is not None and one.from_day <= last and first <= one.to_day


def take_back(row: Expense, number: int, wish: TakeBackAllocation, *, by: Me, at: datetime) -> Expense:
    """It is outside of any operation again."""
    row = spent.in_force(row, by)
    one = _mine(row, number)
    if one.gone_act_id is not None:
        raise NotThere(_("This is put down no longer."))
    if session().scalar(select(Piece.id).where(Piece.allocation_id == one.id)):
        raise Refused("declared", _("This is declared to the funders: correct it in the next claim."))
    act = history.record("allocation_take_back", wish, by=by, at=at, subject=row.name, gone=[records.named(one)])
    change(one, gone_act_id=act.id)
    session().expire(row)
    for line in row.lines:
        session().expire(line)
    return row


def put_again(row: Expense, number: int, wish: TakeBackAllocation, *, by: Me, at: datetime) -> Expense:
    """What was taken back is put down as it was, anew."""
    row = spent.in_force(row, by)
    one = _mine(row, number)
    if one.gone_act_id is None:
        raise Refused("in_force", _("This is put down just now."))
    again(row, one, wish, by=by, at=at)
    return row


def again(row: Expense, one: Allocation, wish: TakeBackAllocation | Withdraw, *, by: Me, at: datetime) -> Allocation:
    """The same allocation as a row of its own; refused if there is no room for it any more."""
    line = next(line for line in row.lines if line.id == one.line_id)
    asset = session().get_one(Asset, one.asset_id) if one.asset_id else None
    _check_basis(line, one.basis)
    _check_things(one.budget_line, line, asset, "budget_line")
    _whole, left = _left(line, asset)
    if abs(one.cents) > abs(left):
        raise _above(left)
    names = ("line_id", "asset_id", "budget_line_id", "cents", "basis", "from_day", "to_day")
    new = draft(Allocation, **{name: getattr(one, name) for name in names})
    own = wish.model_copy(update={"id": uuid5(wish.id, f"allocation {one.id}")})
    return _written(row, new, line, asset, one.budget_line, own, by=by, at=at)


def _mine(row: Expense, number: int) -> Allocation:
    found = session().get(Allocation, number)
    if found is None or found.line_id not in {line.id for line in row.lines}:
        raise NotThere(_("There is no such line in this expense."))
    return found


def parts_of(line: ExpenseLine, place: int, stands: Sequence[Allocation]) -> list[tuple[Allocation, int]]:
    """What of each allocation of this line falls on the piece at that place, to the cent.

    What stands is taken in its order and split as one sum, so that no piece gets a cent more than it cost.
    """
    told, so_far = [], 0
    for one in stands:
        if one.asset_id is not None:
            if one.asset is not None and one.asset.place == place:
                told.append((one, one.cents))
            continue
        before, so_far = so_far, so_far + one.cents
        told.append((one, line.part(so_far, place) - line.part(before, place)))
    return told
