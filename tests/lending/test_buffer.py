"""How many days a centre keeps to wipe and check a thing: settled by the manager, carried by each booking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.db import session, writing
from app.lending import bookings, corrections, due_days, exchanges, loans, policy, reservations
from app.lending.booking_forms import ChooseThing
from app.lending.booking_models import Booking
from app.lending.forms import CorrectLoan, Exchange, Extend
from app.people.models import Centre
from tests.asking import person, program
from tests.harness.saying import refused
from tests.lending.test_longer import settle
from tests.lending.test_reservations import SOON, THEN, lend, reserve, silent
from tests.make import TODAY, World, do, fresh, make_device, make_household, make_loan

DAY = timedelta(days=1)


def booked(thing: Any) -> list[tuple[Any, Any, int]]:
    session().rollback()
    rows = session().scalars(select(Booking).where(Booking.device_id == thing.id, Booking.live).order_by(Booking.id))
    return [(row.from_day, row.to_day, row.buffer_days) for row in rows]


@pytest.mark.parametrize("days", [0, 1, 14])
def test_as_many_days_as_the_centre_settled_lie_between_two_households(app: Flask, inside: World, days: int):
    settle(inside, buffer_days=days)
    thing = make_device(inside)
    reserve(inside, thing, from_day=TODAY + timedelta(days=30), to_day=TODAY + timedelta(days=40))
    last = TODAY + timedelta(days=30 - 1 - days)
    with refused("promised", "devices.0"):
        lend(inside, make_household(inside).code, thing, due_on=last + DAY)
    assert lend(inside, make_household(inside).code, thing, due_on=last).due_on == last
    assert silent(app)


def test_what_is_kept_already_keeps_the_days_of_then(app: Flask, inside: World):
    thing, other = make_device(inside), make_device(inside)
    row = reserve(inside, thing)
    loan = make_loan(inside, other, due_on=SOON)
    settle(inside, buffer_days=5)
    assert booked(thing) == [(SOON, THEN + 2 * DAY, 1)]
    do(loans.extend, Extend(due_on=THEN), loan, by=inside.me())
    assert booked(other) == [(TODAY, THEN + 2 * DAY, 1)]
    instead = make_device(inside)
    do(reservations.choose, ChooseThing(instead_of=thing.code, device=instead.code), row, by=inside.me())
    assert booked(instead) == [(SOON, THEN + 2 * DAY, 1)]
    assert booked(make_loan(inside, thing, due_on=SOON).lines[0].device) == [(TODAY, SOON + 6 * DAY, 5)]
    assert silent(app)


def test_a_reserved_thing_that_is_lent_takes_the_days_of_now(app: Flask, inside: World):
    thing = make_device(inside)
    row = reserve(inside, thing)
    settle(inside, buffer_days=3)
    lend(inside, row.household.code, thing, due_on=THEN)
    assert booked(thing) == [(TODAY, THEN + 4 * DAY, 3)]
    assert fresh(row).ending == "taken"
    assert silent(app)


def test_an_exchanged_thing_takes_the_days_of_now_and_a_corrected_loan_those_of_then(app: Flask, inside: World):
    thing, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, thing, due_on=SOON)
    settle(inside, buffer_days=3)
    right = make_household(inside)
    wish = CorrectLoan(household=right.code, reason="Le mauvais foyer.")
    loan = do(corrections.correct, wish, loan, by=inside.me("mia"))
    assert booked(thing) == [(TODAY, SOON + 2 * DAY, 1)]
    do(exchanges.exchange, Exchange(device=thing.code, instead=new.code), fresh(loan), by=inside.me())
    assert booked(new) == [(TODAY, SOON + 4 * DAY, 3)]
    assert silent(app)


def test_the_days_offered_leave_room_to_wipe(inside: World):
    settle(inside, buffer_days=4)
    thing = make_device(inside)
    reserve(inside, thing, from_day=TODAY + timedelta(days=20), to_day=TODAY + timedelta(days=30))
    days, wanted = due_days.offered(session().get(Centre, inside.centres["brebis"]), [thing], [], TODAY)
    assert (days[-1], wanted) == (TODAY + timedelta(days=15), TODAY + timedelta(days=20))


def test_a_refusal_says_until_when_it_is_possible(inside: World):
    settle(inside, buffer_days=3)
    thing = make_device(inside)
    reserve(inside, thing, from_day=TODAY + timedelta(days=20), to_day=TODAY + timedelta(days=30))
    with refused("promised", "devices.0") as no:
        lend(inside, make_household(inside).code, thing, due_on=TODAY + timedelta(days=18))
    assert "10 décembre" in str(no.value.words), "three whole days before the 14th"
    with refused("promised", "devices.0") as no:
        days = {"from_day": TODAY + timedelta(days=32), "to_day": TODAY + timedelta(days=40)}
        reserve(inside, thing, purpose="workshop", title="Atelier", **days)
    assert "27 décembre" in str(no.value.words), "the 24th, and three days to wipe it"


def test_the_database_itself_keeps_the_days_to_wipe(inside: World):
    """Whoever writes past the rules does not get between them either, on both engines."""
    settle(inside, buffer_days=6)
    thing = make_device(inside)
    make_loan(inside, thing, due_on=SOON)
    with pytest.raises(DatabaseError), writing():
        bookings.take(thing, SOON + 6 * DAY, THEN, 0)
    with writing() as s:
        bookings.take(thing, SOON + 7 * DAY, THEN, 0)
        s.rollback()
    with pytest.raises(DatabaseError), writing():
        session().execute(text("UPDATE booking SET buffer_days = 15"))


@pytest.mark.parametrize("days", [-1, 15, "x", 10**30])
def test_more_than_two_weeks_is_not_settled(app: Flask, world: World, days: Any):
    mia = program(app, world, "mia")
    wish = {"at_once": 3, "extensions": 1, "longest_months": 6, "buffer_days": days}
    answer = mia.post("/centre/lending", json=wish)
    assert (answer.status_code, "buffer_days" in answer.json["fields"]) == (422, True)


def test_the_page_settles_it_and_the_calendar_says_it(app: Flask, world: World):
    mia = program(app, world, "mia")
    wish = {"at_once": 3, "extensions": 1, "longest_months": 6, "buffer_days": 3}
    assert mia.post("/centre/lending", json=wish).json["buffer_days"] == 3
    with app.app_context():
        thing = make_device(world)
        row = reserve(world, thing)
        uuid, model = row.uuid, thing.model_id
        assert policy.of(world.centres["brebis"]).buffer_days == 3
    day = SOON.isoformat()
    kept = mia.get(f"/calendar?model={model}&day={day}").json["kept"]
    assert [(one["buffer_days"], one["last_day"]) for one in kept] == [(3, (THEN + 3 * DAY).isoformat())]
    ada = person(app, world)
    assert "3 jours" in ada.get(f"/calendar?model={model}&day={day}").text
    assert "3 jours" in ada.get(f"/reservations/{uuid}").text
    assert "3 jours" in ada.get("/reservations/new").text
