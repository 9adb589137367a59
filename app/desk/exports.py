"""Lists as tables: the columns of each, in words by which they are known again when the table comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.db import session
from app.files import path_of
from app.imports import household_lines as people
from app.inventory import device_fields as things
from app.inventory import file_lines, kits, own_columns, places, sim_lines, supply_lines
from app.inventory.attachments import Attachment
from app.inventory.file_lines import DOCUMENTS, PHOTOS
from app.inventory.kits import Kit
from app.inventory.models import Device, DeviceModel
from app.inventory.sims import Sim
from app.inventory.states import LOOKS
from app.inventory.supplies import Supply, SupplyStock
from app.lending import register_lines as lending
from app.lending.models import Loan, LoanLine
from app.people.models import Centre, Household, HouseholdIdentity, Organisation
from app.people.roles import Me
from app.sheets import as_csv
from app.sheets.writing import Cell
from app.times import day_of
from app.web.tables import each, parts
from app.words import _, spoken
from labels import codes

THINGS = things.FIELDS
HOMES = (people.CODE, people.NAME, people.PHONE, people.LANGUAGE)
HAS = (people.NAME, people.PHONE, people.LANGUAGE, lending.SINCE)
AT_ONCE = 500
KNOWN_SINCE, FOLLOWED_BY = _("Known since"), _("Followed by")
LOAN_ENDS = _("Brought back on")


def things_head() -> list[str]:
    return [spoken(field.words) for field in (*THINGS, *own_columns.columns())]


def things_rows(query: Select[Device], by: Me | None = None) -> Iterator[Sequence[Cell]]:
    """Things as their table has them; `by`: with who has them, as far as that is open to this person."""
    payers = {row.id: row.name for row in session().execute(select(Organisation.id, Organisation.name))}
    fields = own_columns.columns()
    whole = query.options(selectinload(Device.replaced_by))
    for part in parts(whole, by=(Device.folded, Device.id), key=lambda d: (d.folded, d.id)):
        more, whom, has = own_columns.cells(part, fields), places.names(part), _who_has(part, by)
        around = kits.around(part)
        for device in part:
            facts = _thing(device, payers, whom.get(device.id), around.get(device.id))
            yield [*facts, *more[device.id], *has[device.id]]


def _thing(device: Device, payers: dict[int, str], whom: str | None, kit: Kit | None) -> list[Cell]:
    model = device.model
    return [
        codes.grouped(device.code),
        device.name,
        model.maker.name,
        model.name,
        model.category.called,  # which is known again in either language
        device.serial_number,
        device.no_serial_reason,
        device.inventory_number,
        device.owner.name,
        payers.get(device.payer_id or 0),
        device.programme,
        None if device.stated_value_cents is None else device.stated_value_cents / 100,
        device.acquired_on,
        device.warranty_until,
        spoken(LOOKS[device.state].word),
        whom,
        device.due_back_on,
        device.centre.name,
        kit.name if kit else None,
        codes.grouped(kit.code) if kit else None,
        ", ".join(model.parts),
        device.note,
        codes.grouped(device.replaced_by.code) if device.replaced_by else None,
    ]


def models_table() -> tuple[list[str], Sequence[Sequence[Cell]]]:
    """Models stand apart: some have no thing so far, and they have cards of their own."""
    found = session().scalars(select(DeviceModel).order_by(DeviceModel.id))
    rows = [
        [
            one.maker.name,
            one.name,
            one.category.called,
            ", ".join(one.parts),
            one.number,
            one.loan_days,
            one.updates_until,
            one.safety,
        ]
        for one in found
    ]
    return [spoken(field.words) for field in things.MODELS], rows


def supplies_table() -> tuple[list[str], Sequence[Sequence[Cell]]]:
    """How much each centre has of each supply."""
    query = select(SupplyStock, Centre.name).join(Centre, Centre.id == SupplyStock.centre_id).join(Supply)
    rows: list[list[Cell]] = [
        [
            one.supply.name,
            spoken(supply_lines.BECOMES[one.supply.kind]),
            one.on_hand,
            one.supply.unit,
            one.value_cents / 100,
            one.minimum,
            centre,
        ]
        for one, centre in session().execute(query.order_by(Supply.folded, SupplyStock.id))
    ]
    return [spoken(field.words) for field in supply_lines.OF_SUPPLIES.fields], rows


def sims_table() -> tuple[list[str], Sequence[Sequence[Cell]]]:
    """The SIM cards in use."""
    found = session().scalars(select(Sim).where(Sim.ended_at.is_(None)).order_by(Sim.iccid))
    rows: list[list[Cell]] = [
        [
            one.iccid,
            one.operator,
            one.plan_ends_on,
            codes.grouped(one.device.code) if one.device else None,
            one.note,
            one.centre.name,
        ]
        for one in found
    ]
    return [spoken(field.words) for field in sim_lines.OF_SIMS.fields], rows


def register(query: Select[Device], by: Me, hung: Sequence[Hung] = ()) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The whole register of things as files that can be taken over again; with who has what, for whom that is open.

    `hung`: photos and documents to lie beside the tables, after a table that says what each is.
    """
    yield _table(_("models")), as_csv(*models_table())
    yield _table(_("things")), as_csv(_register_head(by), _register_rows(query, by))
    yield _table(_("supplies")), as_csv(*supplies_table())
    yield _table(_("SIM cards")), as_csv(*sims_table())
    if hung:
        head = [spoken(field.words) for field in file_lines.OF_FILES.fields]
        yield _table(_("photos and documents")), as_csv(head, [one.line for one in hung])
        yield from ((one.name, [one.path.read_bytes()]) for one in hung)


