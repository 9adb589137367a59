"""A form signed on a doorstep is typed in with its loan: both are written, on the true day, or neither is."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.db import session
from app.inventory import care
from app.inventory.forms import CheckDone
from app.inventory.models import Device
from app.lending import loans, paper_forms, returns, signatures, typed_in, unsigned
from app.lending.forms import TakeBack, UndoLoan
from app.lending.models import Loan
from app.lending.signature_forms import PrintForms, SpoilForm
from app.lending.signature_models import PaperForm
from app.lending.typed_in import TypedIn
from app.people.models import Household
from app.times import noon_of, today
from tests.asking import Asker, person, program
from tests.harness.saying import refused
from tests.lending.signing import photo
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

SIGNED = TODAY - timedelta(days=3)


@pytest.fixture
def printed(inside: World) -> World:
    do(paper_forms.print_ahead, PrintForms(count=5), by=inside.me())
    return inside


def form(world: World, *things: Device, **over: Any) -> TypedIn:
    facts: dict[str, Any] = {"number": 1, "signed_on": SIGNED, "due_on": TODAY + timedelta(days=90)}
    facts |= {"name": "Odile Test", "known": "team", "copy_given": "paper"}
    facts["devices"] = [thing.code for thing in things or (make_device(world),)]
    if "household" not in over and "new_name" not in over:
        facts["household"] = make_household(world).code
    return TypedIn(**(facts | over))


def typed(world: World, wish: TypedIn, at: Any = NOW) -> Loan:
    return do(typed_in.type_in, wish, photo(), by=world.me(), at=at, again=typed_in.of_act)


def nothing_was_written(number: int = 1) -> bool:
    session().rollback()
    used = session().scalar(select(PaperForm.used_act_id).where(PaperForm.number == number))
    return used is None and not session().scalar(select(func.count()).select_from(Loan))


def test_the_loan_runs_from_noon_of_the_day_on_the_form_and_is_signed(printed: World):
    first, second = make_device(printed), make_device(printed)
    loan = typed(printed, form(printed, first, second, number=4))
    [signature] = signatures.under(signatures.of_loan(loan))
    assert (loan.lent_at, signature.at, signature.paper.form.number) == (noon_of(SIGNED), noon_of(SIGNED), 4)
    assert [line.device.state for line in loan.lines] == ["on_loan", "on_loan"]
    assert not unsigned.signing_of(loan).waits


def test_a_form_signed_this_morning_does_not_run_from_later_on(printed: World):
    assert typed(printed, form(printed, signed_on=TODAY)).lent_at == NOW


def test_a_household_nobody_wrote_down_yet_comes_with_the_form(printed: World):
    loan = typed(printed, form(printed, new_name="Neuve-Test", new_contact="06 39 98 01 77"))
    assert loan.household.name == "Neuve-Test"


def test_the_form_names_one_household(printed: World):
    with refused("invalid", "household"):
        typed(printed, form(printed, household=None))
    with refused("invalid", "new_name"):
        typed(printed, form(printed, household=make_household(printed).code, new_name="Autre-Test"))
    assert nothing_was_written()


@pytest.mark.parametrize(("number", "code"), [(2, "form_used"), (77, "form_unknown")])
def test_a_number_that_cannot_be_used_writes_no_loan_and_no_household(printed: World, number: int, code: str):
    do(paper_forms.spoil, SpoilForm(number=2, reason="torn"), by=printed.me())
    with refused(code, "number"):
        typed(printed, form(printed, number=number, new_name="Neuve-Test"))
    assert nothing_was_written()
    assert not session().scalar(select(func.count()).select_from(Household))


def test_a_number_makes_one_loan(printed: World):
    typed(printed, form(printed))
    with refused("form_used", "number"):
        typed(printed, form(printed))


def test_a_thing_that_is_out_uses_no_number(printed: World):
    make_loan(printed, out := make_device(printed))
    with refused("already_on_loan", "devices.1"):
        typed(printed, form(printed, make_device(printed), out))
    assert session().scalar(select(PaperForm.used_act_id).where(PaperForm.number == 1)) is None


def test_nobody_signed_tomorrow_nor_until_the_day_before(printed: World):
    with refused("not_yet", "signed_on"):
        typed(printed, form(printed, signed_on=TODAY + timedelta(days=1)))
    with refused("due_in_past", "due_on"):
        typed(printed, form(printed, due_on=SIGNED))
    assert nothing_was_written()


def test_a_thing_did_not_leave_before_it_came_back(printed: World):
    make_loan(printed, thing := make_device(printed), at=NOW - timedelta(days=9))
    do(returns.take_back, TakeBack(devices=[{"code": thing.code}]), by=printed.me(), at=NOW - timedelta(days=2))
    do(care.check, CheckDone(method="usine"), thing, by=printed.me(), at=NOW - timedelta(days=2))
    with refused("not_free_then", "signed_on"):
        typed(printed, form(printed, thing))
    assert typed(printed, form(printed, thing, signed_on=TODAY - timedelta(days=2))).closed_at is None


def test_a_loan_whose_day_is_over_is_late_from_the_start(printed: World):
    assert typed(printed, form(printed, due_on=TODAY - timedelta(days=1))).is_late(TODAY)


def test_the_same_press_twice_is_one_loan(printed: World):
    wish = form(printed, new_name="Neuve-Test")
    assert typed(printed, wish).id == typed(printed, wish).id
    assert session().scalar(select(func.count()).select_from(Household)) == 1
    with refused("id_reused"):
        typed(printed, wish.model_copy(update={"name": "Autre"}))


def test_what_was_just_typed_wrongly_is_undone_and_typed_in_again(printed: World):
    """The sheet is on the table still: its number is not lost."""
    loan = typed(printed, form(printed, thing := make_device(printed)))
    do(loans.undo, UndoLoan(), loan, by=printed.me())
    assert fresh(thing).state == "available"
    again = typed(printed, form(printed, thing))
    assert [row.paper.form.number for row in signatures.under(signatures.of_loan(again))] == [1]
    with refused("form_used", "number"):
        typed(printed, form(printed))


def test_a_number_that_came_back_may_be_spoilt_too(printed: World):
    do(loans.undo, UndoLoan(), typed(printed, form(printed)), by=printed.me())
    do(paper_forms.spoil, SpoilForm(number=1, reason="mistake"), by=printed.me())
    with refused("form_used", "number"):
        typed(printed, form(printed))


def _png() -> tuple[BytesIO, str]:
    picture = BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    picture.seek(0)
    return picture, "x.png"


def _fields(thing: str, household: str, **over: str) -> dict[str, Any]:
    facts = {"number": "2", "signed_on": str(today() - timedelta(days=1)), "due_on": str(today() + timedelta(days=20))}
    facts |= {"name": "Odile", "capacity": "borrower", "known": "team", "copy_given": "none", "household": household}
    return facts | {"devices": thing} | over


def test_the_desk_types_it_in_on_one_page(app: Flask, world: World):
    with app.app_context():
        do(paper_forms.print_ahead, PrintForms(count=3), by=world.me())
        thing = make_device(world, serial_number="PFSERIE9").code
        home = make_household(world, "Odile Marchand-Test").code
    ada = person(app, world)
    assert 'value="2"' in ada.get("/sheets/loan?number=2").text
    _looks(ada, thing, home)
    fields = _fields(thing, home)
    assert ada.post("/sheets/loan", form=fields).status_code == 422
    answer = ada.post("/sheets/loan", form=fields | {"photo": _png()})
    assert (answer.status_code, answer.headers["Location"][:7]) == (303, "/loans/")
    page = ada.get("/sheets").text
    assert "Odile Marchand-Test" in page
    assert "Le numéro 1 n’est pas revenu" in page
    states = {one["number"]: (one["state"], one["behind"]) for one in program(app, world).get("/sheets").json["items"]}
    assert states == {1: ("blank", True), 2: ("used", False), 3: ("blank", False)}
    assert person(app, world, "zoe").get(answer.headers["Location"]).status_code == 404


def _looks(ada: Asker, thing: str, home: str) -> None:
    """Things by any number, a household by name or card, all without a script; nothing is kept."""
    found = ada.post("/sheets/loan/look", form={"devices": "PFSERIE9", "household": "marchand", "due_on": "2020-01-01"})
    assert found.status_code == 200
    for part in (f'value="{thing}" checked', f'value="{home}" checked', "est déjà passé"):
        assert part in found.text, part
    found = ada.post("/sheets/loan/look", form={"devices": home})
    assert 'value="Odile Marchand-Test"' in found.text
    assert ada.post("/sheets/loan/look", form={"devices": "rien de tel"}).status_code == 422


def test_a_program_does_the_same(app: Flask, world: World):
    with app.app_context():
        do(paper_forms.print_ahead, PrintForms(count=3), by=world.me())
        thing, home = make_device(world).code, make_household(world).code
    ada = program(app, world)
    fields = _fields(thing, home, id=str(uuid4()))
    answer = ada.post("/sheets/loan", form=fields | {"photo": _png()})
    assert (answer.status_code, answer.json["devices"], answer.json["lent_at"][:10]) == (
        201,
        [thing],
        fields["signed_on"],
    )
    assert ada.get(answer.headers["Location"]).json["id"] == answer.json["id"]
    assert ada.post("/sheets/loan", form=fields | {"photo": _png()}).status_code == 200
    other = ada.post("/sheets/loan", form=_fields(thing, home) | {"photo": _png()})
    assert (other.status_code, other.json["error"]) == (409, "already_on_loan")
    assert ada.post("/sheets/loan", json=_fields(thing, home)).status_code == 422
