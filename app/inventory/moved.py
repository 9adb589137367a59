"""What movements leave behind: their words beside custody, the partners they went to, the repairs they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, bindparam, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.db import Base, Cents, Folded, Id, Ref, ask, insert_only, session, walk
from app.history import count_of
from app.history.models import Act, canonical
from app.history.seals import digest
from app.inventory.models import CustodyLink, GivenCode

# Why a link was made, which is also the kind of its act, and the state it leads to.
LEADS_TO: Mapping[str, str] = {
    "bag": "with_staff", "bag_back": "available",
    "outing": "on_outing", "outing_back": "to_check",
    "partner": "with_partner", "partner_back": "to_check",
    "repair": "in_repair", "repair_back": "to_check",
    "send": "in_transit", "accept": "to_check", "accept_ready": "available", "call_back": "to_check",
    "let_go": "lost", "lost": "lost", "stolen": "stolen", "found": "to_check",
    "retire": "retired", "restore": "to_check",
    "scrap": "gone", "give": "gone", "sell": "gone",
}  # fmt: skip
WORDS = ("supplier", "reason", "document", "unwiped", "result")


class Partner(Base):
    """Who things are entrusted to beside the centres: a town hall, a school. Known to the whole federation."""

    __tablename__ = "partner"

    id: Mapped[Id]
    name: Mapped[str]
    folded: Mapped[Folded] = mapped_column(unique=True)


class Movement(Base):
    """The words of a movement: who repairs, why, by which paper, at what cost, and why it was not wiped before."""

    __tablename__ = "movement"
    __table_args__ = (Index("ix_movement_device_id_id", "device_id", "id"),)

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    supplier: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(default="")
    unwiped: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    cost_cents: Mapped[Cents | None]


def digest_of(row: Mapping[str, str]) -> str:
    """What the act keeps of the words: that they are these."""
    return digest(canonical({name: row[name] for name in WORDS}))


def partners() -> list[str]:
    return list(session().scalars(select(Partner.name).order_by(Partner.folded)))


_undone = aliased(CustodyLink)
_REPAIRS = (
    select(
        Movement.supplier,
        Movement.reason,
        Movement.document,
        Movement.result,
        Movement.cost_cents,
        CustodyLink.why,
        CustodyLink.at,
    )
    .join(CustodyLink, (CustodyLink.act_id == Movement.act_id) & (CustodyLink.device_id == Movement.device_id))
    .outerjoin(_undone, (_undone.device_id == CustodyLink.device_id) & (_undone.undoes == CustodyLink.number))
    .where(Movement.device_id == bindparam("device"), CustodyLink.why.in_(("repair", "repair_back")))
    .where(_undone.id.is_(None))
    .order_by(Movement.id.desc())
)


def repairs_of(device_id: int) -> list[Any]:
    """Each time it went to be repaired and came back, the newest first; mistakes that were undone are left out."""
    return ask(_REPAIRS, device=device_id)


def check_movements() -> Iterator[str]:
    """Each movement is what its act tells of, and each such act has its movement."""
    rows = walk(
        select(Movement, Act, GivenCode.device_id)
        .outerjoin(Act, Act.id == Movement.act_id)
        .outerjoin(GivenCode, GivenCode.code == Act.subject)
    )
    told = 0
    for row, act, device_id in rows:
        told += 1
        said = digest_of({name: getattr(row, name) for name in WORDS})
        told_of = act and (act.told.get("said"), act.told.get("cost"), device_id)
        if act is None or act.kind not in LEADS_TO or told_of != (said, row.cost_cents, row.device_id):
            yield f"movement {row.id}: not what its act tells of"
    if told != count_of(*LEADS_TO):
        yield "movement: a row for each act was due"


insert_only("movement")
