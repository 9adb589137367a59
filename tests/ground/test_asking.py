"""Questions put to the driver itself: their values go and come as through SQLAlchemy, and `stand` makes the same rows."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import bindparam, literal, select, text
from sqlalchemy.exc import DBAPIError

from app.db import ask, ask_one, put, session, stand, whole, writing
from app.inventory.models import Device, DeviceModel
from app.lending.models import Loan
from app.people.models import Household, HouseholdIdentity, Organisation
from tests.make import NOW, World, make_device, make_household, make_loan

_LOANS = select(Loan.uuid, Loan.lent_at, Loan.due_on, Loan.closed_at).where(
    Loan.uuid == bindparam("uuid"), Loan.lent_at == bindparam("at"), Loan.due_on == bindparam("due")
)
_TWO = select(Organisation.id).where(Organisation.name.in_(("MQCV", "ACSM")))
_NAMED = select(Organisation.name).where(Organisation.name.in_(bindparam("names", expanding=True)))
_FIRST = select(Organisation.id).order_by(Organisation.id).limit(bindparam("most"))
_FIXED = select(Organisation.id, literal("x").label("mark")).where(Organisation.name == "ACSM").limit(1)
_PARTS = select(DeviceModel.parts).join(Device, Device.model_id == DeviceModel.id).where(Device.id == bindparam("id"))
_THING = select(*whole(Device)).where(Device.id == bindparam("id"))
_KNOWN = (
    select(*whole(Household), *whole(HouseholdIdentity, "who_"))
    .join(HouseholdIdentity)
    .where(Household.id == bindparam("id"))
)


def test_numbers_days_and_moments_go_out_and_come_back_as_they_are(inside: World):
    loan = make_loan(inside)
    (row,) = ask(_LOANS, uuid=loan.uuid, at=loan.lent_at, due=loan.due_on)
    assert tuple(row) == (loan.uuid, loan.lent_at, loan.due_on, None)
    assert (row.lent_at.tzinfo, type(row.due_on)) == (NOW.tzinfo, date)


def test_what_a_column_tells_in_a_form_of_its_own_is_read_so(inside: World):
    device = make_device(inside)
    assert ask_one(_PARTS, id=device.id).parts == device.model.parts
    assert isinstance(device.model.parts, list)


@pytest.mark.parametrize("many", [0, 1, 2, 3])
def test_a_list_of_any_length_is_looked_for(inside: World, many: int):
    known = session().scalars(select(Organisation.name).order_by(Organisation.id)).all()
    assert {row.name for row in ask(_NAMED, names=list(known[:many]))} == set(known[:many])


def test_values_written_into_the_question_stay_in_it(inside: World):
    acsm, mqcv = inside.organisations["acsm"], inside.organisations["mqcv"]
    assert [tuple(row) for row in ask(_FIXED)] == [(acsm, "x")]
    assert len(ask(_FIRST, most=2)) == 2
    assert {row.id for row in ask(_TWO)} == {acsm, mqcv}


def test_nobody_found_is_no_row(inside: World):
    assert ask(_THING, id=0) == []
    assert ask_one(_THING, id=0) is None


def test_what_was_put_in_the_same_write_is_seen(inside: World):
    with writing():
        put(Organisation(name="Autre-Test", short_name="A"))
        assert [row.name for row in ask(_NAMED, names=["Autre-Test"])] == ["Autre-Test"]


def test_a_trouble_of_the_database_is_told_as_sqlalchemy_tells_it(inside: World):
    with pytest.raises(DBAPIError):
        ask(_FIRST, most="many")


def test_a_row_that_stands_is_the_row_the_session_would_have_loaded(inside: World):
    number = make_device(inside).id
    session().expunge_all()
    device = stand(Device, ask_one(_THING, id=number))
    assert session().get(Device, number) is device
    kept = {attribute.key: getattr(device, attribute.key) for attribute in Device.__mapper__.column_attrs}
    assert device not in session().dirty
    session().expunge_all()
    loaded = session().get_one(Device, number)
    assert {key: getattr(loaded, key) for key in kept} == kept


def test_a_row_that_stood_already_is_brought_up_to_what_was_read(inside: World):
    device = make_device(inside)
    with writing() as s:
        s.execute(text(f"UPDATE device SET note = 'neu' WHERE id = {device.id}"))
    assert stand(Device, ask_one(_THING, id=device.id)) is device
    assert device.note == "neu"


def test_what_was_changed_in_the_session_is_seen_and_kept(inside: World):
    device = make_device(inside)
    with writing():
        device.note = "neu"
        assert ask_one(_THING, id=device.id).note == "neu"
        device.note = "neuer"
        assert stand(Device, ask_one(_THING, id=device.id)).note == "neuer"
    assert session().scalar(select(Device.note).where(Device.id == device.id)) == "neuer"


def test_two_rows_asked_for_at_once_are_kept_apart(inside: World):
    family = make_household(inside, "Berger Éric")
    row = ask_one(_KNOWN, id=family.id)
    session().expunge_all()
    household, who = stand(Household, row), stand(HouseholdIdentity, row, "who_")
    assert (household.code, who.household_id, who.name) == (family.code, family.id, "Berger Éric")


def test_what_stands_around_a_row_is_looked_at_anew_with_it(inside: World):
    device = make_device(inside)
    assert device.centre.id == inside.centres["brebis"]
    with suppress(ZeroDivisionError), writing() as s:
        s.execute(text(f"UPDATE device SET centre_id = {inside.centres['mqcv']} WHERE id = {device.id}"))
        assert stand(Device, ask_one(_THING, id=device.id)).centre.id == inside.centres["mqcv"]
        raise ZeroDivisionError  # it did not move
