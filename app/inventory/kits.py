"""Kits: things that travel together under one code, lent and taken back as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import ForeignKey, Index, Select, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Folded, Id, Moment, Ref, ask, change, fold_of, for_update, put, session
from app.errors import NotThere, Refused
from app.history import Act
from app.inventory import custody, devices
from app.inventory.models import Device, GivenCode
from app.inventory.stock_forms import KitBack, KitBrought, KitEnd, KitList, KitName, KitThingIn, KitThingOut, NewKit
from app.people.models import Centre
from app.people.roles import Me
from app.words import _, fold
from labels import codes

IN_IT = text("left_at IS NULL")
MOST = 40  # things of a kit; with a few more beside it they are still one loan


class Kit(Base):
    """A case with a code of its own. What lies in it is written beside, thing by thing."""

    __tablename__ = "kit"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(ForeignKey("given_code.code"), unique=True)
    name: Mapped[str]
    folded: Mapped[Folded] = mapped_column(default=fold_of("name"))
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    ended_at: Mapped[Moment | None]
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)


class KitThing(Base):
    """A thing in a kit, from when until when: in one kit at a time, the index guards it."""

    __tablename__ = "kit_thing"
    __table_args__ = (
        Index("uq_kit_thing_in_it", "device_id", unique=True, sqlite_where=IN_IT, postgresql_where=IN_IT),
        Index("ix_kit_thing_kit_id", "kit_id"),
    )

    id: Mapped[Id]
    kit_id: Mapped[Ref] = mapped_column(ForeignKey("kit.id"))
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    left_at: Mapped[Moment | None]
    device: Mapped[Device] = relationship(lazy="joined", innerjoin=True)


def listed(wish: KitList, me: Me) -> Select[Kit]:
    query = select(Kit).where(Kit.ended_at.is_(None))
    if wish.here:
        query = query.where(Kit.centre_id == me.centre_id)
    if wish.q:
        query = query.where(Kit.folded.contains(fold(wish.q), autoescape=True))
    return query


def get(code: str, _me: Me) -> Kit:
    """The kit that bears this code, also one that is no more. Raises `NotThere`."""
    kit = _bearing(codes.parse(code) or "")
    if kit is None:
        raise NotThere(_("No kit bears this code."))
    return kit


def by_code(code: str) -> Kit | None:
    """The kit of this code that goes out and comes back."""
    kit = _bearing(code)
    return kit if kit and kit.ended_at is None else None


def _bearing(code: str) -> Kit | None:
    return session().scalar(select(Kit).where(Kit.code == code)) if code.startswith("K") else None


def things_of(kit: Kit) -> Sequence[Device]:
    query = select(Device).join(KitThing, KitThing.device_id == Device.id)
    query = query.where(KitThing.kit_id == kit.id, KitThing.left_at.is_(None))
    return session().scalars(query.order_by(Device.folded, Device.id)).all()


def kit_of(device_id: int) -> Kit | None:
    query = select(Kit).join(KitThing, KitThing.kit_id == Kit.id)
    return session().scalar(query.where(KitThing.device_id == device_id, KitThing.left_at.is_(None)))


def around(things: Sequence[Device]) -> Mapping[int, Kit]:
    """The kit that each of these lies in, by the number of the thing."""
    query = select(KitThing.device_id, Kit).join(Kit, KitThing.kit_id == Kit.id).where(KitThing.left_at.is_(None))
    found = session().execute(query.where(KitThing.device_id.in_([thing.id for thing in things])))
    return {row.device_id: row.Kit for row in found}


def expanded(wished: Sequence[str]) -> list[tuple[int, str]]:
    """Codes of things, with all those of each kit in its place; each with the place of what was wished.

    For lending, which calls this: a kit goes as one. Raises `Refused` for a kit nobody knows or that is empty.
    """
    found: list[tuple[int, str]] = []
    for place, code in enumerate(wished):
        found += [(place, one) for one in (_things(code, place) if code.startswith("K") else [code])]
    return found


def _things(code: str, place: int) -> list[str]:
    kit = by_code(code)
    things = [thing.code for thing in things_of(kit)] if kit else []
    if not things:
        words = _("No kit bears this code.") if kit is None else _("The kit %(name)s is empty.", name=kit.name)
        raise Refused("device_unknown" if kit is None else "kit_empty", words, fields={f"devices.{place}": words})
    return things


def left_behind(back: Sequence[Device]) -> Mapping[str, Sequence[Device]]:
    """For each kit of which something just came back, by its name: the things of it that are still on loan."""
    kits = {row.id: session().get_one(Kit, row.id) for row in ask(_OF, things=[thing.id for thing in back])}
    out = {kit.name: [t for t in things_of(kit) if t.state == "on_loan"] for kit in kits.values()}
    return {name: things for name, things in out.items() if things}


_OF = (
    select(KitThing.kit_id.label("id"))
    .where(KitThing.device_id.in_(bindparam("things", expanding=True)), KitThing.left_at.is_(None))
    .order_by(KitThing.kit_id)
)


def add(wish: NewKit, *, by: Me, at: datetime) -> Kit:
    if not by.centre_id:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    code = next(code for code in _codes(wish) if session().get(GivenCode, code) is None)
    session().add(GivenCode(code=code, kind="K", made_at=at))
    session().flush()
    act = history.record("kit_new", wish, by=by, at=at, subject=code, centre_id=by.centre_id, name=wish.name)
    return put(Kit(code=code, name=wish.name, folded=fold(wish.name), centre_id=by.centre_id, act_id=act.id))


def _codes(wish: NewKit) -> Iterator[str]:
    """The code on its label, when it comes from another register of ours; else those drawn from the act's id."""
    brought = codes.parse(wish.code) if isinstance(wish, KitBrought) else None
    if brought and brought.startswith("K"):
        yield brought
    yield from (codes.make("K", wish.bits(turn)) for turn in count())


