"""What `flask verify` asks of stock-takes: each row is what its act tells of, and the frozen list is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from app import history
from app.db import session, walk, walk_one
from app.files import StoredFile
from app.inventory.stocktakes import IN_STORE, Expected, Sighting, StockTake, scope_of
from app.inventory.told import bearers, check_told


def check_stock_takes() -> Iterator[str]:
    """Each stock-take, expected thing and sighting that is not what its act tells of."""
    yield from check_told(StockTake, {"stock_take_new"}, _same_take)
    given, acts = bearers(), dict(walk(select(StockTake.id, StockTake.act_id)))
    files = dict(walk(select(StoredFile.id, StoredFile.sha256)))
    uuids: Mapping[int, str] = {
        number: session().get_one(history.Act, act_id).uuid.hex
        for number, act_id in acts.items()
        if session().get(history.Act, act_id)
    }

    def same(row: Sighting, act: history.Act) -> bool:
        told = {"of": uuids.get(row.take_id), "how": row.how, "photo": files.get(row.file_id) if row.file_id else None}
        moment = (row.at, row.by, row.code) == (act.occurred_at, act.author, act.subject)
        return told == act.told and moment and given.get(row.code) == row.device_id

    yield from check_told(Sighting, {"sighting"}, same)
    yield from _check_expected(given)


def _same_take(row: StockTake, act: history.Act) -> bool:
    told = act.told
    ends = {end.told.get("of"): end.recorded_at for end in history.of_kind("stock_take_close")}
    same = (row.name, row.categories, row.centre_id) == (told["name"], told["categories"], act.centre_id)
    return same and row.opened_at == act.occurred_at and row.closed_at == ends.get(act.uuid.hex)


def _check_expected(given: Mapping[str, int | None]) -> Iterator[str]:
    for take, act in walk(select(StockTake, history.Act).join(history.Act, history.Act.id == StockTake.act_id)):
        rows = session().scalars(select(Expected).where(Expected.take_id == take.id).order_by(Expected.code)).all()
        whole = act.told.get("scope") == scope_of(rows)
        for row in rows:
            if not whole or given.get(row.code) != row.device_id or row.here != (row.state in IN_STORE):
                yield f"stock_take_expected {row.id}: not what its stock-take froze"
        if len(rows) != act.told.get("count"):
            yield f"stock_take {take.id}: things it expected are gone, or more came"
    stray = select(Expected.id).outerjoin(StockTake, StockTake.id == Expected.take_id).where(StockTake.id.is_(None))
    for number in walk_one(stray):
        yield f"stock_take_expected {number}: of no stock-take"
