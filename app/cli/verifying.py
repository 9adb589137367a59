"""`flask verify`: every check of every wing, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Select, Table, and_, exists, select

from app import files, history
from app.db import Base, is_empty, surveyed, walk_one
from app.finance import checks as finance
from app.inventory import checks as inventory
from app.lending import checks as lending
from app.lending.reminder_checks import check_reminders
from app.people.checks import check_people
from app.settings import Settings

Check = Callable[[], Iterable[str]]


def all_faults(settings: Settings) -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    return _told(checks(settings) + references())


def faults_of_wings(settings: Settings) -> Iterator[str]:
    """The same but for references that lead nowhere: a database that looks after its keys has none of these."""
    return _told(checks(settings))


def _told(every: Iterable[Check]) -> Iterator[str]:
    with surveyed():
        for check in every:
            yield from check()


def checks(settings: Settings) -> list[Check]:
    """What each wing looks at, in this order."""
    return [
        lambda: history.check_chain(settings.secret_key),
        history.check_seals,
        check_people,
        *inventory.CHECKS,
        *lending.CHECKS,
        check_reminders,
        *finance.CHECKS,
        lambda: files.check_files(settings.instance),
    ]


def references() -> list[Check]:
    """Where each table points to."""
    return [partial(_check_references, table) for table in Base.metadata.sorted_tables]


def _check_references(table: Table) -> Iterator[str]:
    """Each row that points to nothing. The database refuses that, unless somebody made it look away."""
    for key in () if is_empty(table) else table.foreign_key_constraints:
        for number in walk_one(_pointing_nowhere(key)):
            yield f"{table.name} {number}: its {key.elements[-1].parent.name} points to nothing"


@cache
def _pointing_nowhere(key: ForeignKeyConstraint) -> Select[Any]:
    table, other = key.parent, key.referred_table.alias()
    own = [pair.parent for pair in key.elements]
    there = and_(*(pair.parent == other.c[pair.column.name] for pair in key.elements))
    gone = and_(*(column.is_not(None) for column in own), ~exists().where(there))
    return select(next(iter(table.columns))).where(gone)
