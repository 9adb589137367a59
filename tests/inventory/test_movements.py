"""Custody other than loans: each movement leads where it says, to those who may, and can be undone while fresh."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.cli.verifying import all_faults
from app.db import session
from app.history import Act
from app.inventory import care, custody, moved, movements, outside, places, transfers
from app.inventory.care_forms import Move, TransferList
from app.inventory.forms import CheckDone, PlaceHold, UndoIt
from app.inventory.models import Device
from app.inventory.moved import Movement, Partner
from app.inventory.states import NEXT
from app.lending import losses, returns
from app.lending.forms import TakeBack
from app.lending.models import Loan
from app.people.models import Centre
from tests.asking import person, program
from tests.harness.saying import refused
from tests.make import NOW, TODAY, World, do, fresh, make_device, make_household, make_loan

SOON = TODAY + timedelta(days=7)
HOUR = timedelta(hours=1)
PAPERS = {"reason": "écran cassé", "document": "BSD-2026-12"}
GOES: dict[str, dict[str, Any]] = {
    "bag": {}, "outing": {"due_on": SOON}, "partner": {"partner": "Mairie de Mazingarbe", "due_on": SOON},
    "repair": {"supplier": "Répar’Info", "reason": "charnière"}, "lost": {}, "stolen": {},
    "retire": {"reason": "trop lent"}, "scrap": PAPERS, "give": PAPERS, "sell": PAPERS,
}  # fmt: skip


def move(world: World, device: Device, what: str, *, by: str = "mia", at: Any = NOW, **facts: Any) -> Device:
    if what == "send":
        facts.setdefault("centre", session().get_one(Centre, world.centres["mqcv"]).code)
    return do(losses.move, Move(what=what, **(GOES.get(what, {}) | facts)), device, by=world.me(by), at=at)


def undo(world: World, device: Device, *, by: str = "mia", at: Any = NOW) -> Device:
    return do(losses.undo, UndoIt(), device, by=world.me(by), at=at)


def used(world: World) -> Device:
    """A laptop that was lent and came back: somebody's data may be on it."""
    make_loan(world, device := make_device(world))
    do(returns.take_back, TakeBack(devices=[{"code": device.code}]), by=world.me())
    return device


def faults(app: Flask) -> list[str]:
    session().rollback()
    return list(all_faults(app.config["SETTINGS"]))


@pytest.mark.parametrize("what", [*GOES, "send"])
def test_a_movement_leads_where_it_says_and_a_fresh_mistake_is_undone(inside: World, app: Flask, what: str):
    device = make_device(inside)
    move(inside, device, what)
    assert device.state == moved.LEADS_TO[what]
    assert device.due_back_on == (SOON if what in {"outing", "partner"} else None)
    undo(inside, device, at=NOW + HOUR)
    assert (device.state, device.due_back_on, device.link_number) == ("available", None, 3)
    assert faults(app) == []


@pytest.mark.parametrize(
    ("what", "back", "state"),
    [
        ("bag", "back", "available"),
        ("outing", "back", "to_check"),
        ("partner", "back", "to_check"),
        ("repair", "back", "to_check"),
        ("lost", "found", "to_check"),
        ("stolen", "found", "to_check"),
        ("retire", "restore", "to_check"),
        ("send", "call_back", "to_check"),
    ],
)
def test_what_went_comes_back(inside: World, app: Flask, what: str, back: str, state: str):
    device = make_device(inside)
    move(inside, device, what)
    move(inside, device, back, at=NOW + HOUR)
    assert (device.state, device.centre_id, device.due_back_on) == (state, inside.centres["brebis"], None)
    assert faults(app) == []


def test_a_mistake_is_not_undone_after_two_hours_nor_twice(inside: World):
    device = make_device(inside)
    move(inside, device, "bag")
    with refused("too_late_to_undo"):
        undo(inside, device, at=NOW + 3 * HOUR)
    undo(inside, device, at=NOW + HOUR)
    with refused("too_late_to_undo"):
        undo(inside, device, at=NOW + HOUR)


