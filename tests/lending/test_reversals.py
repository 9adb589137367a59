"""An exchange, a swap and a correction undone while they are fresh: the records are as before, and nothing is lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.cli.verifying import all_faults
from app.db import session, writing
from app.desk import board
from app.errors import NotThere
from app.history import FRESH
from app.inventory import care, custody, movements
from app.inventory.care_forms import Move
from app.inventory.forms import CheckDone
from app.inventory.models import CustodyLink
from app.lending import agreements, corrections, exchanges, loans, returns, reversals, stops, swaps
from app.lending.booking_forms import Reserve
from app.lending.booking_models import Booking
from app.lending.forms import CorrectLoan, Exchange, Extend, Swap, TakeBack, UndoMending, UndoReturn
from app.lending.models import HandOver, Loan, LoanLine, OwedPart
from app.lending.reminder_forms import ResumeReminders, StopReminders
from app.lending.reservations import reserve
from app.privacy import rights
from tests.asking import person, program
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = NOW + timedelta(minutes=10)


def silent(app: Flask) -> bool:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"])) == []


def undo(world: World, wish: Any, kind: str, *, by: str = "ada", at: datetime = SOON, again: Any = None) -> Loan:
    """Undo the act of that wish."""
    me = world.me(by)
    return do(reversals.undo, UndoMending(), reversals.get(str(wish.id), kind, me), by=me, at=at, again=again)


def exchange(world: World, loan: Loan, old: Any, new: Any, **over: Any) -> Exchange:
    wish = Exchange(device=old.code, instead=new.code, **over)
    do(exchanges.exchange, wish, loan, by=world.me())
    return wish


def swap(world: World, one: Any, other: Any) -> tuple[Swap, list[Loan]]:
    wish = Swap(device=one.code, other=other.code)
    return wish, do(swaps.swap, wish, by=world.me())


def correct(world: World, loan: Loan, household: str | None = None, **over: Any) -> tuple[CorrectLoan, Loan]:
    wish = CorrectLoan(household=household, reason="homonyme", **over)
    return wish, do(corrections.correct, wish, loan, by=world.me("mia"))


def out_with(loan: Loan) -> list[str]:
    return [line.device.code for line in fresh(loan).open_lines]


def state(loan: Loan) -> tuple[Any, ...]:
    """What is known of a loan: its days, its ending, its agreement's clock, and of each line its end and booking."""
    loan = fresh(loan)
    kept = agreements.of_loan(loan)
    lines = [(line.device.code, line.due_on, line.ending, *_booked(line.booking_id)) for line in loan.lines]
    return loan.due_on, loan.closed_at, loan.ending, kept.keep_until if kept else None, lines


def _booked(number: int) -> tuple[date, date, bool]:
    row = session().get_one(Booking, number)
    return row.from_day, row.to_day, row.live


# Exchanges


def test_an_exchange_undone_leaves_everything_as_it_was(app: Flask, inside: World):
    old, kept, new = make_device(inside), make_device(inside), make_device(inside)
    loan = make_loan(inside, old, kept)
    before = state(loan)
    wish = exchange(inside, loan, old, new, condition="damaged", missing=["chargeur"])
    assert undo(inside, wish, "exchange").id == loan.id
    *as_before, lines = state(loan)
    assert (*as_before, lines[:2]) == before
    assert lines[2][:3] == (new.code, loan.due_on, "undone")
    assert (fresh(old).state, fresh(new).state) == ("on_loan", "available")
    assert [part.ending for part in session().scalars(select(OwedPart))] == ["undone"]
    assert silent(app)


def test_what_came_out_of_a_bag_lies_in_it_again(app: Flask, inside: World):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    do(movements.move, Move(what="bag"), new, by=inside.me("odile"))
    bag = custody.last_link(fresh(new)).place_id
    undo(inside, exchange(inside, loan, old, new), "exchange")
    assert (fresh(new).state, custody.last_link(new).place_id) == ("with_staff", bag)
    assert silent(app)


