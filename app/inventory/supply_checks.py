"""What `flask verify` asks of supplies: each movement is what its act tells of, and stocks are what they add up to."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.db import walk, walk_one
from app.history import Act, of_kind
from app.inventory.supplies import KINDS, Supply, SupplyMove, SupplyStock
from app.inventory.told import bearers, check_told
from app.words import fold


def check_supplies() -> Iterator[str]:
    """Each supply, stock and movement that does not agree with the others and with its act."""
    names = dict(walk(select(Supply.id, Supply.name)))
    stocks = {row.id: row for row in walk_one(select(SupplyStock))}
    given = bearers()

    def same(row: Supply, act: Act) -> bool:
        told = (act.told.get("name"), act.told.get("type"), act.told.get("unit"), row.folded)
        return told == (row.name, row.kind, row.unit, fold(row.name))

    def moved(row: SupplyMove, act: Act) -> bool:
        stock = stocks.get(row.stock_id)
        if stock is None:
            return False
        told = {"of": names.get(stock.supply_id), "change": row.change, "cents": row.cost_cents}
        mine = (row.kind, row.at, row.by, stock.centre_id) == (act.kind, act.occurred_at, act.author, act.centre_id)
        return mine and told == act.told and given.get(act.subject) == row.device_id

    yield from check_told(Supply, {"supply_new"}, same)
    yield from check_told(SupplyMove, set(KINDS), moved)
    yield from _check_stocks(stocks, names)


def _check_stocks(stocks: dict[int, SupplyStock], names: dict[int, str]) -> Iterator[str]:
    so_far: dict[int, list[int]] = {}
    for move in walk_one(select(SupplyMove).order_by(SupplyMove.stock_id, SupplyMove.number)):
        sums = so_far.setdefault(move.stock_id, [0, 0, 0])
        sums[:] = [sums[0] + move.change, sums[1] + move.cost_cents, sums[2] + 1]
        if move.number != sums[2]:
            yield f"supply_move {move.id}: not the number that was due"
    minima: dict[tuple[str, int | None], int] = {}
    for act in of_kind("supply_new", "supply_minimum"):
        minima[str(act.told.get("of") or act.told.get("name")), act.centre_id] = act.told["minimum"]
    for row in stocks.values():
        least = minima.pop((names.get(row.supply_id, ""), row.centre_id), 0)
        if [row.on_hand, row.value_cents, row.moves] != so_far.get(row.id, [0, 0, 0]) or row.minimum != least:
            yield f"supply_stock {row.id}: does not agree with its movements"
    for name, _centre in minima:
        yield f"supply_stock: that of {name} is gone"
