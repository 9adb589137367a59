"""A row in every table of bookings: reserved and taken, cancelled, waited for and kept, put first, given up, undone."""

from __future__ import annotations

from datetime import timedelta

from app.db import writing
from app.lending import corrections, exchanges, reservations, reversals, swaps, waiting
from app.lending.booking_forms import CancelReservation, ChooseThing, Reserve, StopWaiting, Wait, WaitFirst
from app.lending.forms import CorrectLoan, Exchange, Swap, UndoMending
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
    _mended(world)
    _undone(world)


def _waits(world: World) -> None:
    me, model = world.me(), world.models["tablet"]
    rows = [do(waiting.wait, Wait(household=make_household(world).code, model=model), by=me) for _n in range(3)]
    do(waiting.first, WaitFirst(reason="concours"), rows[2], by=world.me("mia"))
    do(waiting.stop, StopWaiting(), rows[0], by=me)
    make_device(world, model="tablet")
    with writing():
        waiting.offer_free(day=TODAY, at=NOW)


def _mended(world: World) -> None:
    """An exchange, two things swapped, a loan to the wrong people, and one of what never left."""
    me, mia = world.me(), world.me("mia")
    one, other, new = (make_device(world) for _n in range(3))
    loan = make_loan(world, one)
    make_loan(world, other)
    do(swaps.swap, Swap(device=one.code, other=other.code), by=me)
    wrong, never = make_loan(world), make_loan(world)
    do(corrections.correct, CorrectLoan(household=make_household(world).code, reason="homonyme"), wrong, by=mia)
    do(corrections.correct, CorrectLoan(reason="jamais parti"), never, by=mia)
    last = make_loan(world, old := make_device(world), household=loan.household)
    do(exchanges.exchange, Exchange(device=old.code, instead=new.code, missing=["chargeur"]), last, by=me)


def _undone(world: World) -> None:
    """An exchange, a swap and a correction that were mistakes."""
    mia = world.me("mia")
    one, other, new = (make_device(world) for _n in range(3))
    loan = make_loan(world, one)
    make_loan(world, other)
    exchange, swap = Exchange(device=one.code, instead=new.code), Swap(device=one.code, other=other.code)
    correction = CorrectLoan(household=make_household(world).code, reason="homonyme")
    for kind, rule, wish, *things in (
        ("exchange", exchanges.exchange, exchange, loan),
        ("swap", swaps.swap, swap),
        ("correct", corrections.correct, correction, loan),
    ):
        do(rule, wish, *things, by=mia)
        do(reversals.undo, UndoMending(), reversals.get(str(wish.id), kind, mia), by=mia)
