"""How far a house is, read each time from what is in it: nothing is kept about the set-up itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.db import session
from app.inventory import deliveries
from app.inventory.models import Device, DeviceModel
from app.lending.models import Loan
from app.people import founding, staff
from app.people.models import Centre
from app.people.roles import Me
from app.settings import Settings
from app.words import _, _n


@dataclass(frozen=True)
class Step:
    """One step. `go`: its endpoint; `said`: what is there or is missing; `matters`: nothing works without it.

    `right`: the word on its door beside `people`.
    """

    name: str
    go: str
    icon: str
    word: Any
    said: Any
    done: bool
    matters: bool = True
    right: str = "people"


def all_of(me: Me, settings: Settings) -> Sequence[Step]:
    return [_house(me), _centre(me), _team(me), _things(me), _labels(me), _address(settings)]


def next_of(steps: Sequence[Step], me: Me) -> Step | None:
    """What to do now: the first open step that matters, else the first open one."""
    still = [step for step in steps if not step.done and me.may(step.right)]
    return next((step for step in still if step.matters), still[0] if still else None)


def after(name: str, me: Me, settings: Settings) -> str:
    """Where to go on from a step, done or left for later: the next one that is open, else the overview."""
    steps = all_of(me, settings)
    place = next(n for n, step in enumerate(steps) if step.name == name)
    return next((step.go for step in steps[place + 1 :] if not step.done and me.may(step.right)), "setup.overview")


def unfinished(me: Me, settings: Settings) -> bool:
    """Whether a step that matters is open; the desk asks each time, so it looks no further than the first."""
    asked: list[Callable[[], Step]] = [
        lambda: _address(settings),
        lambda: _centre(me),
        lambda: _things(me),
        lambda: _labels(me),
    ]
    return any(step.matters and not step.done for step in (ask() for ask in asked))


def _house(me: Me) -> Step:
    row = founding.organisation_of(me)
    said = row.name if row else _("The name of your organisation is missing.")
    word = _("Your organisation and your account")
    return Step("organisation", "setup.organisation", "user", word, said, done=row is not None)


def _centre(me: Me) -> Step:
    row: Centre | None = founding.centre_of(me)
    done = row is not None and bool(row.phone)
    missing = _("Its phone number is missing.") if row else _("Name, phone, opening days.")
    return Step("centre", "setup.centre", "home", _("Your centre"), row.name if row and done else missing, done)


def _team(me: Me) -> Step:
    others = sum(person.id != me.id for person in staff.colleagues(me))
    said = _n("%(num)d colleague", "%(num)d colleagues", others) if others else _("Nobody but you so far.")
    return Step("team", "setup.team", "partner", _("Your colleagues"), said, done=others > 0, matters=False)


def _things(me: Me) -> Step:
    count = session().scalar(select(func.count()).where(Device.centre_id == me.centre_id)) or 0
    known = session().scalar(select(DeviceModel.id).limit(1)) is not None
    go = "stock.things" if known else "stock.model"
    said = _n("%(num)d thing", "%(num)d things", count) if count else _("Models, then serial numbers.")
    return Step("things", go, "laptop", _("Your first things"), said, done=count > 0, right="equip")


def _labels(me: Me) -> Step:
    """Done when somebody held a good sheet in their hand; a centre that lends did without."""
    lent = session().scalar(select(Loan.id).where(Loan.centre_id == me.centre_id).limit(1)) is not None
    done = lent or deliveries.fit(me)
    said = _("The first sheet came out right.") if done else _("Print a sheet and look at it.")
    return Step("labels", "stock.labels", "tag", _("Your first labels"), said, done, right="label")


def _address(settings: Settings) -> Step:
    real, mail = settings.labels_allowed, bool(settings.smtp_url)
    said: Any = _("Address and letters are set.")
    if not real:
        said = _("So far this house answers on this computer or network alone.")
    elif not mail:
        said = _("Letters wait: no mail server is named.")
    return Step("address", "stock.address", "message", _("Address and letters"), said, real and mail, matters=not real)
