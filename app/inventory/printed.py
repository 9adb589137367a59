"""What was printed and stuck: each label's words, where a sheet of the centre ended, the label seen on its thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, Text, and_, case, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from app import history
from app.db import Base, Id, Ref, alone_in, insert_only, note, put, session, walk
from app.files import StoredFile
from app.history import count_of, of_kind
from app.history.models import Act, canonical
from app.history.seals import digest
from app.inventory import custody, programmes
from app.inventory.forms import Labels, PlaceLabel
from app.inventory.models import Device, GivenCode
from app.inventory.programmes import Period
from app.people import preferences
from app.people.models import Organisation
from app.people.roles import Me
from labels import media

MEDIUM = "labels.medium"  # the name of the preference
USUAL = "L7160"
NO_WORDS = digest(canonical([]))  # a print of specimens or of labels without a thing


class PrintedLabel(Base):
    """One label of a thing as it was printed: what it said beside the code. Words change, a label does not."""

    __tablename__ = "printed_label"
    __table_args__ = (Index("ix_printed_label_device_id_id", "device_id", "id"),)

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), index=True)
    code: Mapped[str] = mapped_column(ForeignKey("given_code.code"))
    owner: Mapped[str]
    contact: Mapped[str]
    statement: Mapped[str] = mapped_column(Text)


class SheetPlace(Base):
    """Where the sheet in the printer of a centre goes on: the next free place of that medium."""

    __tablename__ = "sheet_place"

    centre_id: Mapped[Ref] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    medium: Mapped[str] = mapped_column(primary_key=True)
    next_place: Mapped[int]


class LabelPlaced(Base):
    """Somebody saw the label on its thing, perhaps with a photo: what an auditor asks of goods the EU paid for."""

    __tablename__ = "label_placed"
    __table_args__ = (Index("ix_label_placed_device_id_id", "device_id", "id"),)

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    file_id: Mapped[Ref | None] = mapped_column(ForeignKey("stored_file.id"))
    photo: Mapped[StoredFile | None] = relationship(lazy="joined")


@dataclass(frozen=True)
class Photo:
    """A photo as it is stored. `code` is the hash of what was sent: the same one again is no other act."""

    code: str
    file: StoredFile


@dataclass(frozen=True)
class Words:
    """What the label of a thing says beside its code."""

    device_id: int
    code: str
    owner: str
    contact: str
    statement: str


@dataclass(frozen=True)
class Drawn:
    """A file of labels as it was drawn: `words` are those of things, and empty while only specimens are printed."""

    pdf: bytes
    count: int
    words: Sequence[Words]

    def __str__(self) -> str:  # what an act is aimed at
        return "labels"


def statement_of(period: Period | None) -> str:
    """The words beside the emblem, as one line; none for a thing that no European money paid."""
    return " ".join(period.lines) if period else ""


def keep(drawn: Drawn, wish: Labels, *, by: Me, at: datetime) -> Drawn:
    """Remember a print: what each label said, which sheet it was, and where that sheet goes on."""
    said = digest(canonical([_told(one) for one in drawn.words]))
    facts = {"medium": wish.medium, "count": drawn.count, "words": said}
    act = history.record("labels_printed", wish, by=by, at=at, subject="", centre_id=by.centre_id or None, **facts)
    for one in drawn.words:
        note(PrintedLabel, act_id=act.id, device_id=one.device_id, **_told(one))
    preferences.choose(by.id, MEDIUM, wish.medium)
    if by.centre_id:
        alone_in(SheetPlace)
        place = _place_after(wish.medium, wish.start_at, drawn.count)
        session().merge(SheetPlace(centre_id=by.centre_id, medium=wish.medium, next_place=place))
    return drawn


def _told(one: Words | PrintedLabel) -> dict[str, str]:
    return {"code": one.code, "owner": one.owner, "contact": one.contact, "statement": one.statement}


def _place_after(medium: str, start_at: int, count: int) -> int:
    return (start_at - 1 + count) % media(medium).per_page + 1


def usual_medium(me: Me) -> str:
    return preferences.chosen(me.id, MEDIUM, USUAL)


def next_place(me: Me, medium: str) -> int:
    """Where this centre's sheet of that medium goes on."""
    row = session().get(SheetPlace, (me.centre_id, medium))
    return row.next_place if row else 1


