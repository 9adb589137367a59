"""What `flask verify` asks of owed parts: each was missing at a return, and an act ended it or none did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from app.db import walk, walk_one
from app.history import Act, of_kind
from app.lending import owed
from app.lending.models import HandOver, HandOverItem, OwedPart
from app.words import fold


def check_owed() -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from _check_opened()
    last = {act.told.get("part"): act for act in of_kind("owed_end", "owed_undo")}
    undone = {act.told.get("hand_over"): act for act in of_kind("return_undo", "exchange_undo")}
    for part, uuid in walk(select(OwedPart, HandOver.uuid).join(HandOver, HandOver.id == OwedPart.hand_over_id)):
        if (part.closed_at, part.ending, part.act_id) != _end_of(last.get(part.id), undone.get(uuid.hex)):
            yield f"owed_part {part.id}: no act ended it so"
        elif part.ending != "undone" and part.reason != _reason_of(part, last.get(part.id)):
            yield f"owed_part {part.id}: its reason is not what was said"


def _check_opened() -> Iterator[str]:
    """What a return said to be missing is owed, unless it was missing already when the thing left; and nothing else."""
    rows = list(walk_one(select(OwedPart).order_by(OwedPart.id)))
    owes = Counter((part.hand_over_id, part.line_id, part.name) for part in rows)
    missing = Counter[tuple[int, int, str]]()
    items = select(HandOverItem, HandOver.way).join(HandOver, HandOver.id == HandOverItem.hand_over_id)
    before: set[tuple[int, str]] = set()
    for item, way in walk(items.order_by(HandOverItem.id)):
        if way == "out":
            before |= {(item.line_id, fold(name)) for name in item.missing}
        else:
            missing.update((item.hand_over_id, item.line_id, name) for name in item.missing if name)
    for part in rows:
        if owes[key := (part.hand_over_id, part.line_id, part.name)] != missing[key]:
            yield f"owed_part {part.id}: its return does not say that it was missing"
    for event, line, name in missing.keys() - owes.keys():
        if (line, fold(name)) not in before:
            yield f"hand_over {event}: what was missing is not owed"


def _end_of(last: Act | None, undone: Act | None) -> tuple[object, object, object]:
    if last is not None and last.kind == "owed_end":
        return last.occurred_at, last.told.get("how"), last.id
    return (undone.recorded_at, "undone", undone.id) if undone else (None, None, None)


def _reason_of(part: OwedPart, last: Act | None) -> str | None:
    """The reason as it stands, if it is what was said or was erased since."""
    ended = last is not None and last.kind == "owed_end" and last.told.get("said") == owed.said(part.reason)
    return part.reason if ended else None
