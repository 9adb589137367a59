"""`flask verify`: every check of every wing, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Select, and_, exists, select

from app import files, history
from app.db import Base, surveyed, walk_one
from app.inventory.checks import check_inventory
from app.lending.checks import check_lending
from app.lending.reminder_checks import check_reminders
from app.people.checks import check_people
from app.settings import Settings


def all_faults(settings: Settings) -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    with surveyed():
        yield from history.check_chain(settings.secret_key)
        yield from history.check_seals()
        yield from check_people()
        yield from check_inventory()
        yield from check_lending()
        yield from check_reminders()
        yield from files.check_files(settings.instance)
        yield from _check_references()


def _check_references() -> Iterator[str]:
    """Each row that points to nothing. The database refuses that, unless somebody made it look away."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            yield from _dangling(key)


def _dangling(key: ForeignKeyConstraint) -> Iterator[str]:
    for number in walk_one(_pointing_nowhere(key)):
        yield f"{key.parent.name} {number}: its {key.elements[-1].parent.name} points to nothing"


@cache
def _pointing_nowhere(key: ForeignKeyConstraint) -> Select[Any]:
    table, other = key.parent, key.referred_table.alias()
    own = [pair.parent for pair in key.elements]
    there = and_(*(pair.parent == other.c[pair.column.name] for pair in key.elements))
    gone = and_(*(column.is_not(None) for column in own), ~exists().where(there))
    return select(next(iter(table.columns))).where(gone)
