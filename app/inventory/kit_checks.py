"""For `flask verify`: each kit, and each thing in one, against what their acts tell of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from app.db import walk
from app.history import Act, of_kind
from app.inventory.kits import Kit, KitThing
from app.inventory.told import bearers, check_told
from app.words import fold


def check_kits() -> Iterator[str]:
    """Each kit, and each thing in one, that is not what its acts tell of."""
    names = {act.subject: act.told.get("name") for act in of_kind("kit_new", "kit_name")}
    ends: dict[str, list[Act]] = defaultdict(list)
    for act in of_kind("kit_end", "kit_back"):
        ends[act.subject].append(act)

    def same(row: Kit, act: Act) -> bool:
        last = ends[row.code][-1] if ends[row.code] else None
        ended_at = last.recorded_at if last and last.kind == "kit_end" else None
        told = (act.subject, act.centre_id, names.get(row.code), fold(row.name), ended_at)
        return told == (row.code, row.centre_id, row.name, row.folded, row.ended_at)

    yield from check_told(Kit, {"kit_new"}, same)
    given, kits = bearers(), dict(walk(select(Kit.id, Kit.code)))
    outs: dict[tuple[str, int | None], list[datetime]] = defaultdict(list)
    for act in of_kind("kit_out"):
        outs[act.subject, given.get(act.told["thing"])].append(act.recorded_at)

    def lies(row: KitThing, act: Act) -> bool:
        """It left when it was taken out, or with the end of the kit, unless that was taken back."""
        there = (kits.get(row.kit_id), row.device_id) == (act.subject, given.get(act.told["thing"]))
        out = [at for at in outs[act.subject, row.device_id] if at >= act.recorded_at]
        since = [one for one in ends[act.subject] if one.recorded_at >= act.recorded_at]
        if row.left_at is None:
            return there and not out and (not since or since[-1].kind == "kit_back")
        ended = {one.recorded_at for one in since if one.kind == "kit_end"}
        return there and row.left_at in {*out[:1], *ended}

    yield from check_told(KitThing, {"kit_in"}, lies)
