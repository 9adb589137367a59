"""A cheque held for a loan: off unless the centre asks, never forgotten, never more of a bank than four figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from pydantic import ValidationError

from app.cli.verifying import all_faults
from app.errors import NotThere
from app.inventory.models import Device
from app.lending import deposits, privacy, returns
from app.lending.deposits import EndDeposit, HoldDeposit
from app.lending.forms import TakeBack
from app.lending.models import Loan
from app.privacy import rights
from app.privacy.rights import Erase
from app.times import now
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import TODAY, World, do, fresh, make_device, make_household, make_loan

CHEQUE = {"amount_cents": "50", "last_four": "0042", "dated_on": TODAY, "kept_where": "le coffre"}


def sound(app: Flask) -> None:
    assert list(all_faults(app.config["SETTINGS"])) == []


def hold(world: World, loan: Loan, **over: object) -> deposits.Deposit:
    return do(deposits.hold, HoldDeposit(**CHEQUE | over), loan, by=world.me())


def back(world: World, device: Device) -> None:
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=world.me())


def test_a_cheque_is_held_once_and_goes_again(app: Flask, inside: World):
    loan = make_loan(inside)
    row = hold(inside, loan)
    assert (row.amount_cents, deposits.good_until(row)) == (5000, date(2027, 11, 24))
    with refused("deposit_held"):
        hold(inside, loan)
    sound(app)
    do(deposits.end, EndDeposit(how="returned"), loan, row.id, by=inside.me())
    assert fresh(row).ending == "returned"
    with refused("deposit_ended"):
        do(deposits.end, EndDeposit(how="destroyed"), loan, row.id, by=inside.me())
    sound(app)


@pytest.mark.parametrize("figures", ["00042", "12a4", "FR7630004000"])
def test_four_figures_of_the_cheque_are_the_most(figures: str):
    with pytest.raises(ValidationError):
        HoldDeposit(**CHEQUE | {"last_four": figures})


def test_a_cheque_bears_no_day_that_lies_ahead(inside: World):
    with refused("invalid", "dated_on"):
        hold(inside, make_loan(inside), dated_on=TODAY + timedelta(days=1))


def test_a_cheque_is_not_forgotten_when_the_loan_ends_or_its_year_does(inside: World):
    loan = make_loan(inside, device := make_device(inside))
    row = hold(inside, loan)
    assert deposits.to_see_to(inside.me(), TODAY) == []
    assert deposits.to_see_to(inside.me(), date(2027, 10, 23)) == []
    assert deposits.to_see_to(inside.me(), date(2027, 10, 24)) == [row], "a month before its year is over"
    assert deposits.to_see_to(inside.me("zoe"), date(2027, 10, 24)) == []
    back(inside, device)
    assert deposits.to_see_to(inside.me(), TODAY) == [row]


def test_what_stands_on_it_is_told_and_goes_with_the_household(app: Flask, inside: World):
    home = make_household(inside)
    row = hold(inside, make_loan(inside, device := make_device(inside), household=home))
    assert privacy.tell(home)["loans"][0]["deposits"][0]["last_four"] == "0042"
    back(inside, device)
    do(rights.erase, Erase(), home, by=inside.me("mia"))
    assert (fresh(row).last_four, row.kept_where, row.amount_cents) == (None, None, 5000)
    sound(app)


def test_another_centre_holds_and_gives_back_nothing_of_ours(inside: World):
    loan = make_loan(inside)
    row = hold(inside, loan)
    with pytest.raises(NotThere):
        do(deposits.end, EndDeposit(how="returned"), loan, row.id, by=inside.me("zoe"))
    with pytest.raises(NotThere):
        do(deposits.end, EndDeposit(how="returned"), make_loan(inside), row.id, by=inside.me())


def test_the_page_and_programs_hold_and_give_back(app: Flask, world: World):
    with app.app_context():
        at = f"/loans/{make_loan(world, at=now()).uuid}"
    ada, desk = program(app, world, "ada"), person(app, world, "ada")
    assert "0042" not in desk.get(at).text
    row = ada.post(f"{at}/deposits", json=CHEQUE | {"amount_cents": 5000, "dated_on": TODAY.isoformat()}).json
    assert (row["state"], row["amount_cents"]) == ("held", 5000)
    assert "0042" in desk.get(at).text
    assert desk.post(f"{at}/deposits/{row['id']}/end", form={"how": "returned"}).status_code == 303