def test_what_was_reserved_for_them_and_left_instead_is_kept_for_them_again(app: Flask, inside: World):
    """What the loan itself took up stays taken."""
    old, new, home = make_device(inside), make_device(inside), make_household(inside)
    days = {"from_day": TODAY + 7 * DAY, "to_day": TODAY + 8 * DAY}
    rows = [
        do(reserve, Reserve(household=home.code, devices=[thing.code], **days), by=inside.me()) for thing in (old, new)
    ]
    loan = make_loan(inside, old, household=home)
    undo(inside, exchange(inside, loan, old, new), "exchange")
    assert [fresh(row).ending for row in rows] == ["taken", None]
    assert silent(app)


def test_two_exchanges_of_one_loan_are_undone_one_by_one(app: Flask, inside: World):
    old, other, new, newer = (make_device(inside) for _ in range(4))
    loan = make_loan(inside, old, other)
    first, second = exchange(inside, loan, old, new), exchange(inside, loan, other, newer)
    undo(inside, first, "exchange")
    assert sorted(out_with(loan)) == sorted([old.code, newer.code])
    undo(inside, second, "exchange")
    assert sorted(out_with(loan)) == sorted([old.code, other.code])
    assert silent(app)


def test_what_was_exchanged_on_is_undone_from_its_end(app: Flask, inside: World):
    old, new, newer = (make_device(inside) for _ in range(3))
    loan = make_loan(inside, old)
    first, second = exchange(inside, loan, old, new), exchange(inside, loan, new, newer)
    with refused("too_late_to_undo"):
        undo(inside, first, "exchange")
    undo(inside, second, "exchange")
    with refused("too_late_to_undo"):
        undo(inside, first, "exchange")  # the thing it brought out went back and out again since
    assert out_with(loan) == [new.code]
    assert silent(app)


def test_the_return_of_an_exchange_is_not_undone_alone(app: Flask, inside: World):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    wish = exchange(inside, loan, old, new)
    act = session().get_one(CustodyLink, custody.last_link(fresh(old)).id).act_id
    event = session().scalars(select(HandOver).where(HandOver.act_id == act)).one()
    with refused("part_of_exchange"):
        do(returns.undo, UndoReturn(), event, by=inside.me(), at=SOON)
    undo(inside, wish, "exchange")
    assert out_with(loan) == [old.code]
    assert silent(app)


def test_other_returns_are_undone_as_before(app: Flask, inside: World):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    exchange(inside, loan, old, new)
    event = do(returns.take_back, TakeBack(devices=[{"code": new.code}]), by=inside.me())
    do(returns.undo, UndoReturn(), event, by=inside.me(), at=SOON)
    assert out_with(loan) == [new.code]
    assert silent(app)


def _checked(world: World, loan: Loan, old: Any, new: Any) -> None:
    do(care.check, CheckDone(method="usine"), fresh(old), by=world.me())


def _longer(world: World, loan: Loan, old: Any, new: Any) -> None:
    do(loans.extend, Extend(due_on=loan.due_on + DAY), fresh(loan), by=world.me())


def _returned(world: World, loan: Loan, old: Any, new: Any) -> None:
    do(returns.take_back, TakeBack(devices=[{"code": new.code}]), by=world.me())


@pytest.mark.parametrize("meanwhile", [_checked, _longer, _returned], ids=["checked", "kept longer", "returned"])
def test_an_exchange_after_which_something_happened_is_not_undone(app: Flask, inside: World, meanwhile: Any):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    wish = exchange(inside, loan, old, new)
    meanwhile(inside, loan, old, new)
    assert reversals.offered(fresh(loan), SOON) is None
    with refused("too_late_to_undo"):
        undo(inside, wish, "exchange")
    assert silent(app)


def test_an_exchange_that_was_promised_away_meanwhile_is_not_undone(app: Flask, inside: World):
    old, new = make_device(inside), make_device(inside)
    loan = make_loan(inside, old)
    wish = exchange(inside, loan, old, new)
    days = {"from_day": TODAY + 7 * DAY, "to_day": TODAY + 8 * DAY}
    do(reserve, Reserve(purpose="outing", title="Sortie", devices=[old.code], **days), by=inside.me())
    with refused("promised"):
        undo(inside, wish, "exchange")
    assert silent(app)


