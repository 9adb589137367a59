"""Days on which a centre is shut beside its weekly rest: a holiday, works. Nothing falls due on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from app import history
from app.db import put, session, walk
from app.errors import NotThere, Refused
from app.history import Act, of_kind
from app.inputs import Act as Wish
from app.inputs import Answer, Day, Line
from app.people.models import Centre, Closure
from app.people.roles import Me
from app.words import _

LONGEST = 366  # days in one go


class CloseCentre(Wish):
    from_day: Day
    to_day: Day
    words: Line = ""


class OpenCentre(Wish):
    """It is open on those days after all."""


class ClosureAnswer(Answer):
    id: int
    from_day: str
    to_day: str
    words: str


def close(centre: Centre, wish: CloseCentre, *, by: Me, at: datetime) -> Closure:
    """Shut from one day to another, both included."""
    if not 0 <= (wish.to_day - wish.from_day).days < LONGEST:
        words = _("The last day comes after the first, within a year.")
        raise Refused("invalid", words, status=422, fields={"to_day": words})
    days = {"from": wish.from_day.isoformat(), "to": wish.to_day.isoformat()}
    act = history.record("centre_close", wish, by=by, at=at, subject=centre.code, centre_id=centre.id, **days)
    row = Closure(centre_id=centre.id, act_id=act.id, from_day=wish.from_day, to_day=wish.to_day, words=wish.words)
    return put(row)


def open_again(centre: Centre, number: int, wish: OpenCentre, *, by: Me, at: datetime) -> Closure:
    row = get(centre, number)
    if row.gone_act_id is not None:
        raise NotThere(_("These days are not among those on which the centre is closed."))
    told = {"closure": row.id}
    act = history.record("centre_open", wish, by=by, at=at, subject=centre.code, centre_id=centre.id, **told)
    row.gone_act_id = act.id
    return row


def get(centre: Centre, number: int) -> Closure:
    """One of this centre's, over or not. Raises `NotThere`."""
    row = session().get(Closure, number)
    if row is None or row.centre_id != centre.id:
        raise NotThere(_("These days are not among those on which the centre is closed."))
    return row


def of(centre: Centre) -> Sequence[Closure]:
    """Those that hold, the earliest first."""
    query = select(Closure).where(Closure.centre_id == centre.id, Closure.gone_act_id.is_(None))
    return session().scalars(query.order_by(Closure.from_day, Closure.id)).all()


def of_act(act: Act) -> Closure:
    if act.kind == "centre_close":
        return session().scalars(select(Closure).where(Closure.act_id == act.id)).one()
    return session().get_one(Closure, act.told["closure"])


def answer(row: Closure) -> ClosureAnswer:
    return ClosureAnswer(id=row.id, from_day=row.from_day.isoformat(), to_day=row.to_day.isoformat(), words=row.words)


def check_closures() -> Iterator[str]:
    """Each closure is what its act told, and ended when an act said so."""
    ended = {act.told.get("closure"): act.id for act in of_kind("centre_open")}
    told = 0
    for row, act in walk(select(Closure, Act).outerjoin(Act, Act.id == Closure.act_id)):
        told += 1
        days = (row.from_day.isoformat(), row.to_day.isoformat())
        known = act and (act.kind, act.centre_id, act.told.get("from"), act.told.get("to"))
        if known != ("centre_close", row.centre_id, *days):
            yield f"closure {row.id}: not what its act tells of"
        if row.gone_act_id != ended.get(row.id):
            yield f"closure {row.id}: no act opened the centre again"
    if told != sum(1 for _act in of_kind("centre_close")):
        yield "closure: a row for each act was due"
