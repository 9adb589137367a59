"""Recalls: the maker calls a model back, and every thing of it stays until somebody says it may leave again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import ForeignKey, Index, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Moment, Ref, ask, put, session, walk, walk_one
from app.errors import NotThere, Refused
from app.history import count_of, of_kind
from app.history.models import Act
from app.inventory.catalogue_forms import LiftRecall, RecallModel
from app.inventory.models import Device, DeviceModel, Hold
from app.inventory.states import ENTRIES
from app.people.roles import Me
from app.words import _

OVER = ("retired", "gone")  # nobody lends these any more
STAYS = Hold.lifted_at.is_(None)


class Recall(Base):
    """A maker's recall of a model. The holds it placed carry its number."""

    __tablename__ = "recall"
    __table_args__ = (Index("ix_recall_model_id_id", "model_id", "id"),)

    id: Mapped[Id]
    model_id: Mapped[Ref] = mapped_column(ForeignKey("device_model.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    reason: Mapped[str]
    lifted_at: Mapped[Moment | None]


def recall(model: DeviceModel, wish: RecallModel, *, by: Me, at: datetime) -> Recall:
    """Keep every thing of this model from leaving, wherever it is; those out are held once they are back."""
    things = session().scalars(select(Device.id).where(Device.model_id == model.id, Device.state.not_in(OVER))).all()
    facts = {"held": len(things)}
    subject, centre = f"model:{model.id}", by.centre_id or None
    act = history.record("recall", wish, by=by, at=at, subject=subject, centre_id=centre, **facts)
    row = put(Recall(model_id=model.id, act_id=act.id, reason=wish.reason, lifted_at=None))
    _hold(things, row, act)
    return row


def _hold(things: Sequence[int], row: Recall, act: Act) -> None:
    common = {"kind": "recall", "reason": row.reason, "until": None, "act_id": act.id, "lifted_at": None}
    rows = [common | {"device_id": number, "recall_id": row.id} for number in things]
    if rows:
        session().execute(insert(Hold), rows)


def of_act(act: Act) -> Recall:
    if act.kind == "recall":
        return session().scalars(select(Recall).where(Recall.act_id == act.id)).one()
    return session().get_one(Recall, act.told["recall"])


def get(number: int) -> Recall:
    found = session().get(Recall, number)
    if found is None:
        raise NotThere(_("There is no such recall."))
    return found


def lift(row: Recall, wish: LiftRecall, *, by: Me, at: datetime) -> Recall:
    """The recall is over for the whole model: whatever it still holds may leave again."""
    if row.lifted_at is not None:
        raise Refused("recall_lifted", _("This recall was lifted already."))
    subject, centre = f"model:{row.model_id}", by.centre_id or None
    history.record("recall_lift", wish, by=by, at=at, subject=subject, centre_id=centre, recall=row.id)
    row.lifted_at = at
    session().flush()
    session().execute(update(Hold).where(Hold.recall_id == row.id, STAYS).values(lifted_at=at))
    return row


def follow(device: Device, act: Act) -> None:
    """A thing written down as of a recalled model is held like the others."""
    if device.model_id not in session().info.get(_STANDING, {device.model_id}):
        return
    for found in ask(_NOT_HELD, model=device.model_id, device=device.id):
        _hold([device.id], session().get_one(Recall, found.id), act)


@contextmanager
def together() -> Iterator[None]:
    """Around the writing down of many things: which models are recalled is asked once."""
    session().info[_STANDING] = {row.model_id for row in ask(_RECALLED)}
    try:
        yield
    finally:
        del session().info[_STANDING]


_STANDING = "models that are recalled"
_RECALLED = select(Recall.model_id).where(Recall.lifted_at.is_(None))
_HELD = select(Hold.recall_id).where(Hold.device_id == bindparam("device"), Hold.recall_id.is_not(None))
_NOT_HELD = select(Recall.id).where(
    Recall.model_id == bindparam("model"), Recall.lifted_at.is_(None), Recall.id.not_in(_HELD)
)


def of_model(model: DeviceModel) -> Sequence[Recall]:
    """Those that stand, the newest first."""
    standing = select(Recall).where(Recall.model_id == model.id, Recall.lifted_at.is_(None))
    return session().scalars(standing.order_by(Recall.id.desc())).all()


def still_held(row: Recall) -> int:
    return session().scalar(select(func.count()).where(Hold.recall_id == row.id, STAYS)) or 0


def check_recalls() -> Iterator[str]:
    """Each recall and each of its holds that is not what acts tell."""
    lifted = {act.told.get("recall"): act for act in of_kind("recall_lift")}
    placed = select(func.count()).where(Hold.act_id == Act.id, Hold.recall_id == Recall.id).scalar_subquery()
    query = select(Act, Recall, placed).outerjoin(Recall, Recall.act_id == Act.id).where(Act.kind == "recall")
    told = set()
    for act, row, count in walk(query) if count_of("recall") else ():
        if row is None:
            yield f"recall: that of act {act.id} is gone"
            continue
        told.add(row.id)
        lift_act = lifted.pop(row.id, None)
        if (act.subject, act.told.get("held")) != (f"model:{row.model_id}", count):
            yield f"recall {row.id}: not what its act tells of"
        if row.lifted_at != (lift_act and lift_act.recorded_at):
            yield f"recall {row.id}: no act lifted it then"
    for number in walk_one(select(Recall.id)):
        if number not in told:
            yield f"recall {number}: no act tells of it"
    yield from _check_holds()


def _check_holds() -> Iterator[str]:
    """A hold of a recall stands on a thing that was of its model, by its act or by that of a thing written down."""
    query = (
        select(Hold.id, Hold.act_id, Hold.until, Act.kind, Recall.act_id.label("recalled_by"), Device.id.label("thing"))
        .join(Act, Act.id == Hold.act_id)
        .outerjoin(Device, Device.id == Hold.device_id)
        .outerjoin(Recall, Recall.id == Hold.recall_id)
        .where((Hold.recall_id.is_not(None)) | (Act.kind == "recall"))
    )
    for row in walk(query):
        own = row.kind == "recall" and row.act_id == row.recalled_by
        later = row.kind in {*ENTRIES, "device_edit"} and row.recalled_by is not None
        if row.thing is None or row.until is not None or not (own or later):
            yield f"hold {row.id}: no recall placed it"


def ends() -> dict[int, datetime | None]:
    """When the recall ended that a hold is a part of, by the number of the hold."""
    query = select(Hold.id, Recall.lifted_at).join(Recall, Recall.id == Hold.recall_id)
    return {row.id: row.lifted_at for row in walk(query)}
