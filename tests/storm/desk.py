"""One desk of a storm, a process of its own: it lends and takes back at random, and notes what was acknowledged."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from app import create_app, history
from app.errors import Busy, Refused
from app.inventory import care, devices
from app.inventory.forms import CheckDone
from app.lending import loans, returns
from app.lending.forms import Lend, TakeBack
from app.people.roles import Me
from app.settings import Settings


def work(number: int, url: str, instance: str, me: Me, codes: list[str], household: str, acts: int) -> None:
    """Try so many times to lend, take back or check; each acknowledged act is a line on the disk."""
    dice = random.Random(number)
    app = create_app(Settings.for_tests(Path(instance), url))
    with app.app_context(), (Path(instance) / f"acks-{number}").open("a") as acks:
        for _try in range(acts):
            code, at = dice.choice(codes), datetime.now(UTC)
            try:
                uuid, kind = _act(dice, code, household, me, at)
            except Refused as no:
                uuid, kind = "", no.code
            except Busy:
                uuid, kind = "", "busy"
            acks.write(f"{uuid} {kind}\n")
            acks.flush()
            os.fsync(acks.fileno())


def _act(dice: random.Random, code: str, household: str, me: Me, at: datetime) -> tuple[str, str]:
    kind = dice.choice(["lend", "take_back", "check"])
    if kind == "lend":
        wish = Lend(id=uuid4(), household=household, devices=[code], due_on=(at + timedelta(days=30)).date())
        history.perform(loans.lend, wish, by=me, at=at, again=loans.of_act)
    elif kind == "take_back":
        wish = TakeBack(id=uuid4(), devices=[{"code": code}])
        history.perform(returns.take_back, wish, by=me, at=at, again=returns.of_act)
    else:
        wish = CheckDone(id=uuid4(), method="remise à zéro")
        history.perform(care.check, wish, devices.get(code, me), by=me, at=at, again=devices.of_act)
    return str(wish.id), kind
