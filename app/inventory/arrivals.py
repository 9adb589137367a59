"""Deliveries: expected by model and number, received thing by thing with a scanner in the hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Id, Moment, Ref, for_update, insert_only, one_of, put, session, walk, walk_one
from app.errors import NotThere, Refused
from app.history import Act, of_kind
from app.inventory import devices
from app.inventory.forms import NewDevice
from app.inventory.models import PROGRAMMES, CustodyLink, Device, DeviceModel
from app.inventory.stock_forms import CloseDelivery, DeliveryLineWish, NewDelivery, ReceiveDevice
from app.inventory.told import bearers, check_told
from app.people.models import Centre
from app.people.roles import Me
from app.times import day_of
from app.words import _, bare


class Delivery(Base):
    """Things ordered from a supplier for one centre. The invoice is tied to it later."""

    __tablename__ = "delivery"
    __table_args__ = (one_of("programme", *PROGRAMMES),)

    id: Mapped[Id]
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    supplier: Mapped[str]
    order_number: Mapped[str]
    due_on: Mapped[date | None]
    programme: Mapped[str | None]
    closed_at: Mapped[Moment | None]
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)
    lines: Mapped[list[DeliveryLine]] = relationship(lazy="selectin", order_by="DeliveryLine.id")

    def __str__(self) -> str:  # what an act is aimed at
        return f"delivery {self.id}"


class DeliveryLine(Base):
    """So many of one model; `serials` as the delivery note has them, or none."""

    __tablename__ = "delivery_line"
    __table_args__ = (CheckConstraint("ordered >= 1", name="ordered_some"),)

    id: Mapped[Id]
    delivery_id: Mapped[Ref] = mapped_column(ForeignKey("delivery.id"), index=True)
    model_id: Mapped[Ref] = mapped_column(ForeignKey("device_model.id"))
    ordered: Mapped[int]
    serials: Mapped[list[str]] = mapped_column(JSON, default=list)
    model: Mapped[DeviceModel] = relationship(lazy="joined", innerjoin=True)
    items: Mapped[list[DeliveryItem]] = relationship(lazy="selectin", order_by="DeliveryItem.id")

    @property
    def keys(self) -> set[str]:
        return {bare(serial) for serial in self.serials}

    @property
    def wrong(self) -> list[DeliveryItem]:
        """Received with a serial number that the delivery note does not name."""
        return [item for item in self.items if self.serials and item.serial_key not in self.keys]

    @property
    def missing(self) -> list[str]:
        """Serial numbers of the delivery note that nobody scanned yet."""
        had = {item.serial_key for item in self.items}
        return [serial for serial in self.serials if bare(serial) not in had]


class DeliveryItem(Base):
    """One thing received: it is in the register from then on, and waits for its preparation."""

    __tablename__ = "delivery_item"
    __table_args__ = (UniqueConstraint("device_id"),)

    id: Mapped[Id]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("delivery_line.id"), index=True)
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    serial_key: Mapped[str]
    device: Mapped[Device] = relationship(lazy="joined", innerjoin=True)


def listed(me: Me) -> Select[Delivery]:
    """Those of the centre this person works in; of all centres for whoever works in none."""
    query = select(Delivery)
    return query.where(Delivery.centre_id == me.centre_id) if me.centre_id else query


def get(number: int, _me: Me) -> Delivery:
    found = session().get(Delivery, number)
    if found is None:
        raise NotThere(_("There is no such delivery."))
    return found


def open_here(me: Me, limit: int = 5) -> Sequence[Delivery]:
    """What this centre still waits for, the first due first."""
    query = select(Delivery).where(Delivery.centre_id == me.centre_id, Delivery.closed_at.is_(None))
    return session().scalars(query.order_by(Delivery.due_on, Delivery.id).limit(limit)).all()


def ordered(row: Delivery) -> int:
    return sum(line.ordered for line in row.lines)


def received(row: Delivery) -> int:
    return sum(len(line.items) for line in row.lines)


def expect(wish: NewDelivery, *, by: Me, at: datetime) -> Delivery:
    if not by.centre_id:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    models = [_model(line, place) for place, line in enumerate(wish.lines)]
    serials = [_serials(line, place) for place, line in enumerate(wish.lines)]
    lines = [[line.count, named] for line, named in zip(wish.lines, serials, strict=True)]
    facts = _facts(wish, lines)
    act = history.record("delivery_new", wish, by=by, at=at, subject="", centre_id=by.centre_id, **facts)
    card = {"supplier": wish.supplier, "order_number": wish.order_number, "due_on": wish.due_on}
    row = put(Delivery(centre_id=by.centre_id, act_id=act.id, programme=wish.programme, **card))
    for line, model, listed_ones in zip(wish.lines, models, serials, strict=True):
        put(DeliveryLine(delivery_id=row.id, model_id=model.id, ordered=line.count, serials=listed_ones))
    session().refresh(row)
    return row


def _facts(one: NewDelivery | Delivery, lines: list[Any]) -> dict[str, Any]:
    """What the act tells of a delivery, wished or written."""
    due = one.due_on and one.due_on.isoformat()
    card = {"supplier": one.supplier, "order_number": one.order_number, "programme": one.programme}
    return card | {"due": due, "lines": lines}


def _model(line: DeliveryLineWish, place: int) -> DeviceModel:
    found = session().get(DeviceModel, line.model)
    if found is None:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={f"lines.{place}.model": words})
    return found


def _serials(line: DeliveryLineWish, place: int) -> list[str]:
    """Each once, as it was written; not more than were ordered."""
    named = {bare(text): text for text in line.serials.replace(",", " ").replace(";", " ").split() if bare(text)}
    if len(named) > line.count:
        words = _("There are more serial numbers than things ordered.")
        raise Refused("invalid", words, status=422, fields={f"lines.{place}.serials": words})
    return list(named.values())


def of_act(act: Act) -> Delivery:
    if act.kind == "delivery_new":
        return session().scalars(select(Delivery).where(Delivery.act_id == act.id)).one()
    number = select(Act.id).where(Act.uuid == UUID(act.told["of"])).scalar_subquery()
    return session().scalars(select(Delivery).where(Delivery.act_id == number)).one()


def receive(row: Delivery, wish: ReceiveDevice, *, by: Me, at: datetime) -> DeliveryItem:
    """One thing out of its box: in the register, here, to be prepared before it is lent."""
    row = _open(row, by)
    key = bare(wish.serial_number)
    line = _line(row, wish, key)
    number = 1 + (session().scalar(select(func.count()).where(Device.model_id == line.model_id)) or 0)
    card = NewDevice(
        id=wish.id,
        occurred_at=wish.occurred_at,
        name=f"{line.model.name} n° {number}",
        model=line.model_id,
        serial_number=wish.serial_number,
        no_serial_reason=wish.no_serial_reason,
        owner=row.centre.organisation_id,
        programme=cast("Any", row.programme),
        acquired_on=day_of(wish.happened(at)),
        code=wish.code,
    )
    device, act = devices.enter(card, wish, "device_received", by=by, at=at, of=_uuid(row), serial=key)
    item = put(DeliveryItem(line_id=line.id, device_id=device.id, act_id=act.id, serial_key=key), device=device)
    session().expire(line, ["items"])
    return item


def item_of_act(act: Act) -> DeliveryItem:
    return session().scalars(select(DeliveryItem).where(DeliveryItem.act_id == act.id)).one()


def item_of(device_id: int) -> DeliveryItem | None:
    return session().scalar(select(DeliveryItem).where(DeliveryItem.device_id == device_id))


def _line(row: Delivery, wish: ReceiveDevice, key: str) -> DeliveryLine:
    """The line that names this serial number, else the one chosen, else the first that is not complete."""
    named = next((line for line in row.lines if key and key in line.keys), None)
    chosen = next((line for line in row.lines if line.id == wish.line), None)
    waiting = next((line for line in row.lines if len(line.items) < line.ordered), None)
    line = named or chosen or waiting
    if line is None or len(line.items) >= line.ordered:
        words = _("All that was ordered of it has come. Write this thing down by itself.")
        raise Refused("delivery_complete", words, fields={"serial_number": words})
    return line


def close(row: Delivery, wish: CloseDelivery, *, by: Me, at: datetime) -> Delivery:
    """It is complete, or what is missing will not come."""
    row = _open(row, by)
    history.record("delivery_close", wish, by=by, at=at, subject="", centre_id=row.centre_id, of=_uuid(row))
    row.closed_at = at
    session().flush()
    return row


_LOCKED = for_update(select(Delivery), of=Delivery)


def _open(row: Delivery, by: Me) -> Delivery:
    row = session().scalars(_LOCKED.where(Delivery.id == row.id)).one()
    if row.centre_id != by.centre_id:
        words = _("This delivery is for %(centre)s.", centre=row.centre.name)
        raise Refused("not_here", words)
    if row.closed_at is not None:
        raise Refused("delivery_closed", _("This delivery is closed."))
    return row


def _uuid(row: Delivery) -> str:
    return session().get_one(Act, row.act_id).uuid.hex


def check_arrivals() -> Iterator[str]:
    """Each delivery and each thing received that is not what its act tells of."""
    ends = {a.told["of"]: a.recorded_at for a in of_kind("delivery_close")}

    def same(row: Delivery, act: Act) -> bool:
        told = _facts(row, act.told.get("lines", []))
        return (told, row.centre_id, row.closed_at) == (act.told, act.centre_id, ends.get(act.uuid.hex))

    yield from check_told(Delivery, {"delivery_new"}, same)
    yield from _check_lines()
    given = bearers()
    of_line = {
        number: uuid.hex
        for number, uuid in walk(
            select(DeliveryLine.id, Act.uuid)
            .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
            .join(Act, Act.id == Delivery.act_id)
        )
    }
    entered = {
        link.act_id: link.device_id for link in walk_one(select(CustodyLink).where(CustodyLink.why == "delivered"))
    }

    def came(row: DeliveryItem, act: Act) -> bool:
        told = {"of": of_line.get(row.line_id), "serial": row.serial_key}
        return told == act.told and given.get(act.subject) == row.device_id == entered.get(act.id)

    yield from check_told(DeliveryItem, {"device_received"}, came)


def _check_lines() -> Iterator[str]:
    """The lines of a delivery are those its act tells of, in their order."""
    told = {
        row.id: list(act.told.get("lines", []))
        for row, act in walk(select(Delivery, Act).join(Act, Act.id == Delivery.act_id))
    }
    for line in walk_one(select(DeliveryLine).order_by(DeliveryLine.id)):
        left = told.get(line.delivery_id) or [None]
        if left.pop(0) != [line.ordered, line.serials]:
            yield f"delivery_line {line.id}: not what its delivery tells of"
    for number, left in told.items():
        if left:
            yield f"delivery {number}: lines of it are gone"


insert_only("delivery_item")