def of_act(act: Act) -> Kit:
    kit = _bearing(act.subject)
    assert kit is not None
    return kit


_LOCKED = for_update(select(Kit), of=Kit)


def _mine(kit: Kit, by: Me) -> Kit:
    kit = _of_mine(kit, by)
    if kit.ended_at is not None:
        raise Refused("kit_ended", _("This kit is no more. Put it back first."))
    return kit


def _of_mine(kit: Kit, by: Me) -> Kit:
    kit = session().scalars(_LOCKED.where(Kit.id == kit.id)).one()
    if kit.centre_id != by.centre_id:
        raise Refused("not_here", _("This kit is that of %(centre)s.", centre=kit.centre.name))
    return kit


def rename(kit: Kit, wish: KitName, *, by: Me, at: datetime) -> Kit:
    kit = _mine(kit, by)
    history.record("kit_name", wish, by=by, at=at, subject=kit.code, centre_id=kit.centre_id, name=wish.name)
    change(kit, name=wish.name, folded=fold(wish.name))
    return kit


def end(kit: Kit, wish: KitEnd, *, by: Me, at: datetime) -> Kit:
    """The kit is no more, and its code finds nothing to lend. Not while something of it is out under that code."""
    kit = _mine(kit, by)
    if any(thing.state == "on_loan" for thing in things_of(kit)):
        raise Refused("kit_is_out", _("Something of %(name)s is on loan: take it back first.", name=kit.name))
    history.record("kit_end", wish, by=by, at=at, subject=kit.code, centre_id=kit.centre_id)
    for row in session().scalars(_lying_in(kit)).all():
        change(row, left_at=at)
    change(kit, ended_at=at)
    return kit


def put_back(kit: Kit, wish: KitBack, *, by: Me, at: datetime) -> Kit:
    """The kit is there again, with what lay in it and lies in no other one meanwhile."""
    kit = _of_mine(kit, by)
    if kit.ended_at is None:
        return kit
    history.record("kit_back", wish, by=by, at=at, subject=kit.code, centre_id=kit.centre_id)
    left = select(KitThing).where(KitThing.kit_id == kit.id, KitThing.left_at == kit.ended_at)
    for row in session().scalars(left).all():
        if kit_of(row.device_id) is None:
            change(row, left_at=None)
    change(kit, ended_at=None)
    return kit


def _lying_in(kit: Kit) -> Select[KitThing]:
    return select(KitThing).where(KitThing.kit_id == kit.id, KitThing.left_at.is_(None))


def put_in(kit: Kit, wish: KitThingIn, *, by: Me, at: datetime) -> Kit:
    kit = _mine(kit, by)
    device = _one(wish.thing)
    custody.check_here(device, by)
    if other := kit_of(device.id):
        words = _("%(name)s lies in the kit %(kit)s already.", name=device.name, kit=other.name)
        raise Refused("in_a_kit", words, fields={"thing": words})
    if device.model.category.lent_to == "never":
        words = _("%(name)s is not lent to households.", name=device.name)
        raise Refused("not_available", words, fields={"thing": words})
    if len(things_of(kit)) >= MOST:
        words = _("A kit holds at most %(n)s things.", n=MOST)
        raise Refused("kit_full", words, fields={"thing": words})
    act = history.record("kit_in", wish, by=by, at=at, subject=kit.code, centre_id=kit.centre_id, thing=device.code)
    put(KitThing(kit_id=kit.id, device_id=device.id, act_id=act.id))
    return kit


def _one(number: str) -> Device:
    found = devices.find(number)
    if len(found) != 1:
        words = _("Nothing bears this number yet.") if not found else _("Several things bear this number.")
        raise Refused("thing_unknown", words, fields={"thing": words})
    return found[0]


def take_out(kit: Kit, wish: KitThingOut, *, by: Me, at: datetime) -> Kit:
    kit = _mine(kit, by)
    device = devices.get(wish.thing, by)
    row = session().scalar(_lying_in(kit).where(KitThing.device_id == device.id))
    if row is None:
        words = _("%(name)s does not lie in this kit.", name=device.name)
        raise Refused("not_in_kit", words, fields={"thing": words})
    history.record("kit_out", wish, by=by, at=at, subject=kit.code, centre_id=kit.centre_id, thing=device.code)
    change(row, left_at=at)
    return kit
