"""SIM cards: accessories with a number of their own, an operator, and a plan that ends one day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Id, Moment, Ref, for_update, session, walk_one
from app.errors import NotThere, Refused
from app.history import Act, of_kind
from app.inventory import devices
from app.inventory.models import Device
from app.inventory.stock_forms import ChangeSim, NewSim, SimFacts
from app.inventory.told import bearers
from app.people.models import Centre
from app.people.roles import Me
from app.words import _

SOON = timedelta(days=30)
LENGTHS = (19, 20)


class Sim(Base):
    """One card of a centre, in a thing or in a drawer. The last act that changed it tells all of it."""

    __tablename__ = "sim"

    id: Mapped[Id]
    iccid: Mapped[str] = mapped_column(unique=True)
    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"))
    operator: Mapped[str]
    plan_ends_on: Mapped[date | None]
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"), index=True)
    note: Mapped[str]
    ended_at: Mapped[Moment | None]
    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)
    device: Mapped[Device | None] = relationship(lazy="joined")

    def __str__(self) -> str:  # what an act is aimed at
        return f"sim {self.id}"


def listed(me: Me) -> Select[Sim]:
    query = select(Sim)
    return query.where(Sim.centre_id == me.centre_id) if me.centre_id else query


def get(number: int) -> Sim:
    found = session().get(Sim, number)
    if found is None:
        raise NotThere(_("There is no such card."))
    return found


def in_device(device_id: int) -> Sequence[Sim]:
    return session().scalars(select(Sim).where(Sim.device_id == device_id, Sim.ended_at.is_(None))).all()


def ending(me: Me, day: date) -> Sequence[Sim]:
    """Cards of this centre whose plan ends within a month, or has ended."""
    query = select(Sim).where(Sim.centre_id == me.centre_id, Sim.ended_at.is_(None))
    return session().scalars(query.where(Sim.plan_ends_on <= day + SOON).order_by(Sim.plan_ends_on, Sim.id)).all()


def add(wish: NewSim, *, by: Me, at: datetime) -> Sim:
    if not by.centre_id:
        raise Refused("no_centre", _("Choose the centre first: the thing must be somewhere."))
    iccid = iccid_of(wish.iccid)
    if session().scalar(select(Sim.id).where(Sim.iccid == iccid)):
        words = _("This card is already in the list.")
        raise Refused("sim_there", words, fields={"iccid": words})
    return _write(Sim(iccid=iccid, centre_id=by.centre_id, ended_at=None), wish, "sim_new", by=by, at=at)


def iccid_of(text: str) -> str:
    """The figures of the card's number, the last one by Luhn."""
    number = "".join(sign for sign in text if not sign.isspace() and sign != "-")
    if not (number.isascii() and number.isdigit() and len(number) in LENGTHS and _luhn(number)):
        words = _("This is not the number of a SIM card. It has 19 or 20 figures and begins with 89.")
        raise Refused("bad_iccid", words, status=422, fields={"iccid": words})
    return number


def _luhn(figures: str) -> bool:
    doubled = (sum(divmod(int(f) * 2, 10)) if place % 2 else int(f) for place, f in enumerate(reversed(figures)))
    return sum(doubled) % 10 == 0


def edit(sim: Sim, wish: ChangeSim, *, by: Me, at: datetime) -> Sim:
    sim = session().scalars(_LOCKED.where(Sim.id == sim.id)).one()
    if sim.centre_id != by.centre_id:
        raise Refused("not_here", _("This card is that of %(centre)s.", centre=sim.centre.name))
    sim.ended_at = (sim.ended_at or at) if wish.ended else None
    return _write(sim, wish, "sim_edit", by=by, at=at)


_LOCKED = for_update(select(Sim), of=Sim)


def _write(sim: Sim, wish: SimFacts, kind: str, *, by: Me, at: datetime) -> Sim:
    device = _device(wish.thing)
    sim.operator, sim.plan_ends_on, sim.note = wish.operator, wish.plan_ends_on, wish.note
    sim.device_id = device.id if device else None
    act = history.record(kind, wish, by=by, at=at, subject="", centre_id=sim.centre_id, **_told(sim, device))
    sim.act_id = act.id
    session().add(sim)
    session().flush()
    session().refresh(sim)
    return sim


def _told(sim: Sim, device: Device | None) -> dict[str, Any]:
    return {
        "iccid": sim.iccid,
        "operator": sim.operator,
        "ends": sim.plan_ends_on and sim.plan_ends_on.isoformat(),
        "thing": device.code if device else None,
        "ended": sim.ended_at is not None,
    }


def _device(text: str) -> Device | None:
    found = devices.find(text) if text else []
    if text and len(found) != 1:
        words = _("Nothing bears this number yet.") if not found else _("Several things bear this number.")
        raise Refused("thing_unknown", words, fields={"thing": words})
    return found[0] if found else None


def of_act(act: Act) -> Sim:
    return session().scalars(select(Sim).where(Sim.iccid == act.told["iccid"])).one()


def check_sims() -> Iterator[str]:
    """Each card that is not as the newest act about it tells."""
    newest = {a.told["iccid"]: a for a in of_kind("sim_new", "sim_edit")}
    given = bearers()
    for row in walk_one(select(Sim)):
        act = newest.pop(row.iccid, None)
        told = _told(row, None) | {"thing": act.told["thing"] if act else None}
        there = act and given.get(act.told["thing"] or "") == row.device_id
        if act is None or (act.id, act.centre_id, act.told) != (row.act_id, row.centre_id, told) or not there:
            yield f"sim {row.id}: not as its act tells"
    for iccid in newest:
        yield f"sim: the card {iccid} is gone"
