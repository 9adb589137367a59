"""Stock-takes: a frozen scope, several people at once, phones without signal, a report that stays."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.db import session
from app.inventory import stocktake_report, stocktakes
from app.inventory.models import Device
from app.inventory.stock_forms import CloseStockTake, NewStockTake, SeeThing
from app.inventory.stocktakes import Sighting, StockTake
from app.lending import returns
from app.lending.forms import TakeBack
from tests.asking import person, program
from tests.harness.races import at_once
from tests.harness.saying import refused
from tests.inventory.test_printed import photo
from tests.make import NOW, World, do, fresh, make_device, make_loan


def begin(world: World, **over: Any) -> StockTake:
    return do(stocktakes.begin, NewStockTake(name="Novembre", **over), by=world.me())


def see(
    world: World, take: StockTake, thing: Device | str, how: Any = "scan", *, by: str = "ada", **over: Any
) -> Sighting:
    code = thing if isinstance(thing, str) else thing.code
    wish = SeeThing(code=code, how=how, **over)
    return do(stocktakes.see, wish, take, None, by=world.me(by), again=stocktakes.sighting_of_act)


def finding(take: StockTake, thing: Device) -> str:
    return session().execute(stocktakes.findings(take).where(Device.id == thing.id)).one().finding


def test_the_scope_is_frozen_when_it_opens(inside: World):
    here, out = make_device(inside), make_device(inside)
    make_loan(inside, out)
    make_device(inside, by="zoe")
    take = begin(inside)
    make_device(inside)
    assert stocktakes.counts(take) == {
        "missing": 1, "seen": 0, "unexpected": 0, "elsewhere": 1, "expected": 1, "confirmed": 0,
    }  # fmt: skip
    assert (finding(take, here), finding(take, out)) == ("missing", "elsewhere")


def test_only_the_kinds_that_were_asked_for_are_expected(inside: World):
    make_device(inside), make_device(inside, model="tablet")
    take = begin(inside, categories=["tablet"])
    assert stocktakes.counts(take)["expected"] == 1


def test_a_stock_take_of_nothing_is_refused(inside: World):
    with refused("nothing_in_scope", "categories"):
        begin(inside, categories=["tablet"])


def test_a_thing_scanned_here_is_found_by_its_label_its_serial_or_an_old_code(inside: World):
    things = [make_device(inside) for _n in range(2)]
    take = begin(inside)
    see(inside, take, things[0])
    see(inside, take, things[1].serial_number or "")
    assert [finding(take, thing) for thing in things] == ["seen", "seen"]


def test_what_nobody_expected_here_is_told_apart(inside: World):
    make_device(inside)
    theirs, out = make_device(inside, by="zoe"), make_device(inside)
    make_loan(inside, out)
    take = begin(inside)
    see(inside, take, theirs)
    see(inside, take, out)
    assert (finding(take, theirs), finding(take, out)) == ("unexpected", "unexpected")
    assert fresh(theirs).centre_id == inside.centres["mqcv"], "a stock-take proposes; it moves nothing"


@pytest.mark.parametrize(("how", "says"), [("visit", "strong"), ("photo", "medium"), ("declared", "weak")])
def test_what_is_out_is_confirmed_at_the_borrowers_with_its_weight(inside: World, how: str, says: str):
    make_device(inside)
    out = make_device(inside)
    make_loan(inside, out)
    take = begin(inside)
    if how == "photo":
        with refused("photo_missing", "photo"):
            see(inside, take, out, how)
        return
    see(inside, take, out, how)
    assert stocktakes.counts(take)["confirmed"] == 1
    assert says in stocktake_report.WEIGHTS[how]._args[0]


def test_a_mistake_is_undone_by_a_new_sighting(inside: World):
    thing = make_device(inside)
    take = begin(inside)
    see(inside, take, thing)
    see(inside, take, thing, "mistake")
    assert finding(take, thing) == "missing"
    see(inside, take, thing)
    assert finding(take, thing) == "seen"


def test_the_same_scan_sent_twice_is_one(inside: World):
    thing = make_device(inside)
    take, wish = begin(inside), {"id": uuid4(), "occurred_at": NOW}
    first, again = see(inside, take, thing, **wish), see(inside, take, thing, **wish)
    assert first.id == again.id
    with refused("id_reused"):
        see(inside, take, make_device(inside), **wish)


def test_two_phones_scan_at_once_and_nothing_is_lost(app: Flask, world: World):
    """Ada and Mia walk through the same store; both see the first thing, each sees others, and one sends twice."""
    with app.app_context():
        things = [make_device(world) for _n in range(8)]
        take = begin(world)
        codes = [thing.code for thing in things]
        wishes = [SeeThing(code=code) for code in codes]
        ada, mia = world.me("ada"), world.me("mia")
        turns = [(stocktakes.see, wish, take, None, (ada, mia)[n % 2]) for n, wish in enumerate(wishes)]
        turns += [(stocktakes.see, SeeThing(code=codes[0]), take, None, mia), turns[0]]
        met = at_once(app, turns, again=stocktakes.sighting_of_act)
        assert all(isinstance(one, Sighting) for one in met), met
        assert stocktakes.counts(fresh(take))["seen"] == 8
        assert session().query(Sighting).count() == 9


def test_a_closed_stock_take_stays_as_it_is(inside: World):
    seen, other = make_device(inside), make_device(inside)
    take = begin(inside)
    see(inside, take, seen)
    do(stocktakes.close, CloseStockTake(), take, by=inside.me())
    with refused("take_closed"):
        see(inside, take, other)
    with refused("take_closed"):
        do(stocktakes.close, CloseStockTake(), take, by=inside.me())
    before = stocktake_report.as_csv(take)
    make_loan(inside, other)
    assert stocktake_report.as_csv(fresh(take)) == before


def test_another_centre_does_not_scan_along(inside: World):
    take = begin(inside) if make_device(inside) else None
    with refused("not_here"):
        see(inside, take, make_device(inside), by="zoe")


def test_the_report_names_the_missing_first_and_no_formula(inside: World):
    make_device(inside, "=1+1"), make_device(inside, "Tablette")
    take = begin(inside)
    see(inside, take, session().query(Device).filter_by(name="Tablette").one())
    text = stocktake_report.as_csv(take).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["'=1+1", "Tablette"]
    assert rows[2][7] == "Ada"
    assert stocktake_report.as_pdf(take).startswith(b"%PDF")
    assert stocktake_report.as_pdf(take) == stocktake_report.as_pdf(take)


def test_programs_open_scan_and_close(app: Flask, world: World):
    with app.app_context():
        codes = [make_device(world).code for _n in range(2)]
    ada = program(app, world, "ada")
    made = ada.post("/stock-takes", json={"name": "Hiver"})
    assert (made.status_code, made.json["expected"]) == (201, 2)
    where = made.headers["Location"]
    scan = {"id": str(uuid4()), "code": codes[0], "occurred_at": "2026-11-20T10:00:00Z"}
    answers = [ada.post(f"{where}/scans", json=scan) for _turn in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert (answers[0].json["finding"], answers[0].json["stock_take"]["seen"]) == ("seen", 1)
    assert ada.post(f"{where}/scans", json={"code": "DBBBBBBB"}).json["error"] == "device_unknown"
    missing = ada.get(f"{where}/things?show=missing").json["items"]
    assert [row["code"] for row in missing] == codes[1:]
    assert ada.post(f"{where}/close", json={}).json["closed_at"]
    assert ada.post(f"{where}/scans", json={"code": codes[1]}).json["error"] == "take_closed"


def test_a_photo_of_the_borrower_is_kept_and_shown_to_its_own_centre(app: Flask, world: World):
    with app.app_context():
        make_device(world)
        out = make_device(world)
        make_loan(world, out)
        code, number = out.code, begin(world).id
    ada = person(app, world, "ada")
    form = {"code": code, "how": "photo", "photo": (photo(), "vu.jpg")}
    assert ada.post(f"/stock-takes/{number}/scans", form=form, content_type="multipart/form-data").status_code == 303
    assert ada.get(f"/stock-takes/{number}/photos/{code}").mimetype == "image/jpeg"
    assert person(app, world, "zoe").get(f"/stock-takes/{number}/photos/{code}").status_code == 404


def test_the_page_says_how_far_it_is_and_works_without_script(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
        back = make_device(world)
        make_loan(world, back)
        do(returns.take_back, TakeBack(devices=[{"code": back.code}]), by=world.me())
        number = begin(world).id
    ada = person(app, world, "ada")
    assert "sur 2" in ada.get(f"/stock-takes/{number}").text
    assert ada.post(f"/stock-takes/{number}/scans", form={"code": code}).status_code == 303
    text = ada.get(f"/stock-takes/{number}").text
    assert "1 à voir encore" in text
