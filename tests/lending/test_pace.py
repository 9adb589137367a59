"""What people do all day asks little of the database, and nothing through the unit of work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import history
from app.db import session, writing
from app.inventory import care, custody
from app.inventory.forms import PlaceHold
from app.lending import loans
from app.lending.forms import Lend
from tests.asking import lend_wish, program, questions
from tests.harness.databases import on_postgresql
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, make_device, make_household, make_loan


def test_lending_and_taking_back_ask_the_least(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    with app.app_context():
        things = [make_device(world).code for _ in range(2)]
        household = make_household(world).code
    ada = program(app, world)

    def went(path: str, body: Any) -> int:
        with questions(app, monkeypatch) as (ours, rest):
            assert ada.post(path, json=body).status_code == 201
        assert rest == []
        return len(ours)

    for thing in things:  # the second time nothing is prepared any more
        lent = went("/loans", lend_wish(household, thing))
        back = went("/returns", {"devices": [{"code": thing}]})
    assert lent == 4, "who asks, the household, the things, what is known of them"
    assert back == 5, "who asks, the things, their loans, the lines of those, what else belongs to the kit"


def until_somebody_waits(s: Session) -> None:
    """For a lock that this write holds."""
    until = monotonic() + 10
    while not s.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
        assert monotonic() < until, "nobody waits"
        sleep(0.01)


@on_postgresql
def test_what_was_written_while_a_loan_waited_for_its_thing_is_seen(app: Flask, inside: World):
    """The thing and what is known of it are asked for together; the second question still is a later one."""
    device, household, ada = make_device(inside), make_household(inside), inside.me()
    asked = Lend(household=household.code, devices=[device.code], due_on=TODAY + timedelta(days=9))

    def lend() -> str:
        with app.app_context(), refused("not_available", "devices.0"):
            do(loans.lend, asked, by=ada)
        return "refused"

    with ThreadPoolExecutor(1) as desk:
        with writing() as s:
            care.place_hold(device, PlaceHold(reason="La batterie gonfle."), by=ada, at=NOW)
            lent = desk.submit(lend)
            until_somebody_waits(s)
        assert lent.result(10) == "refused"


@on_postgresql
def test_who_waited_for_a_lock_has_the_later_number(app: Flask, inside: World):
    """Extensions, acts and links are sorted by their numbers: none may be drawn before the thing is locked."""
    device, ada = make_device(inside), inside.me()
    do(care.place_hold, PlaceHold(reason="first"), make_device(inside), by=ada)  # what it draws is known from now on

    def wait() -> None:
        with app.app_context():
            do(care.place_hold, PlaceHold(reason="waited"), device, by=ada)

    with ThreadPoolExecutor(1) as desk:
        with writing() as s:
            custody.locked([device.code])
            waited = desk.submit(wait)
            until_somebody_waits(s)
            care.place_hold(device, PlaceHold(reason="had the lock"), by=ada, at=NOW)
        waited.result(10)
    assert [hold.reason for hold in care.holds_on(device, TODAY)] == ["had the lock", "waited"]


@on_postgresql
def test_who_waited_to_lend_has_the_later_numbers(app: Flask, inside: World):
    """They travel with the question that locks the thing, behind it."""
    make_loan(inside)  # what lending draws is known from now on
    device, household, ada = make_device(inside), make_household(inside), inside.me()
    asked = Lend(household=household.code, devices=[device.code], due_on=TODAY + timedelta(days=9))

    def lend() -> None:
        with app.app_context():
            do(loans.lend, asked, by=ada)

    with ThreadPoolExecutor(1) as desk:
        with writing() as s:
            custody.locked([device.code])
            lent = desk.submit(lend)
            until_somebody_waits(s)
            history.record("hold_place", PlaceHold(reason="had the lock"), by=ada, at=NOW, subject=device.code)
        lent.result(10)
    newest = select(history.Act.kind).order_by(history.Act.id.desc()).limit(2)
    assert session().scalars(newest).all() == ["lend", "hold_place"]
