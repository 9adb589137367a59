"""One desk of a storm of reservations, a process of its own: it reserves by model and cancels, and notes what was said."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app import create_app, history
from app.errors import Busy, Refused
from app.lending import reservations
from app.lending.booking_forms import CancelReservation, Reserve
from app.lending.booking_models import Reservation
from app.people.roles import Me
from app.settings import Settings

TRIES = 12


def work(number: int, url: str, instance: str, me: Me, household: str, model: int, first: date) -> None:
    dice, kept = random.Random(number), []
    app = create_app(Settings.for_tests(Path(instance), url))
    with app.app_context(), (Path(instance) / f"said-{number}").open("w") as said:
        for _try in range(TRIES):
            said.write(_one(dice, kept, me, household, model, first) + "\n")


def _one(dice: random.Random, kept: list[Reservation], me: Me, household: str, model: int, first: date) -> str:
    at = datetime.now(UTC)
    try:
        if kept and dice.random() < 0.4:
            row = reservations.get(kept.pop().uuid.hex, me)
            history.perform(reservations.cancel, CancelReservation(), row, by=me, at=at)
            return "cancelled"
        day = first + timedelta(days=7 * dice.randrange(3))
        days = {"from_day": day, "to_day": day + timedelta(days=dice.randrange(1, 9))}
        wish = Reserve(household=household, models=[{"model": model, "count": dice.choice([2, 3])}], **days)
        kept.append(history.perform(reservations.reserve, wish, by=me, at=at)[0])
    except Refused as no:
        return no.code
    except Busy:
        return "busy"
    return "kept"
