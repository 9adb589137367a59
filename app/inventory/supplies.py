"""Supplies: what is counted and bears no label, used up (filament, cartridges) or handed out (chargers).

Each centre has its own stock. Every movement is a row that stays; what it cost follows from what was paid, by the
average of what lies there, to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Cents, Folded, Id, Moment, Ref, change, fold_of, for_update, insert_only, one_of, put, session
from app.errors import NotThere, Refused
from app.history import Act
from app.inventory import devices
from app.inventory.models import Device
from app.inventory.stock_forms import NewSupply, SupplyCount, SupplyIn, SupplyList, SupplyMinimum, SupplyOut
from app.people.models import Person
from app.people.roles import Me
from app.words import _, fold

UNITS = {"piece": _("pieces"), "g": _("g"), "ml": _("ml"), "m": _("m"), "sheet": _("sheets")}
KINDS = {"supply_in": 1, "supply_out": -1, "supply_count": 0}


class Supply(Base):
    """A kind of supply, the same for the whole federation."""

    __tablename__ = "supply"
    __table_args__ = (one_of("kind", "consumable", "accessory"), one_of("unit", *UNITS))

    id: Mapped[Id]
    name: Mapped[str]
    folded: Mapped[Folded] = mapped_column(unique=True, default=fold_of("name"))
    kind: Mapped[str]
    unit: Mapped[str]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)

    def __str__(self) -> str:  # what an act is aimed at
        return f"supply {self.id}"


class SupplyStock(Base):
    """How much of it one centre has, what that cost, and below which it should buy. It repeats the movements."""

    __tablename__ = "supply_stock"
    __table_args__ = (
        UniqueConstraint("supply_id", "centre_id"),
        CheckConstraint("on_hand >= 0", name="never_below_zero"),
        CheckConstraint("value_cents >= 0", name="value_not_negative"),
    )

    id: Mapped[Id]
    supply_id: Mapped[Ref] = mapped_column(ForeignKey("supply.id"))
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), index=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    value_cents: Mapped[Cents] = mapped_column(default=0)
    minimum: Mapped[int] = mapped_column(default=0)
    moves: Mapped[int] = mapped_column(default=0)
    supply: Mapped[Supply] = relationship(lazy="joined", innerjoin=True)

    @property
    def under(self) -> bool:
        return self.on_hand < self.minimum

    @property
    def unit_cost_cents(self) -> int | None:
        return round(self.value_cents / self.on_hand) if self.on_hand and self.value_cents else None


class SupplyMove(Base):
    """In, out or counted: by how much, what it cost, and what it was for. Numbered per stock."""

    __tablename__ = "supply_move"
    __table_args__ = (UniqueConstraint("stock_id", "number"), one_of("kind", *KINDS))

    id: Mapped[Id]
    stock_id: Mapped[Ref] = mapped_column(ForeignKey("supply_stock.id"))
    number: Mapped[int]
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    kind: Mapped[str]
    change: Mapped[int]
    cost_cents: Mapped[Cents]  # of what came (positive) or went (negative)
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"), index=True)
    words: Mapped[str]
    at: Mapped[Moment]
    by: Mapped[Ref]
    device: Mapped[Device | None] = relationship(lazy="joined")


def listed(wish: SupplyList) -> Select[Supply]:
    query = select(Supply)
    if wish.kind:
        query = query.where(Supply.kind == wish.kind)
    return query.where(Supply.folded.contains(fold(wish.q), autoescape=True)) if wish.q else query


def all_of(wish: SupplyList) -> Sequence[Supply]:
    """The kinds of supply there are, to choose from."""
    return session().scalars(listed(wish).order_by(Supply.folded)).all()


def get(number: int) -> Supply:
    found = session().get(Supply, number)
    if found is None:
        raise NotThere(_("There is no such supply."))
    return found


def stock_of(supply: Supply, me: Me) -> SupplyStock:
    """The stock of this person's centre; an empty one where none was begun."""
    query = select(SupplyStock).where(SupplyStock.supply_id == supply.id, SupplyStock.centre_id == me.centre_id)
    return session().scalar(query) or SupplyStock(supply=supply, on_hand=0, value_cents=0, minimum=0, moves=0)


def stocks_of(found: Sequence[Supply], me: Me) -> list[SupplyStock]:
    query = select(SupplyStock).where(SupplyStock.centre_id == me.centre_id)
    had = {
        row.supply_id: row for row in session().scalars(query.where(SupplyStock.supply_id.in_([s.id for s in found])))
    }
    empty = {"on_hand": 0, "value_cents": 0, "minimum": 0, "moves": 0}
    return [had.get(one.id) or SupplyStock(supply=one, **empty) for one in found]


def to_order(me: Me, limit: int = 5) -> Sequence[SupplyStock]:
    """What this centre has less of than it should."""
    query = select(SupplyStock).where(SupplyStock.centre_id == me.centre_id, SupplyStock.on_hand < SupplyStock.minimum)
    return session().scalars(query.join(Supply).order_by(Supply.folded).limit(limit)).all()


def moves_of(stock: SupplyStock, limit: int = 50) -> Sequence[SupplyMove]:
    if not stock.id:
        return []
    query = select(SupplyMove).where(SupplyMove.stock_id == stock.id).order_by(SupplyMove.number.desc())
    return session().scalars(query.limit(limit)).all()


