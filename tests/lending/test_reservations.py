"""Things kept for days to come: never promised twice, taken up by their loan, free again when nobody comes."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cli.verifying import all_faults
from app.db import session, writing
from app.inventory import care
from app.inventory.care_forms import Move
from app.inventory.forms import CheckDone, PlaceHold
from app.lending import loans, losses, reservations, returns
from app.lending.booking_forms import CancelReservation, ChooseThing, Reserve, RestoreReservation
from app.lending.booking_models import Booking, Reservation, ReservationLine
from app.lending.forms import Extend, Lend, TakeBack, UndoLoan, UndoReturn
from app.people import households
from labels import codes
from tests.asking import person
from tests.harness.databases import Database
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan
from tests.storm import promises

SOON, THEN = TODAY + timedelta(days=7), TODAY + timedelta(days=14)


def reserve(world: World, *things: Any, by: str = "ada", **over: Any) -> Reservation:
    wish = {"household": None, "from_day": SOON, "to_day": THEN, "devices": [d.code for d in things]} | over
    if wish.get("purpose", "household") == "household" and wish["household"] is None:
        wish["household"] = make_household(world, by=by).code
    return do(reservations.reserve, Reserve(**wish), by=world.me(by))


def silent(app: Flask) -> bool:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"])) == []


def lend(world: World, household: str, *things: Any, due_on: date, **over: Any) -> Any:
    wish = Lend(household=household, devices=[d.code for d in things], due_on=due_on, **over)
    return do(loans.lend, wish, by=world.me())


def test_a_reserved_thing_is_kept_from_everybody_else(app: Flask, inside: World):
    thing = make_device(inside)
    reserve(inside, thing)
    other = make_household(inside).code
    with refused("promised", "devices.0"):
        lend(inside, other, thing, due_on=SOON)
    with refused("promised", "devices.0"):
        reserve(inside, thing, from_day=THEN, to_day=THEN + timedelta(days=3))
    assert silent(app)


def test_until_the_day_before_its_wipe_it_is_lent_all_the_same(app: Flask, inside: World):
    thing = make_device(inside)
    reserve(inside, thing)
    last = SOON - timedelta(days=2)  # a day to wipe it lies between
    assert lend(inside, make_household(inside).code, thing, due_on=last).due_on == last
    assert silent(app)


def test_one_day_more_and_it_would_not_be_wiped_in_time(inside: World):
    thing = make_device(inside)
    reserve(inside, thing)
    with refused("promised", "devices.0"):
        lend(inside, make_household(inside).code, thing, due_on=SOON - timedelta(days=1))


def test_the_household_it_is_reserved_for_takes_it_up(app: Flask, inside: World):
    thing = make_device(inside)
    row = reserve(inside, thing)
    loan = lend(inside, row.household.code, thing, due_on=THEN)
    row = fresh(row)
    assert (row.ending, row.lines[0].ending, row.lines[0].loan_id) == ("taken", "taken", loan.id)
    assert silent(app)


def test_a_loan_undone_gives_the_reservation_back(app: Flask, inside: World):
    thing = make_device(inside)
    row = reserve(inside, thing)
    loan = lend(inside, row.household.code, thing, due_on=THEN)
    do(loans.undo, UndoLoan(), loan, by=inside.me())
    assert fresh(row).closed_at is None
    with refused("promised", "devices.0"):
        lend(inside, make_household(inside).code, thing, due_on=THEN)
    assert silent(app)


@pytest.mark.parametrize("named", [False, True], ids=["from its card", "from the later one"])
def test_a_household_that_keeps_a_thing_twice_takes_up_both(app: Flask, inside: World, named: bool):
    """Nobody is told that a thing is promised to themselves."""
    thing = make_device(inside)
    row = reserve(inside, thing)
    later = THEN + timedelta(days=7)
    again = reserve(inside, thing, household=row.household.code, from_day=later, to_day=later + timedelta(days=7))
    loan = lend(
        inside, row.household.code, thing, due_on=later + timedelta(days=1), reservation=again.uuid if named else None
    )
    assert [fresh(one).ending for one in (row, again)] == ["taken", "taken"]
    do(loans.undo, UndoLoan(), loan, by=inside.me())
    assert [fresh(one).ending for one in (row, again)] == [None, None]
    assert silent(app)


def test_any_thing_of_the_model_takes_up_what_was_promised_by_model(app: Flask, inside: World):
    things = [make_device(inside, model="tablet") for _ in range(2)]
    row = reserve(inside, models=[{"model": inside.models["tablet"], "count": 1}])
    [line] = row.lines
    other = next(thing for thing in things if thing.id != line.device_id)
    lend(inside, row.household.code, other, due_on=THEN, reservation=row.uuid)
    assert fresh(row).ending == "taken"
    assert lend(inside, make_household(inside).code, fresh(line).device, due_on=THEN)
    assert silent(app)


def test_an_extension_into_promised_days_is_refused(inside: World):
    thing = make_device(inside)
    loan = make_loan(inside, thing, due_on=SOON - timedelta(days=3))
    reserve(inside, thing)
    with refused("promised"):
        do(loans.extend, Extend(due_on=SOON), loan, by=inside.me())


def test_a_thing_that_comes_back_early_is_free_from_that_day(app: Flask, inside: World):
    thing = make_device(inside)
    make_loan(inside, thing, due_on=THEN)
    with refused("promised", "devices.0"):
        reserve(inside, thing)
    do(returns.take_back, TakeBack(devices=[{"code": thing.code}]), by=inside.me())
    reserve(inside, thing)
    assert silent(app)


def test_a_return_is_not_undone_once_the_thing_is_promised(inside: World):
    thing = make_device(inside)
    make_loan(inside, thing, due_on=THEN)
    back = do(returns.take_back, TakeBack(devices=[{"code": thing.code}]), by=inside.me())
    reserve(inside, thing)
    with refused("promised"):
        do(returns.undo, UndoReturn(), back, by=inside.me())


def test_being_late_breaks_no_promise_but_is_told(app: Flask, inside: World):
    thing = make_device(inside)
    make_loan(inside, thing, due_on=TODAY + timedelta(days=2))
    row = reserve(inside, thing)
    assert reservations.troubles(row, TODAY + timedelta(days=2)) == {}
    late = TODAY + timedelta(days=5)
    assert reservations.troubles(row, late) == {row.lines[0].id: "late"}
    assert silent(app)


def test_another_thing_is_chosen_for_one_that_is_not_there(app: Flask, inside: World):
    thing, other = make_device(inside), make_device(inside)
    row = reserve(inside, thing)
    wish = ChooseThing(instead_of=thing.code, device=other.code)
    do(reservations.choose, wish, row, by=inside.me())
    assert [line.device_id for line in fresh(row).lines] == [other.id]
    lend(inside, make_household(inside).code, thing, due_on=THEN)
    assert silent(app)


def test_so_many_of_a_model_are_so_many_things(app: Flask, inside: World):
    for _ in range(3):
        make_device(inside, model="tablet")
    row = reserve(inside, models=[{"model": inside.models["tablet"], "count": 2}])
    assert len({line.device_id for line in row.lines}) == 2
    with refused("not_free", "models.0.count"):
        reserve(inside, models=[{"model": inside.models["tablet"], "count": 2}])
    reserve(inside, models=[{"model": inside.models["tablet"], "count": 1}])
    assert silent(app)


def test_promises_of_a_model_are_dealt_anew_when_that_makes_room(app: Flask, inside: World):
    """Two things; days 1-3 on one and 5-9 on the other: 1-9 fits only when one thing takes both."""
    for _ in range(2):
        make_device(inside, model="tablet")
    wish = {"models": [{"model": inside.models["tablet"], "count": 1}]}
    day = [SOON + timedelta(days=n) for n in range(30)]
    first = reserve(inside, from_day=day[0], to_day=day[1], **wish)
    whole = reserve(inside, from_day=day[0], to_day=day[1], **wish)
    second = reserve(inside, from_day=day[7], to_day=day[9], **wish)
    with writing():
        used = {line.device_id for row in (first, whole, second) for line in row.lines}
    assert len(used) == 2
    do(reservations.cancel, CancelReservation(), whole, by=inside.me())
    _apart(inside, first, second)
    long = reserve(inside, from_day=day[0], to_day=day[9], **wish)
    [one], [two], [three] = (fresh(row).lines for row in (first, second, long))
    assert one.device_id == two.device_id != three.device_id
    assert silent(app)


def _apart(world: World, first: Reservation, second: Reservation) -> None:
    """Put the two on two things, as chance may have dealt them."""
    if first.lines[0].device_id == second.lines[0].device_id:
        other = next(
            d
            for d in session().scalars(select(type(first.lines[0].device)))
            if d.id != first.lines[0].device_id and d.model_id == world.models["tablet"]
        )
        wish = ChooseThing(instead_of=second.lines[0].device.code, device=other.code)
        do(reservations.choose, wish, second, by=world.me())


def test_a_kit_is_reserved_thing_by_thing(app: Flask, inside: World):
    from app.inventory import kits
    from app.inventory.stock_forms import KitThingIn, NewKit

    kit = do(kits.add, NewKit(name="Mallette"), by=inside.me())
    things = [make_device(inside) for _ in range(2)]
    for thing in things:
        do(kits.put_in, KitThingIn(thing=thing.code), kit, by=inside.me())
    row = reserve(inside, kit)
    assert {line.device_id for line in row.lines} == {thing.id for thing in things}
    assert silent(app)


def test_what_is_cancelled_is_free_and_can_be_kept_again(app: Flask, inside: World):
    thing = make_device(inside)
    row = reserve(inside, thing)
    do(reservations.cancel, CancelReservation(), row, by=inside.me())
    other = reserve(inside, thing)
    with refused("promised"):
        do(reservations.restore, RestoreReservation(), row, by=inside.me())
    do(reservations.cancel, CancelReservation(), other, by=inside.me())
    do(reservations.restore, RestoreReservation(), row, by=inside.me())
    assert fresh(row).closed_at is None
    assert silent(app)


def test_nobody_comes_and_the_thing_is_free_again(app: Flask, inside: World):
    thing = make_device(inside)
    row = reserve(inside, thing)
    day = THEN + timedelta(days=1)
    with writing():
        assert reservations.let_pass(day=THEN, at=NOW + timedelta(days=14)) == 0
        assert reservations.let_pass(day=day, at=NOW + timedelta(days=15)) == 1
    assert (fresh(row).ending, fresh(row).lines[0].ending) == ("missed", "missed")
    assert silent(app)


def test_a_workshop_needs_a_title_and_no_household(app: Flask, inside: World):
    thing = make_device(inside, model="printer")
    with refused("invalid", "title"):
        reserve(inside, thing, purpose="workshop")
    row = reserve(inside, thing, purpose="workshop", title="Atelier 3D")
    assert (row.household, row.title) == (None, "Atelier 3D")
    assert silent(app)


@pytest.mark.parametrize(
    ("over", "code", "field"),
    [
        ({"from_day": TODAY - timedelta(days=1)}, "due_in_past", "from_day"),
        ({"to_day": SOON - timedelta(days=1)}, "days_reversed", "to_day"),
        ({"from_day": date(2026, 12, 6), "to_day": date(2026, 12, 9)}, "closed_that_day", "from_day"),
        ({"household": codes.make("F", 7)}, "household_unknown", "household"),
        ({"models": [{"model": 10**15, "count": 1}]}, "invalid", "models.0.model"),
    ],
    ids=["past", "reversed", "a Sunday", "nobody", "no model"],
)
def test_what_cannot_be_reserved_is_refused_beside_its_field(inside: World, over: Any, code: str, field: str):
    thing = make_device(inside)
    with refused(code, field):
        reserve(inside, thing, **over)


def test_what_is_lost_held_or_elsewhere_is_not_promised(inside: World):
    lost, held, theirs = make_device(inside), make_device(inside), make_device(inside, by="zoe")
    do(losses.move, Move(what="lost"), lost, by=inside.me())
    do(care.place_hold, PlaceHold(reason="batterie"), held, by=inside.me("mia"))
    for thing, code in ((lost, "not_available"), (held, "not_available"), (theirs, "not_here")):
        with refused(code, "devices.0"):
            reserve(inside, thing)
    with refused("invalid", "devices"):
        reserve(inside)


def test_another_centres_reservation_is_not_there(inside: World):
    row = reserve(inside, make_device(inside))
    with refused("not_found"):
        do(reservations.cancel, CancelReservation(), row, by=inside.me("zoe"))


def test_whom_a_thing_is_kept_for_is_named_where_it_stands_in_the_way(app: Flask, world: World):
    """On the page that lends it, reserves it again or retires it; never to another centre."""
    with app.app_context():
        thing = make_device(world)
        row = reserve(world, thing, household=make_household(world, "Foyer Promis-Test").code)
        other, code, link = make_household(world).code, thing.code, f"/reservations/{row.uuid}"
    ada, zoe = person(app, world), person(app, world, "zoe")
    for path in (
        f"/lend?device={code}&household={other}",
        f"/reservations/new?device={code}",
        f"/devices/{code}/move?what=retire",
    ):
        assert link in ada.get(path).text, path
        assert link not in zoe.get(path).text, path
        assert "Foyer Promis-Test" not in zoe.get(path).text, path


def test_a_merged_household_keeps_what_was_promised_to_its_double(app: Flask, inside: World):
    from app.privacy import rights

    row = reserve(inside, make_device(inside))
    kept = make_household(inside)
    do(rights.merge, rights.Merge(into=kept.code), row.household, by=inside.me("mia"))
    assert fresh(row).household_id == kept.id
    assert silent(app)


def test_nobody_is_forgotten_while_something_is_kept_for_them(inside: World):
    from app.privacy import rights

    row = reserve(inside, make_device(inside))
    with refused("still_promised"):
        do(rights.erase, rights.Erase(), row.household, by=inside.me("mia"))
    do(reservations.cancel, CancelReservation(), row, by=inside.me())
    household = households.get(row.household.code, inside.me())
    do(rights.erase, rights.Erase(), household, by=inside.me("mia"))


@pytest.mark.storm
@pytest.mark.slow("sixteen processes start, and reserve and cancel at random")
def test_sixteen_desks_promise_no_thing_twice(app: Flask, world: World, database: Database):
    """Nine tablets, wished by two and three at once on overlapping days."""
    with app.app_context():
        for _ in range(9):
            make_device(world, model="tablet")
        household, me, model = make_household(world).code, world.me(), world.models["tablet"]
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.storm.promises"])
    rest = (database.url, str(database.instance), me, household, model, SOON)
    desks = [processes.Process(target=promises.work, args=(n, *rest)) for n in range(16)]
    for one in desks:
        one.start()
    for one in desks:
        one.join(100)
    assert [one.exitcode for one in desks] == [0] * 16
    said = Counter(line for n in range(16) for line in (database.instance / f"said-{n}").read_text().split())
    assert said["kept"] > 20, said
    assert said["not_free"] > 20, said
    assert set(said) <= {"kept", "cancelled", "not_free", "changed_meanwhile", "reservation_closed"}, said
    assert said["changed_meanwhile"] < said["kept"], said
    with app.app_context():
        assert session().scalar(select(func.count()).select_from(ReservationLine)) > 40
        a, b = Booking.__table__.alias(), Booking.__table__.alias()
        overlap = (a.c.from_day < b.c.to_day) & (b.c.from_day < a.c.to_day) & (a.c.device_id == b.c.device_id)
        twice = select(a.c.id).where(a.c.id < b.c.id, a.c.live, b.c.live, overlap)
        assert session().execute(twice).all() == []
        assert silent(app)


def test_a_checked_thing_is_reserved_for_the_same_day(app: Flask, inside: World):
    thing = make_device(inside)
    make_loan(inside, thing)
    do(returns.take_back, TakeBack(devices=[{"code": thing.code}]), by=inside.me())
    wish = {"models": [{"model": inside.models["laptop"], "count": 1}], "from_day": TODAY, "to_day": TODAY}
    with refused("not_free", "models.0.count"):
        reserve(inside, **wish)
    do(care.check, CheckDone(method="usine"), thing, by=inside.me())
    assert reserve(inside, **wish).lines[0].device_id == thing.id
    assert silent(app)
