"""A moment that somebody wrote: what an exchange brought out did not come back, nor was it lost, before it left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.db import session
from app.inventory.care_forms import Move
from app.lending import corrections, exchanges, losses, returns, swaps
from app.lending.forms import CorrectLoan, Exchange, LetGoOf, Swap, TakeBack
from app.lending.models import Loan
from app.privacy import splits
from app.privacy.splits import Split
from app.words import spoken
from tests.asking import program
from tests.harness.saying import refused
from tests.make import NOW, World, do, fresh, make_device, make_household, make_loan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EXCHANGED = NOW + 2 * DAY
LATER = EXCHANGED + DAY


def exchanged(world: World) -> tuple[Loan, Any, Any]:
    """A loan of which one thing was exchanged two days later: the loan, what stayed, what left then."""
    old, kept, new = make_device(world), make_device(world), make_device(world)
    loan = make_loan(world, old, kept)
    do(exchanges.exchange, Exchange(device=old.code, instead=new.code), loan, by=world.me(), at=EXCHANGED)
    return loan, kept, new


@pytest.mark.parametrize("when", [EXCHANGED - DAY, EXCHANGED - HOUR], ids=["the day before", "the hour before"])
def test_a_thing_does_not_come_back_before_the_exchange_that_brought_it_out(app: Flask, inside: World, when: datetime):
    loan, kept, new = exchanged(inside)
    back = TakeBack(devices=[{"code": kept.code}, {"code": new.code}], occurred_at=when)
    with refused("before_the_loan", "devices.1") as no:
        do(returns.take_back, back, by=inside.me(), at=LATER)
    assert new.name in spoken(no.value.words)
    do(returns.take_back, TakeBack(devices=[{"code": kept.code}], occurred_at=when), by=inside.me(), at=LATER)
    on_time = TakeBack(devices=[{"code": new.code}], occurred_at=EXCHANGED)
    do(returns.take_back, on_time, by=inside.me(), at=LATER)
    assert fresh(loan).ending == "returned"
    session().rollback()
    assert list(all_faults(app.config["SETTINGS"])) == []


def test_nor_does_anything_else_end_it_before(inside: World):
    loan, _kept, new = exchanged(inside)
    other, home = make_loan(inside), make_household(inside)
    ada, mia, when = inside.me(), inside.me("mia"), {"occurred_at": EXCHANGED - DAY}
    instead = make_device(inside).code
    codes = [line.device.code for line in fresh(loan).open_lines]
    parted = Split(
        sides=[{"name": "A-Test"}, {"name": "B-Test"}], things=[{"code": c, "side": "a"} for c in codes], **when
    )
    swapped = Swap(device=new.code, other=other.lines[0].device.code, **when)
    for fields, rule, wish, *things, me in (
        (["device"], exchanges.exchange, Exchange(device=new.code, instead=instead, **when), loan, ada),
        (["device"], swaps.swap, swapped, ada),
        ([], corrections.correct, CorrectLoan(household=home.code, reason="x", **when), loan, mia),
        ([], losses.move, Move(what="lost", **when), new, mia),
        (["device"], losses.let_go, LetGoOf(device=new.code, why="lost", reason="dans le train", **when), loan, mia),
        (["things"], splits.split, parted, loan.household, mia),
    ):
        with refused("before_the_loan", *fields):
            do(rule, wish, *things, by=me, at=LATER)


def test_the_sentence_stands_beside_the_thing(app: Flask, world: World):
    with app.app_context():
        _loan, kept, new = exchanged(world)
        devices = [{"code": kept.code}, {"code": new.code}]
    wish = {"devices": devices, "occurred_at": (EXCHANGED - DAY).isoformat()}
    answer = program(app, world, "ada").post("/returns", json=wish)
    assert (answer.status_code, answer.json["error"]) == (409, "before_the_loan")
    assert "échange" in answer.json["fields"]["devices.1"]
