"""The story of one thing as its page tells it: where it is, who has it for those who may know, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.db import ask, ask_one, session
from app.desk import moving
from app.history import Act
from app.inventory import attachments, details, devices, faults, identifiers, sims
from app.inventory.arrivals import DeliveryItem
from app.inventory.attachments import Attachment
from app.inventory.details import CategoryField, DeviceDetail
from app.inventory.faults import Fault
from app.inventory.identifiers import DeviceIdentifier
from app.inventory.kits import Kit, KitThing
from app.inventory.models import OF_AN_OPERATION, Category, CustodyLink, Device, DeviceModel, Hold, Maker
from app.inventory.moved import Movement
from app.inventory.printed import LabelPlaced
from app.inventory.sims import Sim
from app.inventory.states import LOOKS, State
from app.inventory.wipes import WipeRecord
from app.lending.models import Loan, LoanLine
from app.people.models import Centre, Household, HouseholdIdentity, Organisation, Person
from app.people.roles import Me
from app.words import _
from labels import codes

NEWEST = 2**31  # no thing has so many steps
KNOWN_AS = func.coalesce(HouseholdIdentity.name, Household.code)


@dataclass(frozen=True)
class Step:
    """One step of a thing's way, in words. `link` is its number, state, reason and moment."""

    link: Any
    look: State
    word: Any
    by: str


# Statements of the page asked for most are made once, and answer plain rows.
_STEPS = (
    select(
        CustodyLink.number,
        CustodyLink.state,
        CustodyLink.why,
        CustodyLink.at,
        CustodyLink.undoes,
        Centre.name.label("centre"),
        func.coalesce(Person.name, "").label("staff"),
        KNOWN_AS.label("household"),
    )
    .join(Centre, Centre.id == CustodyLink.centre_id)
    .outerjoin(Person, Person.id == CustodyLink.by)
    .outerjoin(Loan, and_(Loan.act_id == CustodyLink.act_id, Loan.centre_id == bindparam("mine")))
    .outerjoin(Household, Household.id == Loan.household_id)
    .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
    .where(CustodyLink.device_id == bindparam("device"), CustodyLink.number < bindparam("before"))
    .order_by(CustodyLink.number.desc())
    .limit(bindparam("most"))
)


_any = aliased(LabelPlaced)
_PLACED = select(func.max(_any.id)).where(_any.device_id == Device.id).scalar_subquery()
_STAYS = (Hold.lifted_at.is_(None), Hold.kind.not_in(OF_AN_OPERATION))
_KEPT = select(Hold.id).where(Hold.device_id == Device.id, *_STAYS).exists()
_MOVED = select(Movement.id).where(Movement.device_id == Device.id).exists()
_WIPED = select(WipeRecord.id).where(WipeRecord.device_id == Device.id).exists()
_other = aliased(Device)
_MORE = or_(
    *(
        select(kind.id).where(kind.device_id == Device.id).exists()
        for kind in (DeviceIdentifier, DeviceDetail, Attachment, Sim)
    ),
    Device.faulty.is_not(None),
)

