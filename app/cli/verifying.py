"""`flask verify`: every check of every wing, in one list."""

from __future__ import annotations

from collections.abc import Iterator

from app import files, history
from app.inventory.checks import check_inventory
from app.lending.checks import check_lending
from app.people.checks import check_people
from app.settings import Settings


def all_faults(settings: Settings) -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from history.check_chain(settings.secret_key)
    yield from history.check_seals()
    yield from check_people()
    yield from check_inventory()
    yield from check_lending()
    yield from files.check_files(settings.instance)
