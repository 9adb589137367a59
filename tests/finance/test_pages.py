"""What people and programs are told of money over the routes: the same figures on the page, in JSON, for each reader."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from statistics import median
from time import perf_counter

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.db import writing
from app.finance import allocations, expenses, figures
from app.inventory.models import Device
from app.web.looks import amount, money
from tests.asking import person, program, questions
from tests.finance import money as made
from tests.finance.test_register import paper_text
from tests.make import AUDITED, World, do, make_device

HOME = f"/finance/operations/{AUDITED}"


def test_the_page_and_the_json_of_an_operation_say_the_same(app: Flask, world: World):
    with app.app_context():
        row = made.operation(world)
        made.invoice(world, made.LAPTOP | {"line": "L3.1"}, operation=AUDITED, paid_on="2020-11-12")
    told = program(app, world, "finn").get(HOME).json
    lines = program(app, world, "finn").get(f"{HOME}/lines").json["items"]
    shown = person(app, world, "finn").get(HOME).text
    with app.test_request_context():
        for name in ("planned", "committed", "invoiced", "paid", "left"):
            assert sum(line[f"{name}_cents"] for line in lines) == told[f"{name}_cents"]
            assert amount(told[f"{name}_cents"]) in shown
        assert money(told["total_cents"]) in shown
    assert (told["total_cents"], told["paid_cents"]) == (row.total_cents, 82_680)
    assert [(one["code"], one["rate"]) for one in told["funders"]][:2] == [("UE_FEDER", 6000), ("REGION_HDF", 66)]


def test_an_invoice_typed_by_a_program_is_told_whole_and_once(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
    finn = program(app, world, "finn")
    lines = [{"words": "Portable", "net_cents": 68_900, "vat_cents": 13_780, "line": "L3.1"}]
    wish = {
        "id": "7f4df0f3-3f0f-4a3c-9a3a-0c4f2a2f9a11", "supplier": "UGAP", "number": "F1", "issued_on": "2020-10-15",
        "lines": lines, "operation": AUDITED, "paid_on": "2020-11-12",
    }  # fmt: skip
    first = finn.post("/finance/invoices", json=wish)
    assert (first.status_code, first.headers["Location"]) == (201, f"/finance/invoices/{wish['id']}")
    assert finn.post("/finance/invoices", json=wish).status_code == 200
    told = finn.get(first.headers["Location"]).json
    assert told == first.json
    assert [one["cents"] for one in told["allocations"]] == [82_680]
    assert (told["paid_cents"], told["paid_on"]) == (82_680, "2020-11-12")
    assert [one["id"] for one in finn.get(f"{HOME}/invoices").json["items"]] == [wish["id"]]


def test_a_form_in_french_euros_is_read_to_the_cent(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
    form = {
        "kind": "invoice", "supplier": "UGAP", "number": "F2", "issued_on": "2020-10-15", "operation": AUDITED,
        "lines.0.words": "Visio", "lines.0.net_cents": "1 234,56", "lines.0.vat_cents": "246,91", "lines.0.line": "L3.4",
    }  # fmt: skip
    answer = person(app, world, "finn").post("/finance/invoices", form=form)
    assert answer.status_code == 303
    told = program(app, world, "finn").get(answer.headers["Location"]).json
    assert (told["net_cents"], told["gross_cents"], told["allocated_cents"]) == (123_456, 148_147, 148_147)


@pytest.mark.parametrize("word", ["outside", "unpaid", "unproven", "gone"])
def test_a_list_shows_what_is_still_to_do(app: Flask, world: World, word: str):
    with app.app_context():
        made.operation(world)
        put = made.LAPTOP | {"line": "L3.1"}
        made.invoice(world, put, number="WHOLE", operation=AUDITED, paid_on="2020-11-12")
        made.invoice(world, number="OUTSIDE")
        made.invoice(world, put, number="UNPAID", operation=AUDITED)
        gone = made.invoice(world, number="GONE")
        do(expenses.withdraw, made.Withdraw(), gone, by=world.me("finn"))
    found = program(app, world, "finn").get(f"/finance/invoices?show={word}").json["items"]
    expected = {"outside": {"OUTSIDE"}, "unpaid": {"OUTSIDE", "UNPAID"}, "unproven": {"WHOLE"}, "gone": {"GONE"}}
    assert {one["number"] for one in found} == expected[word]


def test_an_auditor_s_scan_opens_what_proves_the_thing_and_a_desk_s_its_card(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
        device = make_device(world)
        bill = made.invoice(world, made.LAPTOP | {"line": "L3.1"}, operation=AUDITED)
        made.tie(world, bill, device.code)
        code = device.code
    for who, place in (("alma", f"/finance/assets/{code}"), ("ada", f"/devices/{code}"), ("finn", f"/devices/{code}")):
        assert person(app, world, who).get(f"/scan?q={code}").headers["Location"] == place
    shown = person(app, world, "alma").get(f"/finance/assets/{code}").text
    assert AUDITED in shown
    assert 'method="post" action="/finance' not in shown  # an auditor changes nothing


@pytest.mark.slow("a thousand things are written down")
def test_a_thousand_things_agree_on_the_page_in_every_file_and_in_the_lines_and_cost_no_more_time(
    app: Flask, world: World
):
    """One invoice of a thousand, cents that do not divide: every total is that of its parts, page by page."""
    with app.app_context():
        made.operation(world)
        few = made.invoice(world, made.LAPTOP | {"line": "L3.1"}, operation=AUDITED)
        made.tie(world, few, (first := make_device(world)).code)
    small = _asked(app, world)
    with app.app_context():
        line = {"words": "Tablettes", "quantity": 1000, "net_cents": 19_083_337, "vat_cents": 3_816_667, "line": "L3.2"}
        bill = made.invoice(world, line, operation=AUDITED)
        codes = _many(first, 1000)
        for some in (codes[:500], codes[500:]):
            made.tie(world, bill, *some)
        spent = figures.of_line(allocations.standing(bill.lines[0])[0].budget_line, world.me("finn")).invoiced
    finn, things, path = program(app, world, "finn"), [], f"{HOME}/assets?limit=200"
    while path:
        part = finn.get(path).json
        things, path = [*things, *part["items"]], part["next"]
    laptop = [one for one in things if one["code"] == first.code]
    things = [one for one in things if one["code"] != first.code]
    whole = 19_083_337 + 3_816_667
    assert len({one["code"] for one in things}) == 1000
    assert sum(one["cost_cents"] for one in things) == sum(one["allocated_cents"] for one in things) == whole == spent
    assert sum(share["cents"] for one in things for share in one["shares"]) == whole
    shown = person(app, world, "finn").get(f"{HOME}/assets").text
    with app.test_request_context():
        assert money(whole + laptop[0]["cost_cents"]) in shown
    _agrees(app, world, whole + laptop[0]["cost_cents"], codes)
    many = _asked(app, world)
    print(f"\na page of one thing: {many / small:.2f} of what it took with one in the register")
    assert many < 5 * small  # generous, for the cores are shared: what grows with the register would be far beyond


def _agrees(app: Flask, world: World, whole: int, codes: list[str]) -> None:
    """The register of all of them in Excel, in CSV and on paper: each thing, and the sum of them."""
    finn = person(app, world, "finn")
    sheet = load_workbook(BytesIO(finn.get(f"{HOME}/register.xlsx").data), read_only=True).active
    head, *lines, total = sheet.iter_rows(values_only=True)
    place = head.index("TTC")
    assert round(sum(line[place] for line in lines) * 100) == round(total[place] * 100) == whole
    written = csv.reader(StringIO(finn.get(f"{HOME}/register.csv").data.decode("utf-8-sig")), delimiter=";")
    assert [float(line[place]) for line in list(written)[1:]] == [line[place] for line in (*lines, total)]
    paper = paper_text(finn.get(f"{HOME}/register.pdf").data)
    with app.test_request_context():
        assert " ".join(money(whole).split()) in paper
    assert [code for code in codes if f"{code[:4]} {code[4:]}" not in paper] == []


def _many(like: Device, count: int) -> list[str]:
    """So many things like this one in the register: rows without their acts, for their number alone."""
    from labels.codes import make

    names = [
        column.key
        for column in Device.__table__.columns
        if column.key not in {"id", "code", "serial_number", "serial_key"}
    ]
    made_ = [make("D", 900_000 + n) for n in range(count)]
    with writing() as s:
        s.add_all(
            Device(**{name: getattr(like, name) for name in names}, code=code, serial_number=code, serial_key=code)
            for code in made_
        )
    return made_


def _asked(app: Flask, world: World) -> float:
    """Seconds in which a page of one thing comes: the median of nine."""
    finn, took = program(app, world, "finn"), []
    for _turn in range(9):
        began = perf_counter()
        assert finn.get(f"{HOME}/assets?limit=1").status_code == 200
        took.append(perf_counter() - began)
    return median(took)


@pytest.mark.parametrize("path", ["/finance/operations", "/finance/import", "/finance/purchases", HOME])
def test_the_menu_marks_finance_on_each_page_of_money(app: Flask, world: World, path: str):
    with app.app_context():
        made.operation(world)
    shown = person(app, world, "finn").get(path).text
    assert '<a href="/finance/operations" aria-current="page">' in shown
    assert shown.count('aria-current="page"') == 1


def test_the_page_of_an_invoice_asks_no_more_for_many_lines(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    with app.app_context():
        invoices = [made.invoice(world, *[made.LAPTOP] * many) for many in (2, 30)]
        for row in invoices:
            made.tie(world, row, make_device(world).code)
        paths = [f"/finance/invoices/{row.uuid}" for row in invoices]
    for ask in (person(app, world, "finn"), program(app, world, "finn")):
        told = []
        for path in paths:
            with questions(app, monkeypatch) as (ours, rest):
                assert ask.get(path).status_code == 200
            told.append(len(ours) + len(rest))
        assert told[1] <= told[0]
