"""Who waits for a thing gets it in turn: kept for a few days, then for the next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from app.cli.verifying import all_faults
from app.db import session, writing
from app.lending import loans, reservations, waiting
from app.lending.booking_forms import CancelReservation, StopWaiting, Wait, WaitFirst, WaitingList
from app.lending.booking_models import Waiting
from app.lending.forms import Lend
from app.privacy import rights
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan


def wait(world: World, name: str = "", *, minutes: int = 0, **over: Any) -> Waiting:
    household = make_household(world, name)
    wish = Wait(household=household.code, model=world.models["tablet"], **over)
    return do(waiting.wait, wish, by=world.me(), at=NOW + timedelta(minutes=minutes))


def offer(days: int = 0) -> int:
    with writing():
        return waiting.offer_free(day=TODAY + timedelta(days=days), at=NOW + timedelta(days=days, hours=1))


def silent(app: Flask) -> bool:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"])) == []


def test_what_is_free_is_kept_for_whoever_waited_longest(app: Flask, inside: World):
    early, late = wait(inside), wait(inside, minutes=5)
    assert offer() == 0
    thing = make_device(inside, model="tablet")
    assert offer() == 1
    assert offer() == 0
    assert fresh(early).reservation.lines[0].device_id == thing.id
    assert fresh(late).reservation is None
    with refused("promised", "devices.0"):
        make_loan(inside, thing)
    assert silent(app)


def test_the_desk_lends_it_to_them_and_they_wait_no_more(app: Flask, inside: World):
    row = wait(inside)
    thing = make_device(inside, model="tablet")
    offer()
    make_loan(inside, thing, household=row.household)
    assert fresh(row).ending == "served"
    assert silent(app)


def test_nobody_came_and_the_next_one_has_it(app: Flask, inside: World):
    first, second = wait(inside), wait(inside, minutes=5)
    make_device(inside, model="tablet")
    offer()
    after = (fresh(first).reservation.to_day - TODAY).days + 1
    with writing():
        reservations.let_pass(day=TODAY + timedelta(days=after), at=NOW + timedelta(days=after))
    assert offer(after) == 1
    assert fresh(first).ending == "missed"
    assert fresh(second).reservation is not None
    assert silent(app)


def test_the_team_may_put_somebody_first_with_a_reason(app: Flask, inside: World):
    first, second = wait(inside), wait(inside, minutes=5)
    do(waiting.first, WaitFirst(reason="un concours dans dix jours"), second, by=inside.me("mia"))
    assert [row.id for row in waiting.in_order(WaitingList(), inside.me())] == [second.id, first.id]
    make_device(inside, model="tablet")
    offer()
    assert fresh(second).reservation is not None
    assert silent(app)


def test_who_stops_waiting_gives_back_what_was_kept(app: Flask, inside: World):
    row = wait(inside)
    thing = make_device(inside, model="tablet")
    offer()
    do(waiting.stop, StopWaiting(), row, by=inside.me())
    assert (fresh(row).ending, fresh(row).reservation.ending) == ("left", "cancelled")
    assert make_loan(inside, thing)
    with refused("not_waiting"):
        do(waiting.stop, StopWaiting(), row, by=inside.me())
    assert silent(app)


def test_what_was_kept_and_is_cancelled_ends_the_wait(app: Flask, inside: World):
    row = wait(inside)
    make_device(inside, model="tablet")
    offer()
    do(reservations.cancel, CancelReservation(), fresh(row).reservation, by=inside.me())
    assert fresh(row).ending == "left"
    assert offer() == 0
    assert silent(app)


def test_who_is_lent_one_on_the_way_waits_no_more(app: Flask, inside: World):
    row = wait(inside)
    thing = make_device(inside, model="tablet")
    wish = Lend(household=row.household.code, devices=[thing.code], due_on=TODAY + timedelta(days=9))
    do(loans.lend, wish, by=inside.me(), at=NOW + timedelta(minutes=9))
    assert offer() == 0
    assert fresh(row).ending == "served"
    assert silent(app)


def test_a_household_waits_once_for_one_thing(inside: World):
    row = wait(inside)
    wish = Wait(household=row.household.code, model=inside.models["tablet"])
    with refused("waits_already"):
        do(waiting.wait, wish, by=inside.me())
    with refused("invalid", "model"):
        do(waiting.wait, wish.model_copy(update={"model": 10**15}), by=inside.me())


def test_a_double_that_waits_for_the_same_gives_up_the_later_place(app: Flask, inside: World):
    early, late = wait(inside), wait(inside, minutes=5)
    do(rights.merge, rights.Merge(into=late.household.code), early.household, by=inside.me("mia"))
    assert fresh(early).closed_at is None
    assert (fresh(early).household_id, fresh(late).ending) == (late.household_id, "left")
    assert silent(app)


def test_another_centre_sees_nobody_who_waits_here(inside: World):
    row = wait(inside)
    assert waiting.in_order(WaitingList(), inside.me("zoe")) == []
    with refused("not_found"):
        do(waiting.stop, StopWaiting(), row, by=inside.me("zoe"))


def test_why_they_came_first_goes_with_them(app: Flask, inside: World):
    row = wait(inside)
    do(waiting.first, WaitFirst(reason="un concours"), row, by=inside.me("mia"))
    with refused("still_promised"):
        do(rights.erase, rights.Erase(), row.household, by=inside.me("mia"))
    do(waiting.stop, StopWaiting(), row, by=inside.me())
    do(rights.erase, rights.Erase(), row.household, by=inside.me("mia"))
    assert fresh(row).first_why is None
    assert silent(app)