def test_every_choice_offered_is_a_step_that_exists():
    for state, offered in movements.CHOICES.items():
        for what in offered:
            ends = {"accept": {"accept", "accept_ready"}, "back": {movements.BACK.get(state, "")}}.get(what, {what})
            assert {moved.LEADS_TO[why] for why in ends} <= NEXT.get(state, frozenset()), (state, what)


@pytest.mark.parametrize("what", ["back", "accept", "call_back", "found", "restore"])
def test_what_did_not_leave_does_not_come_back(inside: World, what: str):
    device = make_device(inside)
    with refused("not_available"):
        move(inside, device, what)
    assert fresh(device).state == "available"


def test_a_bag_is_somebodys_and_the_page_says_whose(inside: World):
    device, other = make_device(inside), make_device(inside)
    move(inside, device, "bag", by="ada", person=inside.people["odile"])
    move(inside, other, "bag", by="odile")
    found = places.of([device, other])
    assert {found[d.id].name for d in (device, other)} == {"Odile"}
    with refused("invalid", "person"):
        move(inside, make_device(inside), "bag", person=10**9)


def test_a_thing_is_lent_out_of_a_bag_and_back_in_it_when_that_was_a_mistake(inside: World, app: Flask):
    from app.lending import loans
    from app.lending.forms import UndoLoan

    device = make_device(inside)
    move(inside, device, "bag", by="odile")
    loan = make_loan(inside, device, by="odile")
    assert device.state == "on_loan"
    do(loans.undo, UndoLoan(), loan, by=inside.me("odile"))
    assert fresh(device).state == "with_staff"
    assert places.of([device])[device.id].name == "Odile"
    assert faults(app) == []


def test_a_partner_is_written_down_once_however_it_is_spelt(inside: World):
    for name in ("Mairie de Mazingarbe", "MAIRIE DE MAZINGARBE", "mairie  de mazingarbe"):
        move(inside, make_device(inside), "partner", partner=name)
    assert session().query(Partner).count() == 1
    assert moved.partners() == ["Mairie de Mazingarbe"]


@pytest.mark.parametrize(
    ("what", "without"),
    [
        ("outing", "due_on"), ("partner", "due_on"), ("partner", "partner"), ("repair", "supplier"),
        ("repair", "reason"), ("scrap", "reason"), ("scrap", "document"), ("give", "document"), ("sell", "reason"),
    ],
)  # fmt: skip
def test_what_a_movement_cannot_do_without_is_asked_for(inside: World, what: str, without: str):
    with refused("invalid", without):
        move(inside, make_device(inside), what, **{without: None if without == "due_on" else ""})
    assert session().query(Movement).count() == 0


def test_the_day_it_is_back_is_not_over(inside: World):
    with refused("due_in_past", "due_on"):
        move(inside, make_device(inside), "outing", due_on=TODAY - timedelta(days=1))
    assert move(inside, make_device(inside), "outing", due_on=TODAY).state == "on_outing"


def test_a_printer_travels_though_it_is_not_lent_to_households(inside: World):
    assert move(inside, make_device(inside, model="printer"), "outing", by="odile").state == "on_outing"


@pytest.mark.parametrize("what", ["retire", "scrap", "give", "sell"])
def test_what_ends_its_use_is_the_managers_to_decide(inside: World, what: str):
    device = make_device(inside)
    with refused("forbidden"):
        move(inside, device, what, by="ada")
    assert what not in movements.choices(device, inside.me("ada"))
    assert what in movements.choices(device, inside.me("mia"))


def test_another_centres_thing_is_not_moved_but_by_the_coordinator(inside: World):
    device = make_device(inside)
    with refused("not_here"):
        move(inside, device, "lost", by="zoe")
    assert movements.choices(device, inside.me("zoe")) == []
    assert move(inside, device, "lost", by="coco").state == "lost"


@pytest.mark.parametrize("what", ["bag", "outing", "partner", "send", "give", "sell"])
def test_a_hold_keeps_it_from_leaving(inside: World, what: str):
    device = make_device(inside)
    do(care.place_hold, PlaceHold(reason="batterie gonflée"), device, by=inside.me("mia"))
    with refused("not_available"):
        move(inside, device, what)


