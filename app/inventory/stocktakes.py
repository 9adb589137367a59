"""Stock-takes: a frozen list of what should be there, and each time a thing of it, or another one, was seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Select, UniqueConstraint, and_, case, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Id, Moment, Ref, for_update, insert_only, note, one_of, put, session
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.history.models import canonical
from app.history.seals import digest
from app.inventory import devices
from app.inventory.models import Device, DeviceModel
from app.inventory.printed import Photo
from app.inventory.states import PLACE_OF, STATES
from app.inventory.stock_forms import CloseStockTake, NewStockTake, SeeThing
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

HOW = ("scan", "visit", "photo", "declared", "mistake")
IN_STORE = [state for state in STATES if PLACE_OF[state] == "centre"]


class StockTake(Base):
    """A stock-take of one centre. No category: all kinds of things."""

    __tablename__ = "stock_take"

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    name: Mapped[str]
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    opened_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:  # what an act is aimed at
        return f"stock_take {self.id}"


class Expected(Base):
    """A thing that should be found, as it stood when the stock-take opened. `here`: in the store, not out."""

    __tablename__ = "stock_take_expected"
    __table_args__ = (UniqueConstraint("take_id", "device_id"), one_of("state", *STATES))

    id: Mapped[Id]
    take_id: Mapped[Ref] = mapped_column(ForeignKey("stock_take.id"))
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    code: Mapped[str]
    name: Mapped[str]
    state: Mapped[str]
    here: Mapped[bool]


class Sighting(Base):
    """Somebody saw a thing, or took that back. The newest of a thing counts; its weight is in how it was seen."""

    __tablename__ = "sighting"
    __table_args__ = (one_of("how", *HOW), Index("ix_sighting_take_id_device_id_id", "take_id", "device_id", "id"))

    id: Mapped[Id]
    take_id: Mapped[Ref] = mapped_column(ForeignKey("stock_take.id"))
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    code: Mapped[str]
    how: Mapped[str]
    at: Mapped[Moment]
    by: Mapped[Ref]
    note: Mapped[str]
    file_id: Mapped[Ref | None] = mapped_column(ForeignKey("stored_file.id"))
    take: Mapped[StockTake] = relationship(lazy="joined", innerjoin=True)
    device: Mapped[Device] = relationship(lazy="joined", innerjoin=True)


def listed(me: Me) -> Select[StockTake]:
    """Those of the centre this person works in; of all centres for whoever works in none."""
    query = select(StockTake)
    return query.where(StockTake.centre_id == me.centre_id) if me.centre_id else query


def get(number: int, _me: Me) -> StockTake:
    """Things are the whole federation's to see, and so is whether they were found."""
    found = session().get(StockTake, number)
    if found is None:
        raise NotThere(_("There is no such stock-take."))
    return found


def begin(wish: NewStockTake, *, by: Me, at: datetime) -> StockTake:
    """Freeze what should be found: everything this centre answers for, of these kinds."""
    if not by.centre_id:
        raise Refused("no_centre", _("Choose the centre first: its things are counted."))
    things = _in_scope(wish, by)
    if not things:
        words = _("There is nothing of this kind here.")
        raise Refused("nothing_in_scope", words, fields={"categories": words})
    told = {"name": wish.name, "categories": wish.categories, "scope": scope_of(things), "count": len(things)}
    act = history.record("stock_take_new", wish, by=by, at=at, subject="", centre_id=by.centre_id, **told)
    take = put(
        StockTake(
            centre_id=by.centre_id, act_id=act.id, name=wish.name, categories=wish.categories, opened_at=act.occurred_at
        )
    )
    for one in things:
        here = one.state in IN_STORE
        note(Expected, take_id=take.id, device_id=one.id, code=one.code, name=one.name, state=one.state, here=here)
    return take


def _in_scope(wish: NewStockTake, by: Me) -> list[Any]:
    query = select(Device.id, Device.code, Device.name, Device.state).where(
        Device.centre_id == by.centre_id, Device.state != "gone"
    )
    if wish.categories:
        models = select(DeviceModel.id).where(DeviceModel.category_code.in_(wish.categories))
        query = query.where(Device.model_id.in_(models))
    return list(session().execute(query.order_by(Device.code)))


def scope_of(things: Any) -> str:
    """One hash over what was expected, in the order of the codes."""
    return digest(canonical([[one.code, one.name, one.state] for one in things]))


def of_act(act: history.Act) -> StockTake:
    uuid = UUID(act.told["of"]) if act.kind == "stock_take_close" else act.uuid
    number = select(history.Act.id).where(history.Act.uuid == uuid).scalar_subquery()
    return session().scalars(select(StockTake).where(StockTake.act_id == number)).one()