def names_of(moves: Sequence[SupplyMove]) -> dict[int, str]:
    """Who wrote these movements down, by number."""
    query = select(Person.id, Person.name).where(Person.id.in_({move.by for move in moves}))
    return dict(session().execute(query).all())


def add(wish: NewSupply, *, by: Me, at: datetime) -> Supply:
    """A new kind of supply; its minimum is that of this centre."""
    if not by.centre_id:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    if session().scalar(select(Supply.id).where(Supply.folded == fold(wish.name))):
        words = _("This supply is already in the list.")
        raise Refused("supply_there", words, fields={"name": words})
    told = {"name": wish.name, "type": wish.kind, "unit": wish.unit, "minimum": wish.minimum}
    act = history.record("supply_new", wish, by=by, at=at, subject="", centre_id=by.centre_id, **told)
    row = Supply(name=wish.name, folded=fold(wish.name), kind=wish.kind, unit=wish.unit, act_id=act.id)
    session().add(row)
    session().flush()
    put(SupplyStock(supply_id=row.id, centre_id=by.centre_id, minimum=wish.minimum))
    return row


def of_act(act: Act) -> Supply:
    if act.kind == "supply_new":
        return session().scalars(select(Supply).where(Supply.act_id == act.id)).one()
    return session().scalars(select(Supply).where(Supply.folded == fold(act.told["of"]))).one()


_LOCKED = for_update(select(SupplyStock), of=SupplyStock)


def _mine(supply: Supply, by: Me) -> SupplyStock:
    """The centre's own stock of it, locked until the write ends; begun when it is not there yet."""
    if not by.centre_id:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    this = _LOCKED.where(SupplyStock.supply_id == supply.id, SupplyStock.centre_id == by.centre_id)
    found = session().scalar(this)
    return found or put(SupplyStock(supply_id=supply.id, centre_id=by.centre_id), supply=supply)


def bring(supply: Supply, wish: SupplyIn, *, by: Me, at: datetime) -> Supply:
    stock = _mine(supply, by)
    _move(stock, wish, "supply_in", wish.quantity, wish.cost_cents or 0, None, wish.note, by=by, at=at)
    return supply


def use(supply: Supply, wish: SupplyOut, *, by: Me, at: datetime) -> Supply:
    """Taken for a thing or a workshop: its cost goes with it."""
    stock = _mine(supply, by)
    device = _device(wish)
    if wish.quantity > stock.on_hand:
        words = _("There are only %(n)s left here. Count them again if there are more.", n=stock.on_hand)
        raise Refused("not_enough", words, fields={"quantity": words})
    cost = _share(stock, wish.quantity)
    _move(stock, wish, "supply_out", -wish.quantity, -cost, device, wish.workshop, by=by, at=at)
    return supply


def _device(wish: SupplyOut) -> Device | None:
    if not wish.thing and not wish.workshop:
        words = _("Write what it is for: a thing, or a workshop.")
        raise Refused("for_what", words, status=422, fields={"workshop": words})
    found = devices.find(wish.thing) if wish.thing else []
    if wish.thing and len(found) != 1:
        words = _("Nothing bears this number yet.") if not found else _("Several things bear this number.")
        raise Refused("thing_unknown", words, fields={"thing": words})
    return found[0] if found else None


def _share(stock: SupplyStock, quantity: int) -> int:
    """What so much of it cost: its part of what all that lies there cost, so that nothing is left when all is gone."""
    return round(stock.value_cents * quantity / stock.on_hand)


def count(supply: Supply, wish: SupplyCount, *, by: Me, at: datetime) -> Supply:
    """Counted on the shelf: the difference is written down, with its part of the value when something is gone."""
    stock = _mine(supply, by)
    gone = stock.on_hand - wish.counted
    cost = -_share(stock, gone) if gone > 0 else 0
    _move(stock, wish, "supply_count", -gone, cost, None, wish.note, by=by, at=at)
    return supply


def set_minimum(supply: Supply, wish: SupplyMinimum, *, by: Me, at: datetime) -> Supply:
    stock = _mine(supply, by)
    told = {"of": stock.supply.name, "minimum": wish.minimum}
    history.record("supply_minimum", wish, by=by, at=at, subject="", centre_id=by.centre_id, **told)
    change(stock, minimum=wish.minimum)
    return supply


def _move(
    stock: SupplyStock, wish: Any, kind: str, step: int, cents: int, device: Device | None, words: str,
    *, by: Me, at: datetime,
) -> None:  # fmt: skip
    told = {"of": stock.supply.name, "change": step, "cents": cents}
    subject = device.code if device else ""
    act = history.record(kind, wish, by=by, at=at, subject=subject, centre_id=stock.centre_id, **told)
    number, thing = stock.moves + 1, device.id if device else None
    row = SupplyMove(
        stock_id=stock.id, number=number, act_id=act.id, kind=kind, change=step, cost_cents=cents, device_id=thing,
        words=words, at=act.occurred_at, by=by.id,
    )  # fmt: skip
    put(row)
    change(stock, on_hand=stock.on_hand + step, value_cents=stock.value_cents + cents, moves=number)


insert_only("supply_move")