@pytest.mark.parametrize("what", ["repair", "scrap", "retire", "lost", "stolen"])
def test_a_hold_does_not_keep_it_from_being_repaired_or_scrapped(inside: World, what: str):
    device = make_device(inside)
    do(care.place_hold, PlaceHold(reason="batterie gonflée"), device, by=inside.me("mia"))
    assert move(inside, device, what).state == moved.LEADS_TO[what]


@pytest.mark.parametrize("what", ["repair", "give", "sell", "scrap"])
def test_what_was_lent_is_wiped_before_it_goes_outside_or_the_reason_is_written(inside: World, what: str):
    device = used(inside)
    with refused("wipe_first", "unwiped"):
        move(inside, device, what)
    assert move(inside, device, what, unwiped="écran mort").state == moved.LEADS_TO[what]
    assert session().query(Movement).one().unwiped == "écran mort"


def test_what_was_wiped_since_or_never_lent_or_keeps_no_data_goes(inside: World):
    device = used(inside)
    do(care.check, CheckDone(method="usine", result="unfit"), device, by=inside.me())
    assert move(inside, device, "repair").state == "in_repair"
    assert outside.is_clean(make_device(inside))
    make_loan(inside, router := make_device(inside, model="router"))
    assert outside.is_clean(router)


def test_a_wipe_nobody_verified_is_no_wipe_yet(inside: World):
    device = used(inside)
    do(care.check, CheckDone(method="usine", verified_by=0), device, by=inside.me())
    with refused("wipe_first", "unwiped"):
        move(inside, device, "repair")


def test_a_repair_keeps_who_why_and_what_it_cost(inside: World):
    device = make_device(inside)
    move(inside, device, "repair", due_on=SOON)
    move(inside, device, "back", cost="45,9", result="charnière changée", document="F-77")
    move(inside, device, "repair", supplier="Par erreur")
    undo(inside, device)
    rows = moved.repairs_of(device.id)
    assert [(row.supplier, row.cost_cents, row.result, row.why) for row in rows] == [
        ("", 4590, "charnière changée", "repair_back"),
        ("Répar’Info", None, "", "repair"),
    ]


@pytest.mark.parametrize(("ready", "state"), [(True, "available"), (False, "to_check")])
def test_a_thing_sent_is_on_its_way_until_the_other_centre_accepts_it(
    inside: World, app: Flask, ready: bool, state: str
):
    device = move(inside, make_device(inside), "send", by="ada")
    for who in ("ada", "zoe", "coco"):
        assert [row[0].code for row in transfers.waiting(inside.me(who))] == [device.code]
    assert transfers.waiting(inside.me("finn")) == []
    with refused("not_here"):
        move(inside, device, "accept", by="ada")
    move(inside, device, "accept", by="zoe", ready=ready)
    assert (device.state, device.centre_id) == (state, inside.centres["mqcv"])
    undo(inside, device, by="zoe")
    assert (device.state, device.centre_id) == ("in_transit", inside.centres["brebis"])
    assert faults(app) == []


def test_what_waited_for_its_check_waits_where_it_arrives_too(inside: World):
    device = move(inside, used(inside), "send")
    assert move(inside, device, "accept", by="zoe", ready=True).state == "to_check"


def test_a_thing_is_not_sent_to_where_it_is(inside: World):
    here = session().get_one(Centre, inside.centres["brebis"]).code
    for code in (here, "LBBBBBBB", ""):
        with refused("invalid", "centre"):
            move(inside, make_device(inside), "send", centre=code)


def test_both_ways_can_be_asked_for_alone(inside: World):
    move(inside, make_device(inside), "send")
    for way, who in (("in", "zoe"), ("out", "ada")):
        query = transfers.listed(TransferList(way=way), inside.me(who))
        other = transfers.listed(TransferList(way=way), inside.me("ada" if who == "zoe" else "zoe"))
        assert (len(session().execute(query).all()), len(session().execute(other).all())) == (1, 0)


