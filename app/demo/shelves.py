"""What moves stock in the demo world: a delivery half unpacked, a case, supplies, SIM cards, two stock-takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.db import session
from app.demo.cast import BREBIS, MQCV, OUTREACH
from app.demo.house import House, Plan, Thing, do, number
from app.inventory import arrivals, kits, preparing, sims, stocktakes, supplies
from app.inventory.arrivals import Delivery
from app.inventory.models import Device, DeviceModel
from app.inventory.stock_forms import (
    CloseStockTake,
    KitThingIn,
    NewDelivery,
    NewKit,
    NewSim,
    NewStockTake,
    NewSupply,
    ReceiveDevice,
    SeeThing,
    SupplyIn,
    SupplyOut,
    TickStep,
)
from app.inventory.stocktakes import Expected, StockTake
from app.inventory.supplies import Supply

ORDER = "BC-2026-0412"
ORDERED, RIGHT = 20, 12
WRONG = "PF2DEN7Q"
FILAMENT = "Filament PLA noir 1,75 mm"
# Name, kind, unit, minimum; what came and its price in cents; what was taken and for which workshop.
SHELF: Sequence[tuple[str, str, str, int, tuple[int, int], tuple[tuple[int, str], ...]]] = (
    (FILAMENT, "consumable", "g", 500, (2000, 4980), ((640, "Porte-clés du mercredi"), (780, "Pièces de rechange"),
     (400, "Fête du quartier"))),
    ("Filament PETG transparent", "consumable", "g", 250, (1000, 2790), ((180, "Supports de téléphone"),)),
    ("Cartouche d’encre noire 305 XL", "consumable", "piece", 1, (4, 10360), ((2, "Affiches du forum"),)),
    ("Chargeur USB-C 65 W", "accessory", "piece", 3, (8, 19920), ((1, "Perdu en prêt, remplacé"),)),
)  # fmt: skip
# Number, operator, in how many days the plan ends, in the thing of which name.
CARDS = (
    ("8933010000000000010", "Bouygues Telecom", 12, "Galaxy Tab A7 LTE n° 1"),
    ("8933010000000000002", "Bouygues Telecom", 210, "Galaxy Tab A7 LTE n° 2"),
    ("8933200000000000002", "Orange", 95, ""),
)


def stocked(house: House, case: Sequence[Thing]) -> Plan:
    """`case`: what lies in the case for workshops. Told last, so that what the others draw by lot stays as it was."""
    yield from _delivery(house)
    yield from _case(house, case)
    for n, row in enumerate(SHELF):
        yield from _supply(house, n, row)
    yield from _cards(house)
    yield from _last_year(house)
    yield from _this_year(house)


def _delivery(house: House) -> Plan:
    """Twenty laptops: twelve are in, one bears a number nobody wrote down, seven are on their way."""
    me, ordered, came = house.desk(BREBIS), house.moment(16), house.moment(2)
    serials = [f"PF2DEN{n:02}" for n in range(1, ORDERED + 1)]
    yield ordered, lambda: do(arrivals.expect, _order(house, serials), by=me, at=ordered)
    for n, serial in enumerate([*serials[:RIGHT], WRONG]):
        at = came + timedelta(minutes=n)
        yield at, partial(_receive, house, n, serial, at=at)


def _order(house: House, serials: Sequence[str]) -> NewDelivery:
    model = session().scalars(select(DeviceModel.id).where(DeviceModel.name == "ThinkPad L14 Gen 1")).one()
    lines = [{"model": model, "count": ORDERED, "serials": "\n".join(serials)}]
    due = house.today + timedelta(days=2)
    return NewDelivery(
        id=number("delivery"),
        supplier="Reconditionné du Hainaut",
        order_number=ORDER,
        due_on=due,
        programme="2021-2027",
        lines=lines,
    )


def _receive(house: House, n: int, serial: str, *, at: Any) -> None:
    me = house.desk(BREBIS)
    delivery = session().scalars(select(Delivery).where(Delivery.order_number == ORDER)).one()
    wish = ReceiveDevice(id=number("received", n), serial_number=serial)
    device = do(arrivals.receive, wish, delivery, by=me, at=at).device
    for step in ("install", "accounts", "charger")[: max(0, 3 - n // 3)]:
        do(preparing.tick, TickStep(id=number("tick", n, step), step=step), device, by=me, at=at)


def _case(house: House, case: Sequence[Thing]) -> Plan:
    """Three tablets in a case for workshops."""
    me, at = house.desk(BREBIS), house.moment(40)
    wish = NewKit(id=number("kit"), name="Mallette tablettes, ateliers du jeudi")
    yield at, lambda: do(kits.add, wish, by=me, at=at)
    for n, thing in enumerate(case):
        yield at + timedelta(minutes=1 + n), partial(_into_case, house, thing.code, n, at=at + timedelta(minutes=1 + n))


def _into_case(house: House, code: str, n: int, *, at: Any) -> None:
    kit = session().scalars(select(kits.Kit)).first()
    assert kit is not None
    do(kits.put_in, KitThingIn(id=number("kit", n), thing=code), kit, by=house.desk(BREBIS), at=at)


def _supply(house: House, n: int, row: Any) -> Plan:
    name, kind, unit, minimum, (quantity, cents), uses = row
    me, at = house.desk(BREBIS), house.moment(120 - n)
    new = NewSupply(id=number("supply", n), name=name, kind=kind, unit=unit, minimum=minimum)
    yield at, lambda: do(supplies.add, new, by=me, at=at)
    came = SupplyIn(id=number("supply in", n), quantity=quantity, cost_cents=cents)
    yield at + timedelta(minutes=2), lambda: do(supplies.bring, came, _known(name), by=me, at=at + timedelta(minutes=2))
    for turn, (taken, what) in enumerate(uses):
        then = house.moment(90 - 30 * turn)
        wish = SupplyOut(id=number("supply out", n, turn), quantity=taken, workshop=what)
        yield then, partial(_use, name, wish, me, at=then)


def _use(name: str, wish: SupplyOut, me: Any, *, at: Any) -> None:
    do(supplies.use, wish, _known(name), by=me, at=at)


def _known(name: str) -> Supply:
    return session().scalars(select(Supply).where(Supply.name == name)).one()


def _cards(house: House) -> Plan:
    for n, (iccid, operator, days, thing) in enumerate(CARDS):
        at = house.moment(150 - n)
        yield at, partial(_card, house, iccid, operator, days, thing, at=at)


def _card(house: House, iccid: str, operator: str, days: int, thing: str, *, at: Any) -> None:
    code = session().scalar(select(Device.code).where(Device.name == thing)) or ""
    ends = house.today + timedelta(days=days)
    wish = NewSim(id=number("sim", iccid), iccid=iccid, operator=operator, plan_ends_on=ends, thing=code)
    do(sims.add, wish, by=house.desk(BREBIS), at=at)


def _last_year(house: House) -> Plan:
    """All but two were found, and the report is in the drawer."""
    opened = house.moment(362)
    ended = opened + timedelta(minutes=10)
    name = f"Récolement {opened.year}"
    yield opened, partial(_begin, house, name, at=opened)
    yield ended, partial(_walk, house, name, 2, at=ended)
    closed = ended + timedelta(hours=1)
    wish = CloseStockTake(id=number("take close", name))
    yield closed, lambda: do(stocktakes.close, wish, _take(name), by=house.manager(BREBIS), at=closed)


def _this_year(house: House) -> Plan:
    """Half done: some still to see, one that belongs to MQCV, and what two households said on the phone."""
    opened = house.moment(4)
    walked = opened + timedelta(minutes=10)
    name = f"Récolement {house.today.year}"
    yield opened, partial(_begin, house, name, at=opened)
    yield walked, partial(_walk, house, name, 9, at=walked)
    later = walked + timedelta(hours=1)
    yield later, partial(_strange, house, name, at=later)


def _begin(house: House, name: str, *, at: Any) -> None:
    wish = NewStockTake(id=number("take", name), name=name)
    do(stocktakes.begin, wish, by=house.manager(BREBIS), at=at)


def _take(name: str) -> StockTake:
    return session().scalars(select(StockTake).where(StockTake.name == name)).one()


def _walk(house: House, name: str, left: int, *, at: Any) -> None:
    """Two people go through the store, one from each end, and leave so many for later. Their phones send it at once."""
    take = _take(name)
    here = select(Expected.code).where(Expected.take_id == take.id, Expected.here).order_by(Expected.name, Expected.id)
    for n, code in enumerate(session().scalars(here).all()[:-left]):
        me = house.me(OUTREACH, BREBIS) if n % 2 else house.desk(BREBIS)
        seen_at = at - timedelta(seconds=540 - 10 * n)
        wish = SeeThing(id=number("seen", name, code), code=code, occurred_at=seen_at)
        do(stocktakes.see, wish, take, None, by=me, at=at)


def _strange(house: House, name: str, *, at: Any) -> None:
    take, me = _take(name), house.desk(BREBIS)
    free = select(Device.code).where(Device.centre_id == house.centres[MQCV].id, Device.state == "available")
    theirs = session().scalars(free.order_by(Device.id).limit(1)).one()
    out = select(Expected.code).where(Expected.take_id == take.id, Expected.state == "on_loan").order_by(Expected.id)
    seen = [(theirs, "scan"), *((code, "declared") for code in session().scalars(out.limit(2)))]
    for code, how in seen:
        wish = SeeThing(id=number("seen", name, code, how), code=code, how=how)
        do(stocktakes.see, wish, take, None, by=me, at=at)
