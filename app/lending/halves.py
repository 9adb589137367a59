"""An exchange records two acts: another thing leaves, and one comes back. Neither is undone without the other."""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy import select

from app.db import session
from app.errors import Refused
from app.history import Act
from app.lending.models import HandOver
from app.words import _


def back_of(exchange: Act) -> UUID:
    """The number of the return that came with an exchange."""
    return number_of(exchange.uuid)


def number_of(exchange: UUID) -> UUID:
    return uuid5(exchange, "back")


def exchange_of(event: HandOver) -> Act | None:
    """The exchange that this return is a half of, if it is."""
    mine = session().get_one(Act, event.act_id)
    same = select(Act).where(Act.subject == mine.subject, Act.kind == "exchange", Act.recorded_at == mine.recorded_at)
    return next((act for act in session().scalars(same) if back_of(act) == event.uuid), None)


def check_alone(event: HandOver) -> None:
    """Undoing one half would leave both things with the household. Raises `Refused` with what to undo instead."""
    if exchange_of(event) is not None:
        words = _("This came back in an exchange. Undo the exchange, on the page of the loan: both go back together.")
        raise Refused("part_of_exchange", words)