def see(take: StockTake, photo: Photo | None, wish: SeeThing, *, by: Me, at: datetime) -> Sighting:
    """A thing was seen. Several people do this at once; the same again does no harm."""
    take = _open(take, by)
    device = _one(wish.code)
    if wish.how == "photo" and photo is None:
        words = _("Add the photo.")
        raise Refused("photo_missing", words, status=422, fields={"photo": words})
    file = photo.file if photo else None
    if file:
        session().add(file)
        session().flush()
    told = {"of": _uuid(take), "how": wish.how, "photo": file.sha256 if file else None}
    act = history.record("sighting", wish, by=by, at=at, subject=device.code, centre_id=take.centre_id, **told)
    row = Sighting(
        take_id=take.id, device_id=device.id, act_id=act.id, code=device.code, how=wish.how, at=act.occurred_at,
        by=by.id, note=wish.note, file_id=file.id if file else None,
    )  # fmt: skip
    return put(row, take=take, device=device)


def sighting_of_act(act: history.Act) -> Sighting:
    return session().scalars(select(Sighting).where(Sighting.act_id == act.id)).one()


def close(take: StockTake, wish: CloseStockTake, *, by: Me, at: datetime) -> StockTake:
    take = _open(take, by)
    told = {"of": _uuid(take), "counts": counts(take)}
    history.record("stock_take_close", wish, by=by, at=at, subject="", centre_id=take.centre_id, **told)
    take.closed_at = at
    session().flush()
    return take


_LOCKED = for_update(select(StockTake), of=StockTake)


def _open(take: StockTake, by: Me) -> StockTake:
    """The stock-take, locked, so that nothing is seen after it was closed."""
    take = session().scalars(_LOCKED.where(StockTake.id == take.id)).one()
    if take.centre_id != by.centre_id:
        words = _("%(centre)s counts here. Work at that centre to help.", centre=take.centre.name)
        raise Refused("not_here", words)
    if take.closed_at is not None:
        raise Refused("take_closed", _("This stock-take is closed. What is seen now belongs to the next one."))
    return take


def _one(text: str) -> Device:
    found = devices.find(text)
    if len(found) != 1:
        words = _("Nothing bears this number yet.") if not found else _("Several things bear this number.")
        raise Refused("device_unknown", words, fields={"code": words})
    return found[0]


def _uuid(take: StockTake) -> str:
    return session().get_one(history.Act, take.act_id).uuid.hex


def _newest(take: StockTake) -> Any:
    newest = select(func.max(Sighting.id)).where(Sighting.take_id == take.id).group_by(Sighting.device_id)
    seen = select(Sighting.id, Sighting.device_id, Sighting.how).where(
        Sighting.id.in_(newest), Sighting.how != "mistake"
    )
    return seen.subquery()


def findings(take: StockTake, show: str | None = None) -> Select[Any]:
    """`Device`, what was expected of it (or none), `how` it was last seen, the sighting's number, and the finding.

    missing: should be here and was not seen; seen: is here as it should; unexpected: scanned here, and should not
    be; elsewhere: out as it should, confirmed there when `how` says so.
    """
    seen, mine = _newest(take), and_(Expected.device_id == Device.id, Expected.take_id == take.id)
    finding = case(
        (and_(Expected.here, seen.c.how.is_(None)), "missing"),
        (Expected.here, "seen"),
        (seen.c.how == "scan", "unexpected"),
        (Expected.id.is_(None), "unexpected"),
        else_="elsewhere",
    )
    query = (
        select(Device, Expected, seen.c.how, seen.c.id.label("sighting"), finding.label("finding"))
        .outerjoin(Expected, mine)
        .outerjoin(seen, seen.c.device_id == Device.id)
        .where(or_(Expected.id.is_not(None), seen.c.id.is_not(None)))
    )
    return query.where(finding == show) if show else query


def counts(take: StockTake) -> dict[str, int]:
    """How many of each finding; `confirmed`: out, and seen there. `expected`: those that should be here."""
    rows = findings(take).subquery()
    each = select(rows.c.finding, func.count(), func.count(rows.c.how)).group_by(rows.c.finding)
    found = {finding: (total, known) for finding, total, known in session().execute(each)}
    total = {name: found.get(name, (0, 0))[0] for name in ("missing", "seen", "unexpected", "elsewhere")}
    here = select(func.count()).where(Expected.take_id == take.id, Expected.here)
    confirmed = found.get("elsewhere", (0, 0))[1]
    return total | {"expected": session().scalar(here) or 0, "confirmed": confirmed}


def open_here(me: Me) -> StockTake | None:
    """The stock-take of this centre that is going on."""
    query = select(StockTake).where(StockTake.centre_id == me.centre_id, StockTake.closed_at.is_(None))
    return session().scalars(query.order_by(StockTake.id.desc()).limit(1)).first()


def last_photo(take: StockTake, device: Device) -> StoredFile | None:
    query = (
        select(StoredFile)
        .join(Sighting, Sighting.file_id == StoredFile.id)
        .where(Sighting.take_id == take.id, Sighting.device_id == device.id, StoredFile.destroyed_at.is_(None))
    )
    return session().scalars(query.order_by(Sighting.id.desc()).limit(1)).first()


insert_only("stock_take_expected", "sighting")
