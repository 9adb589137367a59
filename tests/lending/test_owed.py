"""A part that is missing at a return stays owed until somebody writes down what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.inventory import supplies
from app.inventory.stock_forms import NewSupply, SupplyIn
from app.lending import owed, privacy, returns
from app.lending.forms import EndOwed, OwedList, ReopenOwed, TakeBack, UndoReturn
from app.lending.models import HandOver, Loan, OwedPart
from app.people.models import Household
from app.privacy import rights
from app.privacy.rights import Erase, Merge
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, World, do, fresh, make_device, make_household, make_loan

HOUR = timedelta(hours=1)


def back_without(world: World, *missing: str, household: Household | None = None) -> tuple[Loan, HandOver]:
    loan = make_loan(world, device := make_device(world), household=household or make_household(world))
    wish = TakeBack(devices=[{"code": device.code, "condition": "incomplete", "missing": list(missing)}])
    return loan, do(returns.take_back, wish, by=world.me())


def parts_of(loan: Loan) -> list[OwedPart]:
    return owed.of_loans([loan]).get(loan.id, [])


def end(world: World, part: OwedPart, how: str, **told: object) -> OwedPart:
    return do(owed.end, EndOwed(how=how, **told), part, by=world.me(), at=NOW + HOUR)


def test_each_missing_part_stays_owed_though_the_loan_is_over(inside: World):
    loan, _event = back_without(inside, "chargeur", "housse", "")
    assert [part.name for part in parts_of(loan)] == ["chargeur", "housse"]
    assert fresh(loan).closed_at is not None
    assert loan.lines[0].device.state == "to_check", "the thing itself goes its usual road"


def test_a_whole_return_leaves_nothing_owed(inside: World):
    loan, _event = back_without(inside)
    assert parts_of(loan) == []


def test_what_is_received_is_owed_no_more(inside: World):
    loan, _event = back_without(inside, "chargeur")
    part = end(inside, parts_of(loan)[0], "received")
    assert (part.ending, part.closed_at) == ("received", NOW + HOUR)
    with refused("part_settled"):
        end(inside, part, "received")


def test_one_of_the_supplies_takes_its_place_and_comes_back_when_that_was_a_mistake(inside: World):
    loan, _event = back_without(inside, "chargeur")
    supply = do(supplies.add, NewSupply(name="Chargeur USB-C", kind="accessory"), by=inside.me())
    do(supplies.bring, SupplyIn(quantity=2, cost_cents=3001), supply, by=inside.me())
    part = end(inside, parts_of(loan)[0], "replaced", supply=supply.id)
    stock = supplies.stock_of(supply, inside.me())
    assert (part.ending, stock.on_hand) == ("replaced", 1)
    assert supplies.moves_of(stock)[0].device == part.line.device
    do(owed.reopen, ReopenOwed(), part, by=inside.me(), at=NOW + 2 * HOUR)
    stock = supplies.stock_of(supply, inside.me())
    assert (fresh(part).ending, stock.on_hand, stock.value_cents) == (None, 2, 3001)


def test_nothing_takes_its_place_when_the_shelf_is_empty(inside: World):
    loan, _event = back_without(inside, "chargeur")
    supply = do(supplies.add, NewSupply(name="Chargeur USB-C", kind="accessory"), by=inside.me())
    for number in (supply.id, 10**9):
        with refused("not_enough", "supply"):
            end(inside, parts_of(loan)[0], "replaced", supply=number)
    with refused("invalid", "supply"):
        end(inside, parts_of(loan)[0], "replaced")


def test_letting_go_says_why(inside: World):
    loan, _event = back_without(inside, "chargeur")
    with refused("invalid", "reason"):
        end(inside, parts_of(loan)[0], "let_go")
    assert end(inside, parts_of(loan)[0], "let_go", reason="perdu au déménagement").reason == "perdu au déménagement"


def test_only_a_fresh_mistake_is_taken_back(inside: World):
    loan, _event = back_without(inside, "chargeur")
    [part] = parts_of(loan)
    with refused("too_late_to_undo"):
        do(owed.reopen, ReopenOwed(), part, by=inside.me(), at=NOW)
    end(inside, part, "received")
    with refused("too_late_to_undo"):
        do(owed.reopen, ReopenOwed(), part, by=inside.me(), at=NOW + 4 * HOUR)


def test_a_return_undone_leaves_nothing_owed(inside: World):
    loan, event = back_without(inside, "chargeur")
    [part] = parts_of(loan)
    do(returns.undo, UndoReturn(), event, by=inside.me(), at=NOW + HOUR)
    assert parts_of(loan) == []
    assert fresh(part).ending == "undone"


def test_another_centre_never_sees_what_is_owed(app: Flask, world: World):
    with app.app_context():
        loan, _event = back_without(world, "chargeur")
        number = parts_of(loan)[0].id
    zoe = program(app, world, "zoe")
    assert zoe.get("/owed").json["items"] == []
    assert zoe.get(f"/owed/{number}").status_code == 404
    assert zoe.post(f"/owed/{number}/end", json={"how": "received"}).status_code == 404


def test_programs_are_told_and_may_settle(app: Flask, world: World):
    with app.app_context():
        loan, _event = back_without(world, "chargeur")
        uuid = str(loan.uuid)
    ada = program(app, world, "ada")
    [item] = ada.get("/owed").json["items"]
    assert (item["part"], item["loan"], item["state"]) == ("chargeur", uuid, "open")
    assert ada.get(f"/loans/{uuid}").json["owed"] == ["chargeur"]
    assert [one["id"] for one in ada.get("/loans?state=owed").json["items"]] == [uuid]
    ended = ada.post(f"/owed/{item['id']}/end", json={"how": "let_go", "reason": "cassé"})
    assert (ended.status_code, ended.json["state"], ended.json["reason"]) == (200, "let_go", "cassé")
    assert ada.get("/loans?state=owed").json["items"] == []
    assert [one["part"] for one in ada.get("/owed?state=closed").json["items"]] == ["chargeur"]


def test_the_desk_reads_it_on_the_loan_the_household_and_the_list(app: Flask, world: World):
    with app.app_context():
        home = make_household(world)
        loan, event = back_without(world, "chargeur", household=home)
        pages = [f"/loans/{loan.uuid}", f"/households/{home.code}", "/owed", "/owed/1", f"/returns/{event.uuid}"]
    ada = person(app, world, "ada")
    for page in pages:
        assert "chargeur" in ada.get(page).text, page
    gone = ada.post("/owed/1/end", form={"how": "received"})
    assert gone.status_code == 303


@pytest.mark.parametrize("how", ["received", "let_go", "open", "undone"])
def test_verify_finds_all_of_it_sound(app: Flask, inside: World, how: str):
    loan, event = back_without(inside, "chargeur", "chargeur")
    if how in {"received", "let_go"}:
        part = end(inside, parts_of(loan)[0], how, reason="perdu")
        do(owed.reopen, ReopenOwed(), part, by=inside.me(), at=NOW + HOUR)
        end(inside, part, how, reason="perdu")
    if how == "undone":
        do(returns.undo, UndoReturn(), event, by=inside.me(), at=NOW + HOUR)
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_words_of_why_are_told_and_go_with_the_household(app: Flask, inside: World):
    double, kept = make_household(inside), make_household(inside)
    loan, _event = back_without(inside, "chargeur", household=double)
    end(inside, parts_of(loan)[0], "let_go", reason="perdu au déménagement")
    do(rights.merge, Merge(into=kept.code), double, by=inside.me("mia"))
    [told] = privacy.tell(kept)["loans"][0]["owed"]
    assert (told["part"], told["reason"]) == ("chargeur", "perdu au déménagement")
    do(rights.erase, Erase(), kept, by=inside.me("mia"))
    assert fresh(parts_of(loan)[0]).reason is None
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_of_those_who_were_erased_nothing_is_asked_any_more(inside: World):
    home = make_household(inside)
    back_without(inside, "chargeur", household=home)
    do(rights.erase, Erase(), home, by=inside.me("mia"))
    assert owed.session().scalars(owed.listed(OwedList(), inside.me())).all() == []
