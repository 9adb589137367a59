"""Lists as tables: the columns of each, in words by which they are known again when the table comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.db import session
from app.imports import household_lines as people
from app.inventory import device_fields as things
from app.inventory import own_columns
from app.inventory.models import Device, DeviceModel
from app.inventory.states import LOOKS
from app.lending import register_lines as lending
from app.lending.models import Loan, LoanLine
from app.people.models import Household, HouseholdIdentity, Organisation
from app.sheets import as_csv
from app.sheets.writing import Cell
from app.times import day_of
from app.web.tables import each, parts
from app.words import _, reading, spoken
from labels import codes

THINGS = things.FIELDS
HOMES = (people.CODE, people.NAME, people.PHONE, people.LANGUAGE)
KNOWN_SINCE, FOLLOWED_BY = _("Known since"), _("Followed by")
LOAN_ENDS = _("Brought back on")


def things_head(*, back: bool = False) -> list[str]:
    fields = [*THINGS, *([] if back else [lending.UNTIL]), *own_columns.columns()]
    return [spoken(field.words) for field in fields]


def things_rows(query: Select[Device], *, back: bool = False) -> Iterator[Sequence[Cell]]:
    """Things as their table has them; `back`: for a table that is only to come back."""
    payers = {row.id: row.name for row in session().execute(select(Organisation.id, Organisation.name))}
    words = {code: spoken(look.word) for code, look in LOOKS.items()}
    fields = own_columns.columns()
    for part in parts(query, by=(Device.folded, Device.id), key=lambda d: (d.folded, d.id)):
        more = own_columns.cells(part, fields)
        for device in part:
            due = [] if back else [device.due_back_on]
            yield [*_thing(device, payers, words), *due, *more[device.id]]


def _thing(device: Device, payers: dict[int, str], words: dict[str, str]) -> list[Cell]:
    model = device.model
    return [
        codes.grouped(device.code),
        device.name,
        model.maker.name,
        model.name,
        _kind(model),
        device.serial_number,
        device.no_serial_reason,
        device.inventory_number,
        device.owner.name,
        payers.get(device.payer_id or 0),
        device.programme,
        None if device.stated_value_cents is None else device.stated_value_cents / 100,
        device.acquired_on,
        device.warranty_until,
        words[device.state],
        device.centre.name,
        ", ".join(model.parts),
        device.note,
    ]


def _kind(model: DeviceModel) -> str:
    """By its name, which is known again in either language."""
    return model.category.name_fr if reading() == "fr" else model.category.name_en


def models_table() -> tuple[list[str], Sequence[Sequence[Cell]]]:
    """Models stand apart: some have no thing so far."""
    fields = (things.MAKER, things.MODEL, things.CATEGORY, things.PARTS)
    found = session().scalars(select(DeviceModel).order_by(DeviceModel.id))
    rows = [[m.maker.name, m.name, _kind(m), ", ".join(m.parts)] for m in found]
    return [spoken(field.words) for field in fields], rows


def register(query: Select[Device]) -> dict[str, Any]:
    """The whole register of things, as files that can be taken over again."""
    head, rows = models_table()
    return {
        f"{spoken(_('models'))}.csv": as_csv(head, rows),
        f"{spoken(_('things'))}.csv": as_csv(things_head(back=True), things_rows(query, back=True)),
    }


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