# Swaps


def test_a_swap_undone_gives_each_household_its_loan_again(app: Flask, inside: World):
    one, kept, other = make_device(inside), make_device(inside), make_device(inside)
    first, second = make_loan(inside, one, kept), make_loan(inside, other, due_on=TODAY + 20 * DAY)
    before = state(first), state(second)
    wish, made = swap(inside, one, other)
    assert undo(inside, wish, "swap").id == first.id
    assert (state(first), state(second)) == before
    assert {fresh(loan).ending for loan in made} == {"undone"}
    assert all(agreements.of_loan(fresh(loan)).keep_until for loan in made)
    assert {fresh(one).state, fresh(other).state} == {"on_loan"}
    assert silent(app)


def test_after_a_swap_undone_all_goes_its_usual_way(app: Flask, inside: World):
    one, other = make_device(inside), make_device(inside)
    first, _second = make_loan(inside, one), make_loan(inside, other)
    for _turn in range(2):
        undo(inside, swap(inside, one, other)[0], "swap")
    do(loans.extend, Extend(due_on=first.due_on + 7 * DAY), fresh(first), by=inside.me(), at=SOON)
    do(returns.take_back, TakeBack(devices=[{"code": one.code}]), by=inside.me(), at=SOON)
    assert fresh(first).ending == "returned"
    assert silent(app)


def test_a_swap_of_which_one_thing_came_back_is_not_undone(app: Flask, inside: World):
    one, other = make_device(inside), make_device(inside)
    make_loan(inside, one)
    make_loan(inside, other)
    wish, made = swap(inside, one, other)
    do(returns.take_back, TakeBack(devices=[{"code": one.code}]), by=inside.me())
    with refused("too_late_to_undo"):
        undo(inside, wish, "swap")
    assert [reversals.offered(fresh(loan), SOON) for loan in made] == [None, None]
    assert silent(app)


def test_stops_are_as_before_and_one_that_was_said_since_stays(app: Flask, inside: World):
    one, other = make_device(inside), make_device(inside)
    first, second = make_loan(inside, one), make_loan(inside, other)
    do(stops.stop, StopReminders(reason="theft"), first, by=inside.me())
    wish, [mine, theirs] = swap(inside, one, other)
    do(stops.resume, ResumeReminders(), mine, by=inside.me())
    do(stops.stop, StopReminders(reason="hospital"), theirs, by=inside.me())
    undo(inside, wish, "swap")
    assert [stops.running(fresh(loan)).reason for loan in (first, second)] == ["theft", "hospital"]
    assert silent(app)


# Corrections


def test_a_loan_that_was_right_after_all_runs_again(app: Flask, inside: World):
    loan, other = make_loan(inside, make_device(inside), make_device(inside)), make_household(inside)
    do(loans.extend, Extend(due_on=loan.due_on + 7 * DAY, devices=out_with(loan)[:1]), loan, by=inside.me())
    before = state(loan)
    wish, _made = correct(inside, loan, other.code)
    assert undo(inside, wish, "correct", by="mia").id == loan.id
    assert state(loan) == before
    assert {one.ending for one in loans.at_home_with(other)} == {"undone"}
    assert corrections.of_loan(fresh(loan)).reason is None
    assert silent(app)


def test_what_had_left_after_all_is_out_again(app: Flask, inside: World):
    loan = make_loan(inside, thing := make_device(inside))
    before = state(loan)
    wish, _loan = correct(inside, loan)
    undo(inside, wish, "correct", by="mia")
    assert (state(loan), fresh(thing).state) == (before, "on_loan")
    correct(inside, fresh(loan), make_household(inside).code)
    assert fresh(loan).ending == "corrected"
    assert silent(app)


def test_nothing_goes_back_to_people_who_were_forgotten_meanwhile(app: Flask, inside: World):
    loan = make_loan(inside)
    wish, _made = correct(inside, loan, make_household(inside).code)
    do(rights.erase, rights.Erase(), loan.household, by=inside.me("mia"))
    with refused("too_late_to_undo"):
        undo(inside, wish, "correct", by="mia")
    assert silent(app)


