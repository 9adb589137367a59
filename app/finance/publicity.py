"""What tells the public of the Union's money: posters in centres, the plaque, the website; dated, with a photo.

Regulation (EU) 1303/2013, annex XII 2.2: a poster (A3) at a visible place, and a plaque above a sum of public support;
(EU) 2021/1060 article 50: a poster or a display, and a plaque above a total cost. The Region may
answer that none is due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import history
from app.db import Base, Id, Ref, draft, one_of, put, session, walk
from app.errors import NotThere, Refused
from app.files import StoredFile
from app.finance import assets, keys, purse, records
from app.finance.models import Operation
from app.finance.spending_forms import Withdraw
from app.history import Act
from app.inputs import Act as Wish
from app.inputs import Answer, Day, Euros, SaidText, Whole, invalid
from app.inventory import programmes
from app.inventory.models import Device
from app.inventory.printed import Photo as Sent
from app.people.models import Centre
from app.people.roles import Me
from app.web.listing import ListAnswer
from app.words import _

KINDS = ("poster", "display", "plaque", "plaque_not_due", "website")
IN_A_CENTRE = ("poster", "display")
WITH_A_PHOTO = (*IN_A_CENTRE, "plaque")
Kind = Literal["poster", "display", "plaque", "plaque_not_due", "website"]


class Show(Wish):
    """`words`: the address of the page, or who answered that no plaque is due. The photo comes beside."""

    kind: Kind
    seen_on: Day
    centre: Whole | None = None
    words: SaidText = ""


class Publicity(Base):
    """It was seen on that day, in that centre if it is in one."""

    __tablename__ = "publicity"
    __table_args__ = (
        one_of("kind", *KINDS),
        CheckConstraint("(centre_id IS NOT NULL) = (kind IN ('poster', 'display'))", name="centre_of_a_poster"),
        Index("ix_publicity_operation_id_kind_id", "operation_id", "kind", "id"),
    )

    id: Mapped[Id]
    operation_id: Mapped[Ref] = mapped_column(ForeignKey("operation.id"))
    kind: Mapped[str]
    centre_id: Mapped[Ref | None] = mapped_column(ForeignKey("centre.id"))
    seen_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    file_id: Mapped[Ref | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    act_id: Mapped[Ref] = mapped_column(ForeignKey("act.id"), unique=True)
    gone_act_id: Mapped[Ref | None] = mapped_column(ForeignKey("act.id"))
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    centre: Mapped[Centre | None] = relationship(lazy="joined", viewonly=True)


class PublicityAnswer(Answer):
    id: int
    kind: str
    centre: str | None
    seen_on: date
    words: str
    photo: bool


Shown = ListAnswer[PublicityAnswer]


@dataclass(frozen=True)
class PlaqueRule:
    """Whether a plaque is due by the sums of the plan, in cents; what the period counts on."""

    basis: str
    counted_cents: Euros
    above_cents: Euros

    @property
    def is_due(self) -> bool:
        return self.counted_cents > self.above_cents


def plaque_rule(row: Operation) -> PlaqueRule:
    period = programmes.get(row.programme)
    public = period.plaque_basis == "public_support"
    counted = keys.public_support(row.funders) if public else row.total_cents
    return PlaqueRule(period.plaque_basis, counted, period.plaque_cents)


def of(row: Operation) -> Sequence[Publicity]:
    """What stands, the newest first."""
    query = select(Publicity).where(Publicity.operation_id == row.id, Publicity.gone_act_id.is_(None))
    return session().scalars(query.order_by(Publicity.seen_on.desc(), Publicity.id.desc())).all()


def poster_in(operations: Sequence[Operation], centre_id: int) -> Publicity | None:
    """The poster or display of one of these operations that was last seen in that centre."""
    query = select(Publicity).where(
        Publicity.operation_id.in_([row.id for row in operations]),
        Publicity.centre_id == centre_id,
        Publicity.gone_act_id.is_(None),
    )
    return session().scalars(query.order_by(Publicity.seen_on.desc(), Publicity.id.desc()).limit(1)).first()


def centres(row: Operation) -> Sequence[Centre]:
    """Where a poster is looked for: the centres of who takes part, and those that have its things."""
    part = {row.lead_id, *(one.organisation_id for one in row.partners)}
    there = assets.put_down_to(row).with_only_columns(Device.centre_id)
    query = select(Centre).where(Centre.organisation_id.in_(part) | Centre.id.in_(there))
    return session().scalars(query.order_by(Centre.name)).all()


def show(row: Operation, sent: Sent | None, wish: Show, *, by: Me, at: datetime) -> Publicity:
    """Somebody saw it there."""
    centre = session().get(Centre, wish.centre) if wish.centre and wish.kind in IN_A_CENTRE else None
    _check_fields(wish, centre, sent)
    _check_may(row, centre, by)
    if sent:
        session().add(sent.file)
        session().flush()
    values = {
        "kind": wish.kind,
        "centre_id": centre.id if centre else None,
        "seen_on": wish.seen_on,
        "words": wish.words,
        "file_id": sent.file.id if sent else None,
    }
    new = draft(Publicity, operation_id=row.id, gone_act_id=None, **values)
    told = _told(new, centre, sent.file if sent else None)
    act = history.record("publicity_show", wish, by=by, at=at, subject=row.number, row=told)
    new.act_id = act.id
    return put(new, file=sent.file if sent else None)


def _check_fields(wish: Show, centre: Centre | None, sent: Sent | None) -> None:
    faults = {}
    if wish.kind in IN_A_CENTRE and centre is None:
        faults["centre"] = _("Say in which centre.")
    if wish.kind in WITH_A_PHOTO and sent is None:
        faults["file"] = _("A photo proves it: add one.")
    if wish.kind == "website" and not wish.words:
        faults["words"] = _("Write the address of the page.")
    if wish.kind == "plaque_not_due" and not wish.words:
        faults["words"] = _("Write who answered so, and when.")
    if faults:
        raise invalid(faults)


def _check_may(row: Operation, centre: Centre | None, by: Me) -> None:
    """A poster is its centre's organisation's to show; the rest is the lead's."""
    if centre is None or not purse.spends(centre.organisation_id, by):
        purse.check_leads(row, by)


