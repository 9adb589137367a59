"""The database is the last guard: what must never happen is refused there, whatever program asks."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import is_postgresql, session, writing
from app.inventory import care
from app.inventory.forms import CheckDone
from app.lending import loans, returns
from app.lending.forms import Extend, TakeBack
from tests.make import NOW, TODAY, World, do, make_device, make_household, make_loan

WRITTEN_ONCE = ("act", "act_link", "seal", "custody_link", "device_check", "hand_over", "hand_over_item", "extension")
A_COLUMN = {
    "act_link": "hash",
    "seal": "kind",
    "hand_over": "way",
    "hand_over_item": "condition",
    "extension": "to_day",
}


@pytest.fixture
def house(inside: World) -> World:
    """A row in every table that is written once."""
    loan = make_loan(inside, make_device(inside))
    do(loans.extend, Extend(due_on=TODAY.replace(year=2027)), loan, by=inside.me(), at=NOW)
    make_loan(inside, device := make_device(inside))
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=inside.me())
    do(care.check, CheckDone(method="remise à zéro"), device, by=inside.me())
    return inside


def refused(statement: str, **values: object) -> None:
    with pytest.raises(DBAPIError), writing() as s:
        s.execute(text(statement), values)


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_what_is_written_once_is_never_changed(house: World, table: str):
    column = A_COLUMN.get(table, "kind" if table in {"act", "device_check"} else "why")
    refused(f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_what_is_written_once_is_never_removed(house: World, table: str):
    refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_what_is_written_once_is_not_replaced_either(house: World, table: str):
    if is_postgresql():
        refused(f"TRUNCATE {table} CASCADE")
    else:
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_custody_has_no_gaps(house: World):
    copied = "device_id, number + 2, state, place, place_id, centre_id, act_id, at, by, why, due_back_on, undoes"
    names = copied.replace("number + 2", "number")
    refused(f"INSERT INTO custody_link ({names}) SELECT {copied} FROM custody_link ORDER BY id DESC LIMIT 1")


def test_two_clerks_collide_on_the_number_of_a_link(house: World):
    names = "device_id, number, state, place, place_id, centre_id, act_id, at, by, why, due_back_on, undoes"
    refused(f"INSERT INTO custody_link ({names}) SELECT {names} FROM custody_link ORDER BY id DESC LIMIT 1")


def test_the_chain_has_no_gaps(house: World):
    refused("INSERT INTO act_link (number, act_id, hash, mac) SELECT max(number) + 2, 1, 'x', 'x' FROM act_link")


def test_a_thing_has_at_most_one_open_loan(house: World):
    names = "centre_id, loan_id, device_id, link_id, due_on"
    refused(f"INSERT INTO loan_line ({names}) SELECT {names} FROM loan_line WHERE closed_at IS NULL")


def test_a_loan_is_to_a_household_of_its_own_centre(house: World):
    theirs = make_household(house, by="zoe")
    refused("UPDATE loan SET household_id = :other", other=theirs.id)


def test_a_line_belongs_to_a_loan_of_its_own_centre(house: World):
    refused("UPDATE loan_line SET centre_id = :other", other=house.centres["mqcv"])


def test_a_name_stays_in_the_centre_of_its_household(house: World):
    refused("UPDATE household_identity SET centre_id = :other", other=house.centres["mqcv"])


def test_a_label_is_tied_once(house: World):
    one, two = make_device(house), make_device(house)
    refused("UPDATE given_code SET device_id = :two WHERE device_id = :one", one=one.id, two=two.id)


def test_a_serial_is_unique_for_its_maker(house: World):
    one, two = make_device(house), make_device(house)
    refused("UPDATE device SET serial_key = :key WHERE id = :two", key=one.serial_key, two=two.id)


def test_a_thing_without_a_serial_has_a_reason(house: World):
    refused("UPDATE device SET serial_key = NULL")


def test_a_role_is_held_somewhere(house: World):
    refused("UPDATE role SET centre_id = NULL, organisation_id = NULL WHERE kind = 'front_desk'")


def test_a_state_nobody_knows_is_refused(house: World, app: Flask):
    refused("UPDATE device SET state = 'somewhere'")
    session().rollback()
