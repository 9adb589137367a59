"""What an operation paid for stays until its clock ends; lending is never kept from; the coordinator decides else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app import files
from app.db import session
from app.finance import allocations, durability, receipts
from app.finance.allocation_models import Allocation
from app.finance.models import Operation
from app.finance.receipts import Receive
from app.finance.spending_forms import TakeBackAllocation, Withdraw
from app.inventory import attachments, care, outside
from app.inventory.care_forms import Move
from app.inventory.catalogue_forms import AddFile, LetFileGo
from app.inventory.models import DISPOSAL, PAPERS, Device, Hold
from app.inventory.movements import move
from app.inventory.printed import Photo
from tests.asking import person, program
from tests.finance import money as made
from tests.finance.money import says_no
from tests.make import AUDITED, NOW, TODAY, World, do, fresh, make_device, make_loan

SELL = {"what": "sell", "reason": "Trop vieux", "document": "Facture 7", "unwiped": "écran mort"}


def _paid(world: World) -> tuple[Operation, Device]:
    """A laptop that the operation paid, and the holds that follow from it."""
    row, device = made.operation(world), make_device(world)
    bill = made.invoice(world, made.LAPTOP | {"line": "L3.1"}, operation=AUDITED)
    made.tie(world, bill, device.code)
    durability.follow_all(at=NOW)
    return row, device


def _until(device: Device, kind: str = DISPOSAL) -> list[date | None]:
    query = select(Hold.until).where(Hold.device_id == device.id, Hold.kind == kind, Hold.lifted_at.is_(None))
    return list(session().scalars(query))


def _final(world: World, row: Operation, day: str = "2022-09-30") -> int:
    wish = Receive(kind="final", funder="UE_FEDER", cents=100, received_on=day)
    number: int = do(receipts.receive, wish, row, by=world.me("finn")).id
    durability.follow_all(at=NOW)
    return number


def test_its_end_is_unknown_until_the_final_payment_came_and_again_when_that_was_a_mistake(inside: World):
    row, device = _paid(inside)
    assert _until(device) == [None]
    number = _final(inside, row)
    assert _until(device) == [date(2027, 9, 30)]
    do(receipts.take_back, Withdraw(), row, number, by=inside.me("finn"))
    durability.follow_all(at=NOW)
    assert _until(device) == [None]


def test_what_no_operation_pays_any_more_is_let_go(inside: World):
    _row, device = _paid(inside)
    one = session().scalars(select(Allocation)).one()
    do(allocations.take_back, TakeBackAllocation(), one.line.expense, one.id, by=inside.me("finn"))
    durability.follow_all(at=NOW)
    assert (_until(device), _until(device, PAPERS)) == ([], [])


def test_nothing_is_written_when_nothing_changed(inside: World):
    _paid(inside)
    before = session().scalars(select(Hold.id)).all()
    assert durability.follow_all(at=NOW) == 0
    assert session().scalars(select(Hold.id)).all() == before


@pytest.mark.parametrize("what", ["give", "sell", "scrap"])
def test_only_the_coordinator_lets_it_go_for_good(inside: World, what: str):
    row, device = _paid(inside)
    _final(inside, row, TODAY.isoformat())
    wish = Move(**SELL | {"what": what})
    with says_no("coordinator_needed") as no:
        do(move, wish, device, by=inside.me("mia"))
    assert AUDITED in str(no.value.words)
    assert do(move, Move(**SELL | {"what": what}), device, by=inside.me("coco")).state == "gone"


def test_a_partner_may_have_it_for_a_while_for_it_stays_ours(inside: World):
    _row, device = _paid(inside)
    wish = Move(what="partner", partner="École Jaurès", due_on=TODAY + timedelta(days=30))
    assert do(move, wish, device, by=inside.me("mia")).state == "with_partner"


def test_when_its_time_is_over_the_manager_decides_alone(inside: World):
    row, device = _paid(inside)
    _final(inside, row, (TODAY - timedelta(days=5 * 366)).isoformat())
    assert outside.kept(device, TODAY) == []
    assert do(move, Move(**SELL), device, by=inside.me("mia")).state == "gone"


def test_it_is_lent_as_before_and_shows_no_hold_to_the_desk(inside: World):
    _row, device = _paid(inside)
    assert care.holds_on(device, TODAY) == []
    assert care.held_among([device], TODAY) == set()
    assert make_loan(inside, fresh(device)).lines[0].device_id == device.id


def test_a_document_taken_off_the_card_keeps_its_bytes_as_long_as_the_operation_asks(inside: World):
    row, device = _paid(inside)
    photo = Photo(
        "x", files.write(current_app.config["SETTINGS"].instance, b"x", kind="thing", media_type="image/jpeg", at=NOW)
    )
    one = do(attachments.add, AddFile(), device, photo, by=inside.me())
    do(attachments.let_go, LetFileGo(), device, one.id, by=inside.me())
    assert (fresh(one).file.keep_until, row.accounts_on) == (None, None)


def test_the_sheet_of_a_thing_tells_every_clock_with_its_rule_and_the_unknown_ones_as_such(app: Flask, world: World):
    with app.app_context():
        _row, device = _paid(world)
        make_loan(world, fresh(device))
    told = program(app, world, "finn").get(f"/finance/assets/{device.code}").json["clocks"]
    assert {one["kind"]: one["until"] for one in told} == {
        "durability": None,
        "documents": None,
        "accounting": "2030-12-31",  # of an invoice of 2020
        "warranty": None,
        "agreements": None,
    }
    assert all(one["rule"] and one["keeps"] for one in told)
    assert person(app, world, "finn").get(f"/finance/assets/{device.code}").text.count("inconnu, à saisir") == 3


def test_the_page_says_before_the_form_that_a_thing_must_be_kept(app: Flask, world: World):
    with app.app_context():
        _row, device = _paid(world)
    shown = person(app, world, "mia").get(f"/devices/{device.code}/move?what=sell").text
    assert "Demandez-lui d’abord" in shown
    assert AUDITED in shown
    assert AUDITED not in person(app, world, "mia").get(f"/devices/{device.code}/move?what=repair").text