@pytest.mark.parametrize("what", ["lost", "stolen"])
def test_what_is_lost_on_loan_ends_its_line_and_undone_is_out_again(inside: World, app: Flask, what: str):
    first, second = make_device(inside), make_device(inside)
    loan = make_loan(inside, first, second, household=make_household(inside))
    move(inside, first, what, by="ada")
    assert (first.state, loan.closed_at) == (what, None)
    assert [line.ending for line in fresh(loan).lines] == ["lost", None]
    assert faults(app) == []
    do(returns.take_back, TakeBack(devices=[{"code": second.code}]), by=inside.me(), at=NOW + HOUR)
    assert fresh(loan).ending == "lost"
    assert faults(app) == []
    undo(inside, first, by="ada", at=NOW + HOUR)
    loan = fresh(loan)
    assert (fresh(first).state, loan.closed_at, [line.ending for line in loan.lines]) == (
        "on_loan", None, [None, "returned"],
    )  # fmt: skip
    assert faults(app) == []


def test_what_is_lost_on_loan_and_found_is_nobodys_and_waits_for_its_check(inside: World, app: Flask):
    make_loan(inside, device := make_device(inside))
    move(inside, device, "lost", by="ada")
    move(inside, device, "found", by="ada")
    assert (device.state, session().query(Loan).one().ending) == ("to_check", "lost")
    assert faults(app) == []


def test_a_loan_ends_by_the_hand_of_its_own_desk_alone(inside: World):
    make_loan(inside, device := make_device(inside))
    with refused("forbidden"):
        move(inside, device, "lost", by="coco")
    with refused("not_here"):
        move(inside, device, "lost", by="zoe")
    with refused("not_available"):
        move(inside, device, "repair", by="ada")
    with refused("before_the_loan"):
        move(inside, device, "lost", by="ada", occurred_at=NOW - timedelta(days=9))
    assert fresh(device).state == "on_loan"


def test_no_words_of_a_movement_stand_in_the_journal(inside: World):
    move(inside, make_device(inside), "repair", reason="mot-secret")
    assert all("mot-secret" not in act.facts and "Répar" not in act.facts for act in session().query(Act))


def test_the_page_asks_what_happens_then_for_little_and_offers_to_undo(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    ada = person(app, world)
    first = ada.get(f"/devices/{code}/move").text
    assert "Dans le sac d’un collègue" in first
    assert "Il est vendu" not in first
    assert 'name="due_on"' in ada.get(f"/devices/{code}/move?what=outing").text
    again = ada.post(f"/devices/{code}/move", form={"what": "outing"})
    assert (again.status_code, "À remplir." in again.text) == (422, True)
    answer = ada.post(f"/devices/{code}/move", form={"what": "bag"})
    thing = ada.get(answer.headers["Location"]).text
    assert f'action="/devices/{code}/move/undo"' in thing
    assert "Dans le sac de Ada." in thing


def test_programs_are_told_where_a_thing_is(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
        mqcv = session().get_one(Centre, world.centres["mqcv"]).code
    ada, zoe = program(app, world), program(app, world, "zoe")
    told = ada.post(f"/devices/{code}/move", json={"what": "send", "centre": mqcv}).json
    assert (told["state"], told["place"]) == ("in_transit", {"kind": "transit", "code": mqcv, "name": "MQCV"})
    assert [one["device"]["code"] for one in zoe.get("/transfers?way=in").json["items"]] == [code]
    assert "/move?what=accept" in person(app, world, "zoe").get("/").text
    told = zoe.post(f"/devices/{code}/move", json={"what": "accept", "ready": True}).json
    assert (told["state"], told["place"]["code"]) == ("available", mqcv)


def test_the_same_movement_sent_twice_is_one(app: Flask, world: World):
    with app.app_context():
        device = make_device(world)
        code, wish = device.code, Move(what="bag")
        for _n in range(2):
            do(losses.move, wish, device, by=world.me(), again=lambda act: device)
        assert custody.last_link(device).number == 2
        assert code == device.code
