"""What tells the public of the Union's money in the demo world: posters in three centres, the page of the website."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from app import files
from app.db import session
from app.demo.budgeted import REAL
from app.demo.house import House, Plan, do, number
from app.demo.money import finance
from app.demo.papers import bill
from app.finance import publicity
from app.finance.models import Operation
from app.finance.publicity import Show
from app.history.seals import digest
from app.inventory.printed import Photo
from app.people.models import Centre

POSTERS = {"Cité des Brebis": date(2020, 9, 14), "Maison des 3 Cités": date(2020, 9, 21)}
PAGE = "https://example.org/centres-sociaux-connectes"


def shown(house: House, folder: Path | None) -> Plan:
    """Where a poster was seen; elsewhere it is still missing."""
    at = house.moment(248)
    yield at, partial(_shown, house, folder, at=at)


def _shown(house: House, folder: Path | None, *, at: datetime) -> None:
    row = session().scalars(select(Operation).where(Operation.number == REAL)).one()
    site = Show(id=number("publicity", "site"), kind="website", seen_on=date(2020, 10, 1), words=PAGE)
    _show(house, row, None, site, at)
    if folder is None:
        return
    for name, day in POSTERS.items():
        centre = session().scalars(select(Centre.id).where(Centre.name == name)).one()
        wish = Show(id=number("publicity", name), kind="poster", centre=centre, seen_on=day)
        content = bill("Affiche A3", name)
        file = files.write(folder, content, kind="finance", media_type="application/pdf", at=at)
        _show(house, row, Photo(digest(content), file), wish, at)


def _show(house: House, row: Operation, sent: Photo | None, wish: Show, at: datetime) -> None:
    do(publicity.show, wish, row, sent, by=finance(house), at=at)