def to_renew(me: Me, contact: str) -> Select[Any]:
    """The things of this centre whose last label says another owner, number or statement than it would now."""
    any_of_it = aliased(PrintedLabel)
    newest = select(func.max(any_of_it.id)).where(any_of_it.device_id == Device.id).scalar_subquery()
    said = {code: statement_of(period) for code, period in programmes.all_of().items()}
    statement = case(said, value=Device.programme, else_="")
    changed = or_(
        PrintedLabel.owner != Organisation.name,
        PrintedLabel.contact != contact,
        PrintedLabel.statement != statement,
    )
    return (
        select(Device)
        .join(PrintedLabel, and_(PrintedLabel.device_id == Device.id, PrintedLabel.id == newest))
        .join(Organisation, Organisation.id == Device.owner_id)
        .where(Device.centre_id == me.centre_id, Device.state.not_in(("gone", "retired")), changed)
    )


def place(device: Device, photo: Photo | None, wish: PlaceLabel, *, by: Me, at: datetime) -> Device:
    """The label is on its thing: whoever stands there says so, with a photo when there is one."""
    device = custody.locked([device.code])[device.code]
    custody.check_here(device, by)
    file = photo.file if photo else None
    if file:
        session().add(file)
        session().flush()
    facts = {"photo": file.sha256 if file else None}
    act = history.record("label_placed", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    put(LabelPlaced(device_id=device.id, act_id=act.id, file_id=file.id if file else None))
    return device


def placed(device_id: int) -> LabelPlaced | None:
    """When its label was last seen on it."""
    newest = select(LabelPlaced).where(LabelPlaced.device_id == device_id).order_by(LabelPlaced.id.desc()).limit(1)
    return session().scalar(newest)


def check_printed() -> Iterator[str]:
    """Each label that is not what the act of its print tells of, and each print that lost its labels."""
    yield from _check_labels()
    yield from _check_placed()


def _check_labels() -> Iterator[str]:
    rows = walk(
        select(PrintedLabel, Act, GivenCode.device_id)
        .outerjoin(Act, and_(Act.id == PrintedLabel.act_id, Act.kind == "labels_printed"))
        .outerjoin(GivenCode, GivenCode.code == PrintedLabel.code)
        .order_by(PrintedLabel.act_id, PrintedLabel.id)
    )
    prints: set[int] = set()
    for act_id, together in groupby(rows, key=lambda found: found[0].act_id):
        labels = list(together)
        prints.add(act_id)
        said = digest(canonical([_told(row) for row, _act, _device in labels]))
        for row, act, device_id in labels:
            if act is None or (act.told.get("words"), device_id) != (said, row.device_id):
                yield f"printed_label {row.id}: not what its act tells of"
    for act in of_kind("labels_printed"):
        if act.id not in prints and act.told.get("words") != NO_WORDS:
            yield f"printed_label: those of act {act.id} are gone"


def _check_placed() -> Iterator[str]:
    rows = walk(
        select(LabelPlaced, Act, StoredFile.sha256, GivenCode.device_id)
        .outerjoin(Act, and_(Act.id == LabelPlaced.act_id, Act.kind == "label_placed"))
        .outerjoin(StoredFile, StoredFile.id == LabelPlaced.file_id)
        .outerjoin(GivenCode, GivenCode.code == Act.subject)
    )
    told = 0
    for row, act, photo, device_id in rows:
        told += 1
        if act is None or (act.told.get("photo"), device_id) != (photo, row.device_id):
            yield f"label_placed {row.id}: not what its act tells of"
    if told != count_of("label_placed"):
        yield "label_placed: a row for each act was due"


insert_only("printed_label", "label_placed")
