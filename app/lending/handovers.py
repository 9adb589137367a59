"""Hand-overs: things, their condition and who stood there, sealed as one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app import history
from app.db import draft, note, put, session
from app.history.models import canonical
from app.lending import condition_photos
from app.lending.condition import WHOLE, Look, sealed
from app.lending.forms import Lend
from app.lending.models import HandOver, HandOverItem, Loan, LoanLine, OwedPart
from app.people.models import Household
from app.people.roles import Me
from app.times import rfc3339

NO_PHOTOS: Mapping[int, Sequence[str]] = {}


def parts_out(
    wish: Lend, household: Household, looks: Sequence[Look], words: str, *, by: Me, at: datetime
) -> Mapping[str, str]:
    """What is sealed when things go out: how they look, their day, that a third one takes them, the terms as drawn."""
    told: dict[str, object] = {
        "way": "out",
        "at": rfc3339(at),
        "staff": by.id,
        "household": household.code,
        "due_on": wish.due_on.isoformat(),
        "things": [look.sealed for look in looks],
    }
    return {"hand_over": canonical(told | by_third(wish.third)), "agreement": words}


def parts_back(looks: Sequence[Look], *, third: bool, by: Me, at: datetime) -> Mapping[str, str]:
    """What is sealed when things come back: each as it looks; that a third person came."""
    told: dict[str, object] = {
        "way": "back",
        "at": rfc3339(at),
        "staff": by.id,
        "things": [look.sealed for look in looks],
    }
    return {"hand_over": canonical(told | by_third(third))}


def by_third(third: bool) -> dict[str, object]:
    """How a third person is told of; nothing when the borrower came, as every hand-over before was told."""
    return {"third": True} if third else {}


def came_by_third(event: HandOver) -> bool:
    act = session().get(history.Act, event.act_id)
    return bool(act and act.told.get("third"))


def taken_by_third(loans: Sequence[Loan]) -> set[int]:
    """The numbers of those of these loans whose things somebody else than the borrower took with them."""
    query = select(history.Act).where(history.Act.id.in_([loan.act_id for loan in loans]))
    acts = {act.id for act in session().scalars(query) if act.told.get("third")}
    return {loan.id for loan in loans if loan.act_id in acts}


def give(
    lines: Sequence[LoanLine],
    looks: Sequence[Look],
    parts: Mapping[str, str],
    *,
    act: history.Act,
    by: Me,
    at: datetime,
) -> int:
    """The things of these lines go out, each as it looks; answers the number of the seal."""
    seal_id = history.seal("hand_over", act, parts)
    event = note(HandOver, **_event("out", seal_id, act=act, by=by, at=at))
    for line, look in zip(lines, looks, strict=True):
        note(HandOverItem, **_item(event, line, look))
        condition_photos.keep(event, line, look.photos)
    return seal_id


def take(
    lines: Sequence[LoanLine],
    looks: Sequence[Look],
    parts: Mapping[str, str],
    *,
    act: history.Act,
    by: Me,
    at: datetime,
) -> HandOver:
    sealed = history.seal("hand_over", act, parts)
    event = put(draft(HandOver, **_event("back", sealed, act=act, by=by, at=at)))
    items = [
        put(draft(HandOverItem, **_item(event.id, line, look)), line=line)
        for line, look in zip(lines, looks, strict=True)
    ]
    set_committed_value(event, "items", items)
    for item, look in zip(items, looks, strict=True):
        for part in look.owed:
            note(OwedPart, centre_id=item.centre_id, line_id=item.line_id, hand_over_id=event.id, name=part)
        condition_photos.keep(event.id, item.line, look.photos)
    return event


def _event(way: str, seal_id: int, *, act: history.Act, by: Me, at: datetime) -> dict[str, Any]:
    numbers = {"centre_id": by.centre_id, "act_id": act.id, "seal_id": seal_id, "staff": by.id}
    return {"uuid": act.uuid, "way": way, "at": at} | numbers


def things_of(act: history.Act) -> list[dict[str, object]]:
    """The things an act tells of: what goes out is whole, unless it tells otherwise."""
    told, looks = act.told.get("devices", []), act.told.get("looks", {})
    return [t if isinstance(t, dict) else {"code": t} | looks.get(t, WHOLE) for t in told]


def told_again(event: HandOver, act: history.Act, photos: Mapping[int, Sequence[str]] = NO_PHOTOS) -> str:
    """What the seal covers, told again from the rows; the codes are those the things bore then.

    `photos`: the hashes of its photos, by the number of the line.
    """
    things = [
        sealed(
            {"code": thing["code"], "condition": item.condition, "missing": item.missing},
            item.points or (),
            photos.get(item.line_id, ()),
        )
        for thing, item in zip(things_of(act), event.items, strict=False)
    ]
    told: dict[str, object] = {"way": event.way, "at": rfc3339(event.at), "staff": event.staff, "things": things}
    if event.way == "out":
        told |= {"household": act.subject, "due_on": act.told.get("due_on")}
    told |= by_third(bool(act.told.get("third")))
    return canonical(told)


def _item(hand_over_id: int, line: LoanLine, look: Look) -> dict[str, Any]:
    numbers = {"centre_id": line.centre_id, "hand_over_id": hand_over_id, "line_id": line.id}
    return {"condition": look.condition, "missing": list(look.missing), "points": look.kept_points or None} | numbers
