"""`flask verify`: every check of every wing, in one list."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app import files, history
from app.db import session
from app.inventory.custody import check_custody
from app.inventory.models import CustodyLink, Device, GivenCode
from app.lending.checks import check_agreements, check_loans
from app.settings import Settings
from labels import codes


def all_faults(settings: Settings) -> Iterator[str]:
    """Each fault as one line that names its table and row."""
    yield from history.check_chain(settings.secret_key)
    yield from history.check_seals()
    yield from check_custody()
    yield from check_loans()
    yield from check_agreements()
    yield from _check_codes()
    yield from files.check_files(settings.instance)


def _check_codes() -> Iterator[str]:
    """Every device bears a right code that was given to it."""
    query = select(Device.id, Device.code, GivenCode.device_id).outerjoin(GivenCode, GivenCode.code == Device.code)
    for number, code, tied_to in session().execute(query).yield_per(1000):
        if not codes.is_right(code) or tied_to != number:
            yield f"device {number}: its code is not one given to it"
    loose = select(func.count()).select_from(Device).where(~Device.id.in_(select(CustodyLink.device_id)))
    if count := session().scalar(loose):
        yield f"device: {count} without custody"