def _told(one: Publicity, centre: Centre | None, file: StoredFile | None) -> records.Facts:
    facts = records.facts(one, "operation_id", "centre_id", "file_id")
    return facts | {"centre": centre.code if centre else None, "file": file.sha256 if file else None}


def get(row: Operation, number: int) -> Publicity:
    query = select(Publicity).where(Publicity.operation_id == row.id, Publicity.id == number)
    found = session().scalars(query).first()
    if found is None:
        raise NotThere(_("This was not shown."))
    return found


def take_off(row: Operation, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Publicity:
    """It was not there after all."""
    one = get(row, number)
    _check_may(row, one.centre, by)
    if one.gone_act_id is not None:
        raise NotThere(_("This was not shown."))
    return records.take_back(one, "publicity_take_off", wish, row.number, by=by, at=at)


def put_back(row: Operation, number: int, wish: Withdraw, *, by: Me, at: datetime) -> Publicity:
    one = get(row, number)
    _check_may(row, one.centre, by)
    if one.gone_act_id is None:
        raise Refused("in_force", _("This stands just now."))
    return records.put_back(one, "publicity_put_back", wish, row.number, by=by, at=at)


def of_act(act: Act) -> Publicity:
    return records.of_act(Publicity, act)


def answer(one: Publicity) -> PublicityAnswer:
    return PublicityAnswer(
        id=one.id,
        kind=one.kind,
        centre=one.centre.code if one.centre else None,
        seen_on=one.seen_on,
        words=one.words,
        photo=one.file is not None,
    )


def check_publicity() -> Iterator[str]:
    """Each is what its act tells of, of its operation and with its photo."""
    numbers = dict(walk(select(Operation.id, Operation.number)))
    yield from records.check(
        Publicity,
        "publicity_show",
        told=lambda one: _told(one, one.centre, one.file),
        also=lambda one, act: act.subject == numbers.get(one.operation_id),
    )
    yield from records.check_gone(Publicity)
