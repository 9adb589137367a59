"""After a theft: the complaint, the SIM, the lock, the insurer, the authority, the thing that replaces it.

Each tick is a row with its act; one taken back is another row. The newest row of a step is what holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Ref, insert_only, note, one_of, session, walk
from app.errors import Refused
from app.history import count_of
from app.history.models import Act, canonical
from app.history.seals import digest
from app.inventory import custody
from app.inventory.care_forms import TheftStep
from app.inventory.models import CustodyLink, Device, GivenCode
from app.people.models import Person
from app.people.roles import Me, is_coordinator
from app.times import day_of
from app.words import _

STEPS: Mapping[str, Any] = {
    "complaint": _("Complaint filed with the police"),
    "sim": _("SIM card suspended"),
    "lock": _("Remote lock asked for"),
    "insurer": _("Insurer told"),
    "authority": _("Managing authority told"),
    "replaced": _("Replaced by another thing"),
}
CHASED_AFTER = 2  # working days in which a theft is to be declared
FRIDAY = 4


class TheftTick(Base):
    """One step after a theft, done or taken back. `link_id`: the custody link of the theft."""

    __tablename__ = "theft_tick"
    __table_args__ = (one_of("step", *STEPS), Index("ix_theft_tick_link_id_id", "link_id", "id"))

    id: Mapped[Id]
    link_id: Mapped[Ref] = mapped_column(ForeignKey("custody_link.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    step: Mapped[str]
    done: Mapped[bool]
    day: Mapped[date | None]
    reference: Mapped[str]
    replaced_by: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"))


@dataclass(frozen=True)
class Tick:
    """A step as the page shows it: `row` is nothing as long as nobody touched it."""

    step: str
    word: Any
    row: TheftTick | None
    by: str
    at: datetime | None
    other: str

    @property
    def done(self) -> bool:
        return self.row is not None and self.row.done


def tick(device: Device, wish: TheftStep, *, by: Me, at: datetime) -> Device:
    """A step is done, or was not done after all."""
    device = custody.locked([device.code])[device.code]
    if not is_coordinator(by):
        custody.check_here(device, by)
    if device.state != "stolen":
        raise Refused("not_stolen", _("%(name)s is not stolen: there is nothing to declare.", name=device.name))
    other = _replacement(device, wish)
    row = {"step": wish.step, "done": wish.done, "day": _day(wish, at), "reference": wish.reference}
    facts = {"step": wish.step, "done": wish.done, "said": _said(row), "other": other and other.code}
    act = history.record("theft", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    note(TheftTick, link_id=_theft(device).id, act_id=act.id, replaced_by=other.id if other else None, **row)
    return device


def _day(wish: TheftStep, at: datetime) -> date | None:
    return (wish.day or day_of(wish.happened(at))) if wish.done else None


def _replacement(device: Device, wish: TheftStep) -> Device | None:
    """What replaces it; the complaint needs its number."""
    missing = _("Please fill this in.")
    if wish.done and wish.step == "complaint" and not wish.reference:
        raise Refused("invalid", missing, status=422, fields={"reference": missing})
    if wish.step != "replaced" or not wish.done:
        return None
    if wish.replaced_by is None:
        raise Refused("invalid", missing, status=422, fields={"replaced_by": missing})
    tied = select(Device).join(GivenCode, GivenCode.device_id == Device.id).where(GivenCode.code == wish.replaced_by)
    other = session().scalar(tied)
    if other is None or other.id == device.id:
        words = _("No thing bears this code.") if other is None else _("It does not replace itself.")
        raise Refused("device_unknown", words, fields={"replaced_by": words})
    return other


def _said(row: Mapping[str, Any]) -> str:
    return digest(canonical({"day": row["day"] and row["day"].isoformat(), "reference": row["reference"]}))


def checklist(device: Any) -> list[Tick]:
    """Each step of the theft that a thing suffered last."""
    query = (
        select(TheftTick, Act.recorded_at, Person.name, Device.name)
        .join(Act, Act.id == TheftTick.act_id)
        .outerjoin(Person, Person.id == Act.author)
        .outerjoin(Device, Device.id == TheftTick.replaced_by)
        .where(TheftTick.link_id == _theft(device).id)
        .order_by(TheftTick.id)
    )
    newest = {row[0].step: row for row in session().execute(query)}
    return [_tick(step, newest.get(step)) for step in STEPS]


def _theft(device: Any) -> CustodyLink:
    """The link of the theft itself: one that only took back a mistake stands for the one it gave back."""
    number = device.link_number
    while True:
        query = select(CustodyLink).where(CustodyLink.device_id == device.id, CustodyLink.number == number)
        link = session().scalars(query).one()
        if link.why != "undo":
            return link
        number -= 2


def _tick(step: str, found: Any) -> Tick:
    if found is None:
        return Tick(step, STEPS[step], None, "", None, "")
    return Tick(step, STEPS[step], found[0], found[2] or "", found[1], found[3] or "")


def undeclared(me: Me, day: date) -> list[tuple[Device, datetime]]:
    """Stolen things of this centre without a complaint after two working days, and when that was."""
    query = (
        select(Device, CustodyLink)
        .join(CustodyLink, (CustodyLink.device_id == Device.id) & (CustodyLink.number == Device.link_number))
        .where(Device.centre_id == me.centre_id, Device.state == "stolen")
        .order_by(Device.id)
    )
    late = [(d, link) for d, link in session().execute(query) if working_days(day_of(link.at), day) >= CHASED_AFTER]
    return [(d, link.at) for d, link in late if not checklist(d)[0].done]


def working_days(start: date, end: date) -> int:
    """How many working days began after the first and up to the second."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in days if day.weekday() <= FRIDAY)


def check_thefts() -> Iterator[str]:
    """Each tick is what its act tells of, and stands on a theft of that thing."""
    rows = walk(
        select(TheftTick, Act, CustodyLink, GivenCode.device_id)
        .outerjoin(Act, Act.id == TheftTick.act_id)
        .outerjoin(CustodyLink, CustodyLink.id == TheftTick.link_id)
        .outerjoin(GivenCode, GivenCode.code == Act.subject)
    )
    told = 0
    for row, act, link, device_id in rows:
        told += 1
        other = session().get(GivenCode, act.told.get("other")) if act and act.told.get("other") else None
        said = _said({"day": row.day, "reference": row.reference})
        mine = link is not None and (link.device_id, link.state) == (device_id, "stolen")
        same = act and (act.kind, act.told.get("step"), act.told.get("done"), act.told.get("said"))
        replaced = other.device_id if other else None
        if not mine or same != ("theft", row.step, row.done, said) or replaced != row.replaced_by:
            yield f"theft_tick {row.id}: not what its act tells of"
    if told != count_of("theft"):
        yield "theft_tick: a row for each act was due"


insert_only("theft_tick")
