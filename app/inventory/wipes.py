"""Wipes, as NIST SP 800-88 asks for them: how far, with what, files offered first, verified by whom; their proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from app import history
from app.db import Base, Id, Ref, ask, insert_only, note, one_of, session, walk
from app.errors import NotThere, Refused
from app.history import count_of
from app.history.models import Act
from app.inventory import custody
from app.inventory.forms import CheckDone
from app.inventory.models import Check, Device
from app.people.models import Centre, Organisation, Person
from app.people.roles import Me
from app.times import day_of
from app.web.looks import day as said
from app.words import _

WAIT_DAYS = 7  # how long files wait for their household when somebody else brought the thing back
LEVELS = ("clear", "purge", "destroy")
NOBODY_YET = 0


class WipeRecord(Base):
    """What a check tells of a wipe beside how it was done. `verified_by`: nobody as long as nobody looked."""

    __tablename__ = "wipe_record"
    __table_args__ = (one_of("level", *LEVELS), one_of("files", "offered", "waited"))

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"), index=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    level: Mapped[str]
    tool: Mapped[str]
    files: Mapped[str]
    accounts_out: Mapped[bool]
    cards_out: Mapped[bool]
    verified_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


@dataclass(frozen=True)
class Proof:
    """All that a certificate says of one wipe."""

    record: WipeRecord
    check: Check
    device: Device
    by: str
    verified_by: str
    centre: str
    organisation: str


def check_waited(device: Device, wish: CheckDone, at: datetime) -> None:
    """Files of a household that did not come itself wait some days, so that it can still ask for them."""
    until = earliest(device)
    if wish.files == "waited" and until and day_of(wish.happened(at)) < until:
        words = _("Somebody else brought it back: keep its files until %(day)s, then wipe it.", day=said(until))
        raise Refused("too_soon", words, fields={"files": words})


def check_verifier(wish: CheckDone) -> None:
    if wish.verified_by and session().get(Person, wish.verified_by) is None:
        words = _("Please choose one of the answers offered.")
        raise Refused("invalid", words, status=422, fields={"verified_by": words})


def facts_of(wish: CheckDone, by: Me) -> dict[str, Any]:
    """What the act tells of the wipe, and the record keeps."""
    verifier = by.id if wish.verified_by is None else wish.verified_by
    return {
        "level": wish.level,
        "tool": wish.tool,
        "files": wish.files,
        "accounts_out": wish.accounts_out,
        "cards_out": wish.cards_out,
        "verified_by": verifier or None,
    }


def keep(device: Device, facts: dict[str, Any], *, act: history.Act) -> None:
    note(WipeRecord, device_id=device.id, act_id=act.id, **facts)


def newest(device_id: int) -> WipeRecord | None:
    return session().scalar(
        select(WipeRecord).where(WipeRecord.device_id == device_id).order_by(WipeRecord.id.desc()).limit(1)
    )


def unverified(device: Any) -> WipeRecord | None:
    """The last wipe of a thing that waits, when nobody looked whether it is empty."""
    row = newest(device.id) if device.state == "to_check" else None
    return row if row and row.verified_by is None else None


def earliest(device: Device) -> date | None:
    """From which day on files that nobody asked for may go, of what a household had until now."""
    last = custody.last_link(device)
    return day_of(last.at) + timedelta(days=WAIT_DAYS) if last.why == "take_back" else None


_WIPES = (
    select(WipeRecord.id, WipeRecord.verified_by, Check.method, Check.at)
    .join(Check, Check.act_id == WipeRecord.act_id)
    .where(WipeRecord.device_id == bindparam("device"))
    .order_by(WipeRecord.id.desc())
    .limit(literal_column("3"))
)


def of(device_id: int) -> list[Any]:
    """The last wipes of a thing, the newest first."""
    return ask(_WIPES, device=device_id)


def proof(number: int) -> Proof:
    """Raises `NotThere`."""
    query = (
        select(WipeRecord, Check, Device, Act.centre_id)
        .join(Check, Check.act_id == WipeRecord.act_id)
        .join(Device, Device.id == WipeRecord.device_id)
        .join(Act, Act.id == WipeRecord.act_id)
        .where(WipeRecord.id == number)
    )
    found = session().execute(query).one_or_none() if number < 2**31 else None
    if found is None:
        raise NotThere(_("There is no such certificate."))
    record, check, device, centre_id = found
    centre = session().get_one(Centre, centre_id)
    owner = session().get_one(Organisation, centre.organisation_id)
    names = dict(
        session().execute(select(Person.id, Person.name).where(Person.id.in_((check.by, record.verified_by)))).all()
    )
    verifier = names.get(record.verified_by, "") if record.verified_by else ""
    return Proof(record, check, device, names.get(check.by, "Va-et-vient"), verifier, centre.name, owner.name)


def check_wipes() -> Iterator[str]:
    """Each record is what the act of its check tells; each wipe told since records are kept has its record."""
    query = select(WipeRecord, Check, Act).outerjoin(Check, Check.act_id == WipeRecord.act_id)
    told = 0
    for row, check, act in walk(query.outerjoin(Act, Act.id == WipeRecord.act_id)):
        told += 1
        same = act is not None and all(act.told.get(name) == getattr(row, name) for name in TOLD)
        if not same or check is None or check.device_id != row.device_id:
            yield f"wipe_record {row.id}: not what its act tells of"
    level = and_(Act.kind == "check", Act.facts.like('%"level":%'))
    due = session().scalar(select(func.count()).select_from(Act).where(level)) if count_of("check") else 0
    if told != due:
        yield "wipe_record: a row for each wipe was due"


TOLD = ("level", "tool", "files", "accounts_out", "cards_out", "verified_by")
insert_only("wipe_record")