def _table(words: object) -> str:
    return f"{spoken(words)}.csv"


@dataclass(frozen=True)
class Hung:
    """A photo or document as it lies in the archive, its line of the table, and where its bytes are."""

    name: str
    line: Sequence[Cell]
    path: Path


def hung(folder: Path) -> list[Hung]:
    """The photos and documents of all things, numbered for each; those whose bytes are lost are left out."""
    query = select(Attachment, Device.code, Centre.name).join(Device, Device.id == Attachment.device_id)
    query = query.join(Centre, Centre.id == Device.centre_id).where(Attachment.gone_act_id.is_(None))
    found, numbers = [], Counter[str]()
    for row, code, centre in session().execute(query.order_by(Device.folded, Device.id, Attachment.id)):
        path = path_of(folder, row.file)
        if row.file.destroyed_at is None and path.exists():
            numbers[code] += 1
            where, end = (PHOTOS if row.kind == "photo" else DOCUMENTS), "jpg" if row.is_picture else "pdf"
            name = f"{where}{code}-{numbers[code]}.{end}"
            found.append(Hung(name, [name, row.title, codes.grouped(code), centre], path))
    return found


def _register_head(by: Me) -> list[str]:
    return things_head() + ([spoken(field.words) for field in HAS] if by.people_of else [])


def _register_rows(query: Select[Device], by: Me) -> Iterator[Sequence[Cell]]:
    for part_of in _successors_first(query):
        yield from things_rows(part_of, by)


def _successors_first(query: Select[Device]) -> Iterator[Select[Device]]:
    """What took the place of another thing comes before that one, whose line names it."""
    yield query.where(Device.replaced_by_id.is_(None))
    replaced = query.where(Device.replaced_by_id.is_not(None)).with_only_columns(Device.id, Device.replaced_by_id)
    waiting = {row.id: row.replaced_by_id for row in session().execute(replaced)}
    while waiting:
        turn = [number for number, other in waiting.items() if other not in waiting] or list(waiting)
        for first in range(0, len(turn), AT_ONCE):
            yield query.where(Device.id.in_(turn[first : first + AT_ONCE]))
        for number in turn:
            del waiting[number]


def _who_has(part: Sequence[Device], by: Me | None) -> dict[int, list[Cell]]:
    """Name, contact and language of the household, and since when, by the number of the thing: of one's own centre.

    Nothing at all for whom that is not open.
    """
    if by is None or not by.people_of:
        return {device.id: [] for device in part}
    out = [device.id for device in part if device.state == "on_loan"]
    who = HouseholdIdentity
    query = (
        select(LoanLine.device_id, who.name, who.contact, who.language, Loan.lent_at)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(who, who.household_id == Loan.household_id)
        .where(LoanLine.device_id.in_(out), LoanLine.closed_at.is_(None), who.centre_id == by.people_of)
    )
    found = session().execute(query) if out else ()
    told: dict[int, list[Cell]] = {device.id: [None] * len(HAS) for device in part}
    return told | {row.device_id: [row.name, row.contact, row.language, day_of(row.lent_at)] for row in found}


def homes_head() -> list[str]:
    return [*(spoken(field.words) for field in HOMES), spoken(KNOWN_SINCE), spoken(FOLLOWED_BY)]


def homes_rows(query: Select[Household]) -> Iterator[Sequence[Cell]]:
    key = (HouseholdIdentity.folded, Household.id)
    for home in each(query, by=key, key=lambda h: (h.identity.folded, h.id)):
        who = home.identity
        followed = who.referent.name if who.referent else None
        yield [codes.grouped(home.code), who.name, who.contact, who.language, day_of(home.known_since), followed]


def loans_head() -> list[str]:
    fields = (things.NAME, things.CODE, things.SERIAL, people.NAME, people.CODE, people.PHONE, *lending.LOAN)
    return [*(spoken(field.words) for field in fields), spoken(LOAN_ENDS)]


def loans_rows(query: Select[Loan]) -> Iterator[Sequence[Cell]]:
    """A line for each thing of each loan."""
    whole = query.options(selectinload(Loan.lines).joinedload(LoanLine.device))
    for loan in each(whole, by=(Loan.id,), key=lambda one: (one.id,)):
        who = loan.household.identity
        for line in loan.lines:
            yield [
                line.device.name,
                codes.grouped(line.device.code),
                line.device.serial_number,
                loan.household.name,
                codes.grouped(loan.household.code),
                who.contact if who else None,
                day_of(loan.lent_at),
                line.due_on,
                day_of(line.closed_at) if line.closed_at else None,
            ]