# Everything the page says of a thing but its way. `kept`: a hold may stand against its leaving; `more`: rows of
# other tables hang on its card; `label_at`: when its label was last seen on it; `moved`, `wiped`: it was ever.
_CARD = (
    select(
        Device.id,
        Device.code,
        Device.name,
        Device.serial_number,
        Device.no_serial_reason,
        Device.inventory_number,
        Device.note,
        Device.programme,
        Device.stated_value_cents,
        Device.state,
        Device.centre_id,
        Device.link_number,
        Device.due_back_on,
        Device.warranty_until,
        Device.model_id,
        Device.faulty,
        _other.code.label("replaced_code"),
        _other.name.label("replaced_name"),
        DeviceModel.updates_until,
        DeviceModel.safety,
        DeviceModel.name.label("model"),
        DeviceModel.parts,
        DeviceModel.category_code,
        Maker.name.label("maker"),
        Category.icon,
        Category.name_fr,
        Category.name_en,
        Category.lent_to,
        Category.gate,
        Organisation.short_name.label("owner"),
        Centre.name.label("centre"),
        Centre.phone,
        Loan.uuid.label("loan"),
        Loan.lent_at,
        Loan.due_on,
        Household.code.label("household_code"),
        KNOWN_AS.label("household"),
        _KEPT.label("kept"),
        _MORE.label("more"),
        _MOVED.label("moved"),
        _WIPED.label("wiped"),
        Act.occurred_at.label("label_at"),
        LabelPlaced.file_id.label("label_photo"),
        Kit.code.label("kit_code"),
        Kit.name.label("kit"),
        DeliveryItem.id.label("delivered"),
    )
    .join(DeviceModel, DeviceModel.id == Device.model_id)
    .join(Maker, Maker.id == DeviceModel.maker_id)
    .join(Category, Category.code == DeviceModel.category_code)
    .join(Organisation, Organisation.id == Device.owner_id)
    .join(Centre, Centre.id == Device.centre_id)
    .outerjoin(LoanLine, and_(LoanLine.device_id == Device.id, LoanLine.closed_at.is_(None)))
    .outerjoin(Loan, and_(Loan.id == LoanLine.loan_id, Loan.centre_id == bindparam("mine")))
    .outerjoin(Household, Household.id == Loan.household_id)
    .outerjoin(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
    .outerjoin(_other, _other.id == Device.replaced_by_id)
    .outerjoin(LabelPlaced, LabelPlaced.id == _PLACED)
    .outerjoin(Act, Act.id == LabelPlaced.act_id)
    .outerjoin(KitThing, and_(KitThing.device_id == Device.id, KitThing.left_at.is_(None)))
    .outerjoin(Kit, Kit.id == KitThing.kit_id)
    .outerjoin(DeliveryItem, DeliveryItem.device_id == Device.id)
    .where(Device.code == bindparam("code"))
)


def card(code: str, me: Me) -> Any:
    """A thing as its page tells it, and its open loan when that is this person's to see. Raises `NotThere`."""
    row = ask_one(_CARD, code=codes.parse(code) or "", mine=me.people_of)
    return row or card(devices.get(code, me).code, me)  # an older code still finds it


@dataclass(frozen=True)
class More:
    """What hangs on the card of a thing: numbers, answers to fields of its kind, files, SIM cards, known faults."""

    identifiers: Sequence[DeviceIdentifier] = ()
    details: Sequence[tuple[CategoryField, str]] = ()
    files: Sequence[Attachment] = ()
    sims: Sequence[Sim] = ()
    faults: Sequence[Fault] = ()

    @property
    def photos(self) -> Sequence[Attachment]:
        return [one for one in self.files if one.kind == "photo"]

    @property
    def documents(self) -> Sequence[Attachment]:
        return [one for one in self.files if one.kind == "document"]


def more(row: Any) -> More:
    """What hangs on this card; most have nothing, and nothing is asked for them."""
    if not row.more:
        return More()
    told = details.told(row.id, row.category_code)
    known = faults.known_of([row]).get(row.id, ())
    return More(identifiers.of(row.id), told, attachments.of(row.id), sims.in_device(row.id), known)


def steps(device_id: int, me: Me, *, limit: int = 5, before: int | None = None) -> list[Step]:
    """The way of a thing, newest first. That it was lent is everybody's to know; to whom, only the lending centre's."""
    rows: Iterable[Any] = ask(_STEPS, device=device_id, mine=me.people_of, before=before or NEWEST, most=limit)
    return [Step(row, LOOKS[row.state], _word(row), row.staff) for row in rows]


def _word(link: Any) -> Any:
    if link.why == "lend":
        return _("Lent to %(who)s", who=link.household) if link.household else _("Lent to a household")
    if link.why in {"split", "swap", "correct"}:
        return _("On a new agreement with %(who)s", who=link.household) if link.household else _("On a new agreement")
    if link.undoes:
        return _("Correction: %(state)s, at %(centre)s", state=LOOKS[link.state].word, centre=link.centre)
    words = {
        "extend": _("Kept longer"),
        "loan_recall": _("Called back early"),
        "take_back": _("Brought back, to check"),
        "exchange": _("Lent instead of another"),
        "never_left": _("Had not left after all, to check"),
        "wipe": _("Free after its data were wiped, at %(centre)s", centre=link.centre),
        "check": _("Free after its check, at %(centre)s", centre=link.centre),
        "new": _("New in the register, at %(centre)s", centre=link.centre),
        "brought": _("New in the register, at %(centre)s, to check", centre=link.centre),
        "delivered": _("Delivered to %(centre)s, to prepare", centre=link.centre),
    }
    return words.get(link.why) or moving.STEPS.get(link.why, LOOKS[link.state].word)


_RECENT = (
    select(Household.code, HouseholdIdentity.name)
    .join(HouseholdIdentity, HouseholdIdentity.household_id == Household.id)
    .where(Household.centre_id == bindparam("mine"), Household.merged_into_id.is_(None))
    .order_by(HouseholdIdentity.seen_at.desc())
    .limit(4)
)


def borrowers(me: Me) -> Sequence[Any]:
    """Code and name of those who came last, for whoever lends."""
    return ask(_RECENT, mine=me.people_of)


def loans_of(household: Household) -> list[Loan]:
    query = select(Loan).where(Loan.household_id == household.id, Loan.centre_id == household.centre_id)
    return list(session().scalars(query.order_by(Loan.id.desc()).limit(50)))