# All of them


def done_to(world: World, kind: str) -> tuple[Any, list[Loan]]:
    """An act of that kind that was just done, and the loans whose pages offer to undo it."""
    one, other = make_device(world), make_device(world)
    loan = make_loan(world, one)
    if kind == "exchange":
        return exchange(world, loan, one, other), [loan]
    if kind == "swap":
        second = make_loan(world, other)
        wish, made = swap(world, one, other)
        return wish, [loan, second, *made]
    home = make_household(world).code if kind == "correct" else None
    wish, right = correct(world, loan, home)
    return wish, [loan, right]


DONE = ("exchange", "swap", "correct", "never left")


def kind_of(what: str) -> str:
    return "correct" if what == "never left" else what


@pytest.mark.parametrize("what", DONE)
def test_what_was_put_right_is_undone_while_it_is_fresh_and_by_its_centre(app: Flask, inside: World, what: str):
    kind = kind_of(what)
    wish, offering = done_to(inside, what)
    assert {act.uuid for loan in offering if (act := reversals.offered(fresh(loan), SOON))} == {wish.id}
    assert all(reversals.offered(fresh(loan), SOON) for loan in offering)
    with pytest.raises(NotThere):
        undo(inside, wish, kind, by="zoe")
    with pytest.raises(NotThere):
        undo(inside, wish, "swap" if kind == "exchange" else "exchange")
    late = NOW + FRESH + timedelta(minutes=1)
    assert not any(reversals.offered(fresh(loan), late) for loan in offering)
    with refused("too_late_to_undo"):
        undo(inside, wish, kind, at=late)
    undo(inside, wish, kind)
    assert not any(reversals.offered(fresh(loan), SOON) for loan in offering)
    assert silent(app)


@pytest.mark.parametrize("what", DONE)
def test_what_is_undone_is_undone_once(app: Flask, inside: World, what: str):
    kind = kind_of(what)
    wish, _offering = done_to(inside, what)
    me = inside.me()
    again = UndoMending()
    first = do(reversals.undo, again, reversals.get(str(wish.id), kind, me), by=me, at=SOON)
    second = do(reversals.undo, again, reversals.get(str(wish.id), kind, me), by=me, at=SOON, again=reversals.of_act)
    assert first.id == second.id
    with refused("too_late_to_undo"):
        undo(inside, wish, kind)
    assert silent(app)


@pytest.mark.parametrize("what", DONE)
def test_two_who_undo_it_at_once_undo_it_once(app: Flask, inside: World, what: str):
    wish, _offering = done_to(inside, what)
    me = inside.me()
    act = reversals.get(str(wish.id), kind_of(what), me)
    did = at_once(app, [(_undo_of(wish.id, kind_of(what), me), UndoMending(), me) for _ in range(2)])
    assert act.kind == kind_of(what)
    assert sorted(isinstance(one, Loan) for one in did) == [False, True]
    assert silent(app)


def _undo_of(number: UUID, kind: str, me: Any) -> Any:
    """The rule, with the act looked up on that desk's own connection."""

    def undone(wish: UndoMending, *, by: Any, at: datetime) -> Loan:
        return reversals.undo(reversals.get(str(number), kind, me), wish, by=by, at=at)

    return undone


@pytest.mark.parametrize("what", DONE)
def test_what_was_written_for_another_day_is_undone_too(app: Flask, inside: World, what: str):
    """A phone's clock may run ahead: bookings keep no day backwards."""
    one, other = make_device(inside), make_device(inside)
    loan, second = make_loan(inside, one), make_loan(inside)
    ahead = {"occurred_at": NOW + timedelta(hours=20)}
    me = inside.me("mia")
    if what == "exchange":
        wish: Any = Exchange(device=one.code, instead=other.code, **ahead)
        do(exchanges.exchange, wish, loan, by=me)
    elif what == "swap":
        wish = Swap(device=one.code, other=out_with(second)[0], **ahead)
        do(swaps.swap, wish, by=me)
    else:
        wish, _made = correct(inside, loan, second.household.code if what == "correct" else None, **ahead)
    undo(inside, wish, kind_of(what))
    assert out_with(loan) == [one.code]
    assert silent(app)


