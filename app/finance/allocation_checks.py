"""What `flask verify` asks of what is put down."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app.db import session, walk, walk_one
from app.finance import records, spent
from app.finance.allocation_models import Allocation
from app.finance.spending import ExpenseLine
from app.history import Act, count_of
from app.inventory.told import bearers


def check_allocations() -> Iterator[str]:
    """Each allocation is what its act tells of, and lines repeat what is put down of them."""
    known, names = bearers(), spent.names()

    def told(one: Allocation) -> records.Facts:
        rest = records.facts(one, "line_id", "asset_id", "budget_line_id")
        target = one.budget_line
        return rest | {"line": one.line.position, "budget_line": [target.operation.number, target.code]}

    for one, act in walk(select(Allocation, Act).outerjoin(Act, Act.id == Allocation.act_id)):
        said = dict(act.told.get("row", {})) if act else {}
        thing = known.get(said.pop("thing", None) or "")
        mine = (said, thing) == (told(one), one.asset.device_id if one.asset else None)
        if act is None or not mine or (act.kind, act.subject) != ("allocate", names.get(one.line.expense_id)):
            yield f"allocation {one.id}: not what its act tells of"
    yield from records.check_gone(Allocation)
    standing_now = select(Allocation.line_id, func.sum(Allocation.cents)).where(Allocation.gone_act_id.is_(None))
    sums = dict(walk(standing_now.group_by(Allocation.line_id)))
    for line in walk_one(select(ExpenseLine)):
        if line.allocated_cents != sums.get(line.id, 0):
            yield f"expense_line {line.id}: what is put down does not add up to what it says"
    if session().scalar(select(func.count()).select_from(Allocation)) != count_of("allocate"):
        yield "allocation: a row for each act was due"
