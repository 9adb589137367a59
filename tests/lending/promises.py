"""A row in every table of bookings: reserved and taken, cancelled, waited for and kept, put first, given up."""

from __future__ import annotations

from datetime import timedelta

from app.db import writing
from app.lending import reservations, waiting
from app.lending.booking_forms import CancelReservation, ChooseThing, Reserve, StopWaiting, Wait, WaitFirst
from tests.make import NOW, TODAY, World, do, make_device, make_household, make_loan


def fill(world: World) -> None:
    me, home = world.me(), make_household(world)
    taken, kept, other, free = (make_device(world) for _n in range(4))
    days = {"from_day": TODAY + timedelta(days=7), "to_day": TODAY + timedelta(days=9)}
    workshop = Reserve(purpose="workshop", title="Atelier", devices=[kept.code], **days)
    row = do(reservations.reserve, workshop, by=me)
    do(reservations.reserve, Reserve(household=home.code, devices=[taken.code], **days), by=me)
    make_loan(world, taken, household=home)
    do(reservations.choose, ChooseThing(instead_of=kept.code, device=other.code), row, by=me)
    gone = do(reservations.reserve, Reserve(household=home.code, devices=[free.code], **days), by=me)
    do(reservations.cancel, CancelReservation(), gone, by=me)
    _waits(world)


def _waits(world: World) -> None:
    me, model = world.me(), world.models["tablet"]
    rows = [do(waiting.wait, Wait(household=make_household(world).code, model=model), by=me) for _n in range(3)]
    do(waiting.first, WaitFirst(reason="concours"), rows[2], by=world.me("mia"))
    do(waiting.stop, StopWaiting(), rows[0], by=me)
    make_device(world, model="tablet")
    with writing():
        waiting.offer_free(day=TODAY, at=NOW)
