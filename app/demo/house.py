"""The hands of the demo world: what its people do, each act through the rule that real acts go through."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

from app import history
from app.db import session
from app.demo import cast
from app.inventory import care, devices, faults
from app.inventory.fault_forms import SeenPoint
from app.inventory.forms import CheckDone, PlaceHold, UndoIt
from app.inventory.models import Device
from app.lending import loans, returns
from app.lending.forms import Extend, Lend, TakeBack, ThingBack, UndoLoan, UndoReturn
from app.lending.models import HandOver, Loan
from app.people.models import Centre, Household, Person
from app.people.roles import Held, Me, Where, rights_of
from app.times import HOME, day_of

T = TypeVar("T")
Plan = Iterator[tuple[datetime, Callable[[], object]]]  # when, and what is done then
WIPED = "remise à zéro, disque chiffré effacé"
SATURDAY = 5
WORN = {0: ("coque", "coins frottés"), 1: ("écran", "fine rayure en bas à gauche")}  # of the rest one sees nothing


@dataclass(frozen=True)
class Thing:
    """A device as the story needs it: its code, its model's short name, its kind."""

    code: str
    short: str
    category: str


@dataclass
class House:
    """Everybody and everything by name. `pool`: what no story has taken yet; `back_so_far`: returns planned so far."""

    at: datetime
    dice: random.Random
    homes: dict[str, str] = field(default_factory=dict)
    pool: dict[str, list[Thing]] = field(default_factory=dict)
    back_so_far: Counter[str] = field(default_factory=Counter)
    _known: dict[tuple[str, str], Me] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return day_of(self.at)

    @cached_property
    def centres(self) -> dict[str, Centre]:
        return {centre.name: centre for centre in session().scalars(select(Centre))}

    def moment(self, days_ago: int) -> datetime:
        """Some time in the working day that long ago; of a week-end, on the Friday before."""
        day = self.today - timedelta(days=days_ago)
        day -= timedelta(days=max(0, day.weekday() - SATURDAY + 1))
        hour = time(self.dice.randint(9, 16), self.dice.randint(0, 59))
        return datetime.combine(day, hour, HOME).astimezone(UTC)

    def take(self, centre: str, *wanted: str) -> Thing:
        """The next thing of that kind or model no story has taken; when none is left, the next of any kind."""
        pool = self.pool[centre]
        fits = (t for word in wanted for t in pool if word in {t.short, t.category})
        thing = next(fits, pool[0])
        pool.remove(thing)
        return thing

    def me(self, email: str, centre: str) -> Me:
        """The person as a request of theirs would be seen, at that centre."""
        if (email, centre) not in self._known:
            person = session().scalars(select(Person).where(Person.email == email)).one()
            held = tuple(Held(r.kind, r.centre_id, r.organisation_id, r.ends_on, r.operation) for r in person.roles)
            where = _where(self.centres[centre])
            rights = rights_of(held, where, self.today)
            self._known[email, centre] = Me(person.id, person.name, email, "fr", held, where, rights=rights)
        return self._known[email, centre]

    def desk(self, centre: str) -> Me:
        return self.me(cast.DESKS.get(centre, cast.COORDINATION), centre)

    def manager(self, centre: str) -> Me:
        return self.me(cast.MANAGERS[centre], centre)

    def lend(self, name: object, me: Me, home: str, things: Sequence[Thing], due_on: date, *, at: datetime) -> Loan:
        codes = [thing.code for thing in things]
        return do(
            loans.lend, Lend(id=number("loan", name), household=self.homes[home], devices=codes, due_on=due_on),
            by=me, at=at,
        )  # fmt: skip

    def take_back(self, name: object, me: Me, things: Sequence[Thing], how: Any, *, at: datetime) -> HandOver:
        back = [ThingBack(code=thing.code, missing=how.get("missing", [])) for thing in things]
        points = [point for thing in things for point in _seen(thing, how["condition"])]
        return do(returns.take_back, TakeBack(id=number("return", name), devices=back, points=points), by=me, at=at)

    def check(self, name: object, me: Me, thing: Thing, *, at: datetime, **found: Any) -> None:
        device = devices.get(thing.code, me)
        if found.get("result") != "unfit":  # what was broken is mended before it leaves again
            found["mended"] = [f.number for f in faults.known_of([device]).get(device.id, ()) if f.grade == "damaged"]
        method = WIPED if device.model.category.gate == "wipe" and found.get("result") != "unfit" else ""
        do(care.check, CheckDone(id=number("check", name), method=method, **found), device, by=me, at=at)

    def extend(self, name: object, me: Me, due_on: date, *, at: datetime) -> None:
        do(loans.extend, Extend(id=number("extend", name), due_on=due_on), loan_of(name), by=me, at=at)

    def undo_loan(self, name: object, me: Me, *, at: datetime) -> None:
        do(loans.undo, UndoLoan(id=number("undo", name)), loan_of(name), by=me, at=at)

    def undo_return(self, name: object, me: Me, *, at: datetime) -> None:
        uuid = number("return", name)
        event = session().scalars(select(HandOver).where(HandOver.uuid == uuid)).one()
        do(returns.undo, UndoReturn(id=number("undo-return", name)), event, by=me, at=at)

    def undo_check(self, name: object, me: Me, thing: Thing, *, at: datetime) -> None:
        wish = UndoIt(id=number("undo-check", name))
        do(care.undo_check, wish, devices.get(thing.code, me), by=me, at=at)

    def hold(self, name: object, me: Me, thing: Thing, reason: str, *, at: datetime) -> Device:
        wish = PlaceHold(id=number("hold", name), reason=reason)
        return do(care.place_hold, wish, devices.get(thing.code, me), by=me, at=at)

    def household(self, name: str) -> Household:
        return session().scalars(select(Household).where(Household.code == self.homes[name])).one()


def do(rule: Callable[..., T], wish: Any, *things: object, by: Me | None, at: datetime) -> T:
    return history.perform(rule, wish, *things, by=by, at=at)[0]


def number(*words: object) -> UUID:
    """The same words give the same act's number, so the same codes, in every demo world."""
    return uuid5(NAMESPACE_URL, "/".join(["va-et-vient-demo", *map(str, words)]))


def loan_of(name: object) -> Loan:
    return session().scalars(select(Loan).where(Loan.uuid == number("loan", name))).one()


def _where(centre: Centre) -> Where:
    owner = centre.organisation
    return Where(centre.id, centre.code, centre.name, centre.phone, owner.id, owner.short_name, centre.open_days)


def _seen(thing: Thing, condition: str) -> list[SeenPoint]:
    """What one saw together when it came back."""
    if condition == "damaged":
        return [SeenPoint(device=thing.code, point="coque", grade="damaged", note="fendue dans un coin")]
    turn = sum(thing.code.encode()) % 5
    if condition == "worn" and turn in WORN:
        point, note = WORN[turn]
        return [SeenPoint(device=thing.code, point=point, grade="worn", note=note)]
    return []
