"""The register of an operation: every column an auditor asks for, the same figures in Excel, in CSV and on paper."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import hypothesis.strategies as st
import pypdfium2
from flask import Flask
from hypothesis import given
from openpyxl import load_workbook

from app.finance import drawn
from app.finance.shares import nth, split
from app.inventory.models import Device
from app.web.looks import money
from tests.asking import person, program
from tests.finance import money as made
from tests.make import AUDITED, World, do, make_device, make_household, make_loan

HOME = f"/finance/operations/{AUDITED}"


@given(st.integers(-(10**12), 10**12), st.integers(1, 300), st.data())
def test_an_equal_part_is_the_one_that_the_split_gives(whole: int, count: int, data: st.DataObject):
    place = data.draw(st.integers(1, count))
    assert nth(whole, count, place) == split(whole, [1] * count)[place - 1]


def _bought(world: World, line: str = "L3.1", **over: str) -> Device:
    """A laptop that the operation paid, in service."""
    device = make_device(world, **over)
    row = made.invoice(world, made.LAPTOP | {"line": line}, operation=AUDITED, number="F-7", paid_on="2020-11-12")
    made.tie(world, row, device.code)
    settled = made.SettleAsset(in_service_on="2020-10-15", months=36, account="2183")
    do(made.accounts.settle, settled, device, by=world.me("finn"))
    return device


def _rows(app: Flask, world: World, query: str = "", name: str = "finn") -> list[dict[str, str]]:
    """The lines of the CSV but for their sums, by their headers."""
    answer = person(app, world, name).get(f"{HOME}/register.csv{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))[:-1]


def test_a_line_tells_all_an_auditor_asks_and_nobody_s_name(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
        device = _bought(world, serial_number="PF2XDEM0", inventory_number="CSC-1")
        loan = make_loan(world, device, household=make_household(world, "Odile Marquette-Test"))
        agreement = loan.uuid.hex[:8].upper()
    [line] = _rows(app, world)
    told = {
        "N°\u00a0d’inventaire": "CSC-1", "N°\u00a0de série": "PF2XDEM0", "Facture": "F-7", "Fournisseur": "UGAP",
        "Date de la facture": "15 octobre 2020", "Payée le": "12 novembre 2020", "Hors taxes": "689.0", "TVA": "137.8",
        "TTC": "826.8", "Éligible": "826.8", "Dont Union européenne": "496.08", "Compte": "2183",
        "En service depuis le": "2020-10-15", "Durée d’usage, en mois": "36", "Convention de prêt": agreement,
    }  # fmt: skip
    assert {key: line[key] for key in told} == told
    assert line["Lignes de dépenses"].startswith("L3.1")
    assert "Marquette" not in ";".join(line.values())


def test_the_register_keeps_to_the_things_of_a_centre(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
        _bought(world)
        here = world.me().centre.code
    assert len(_rows(app, world, f"?centre={here}")) == 1
    assert _rows(app, world, "?centre=NOWHERE") == []


def test_a_partner_s_finance_reads_the_things_it_paid_and_no_others(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
        _bought(world)
    assert len(_rows(app, world)) == 1
    assert person(app, world, "mia").get(f"{HOME}/register.csv").status_code in {403, 404}


def test_excel_csv_and_paper_say_the_same_sums(app: Flask, world: World):
    with app.app_context():
        made.operation(world)
        codes = [make_device(world).code for _turn in range(3)]
        line = {"words": "Tablettes", "quantity": 3, "net_cents": 100, "vat_cents": 21, "line": "L3.2"}
        bill = made.invoice(world, line, operation=AUDITED)
        made.tie(world, bill, *codes)
    finn = person(app, world, "finn")
    sheet = load_workbook(BytesIO(finn.get(f"{HOME}/register.xlsx").data)).active
    [head, *lines, total] = [list(row) for row in sheet.iter_rows(values_only=True)]
    for word, whole in (("Hors taxes", 100), ("TVA", 21), ("TTC", 121), ("Dans cette opération", 121)):
        place = head.index(word)
        assert round(sum(row[place] for row in lines) * 100) == round(total[place] * 100) == whole
    assert [row["TTC"] for row in _rows(app, world)] == ["0.41", "0.4", "0.4"]
    text = paper_text(finn.get(f"{HOME}/register.pdf").data)
    told = program(app, world, "finn").get(f"{HOME}/assets").json["items"]
    with app.test_request_context():
        assert " ".join(money(sum(one["allocated_cents"] for one in told)).split()) in text
    for code in codes:
        assert f"{code[:4]} {code[4:]}" in text


def test_each_page_of_a_paper_tells_which_it_is_of_how_many(app: Flask):
    with app.test_request_context():
        content = drawn.document("Registre", [drawn.sentence(f"Bien n° {n}") for n in range(150)])
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"Registre, page {number} sur {len(pages)}" in text
    assert [f"Bien n° {n}" for n in range(150)] == re.findall(r"Bien n° \d+", " ".join(pages)), (
        "nothing twice, nothing lost"
    )


def paper_text(content: bytes) -> str:
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    return " ".join(" ".join(pages).split())
