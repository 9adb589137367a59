"""Several desks in one process, each with a thread and a connection of its own, all starting at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app import history
from app.db import session
from app.errors import Busy, Refused
from app.lending.models import Loan
from tests.make import NOW


def at_once(app: Flask, wishes: Sequence[tuple[Any, ...]], *, again: Any = None) -> list[Any]:
    """Perform `(rule, wish, *things, by)` all at once; answers what each returned, or the refusal it met.

    A thing may be given by its loan's UUID, to be looked up on that desk's own connection.
    """
    start = threading.Barrier(len(wishes))

    def desk(asked: tuple[Any, ...]) -> Any:
        rule, wish, *things, by = asked
        with app.app_context():
            start.wait(10)
            try:
                found = [_loan(t) if isinstance(t, UUID) else t for t in things]
                return history.perform(rule, wish, *found, by=by, at=NOW, again=again)[0]
            except (Refused, Busy) as no:
                return no

    with ThreadPoolExecutor(len(wishes)) as desks:
        did = list(desks.map(desk, wishes))
    session().rollback()  # this thread had looked before
    return did


def _loan(uuid: UUID) -> Loan:
    return session().scalars(select(Loan).where(Loan.uuid == uuid)).one()