@pytest.mark.parametrize("what", ["exchange", "swap", "correct"])
def test_verify_names_what_an_undo_should_have_ended(app: Flask, world: World, what: str):
    with app.app_context():
        wish, _offering = done_to(world, what)
        undo(world, wish, kind_of(what))
        number = session().scalar(select(LoanLine.id).where(LoanLine.ending == "undone").limit(1))
        with writing() as s:
            s.execute(text("UPDATE loan_line SET ending = 'returned' WHERE id = :id"), {"id": number})
        assert any(fault.startswith(f"loan_line {number}:") for fault in all_faults(app.config["SETTINGS"]))


# The routes


@pytest.mark.parametrize("what", ["exchange", "swap", "correct"])
def test_the_note_after_it_offers_to_undo_it_and_the_page_does(app: Flask, world: World, what: str):
    with app.app_context():
        one, other = make_device(world), make_device(world)
        loan, second = make_loan(world, one, at=_now()), make_loan(world, at=_now())
        ways = {
            "exchange": (f"/loans/{loan.uuid}/exchange", {"device": one.code, "instead": other.code}, "/exchanges/"),
            "swap": ("/swap", {"device": one.code, "other": second.lines[0].device.code}, "/swaps/"),
            "correct": (
                f"/loans/{loan.uuid}/correct", {"household": second.household.code, "reason": "x"}, "/corrections/",
            ),
        }  # fmt: skip
        path, body, start = ways[what]
    mia = person(app, world, "mia")
    number = uuid4()
    answer = mia.post(path, form=body | {"id": str(number)})
    shown = mia.get(answer.location).text
    address = f"{start}{number}/undo"
    assert shown.count(address) == 2, "in the green note, and on the page"
    assert mia.get(answer.location).text.count(address) == 1
    undone = mia.post(address, form={"id": str(uuid4())})
    assert undone.status_code == 303
    assert address not in mia.get(undone.location).text
    late = mia.post(address, form={"id": str(uuid4())})
    assert late.status_code == 409
    assert "Trop de choses" in late.text
    with app.app_context():
        assert out_with(loan) == [one.code]


def _now() -> datetime:
    return datetime.now(NOW.tzinfo) - timedelta(minutes=5)


def test_programs_undo_by_the_number_they_gave(app: Flask, world: World):
    with app.app_context():
        one, other = make_device(world), make_device(world)
        loan, number = str(make_loan(world, one, at=_now()).uuid), str(uuid4())
        body = {"device": one.code, "instead": other.code, "id": number}
    ada = program(app, world, "ada")
    assert ada.post(f"/loans/{loan}/exchange", json=body).status_code == 200
    wish = {"id": str(uuid4())}
    for _turn in range(2):
        answer = ada.post(f"/exchanges/{number}/undo", json=wish)
        assert (answer.status_code, answer.json["id"]) == (200, loan)
        assert [line["ending"] for line in answer.json["lines"]] == [None, "undone"]
    answer = ada.post(f"/exchanges/{number}/undo", json={"id": str(uuid4())})
    assert (answer.status_code, answer.json["error"]) == (409, "too_late_to_undo")
    assert ada.post(f"/corrections/{number}/undo", json={}).status_code == 403
    assert ada.post(f"/swaps/{number}/undo", json={}).status_code == 404


def test_the_board_tells_an_exchange_once_and_offers_to_undo_it(inside: World):
    old, new = make_device(inside), make_device(inside)
    wish = exchange(inside, make_loan(inside, old), old, new)
    told = board.last_deeds(inside.me(), SOON)
    assert told[0].undo == ("mending.undo_exchange", {"uuid": wish.id})
    assert [deed.undo[0] for deed in told if deed.undo].count("lending.undo_return") == 0
