"""Photos and documents of a thing: added, let go, put back. Each is served through the door of its thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, and_, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Id, Ref, one_of, put, session, walk
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.history import count_of, of_kind
from app.history.models import Act
from app.inventory import care, custody
from app.inventory.catalogue_forms import AddFile, LetFileGo, PutFileBack
from app.inventory.models import PAPERS, Device, GivenCode
from app.inventory.printed import Photo as Sent
from app.people.roles import Me
from app.times import day_of, start_of
from app.words import _

MOST = 30  # photos and documents of one thing
KEPT = timedelta(days=7)  # how long the bytes of what was let go stay, should it have been a mistake


class Attachment(Base):
    """A photo or document on the card of a thing. `gone_act_id`: the act that took it off, until one puts it back."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_device_id_id", "device_id", "id"), one_of("kind", "photo", "document"))

    id: Mapped[Id]
    device_id: Mapped[Ref] = mapped_column(ForeignKey("device.id"))
    file_id: Mapped[Ref] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    kind: Mapped[str]
    title: Mapped[str]
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_picture(self) -> bool:
        return self.file.media_type.startswith("image/")


def add(device: Device, sent: Sent, wish: AddFile, *, by: Me, at: datetime) -> Attachment:
    """Put a photo or a document on the card."""
    device = _mine(device, by)
    standing = (Attachment.device_id == device.id, Attachment.gone_act_id.is_(None))
    if (session().scalar(select(func.count()).select_from(Attachment).where(*standing)) or 0) >= MOST:
        raise Refused("too_many_files", _("%(n)s photos and documents are the most: take one off first.", n=MOST))
    session().add(sent.file)
    session().flush()
    facts = {"file": sent.file.sha256, "what": wish.kind}
    act = history.record("file_add", wish, by=by, at=at, subject=device.code, centre_id=device.centre_id, **facts)
    title = wish.title
    row = Attachment(device_id=device.id, file_id=sent.file.id, act_id=act.id, kind=wish.kind, title=title)
    return put(row, file=sent.file)


def _mine(device: Device, by: Me) -> Device:
    device = custody.locked([device.code])[device.code]
    custody.check_here(device, by)
    return device


def let_go(device: Device, number: int, wish: LetFileGo, *, by: Me, at: datetime) -> Attachment:
    """Take it off the card; a week later its bytes are destroyed, unless an operation asks for papers longer."""
    device = _mine(device, by)
    row = _one(device, number)
    if row.gone_act_id is not None:
        raise NotThere(_("This is no longer on the card."))
    act = _told("file_let_go", row, device, wish, by, at)
    row.gone_act_id, row.file.keep_until = act.id, _end(device, at)
    return row


def _end(device: Device, at: datetime) -> datetime | None:
    """Until when its bytes stay; nothing for as long as an operation that paid for the thing knows no end."""
    asked = care.of_operations(device, PAPERS, day_of(at))
    if not asked:
        return at + KEPT
    return start_of(asked[0].until + timedelta(days=1)) if asked[0].until else None


def put_back(device: Device, number: int, wish: PutFileBack, *, by: Me, at: datetime) -> Attachment:
    """It was taken off by mistake, and its bytes are still there."""
    device = _mine(device, by)
    row = _one(device, number)
    if row.gone_act_id is None or row.file.destroyed_at is not None:
        raise Refused("too_late_to_undo", _("Too much has happened since: this can no longer simply be undone."))
    _told("file_put_back", row, device, wish, by, at)
    row.gone_act_id, row.file.keep_until = None, None
    return row


def _told(kind: str, row: Attachment, device: Device, wish: LetFileGo | PutFileBack, by: Me, at: datetime) -> Act:
    centre = device.centre_id
    return history.record(kind, wish, by=by, at=at, subject=device.code, centre_id=centre, attachment=row.id)


def _one(device: Device, number: int) -> Attachment:
    row = session().get(Attachment, number)
    if row is None or row.device_id != device.id:
        raise NotThere(_("This is no longer on the card."))
    return row


def get(device: Device, number: int) -> Attachment:
    """One that stands on this thing's card. Raises `NotThere`."""
    row = _one(device, number)
    if row.gone_act_id is not None or row.file.destroyed_at is not None:
        raise NotThere(_("This is no longer on the card."))
    return row


def of(device_id: int) -> Sequence[Attachment]:
    """Those on the card, in the order they came."""
    standing = (Attachment.device_id == device_id, Attachment.gone_act_id.is_(None))
    return session().scalars(select(Attachment).where(*standing).order_by(Attachment.id)).all()


def of_act(act: Act) -> Attachment:
    if act.kind == "file_add":
        return session().scalars(select(Attachment).where(Attachment.act_id == act.id)).one()
    return session().get_one(Attachment, act.told["attachment"])


def check_attachments() -> Iterator[str]:
    """Each photo or document that is not what its acts tell of, and each such act without its row."""
    last = {act.told.get("attachment"): act for act in of_kind("file_let_go", "file_put_back")}
    rows = walk(
        select(Attachment, Act, StoredFile.sha256, GivenCode.device_id)
        .outerjoin(Act, and_(Act.id == Attachment.act_id, Act.kind == "file_add"))
        .outerjoin(StoredFile, StoredFile.id == Attachment.file_id)
        .outerjoin(GivenCode, GivenCode.code == Act.subject)
    )
    told = 0
    for row, act, sha256, device_id in rows:
        told += 1
        if act is None or (act.told.get("file"), act.told.get("what"), device_id) != (sha256, row.kind, row.device_id):
            yield f"attachment {row.id}: not what its act tells of"
        turn = last.get(row.id)
        if row.gone_act_id != (turn.id if turn and turn.kind == "file_let_go" else None):
            yield f"attachment {row.id}: no act took it off or put it back"
    if told != count_of("file_add"):
        yield "attachment: a row for each act was due"
