"""A row in every table of what moves stock: deliveries, kits, supplies, SIM cards, stock-takes."""

from __future__ import annotations

from app.inventory import arrivals, kits, preparing, sims, stocktakes, supplies
from app.inventory.models import Device
from app.inventory.stock_forms import (
    ChangeSim,
    CloseDelivery,
    CloseStockTake,
    KitThingIn,
    KitThingOut,
    NewDelivery,
    NewKit,
    NewSim,
    NewStockTake,
    NewSupply,
    ReceiveDevice,
    SeeThing,
    SupplyIn,
    SupplyMinimum,
    SupplyOut,
    TickStep,
)
from tests.make import TODAY, World, do

ICCIDS = ("8933010000000000002", "8933010000000000010")


def fill(world: World) -> None:
    """Two of each, one of them at its end."""
    things = [thing for turn in range(2) for thing in _delivery(world, turn)]
    _kits(world, things)
    for turn in range(2):
        _supply(world, turn, things[0])
        _take(world, turn, things)


def _delivery(world: World, turn: int) -> list[Device]:
    me, line = world.me(), {"model": world.models["laptop"], "count": 2, "serials": f"S{turn}A S{turn}B"}
    wish = NewDelivery(supplier="UGAP", order_number=f"C{turn}", due_on=TODAY, lines=[line])
    delivery = do(arrivals.expect, wish, by=me)
    things = [do(arrivals.receive, ReceiveDevice(serial_number=f"S{turn}{n}"), delivery, by=me).device for n in "AX"]
    for thing in things:
        do(preparing.tick, TickStep(step="install"), thing, by=me)
    if turn:
        do(arrivals.close, CloseDelivery(), delivery, by=me)
    return things


def _kits(world: World, things: list[Device]) -> None:
    for name in ("Mallette A", "Mallette B"):
        kit = do(kits.add, NewKit(name=name), by=world.me())
        for thing in things[:2]:
            do(kits.put_in, KitThingIn(thing=thing.code), kit, by=world.me())
        do(kits.take_out, KitThingOut(thing=things[0].code), kit, by=world.me())
        do(kits.take_out, KitThingOut(thing=things[1].code), kit, by=world.me())


def _supply(world: World, turn: int, thing: Device) -> None:
    me = world.me()
    supply = do(supplies.add, NewSupply(name=f"Bobine {turn}", unit="g", minimum=5), by=me)
    do(supplies.bring, SupplyIn(quantity=10, cost_cents=1000), supply, by=me)
    do(supplies.use, SupplyOut(quantity=3, thing=thing.code), supply, by=me)
    do(supplies.set_minimum, SupplyMinimum(minimum=20), supply, by=me)
    card = do(sims.add, NewSim(iccid=ICCIDS[turn], operator="Orange", plan_ends_on=TODAY, thing=thing.code), by=me)
    if turn:
        do(sims.edit, ChangeSim(operator="SFR", plan_ends_on=TODAY, thing=thing.code, ended=True), card, by=me)


def _take(world: World, turn: int, things: list[Device]) -> None:
    me, take = world.me(), do(stocktakes.begin, NewStockTake(name=f"Récolement {turn}"), by=world.me())
    for thing in things[:2]:
        do(stocktakes.see, SeeThing(code=thing.code), take, None, by=me)
    if turn:
        do(stocktakes.close, CloseStockTake(), take, by=me)
