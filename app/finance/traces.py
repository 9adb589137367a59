"""What the register of things knows of many things at once: delivered, labelled, seen, on loan, gone. No names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.db import session
from app.files import StoredFile
from app.finance import spot_samples
from app.finance.wording import SEEN
from app.history import Act
from app.inventory.arrivals import DeliveryItem
from app.inventory.attachments import Attachment
from app.inventory.models import CustodyLink, Device
from app.inventory.printed import LabelPlaced
from app.inventory.stocktakes import Sighting
from app.inventory.thefts import TheftTick
from app.lending.models import Loan, LoanLine
from app.lending.signature_models import Signature
from app.times import day_of
from app.words import Sentence, _

LEFT = ("lost", "stolen", "retired", "gone")


@dataclass(frozen=True)
class OnLoan:
    """The loan a thing is out on: its number finds the paper and names nobody."""

    uuid: UUID
    since: datetime
    signed: bool

    @property
    def agreement(self) -> str:
        return agreement_number(self.uuid)


@dataclass(frozen=True)
class OnIt:
    """Its label was seen on it, perhaps with a photo."""

    at: datetime
    photo: StoredFile | None


@dataclass(frozen=True)
class Sight:
    """Somebody saw it on that day. `how`: as a stock-take tells it, or "check"; `body`: who made that check."""

    day: date
    how: str
    body: str = ""

    @property
    def words(self) -> Sentence:
        return _("seen by %(body)s", body=self.body) if self.body else SEEN[self.how]


@dataclass(frozen=True)
class Left:
    """How a thing left: since when it is lost, stolen, retired or gone; the reference of the complaint, if any."""

    state: str
    since: datetime
    reference: str


@dataclass(frozen=True)
class Trace:
    """Of one thing. `photos`: those on its card, the oldest first."""

    delivered: datetime | None = None
    label: OnIt | None = None
    seen: Sight | None = None
    loan: OnLoan | None = None
    left: Left | None = None
    photos: Sequence[StoredFile] = ()


def agreement_number(loan: UUID) -> str:
    """As it stands on the agreement."""
    return loan.hex[:8].upper()


def of(found: Sequence[Device]) -> Mapping[int, Trace]:
    """By the number of the thing: as many questions for five hundred of them as for one."""
    numbers = [device.id for device in found]
    delivered, labels, seen = _delivered(numbers), _labels(numbers), _seen(numbers)
    loans, left, photos = _loans(numbers), _left(found), _photos(numbers)
    return {
        n: Trace(delivered.get(n), labels.get(n), seen.get(n), loans.get(n), left.get(n), photos[n]) for n in numbers
    }


def _delivered(numbers: Sequence[int]) -> dict[int, datetime]:
    query = select(DeliveryItem.device_id, Act.occurred_at).join(Act, Act.id == DeliveryItem.act_id)
    return dict(session().execute(query.where(DeliveryItem.device_id.in_(numbers))).all())


def _newest(model: Any, numbers: Sequence[int]) -> Select[Any]:
    """The newest row of each thing."""
    last = select(func.max(model.id)).where(model.device_id.in_(numbers)).group_by(model.device_id)
    return select(model).where(model.id.in_(last))


def _labels(numbers: Sequence[int]) -> dict[int, OnIt]:
    query = _newest(LabelPlaced, numbers).add_columns(Act.occurred_at).join(Act, Act.id == LabelPlaced.act_id)
    return {row.device_id: OnIt(day, row.photo) for row, day in session().execute(query)}


def _seen(numbers: Sequence[int]) -> dict[int, Sight]:
    """The newest of what stock-takes and checks saw; of one day, whoever came from outside.

    A stock-take whose last word was that it was a mistake saw nothing.
    """
    counted = session().scalars(_newest(Sighting, numbers))
    told = {row.device_id: Sight(day_of(row.at), row.how) for row in counted if row.how != "mistake"}
    for number, (day, body) in spot_samples.last_seen(numbers).items():
        if number not in told or day >= told[number].day:
            told[number] = Sight(day, "check", body)
    return told


def _loans(numbers: Sequence[int]) -> dict[int, OnLoan]:
    signed = select(Signature.id).where(Signature.loan_id == Loan.id).exists()
    query = (
        select(LoanLine.device_id, Loan.uuid, Loan.lent_at, signed)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .where(LoanLine.device_id.in_(numbers), LoanLine.closed_at.is_(None))
    )
    return {number: OnLoan(uuid, since, bool(mark)) for number, uuid, since, mark in session().execute(query)}


def _left(found: Sequence[Device]) -> dict[int, Left]:
    numbers = [device.id for device in found if device.state in LEFT]
    query = (
        select(CustodyLink)
        .join(Device, (Device.id == CustodyLink.device_id) & (Device.link_number == CustodyLink.number))
        .where(Device.id.in_(numbers))
    )
    links = session().scalars(query).all() if numbers else ()
    complaints = _complaints([link.id for link in links])
    return {link.device_id: Left(link.state, link.at, complaints.get(link.id, "")) for link in links}


def _complaints(links: Sequence[int]) -> dict[int, str]:
    """By the link of the theft: the newest word on its complaint counts."""
    query = select(TheftTick).where(TheftTick.link_id.in_(links), TheftTick.step == "complaint")
    rows = session().scalars(query.order_by(TheftTick.id)) if links else ()
    return {row.link_id: row.reference if row.done else "" for row in rows}


def _photos(numbers: Sequence[int]) -> dict[int, list[StoredFile]]:
    told: dict[int, list[StoredFile]] = {number: [] for number in numbers}
    query = select(Attachment).where(Attachment.device_id.in_(numbers), Attachment.gone_act_id.is_(None))
    for row in session().scalars(query.where(Attachment.kind == "photo").order_by(Attachment.id)):
        if row.is_picture and row.file.destroyed_at is None:
            told[row.device_id].append(row.file)
    return told
