"""Care and custody other than loans: a transfer not accepted, a repair, a workshop, thefts, a printer past its meter.

Moments are counted without dice, so that the rest of the world stays as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from app.demo import homes
from app.demo.cast import BREBIS, CITES, MQCV, OUTREACH, RAISMES
from app.demo.house import SATURDAY, WIPED, House, Plan, Thing, do, loan_of, number
from app.inventory import care, devices, maintenance, thefts
from app.inventory.care_forms import Move, NewPlan, ReadMeter, TheftStep
from app.inventory.forms import CheckDone
from app.lending import losses
from app.people.roles import Me
from app.times import HOME

REPAIRER = "Répar’Info, Béthune"


def care_of_things(house: House) -> Plan:
    yield from _away(house)
    yield from _repairs(house)
    yield from _thefts(house)
    yield from _not_verified(house)
    yield from _printers(house)


def _then(house: House, days: int, hour: int, minute: int = 0) -> datetime:
    """That hour of the working day so many days ago."""
    day = house.today - timedelta(days=days)
    day -= timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    return datetime.combine(day, time(hour, minute), HOME).astimezone(UTC)


def _move(house: House, name: str, me: Me, thing: Thing, what: str, *, at: datetime, **facts: Any) -> None:
    wish = Move(id=number("move", name), what=what, **facts)
    do(losses.move, wish, devices.get(thing.code, me), by=me, at=at)


def _away(house: House) -> Plan:
    """On its way for five days, in Inès's bag, at the library two days too long, and lost somewhere."""
    sent, thing, to = _then(house, 5, 10), house.take(MQCV, "laptop"), house.centres[BREBIS].code
    yield sent, partial(_move, house, "sent", house.desk(MQCV), thing, "send", at=sent, centre=to)
    at, ines = _then(house, 1, 17, 10), house.me(OUTREACH, BREBIS)
    for n in range(2):
        tablet = house.take(BREBIS, "Galaxy Tab A7")
        yield at, partial(_move, house, f"bag/{n}", ines, tablet, "bag", at=at)
    at, due = _then(house, 33, 11), house.today - timedelta(days=2)
    library: dict[str, Any] = {"partner": "Médiathèque de Mazingarbe", "due_on": due}
    thing = house.take(BREBIS, "Galaxy Tab A7")
    yield at, partial(_move, house, "library", house.desk(BREBIS), thing, "partner", at=at, **library)
    at, thing = _then(house, 21, 15), house.take(CITES, "laptop")
    why = "Introuvable après le rangement de la salle."
    yield at, partial(_move, house, "lost", house.desk(CITES), thing, "lost", at=at, reason=why)


def _repairs(house: House) -> Plan:
    """One came back mended, with its bill; another is still there."""
    me, thing = house.desk(BREBIS), house.take(BREBIS, "ThinkPad L14")
    out, back, free = _then(house, 60, 9), _then(house, 47, 14), _then(house, 47, 15)
    why = {"supplier": REPAIRER, "reason": "La charnière est cassée."}
    bill = {"cost_cents": 6850, "result": "Charnière changée", "document": "FA-2287"}
    yield out, partial(_move, house, "repair", me, thing, "repair", at=out, **why)
    yield back, partial(_move, house, "repaired", me, thing, "back", at=back, **bill)
    yield free, partial(house.check, "repaired", me, thing, at=free)
    other, sent = house.take(BREBIS, "ThinkPad L14"), _then(house, 6, 16)
    why = {"supplier": REPAIRER, "reason": "L’écran ne s’allume plus."}
    due = house.today + timedelta(days=4)
    yield sent, partial(_move, house, "screen", me, other, "repair", at=sent, due_on=due, **why)


def _thefts(house: House) -> Plan:
    """Aylin's laptop, with the complaint filed; a tablet of which nobody has filed one yet."""
    me, seen, filed = house.desk(RAISMES), _then(house, 4, 10), _then(house, 3, 15)
    yield seen, partial(_stolen_from, house, homes.AYLIN, me, at=seen)
    yield filed, partial(_complaint, house, homes.AYLIN, me, at=filed)
    at, tablet = _then(house, 6, 9, 20), house.take(BREBIS, "Galaxy Tab A7")
    why = "La salle a été forcée dans la nuit."
    yield at, partial(_move, house, "stolen", house.desk(BREBIS), tablet, "stolen", at=at, reason=why)


def _stolen_from(_house: House, home: str, me: Me, *, at: datetime) -> None:
    device = loan_of(f"now/{home}").lines[0].device
    do(losses.move, Move(id=number("stolen", home), what="stolen"), device, by=me, at=at)


def _complaint(_house: House, home: str, me: Me, *, at: datetime) -> None:
    device = loan_of(f"now/{home}").lines[0].device
    wish = TheftStep(id=number("complaint", home), step="complaint", reference="PV 2026/004417")
    do(thefts.tick, wish, device, by=me, at=at)


def _not_verified(house: House) -> Plan:
    """A tablet that was wiped, and nobody has started it to see that it is empty."""
    me, thing = house.desk(CITES), house.take(CITES, "tablet")
    out, back, wiped = _then(house, 70, 10), _then(house, 3, 11), _then(house, 2, 15)
    due = house.today - timedelta(days=1)
    yield out, partial(house.lend, "not verified", me, homes.HOMES[CITES][1][0], [thing], due, at=out)
    yield back, partial(house.take_back, "not verified", me, [thing], {"condition": "good"}, at=back)
    house.back_so_far[CITES] += 1
    yield wiped, partial(_wipe, thing, me, at=wiped)


def _wipe(thing: Thing, me: Me, *, at: datetime) -> None:
    wish = CheckDone(id=number("check", "not verified"), method=WIPED, verified_by=0)
    do(care.check, wish, devices.get(thing.code, me), by=me, at=at)


def _printers(house: House) -> Plan:
    """One is at a workshop today; the other has printed more hours than its nozzle lasts."""
    me, travels = house.desk(BREBIS), house.take(BREBIS, "Prusa MK3S+")
    at = house.at - timedelta(minutes=40)
    yield at, partial(_move, house, "workshop", me, travels, "outing", at=at, due_on=house.today)
    stays, planned = house.take(BREBIS, "Ender-3 V2"), _then(house, 120, 10)
    plan = NewPlan(id=number("plan", "nozzle"), name="Changer la buse et graisser les axes", every=200)
    yield planned, lambda: do(maintenance.new, plan, devices.get(stays.code, me), by=me, at=planned)
    for n, (ago, hours) in enumerate(((80, 96), (40, 171), (5, 214))):
        read = _then(house, ago, 16)
        yield read, partial(_read, stays, me, n, hours, at=read)


def _read(thing: Thing, me: Me, n: int, hours: int, *, at: datetime) -> None:
    wish = ReadMeter(id=number("meter", n), meter=hours)
    do(maintenance.read_meter, wish, devices.get(thing.code, me), by=me, at=at)
