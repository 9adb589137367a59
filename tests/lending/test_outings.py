"""What is kept for a workshop or an outing leaves at one press, and its coming back ends what was kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.history import Act
from app.inventory import care, together
from app.inventory.care_forms import Move, MoveMany
from app.inventory.forms import CheckDone, PlaceHold, UndoIt
from app.lending import losses, outings, reservations
from app.lending.booking_forms import CancelReservation, ComeBack, TakeOut, UndoOut
from app.lending.booking_models import Reservation
from tests.asking import person, program
from tests.harness.saying import refused
from tests.lending.test_reservations import lend, reserve, silent
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

LAST = TODAY + timedelta(days=2)
WORKSHOP = {"purpose": "workshop", "title": "Atelier 3D", "from_day": TODAY, "to_day": LAST}


def kept(world: World, *things: Any, **over: Any) -> Reservation:
    return reserve(world, *things, **WORKSHOP | over)


def out(world: World, row: Reservation, *things: Any, **over: Any) -> Reservation:
    return do(outings.take_out, TakeOut(devices=[d.code for d in things], **over), row, by=world.me())


def states(*things: Any) -> list[str]:
    return [fresh(thing).state for thing in things]


def test_all_its_things_leave_in_one_act_and_coming_back_closes_it(app: Flask, inside: World):
    things = [make_device(inside, model="printer"), make_device(inside)]
    row = kept(inside, *things)
    out(inside, row)
    assert states(*things) == ["on_outing"] * 2
    assert [fresh(thing).due_back_on for thing in things] == [LAST] * 2
    assert (fresh(row).closed_at, len(fresh(row).out_lines)) == (None, 2)
    with refused("things_out"):
        out(inside, row)
    with refused("things_out"):
        do(reservations.cancel, CancelReservation(), row, by=inside.me())
    assert silent(app)
    do(outings.come_back, ComeBack(), row, by=inside.me())
    assert (fresh(row).ending, states(*things)) == ("taken", ["to_check"] * 2)
    assert silent(app)
    do(care.check, CheckDone(method="usine"), things[1], by=inside.me())
    lend(inside, make_household(inside).code, things[1], due_on=LAST)
    assert silent(app)


def test_while_it_is_out_nobody_else_is_promised_it(app: Flask, inside: World):
    thing = make_device(inside)
    out(inside, kept(inside, thing))
    with refused("promised", "devices.0"):
        kept(inside, thing, title="Autre")
    assert silent(app)


def test_undone_while_fresh_the_reservation_is_as_it_stood(app: Flask, inside: World):
    things = [make_device(inside), make_device(inside)]
    row = kept(inside, *things)
    out(inside, row)
    do(outings.undo, UndoOut(), row, by=inside.me())
    assert states(*things) == ["available"] * 2
    assert len(fresh(row).kept_lines) == 2
    assert silent(app)
    out(inside, row)
    with refused("too_late_to_undo"):
        do(outings.undo, UndoOut(), row, by=inside.me(), at=NOW + timedelta(hours=3))


def test_a_return_undone_is_out_again(app: Flask, inside: World):
    thing = make_device(inside)
    row = kept(inside, thing)
    out(inside, row)
    do(outings.come_back, ComeBack(), row, by=inside.me(), at=NOW + timedelta(hours=1))
    do(outings.undo_back, UndoOut(), row, by=inside.me(), at=NOW + timedelta(hours=2))
    assert (states(thing), fresh(row).closed_at, len(fresh(row).out_lines)) == (["on_outing"], None, 1)
    assert silent(app)


@pytest.mark.parametrize("what", ["back", "lost", "stolen"])
def test_whichever_way_a_thing_is_out_no_more_its_line_ends_and_undoing_opens_it(app: Flask, inside: World, what: str):
    thing, other = make_device(inside), make_device(inside)
    row = kept(inside, thing, other)
    out(inside, row)
    hour = NOW + timedelta(hours=1)
    do(losses.move, Move(what=what), thing, by=inside.me(), at=hour)
    assert [line.ending for line in fresh(row).lines] == ["taken", None]
    assert silent(app)
    do(losses.undo, UndoIt(), thing, by=inside.me(), at=hour)
    assert (len(fresh(row).out_lines), states(thing)) == (2, ["on_outing"])
    assert silent(app)


def test_the_step_out_undone_on_the_things_own_page_keeps_it_again(app: Flask, inside: World):
    thing = make_device(inside)
    row = kept(inside, thing)
    out(inside, row)
    do(losses.undo, UndoIt(), thing, by=inside.me())
    assert (len(fresh(row).kept_lines), states(thing)) == (1, ["available"])
    assert silent(app)


def test_several_brought_back_together_close_it_too(app: Flask, inside: World):
    things = [make_device(inside), make_device(inside)]
    row = kept(inside, *things)
    out(inside, row)
    wish = MoveMany(what="back", codes=[thing.code for thing in things])
    do(losses.move_all, wish, by=inside.me(), again=together.of_act)
    assert fresh(row).ending == "taken"
    act = together.get(wish.id.hex)
    do(losses.undo_all, UndoIt(), act, by=inside.me(), again=together.of_act)
    assert (fresh(row).closed_at, len(fresh(row).out_lines)) == (None, 2)
    assert silent(app)


def test_a_thing_that_is_not_ready_is_named_with_another(app: Flask, inside: World):
    """Nothing leaves; the others leave without it when one says so."""
    thing, held, free = make_device(inside), make_device(inside, "PC tenu"), make_device(inside, "PC libre")
    row = kept(inside, thing, held)
    do(care.place_hold, PlaceHold(reason="La batterie gonfle."), held, by=inside.me("mia"))
    with refused("not_available", "devices.1") as no:
        out(inside, row)
    assert "PC libre" in str(no.value.fields["devices.1"])
    assert states(thing, free) == ["available"] * 2
    out(inside, row, thing)
    assert states(thing, held) == ["on_outing", "available"]
    with refused("device_unknown", "devices.0"):
        out(inside, row, thing)
    do(outings.come_back, ComeBack(), row, by=inside.me())
    assert fresh(row).closed_at is None, "the other is kept on"
    do(reservations.cancel, CancelReservation(), row, by=inside.me())
    assert silent(app)


def test_what_leaves_days_before_must_be_free_until_then(app: Flask, inside: World):
    thing = make_device(inside)
    days = {"from_day": TODAY + timedelta(days=6), "to_day": TODAY + timedelta(days=7)}
    late = kept(inside, thing, **days)
    soon = kept(inside, thing, to_day=TODAY + timedelta(days=1))
    with refused("promised", "devices.0"):
        out(inside, late)
    do(reservations.cancel, CancelReservation(), soon, by=inside.me())
    out(inside, late)
    do(outings.come_back, ComeBack(), late, by=inside.me())
    assert silent(app)


def test_what_is_still_out_after_its_days_stays_open_until_it_is_back(app: Flask, inside: World):
    from app.db import writing

    row = kept(inside, make_device(inside))
    out(inside, row)
    later = NOW + timedelta(days=5)
    with writing():
        assert reservations.let_pass(day=later.date(), at=later) == 0
    do(outings.come_back, ComeBack(), row, by=inside.me(), at=later)
    assert fresh(row).ending == "taken"
    assert silent(app)


def test_a_households_reservation_and_another_centres_do_not_leave_so(inside: World):
    row = reserve(inside, make_device(inside))
    with refused("for_a_household"):
        out(inside, row)
    other = kept(inside, make_device(inside))
    with refused("not_found"):
        do(outings.take_out, TakeOut(), other, by=inside.me("zoe"))
    with refused("nothing_out"):
        do(outings.come_back, ComeBack(), other, by=inside.me())


def test_a_lent_thing_of_it_is_not_taken_along(inside: World):
    thing = make_device(inside)
    make_loan(inside, thing, due_on=TODAY + timedelta(days=3))
    row = kept(inside, thing, from_day=TODAY + timedelta(days=6), to_day=TODAY + timedelta(days=7))
    with refused("promised", "devices.0"):
        out(inside, row)


def test_the_page_and_programs_do_it_alike(app: Flask, world: World):
    with app.app_context():
        path = f"/reservations/{kept(world, make_device(world), make_device(world)).uuid}"
    ada, desk = program(app, world), person(app, world)
    assert "Sortir pour l’atelier" in desk.get(path).text
    wish = {"id": "0b0e8a52-6b0f-4a8b-8a55-1c4c7e0f6c11"}
    told = ada.post(f"{path}/out", json=wish).json
    assert [(one["out"], one["trouble"]) for one in told["things"]] == [(True, "")] * 2
    assert ada.post(f"{path}/out", json=wish).json == told, "a repeat is harmless"
    assert "Tout est revenu" in desk.get(path).text
    assert ada.post(f"{path}/out", json={}).status_code == 409
    assert ada.post(f"{path}/out/undo", json={}).json["things"][0]["out"] is False
    desk.post(f"{path}/out")
    done = desk.post(f"{path}/back", follow_redirects=True)
    assert "Le matériel est sorti, et tout est revenu" in done.text
    assert ada.get(path).json["ending"] == "taken"


def test_each_act_tells_what_left(inside: World):
    from app.db import session

    thing = make_device(inside)
    row = kept(inside, thing)
    out(inside, row)
    act = session().get(Act, fresh(row).lines[0].out_act_id)
    assert (act.kind, act.told["devices"], act.told["reservation"]) == ("reserve_out", [thing.code], row.uuid.hex)
