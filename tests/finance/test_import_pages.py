"""Tables of money over the routes: from the file to the invoices, who sees them, templates, exports, the command."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.cli.verifying import all_faults
from app.db import session, writing
from app.finance import budget
from app.finance.models import Operation
from app.finance.spending import Expense
from app.imports.models import TableImport
from app.people.models import Role
from tests.asking import Asker, person, program
from tests.desk.test_exports import read
from tests.finance import money
from tests.finance.test_imports import CABLE, HEAD, PLAN, UGAP
from tests.imports.test_pages import bring, chores, start
from tests.imports.test_register import OUT
from tests.make import AUDITED, World

HOME = "/finance/import"
WRONG = "Manutan;M1;hier;Chariot;1;100;20;120;;;;\n"


def send(one: Asker, text: str, kind: str = "invoices", **over: Any) -> Any:
    form = {"csrf": one.csrf, "kind": kind, "file": (io.BytesIO(text.encode()), "Factures.csv")} | over
    return one.ask("POST", HOME, data=form, content_type="multipart/form-data")


def opened(app: Flask, world: World, **over: Any) -> None:
    with app.app_context():
        money.operation(world, **over)


def test_from_the_file_to_the_invoices_with_a_fault_mended_on_the_way(app: Flask, world: World):
    opened(app, world)
    finn = person(app, world, "finn")
    place = send(finn, UGAP + WRONG + CABLE).location
    assert '<option value="net_cents" selected>' in finn.get(place).text
    looked = finn.get(f"{place}/check").text
    assert "« hier » n’est pas une date." in looked.replace("\xa0", " ")
    mended = {"place": "0:3", "mended.0.field": "issued_on", "mended.0.text": "16/10/2020"}
    assert finn.post(f"{place}/lines", form=mended).status_code == 303
    assert start(app, finn, place).location == f"{place}/progress"
    assert 'href="/finance/invoices"' in finn.get(f"{place}/progress").text
    told = program(app, world, "finn").get(f"{place}/progress").json
    assert (told["state"], told["counts"]) == ("done", {"new": 3})
    with app.app_context():
        rows = session().scalars(select(Expense).order_by(Expense.id)).all()
        assert [(one.number, len(one.lines)) for one in rows] == [("F-12", 2), ("M1", 1)]
        assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_same_file_brought_again_does_nothing_and_its_columns_are_remembered(app: Flask, world: World):
    opened(app, world)
    finn = person(app, world, "finn")
    text = UGAP.replace("Désignation", "Truc")
    place = send(finn, text).location
    columns = {"columns.0.sheet": "0", "columns.0.column": "3", "columns.0.field": "words"}
    known = ["supplier", "number", "issued_on", "", "quantity", "net_cents", "vat_cents"]
    for n, name in enumerate(known):
        if name:
            columns |= {
                f"columns.{n + 1}.sheet": "0",
                f"columns.{n + 1}.column": str(n),
                f"columns.{n + 1}.field": name,
            }
    assert finn.post(place, form=columns).status_code == 303
    start(app, finn, place)
    again = send(finn, text).location
    meant = {one["column"]: one["field"] for one in program(app, world, "finn").get(again).json["columns"]}
    assert (meant[3], meant[7]) == ("words", "")
    start(app, finn, again)
    assert program(app, world, "finn").get(f"{again}/progress").json["counts"] == {"before": 1}


def test_budget_lines_go_into_the_operation_chosen_and_only_where_it_is_theirs(app: Flask, world: World):
    opened(app, world, only=())
    finn, robot = person(app, world, "finn"), program(app, world, "finn")
    text = PLAN + "L1;Personnel;Médiateurs;10 000,00;;;non\n"
    assert send(finn, text, "budget_lines").status_code == 422
    assert send(finn, text, "budget_lines", operation="HF0000009").status_code == 422
    place = send(finn, text, "budget_lines", operation=AUDITED).location
    start(app, finn, place)
    assert f"/finance/operations/{AUDITED}/lines" in finn.get(f"{place}/progress").text
    assert robot.get(f"/finance/operations/{AUDITED}/lines").json["items"][0]["planned_cents"] == 1_000_000


def test_nobody_of_money_sees_a_centre_s_tables_nor_a_centre_those_of_money(app: Flask, world: World):
    """Coco opens both doors: each shows its own tables alone."""
    opened(app, world)
    people = bring(person(app, world, "ada"), OUT).location.rsplit("/", 1)[1]
    bills = send(person(app, world, "finn"), UGAP).location.rsplit("/", 1)[1]
    for who in ("finn", "coco", "alma", "ada", "mia", "odile", "zoe"):
        for one in (person(app, world, who), program(app, world, who)):
            for page in ("", "/check", "/progress"):
                assert one.get(f"{HOME}/{people}{page}").status_code in {403, 404}, who
                assert one.get(f"/import/{bills}{page}").status_code in {403, 404}, who
    assert person(app, world, "coco").get(f"{HOME}/{bills}/check").status_code == 200
    assert "Notre liste" not in person(app, world, "coco").get(HOME).text
    with app.app_context():
        kinds = {row.kind: row.centre_id for row in session().scalars(select(TableImport))}
    assert kinds == {"register": world.centres["brebis"], "invoices": None}


def test_a_colleague_of_another_organisation_does_not_see_the_file(app: Flask, world: World):
    opened(app, world)
    place = send(person(app, world, "finn"), UGAP).location
    with app.app_context(), writing() as s:
        s.add(Role(person_id=world.people["adam"], kind="finance", organisation_id=world.organisations["mqcv"]))
    adam = person(app, world, "adam")
    assert [adam.get(f"{place}{page}").status_code for page in ("", "/check", "/progress")] == [404] * 3
    assert "Factures.csv" not in adam.get(HOME).text


def test_who_lost_the_right_by_the_time_it_is_done_takes_nothing_over(app: Flask, world: World):
    opened(app, world)
    finn = person(app, world, "finn")
    place = send(finn, UGAP).location
    finn.post(f"{place}/start", form={"id": "7f4df0f3-3f0f-4a3c-9a3a-0c4f2a2f9a12"})
    with app.app_context(), writing() as s:
        s.delete(s.scalars(select(Role).where(Role.person_id == world.people["finn"])).one())
    chores(app)
    with app.app_context():
        assert session().query(Expense).count() == 0
        assert session().scalars(select(TableImport)).one().report["counts"] == {"fault": 1}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["invoices", "budget_lines"])
def test_a_template_and_an_export_have_the_same_columns(app: Flask, world: World, kind: str, ending: str):
    opened(app, world)
    with app.app_context():
        money.invoice(world, money.LAPTOP | {"words": "=1+1", "line": "L3.1"}, operation=AUDITED, supplier="@UGAP")
    finn = person(app, world, "finn")
    head = read(finn.get(f"{HOME}/template.{ending}?kind={kind}").data)[0]
    list_ = "/finance/invoices" if kind == "invoices" else f"/finance/operations/{AUDITED}/lines"
    sent = finn.get(f"{list_}.{ending}")
    table = read(sent.data)
    assert table[0] == head
    if kind == "invoices":
        assert (table[1][0], table[1][3]) == ("@UGAP", "=1+1")
        assert read(finn.get(f"/finance/operations/{AUDITED}/invoices.{ending}").data) == table
        if ending == "csv":
            assert b";=1+1" not in sent.data
            assert "'@UGAP" in sent.text
    else:
        assert len(table) == 1 + len(money.lines())


def test_an_export_shows_a_partner_s_finance_no_more_than_its_list(app: Flask, world: World):
    opened(app, world)
    with app.app_context():
        money.invoice(world, number="OURS")
        money.invoice(world, number="THEIRS", by=money.partner(world))
    assert [line[1] for line in read(person(app, world, "finn").get("/finance/invoices.csv").data)[1:]] == ["OURS"]
    assert len(read(person(app, world, "coco").get("/finance/invoices.csv?show=unpaid&q=UGAP").data)) == 3


def test_the_command_line_knows_both_kinds(app: Flask, world: World, tmp_path: Path):
    opened(app, world, only=("L1", "L3.1"))
    bills, lines = tmp_path / "factures.csv", tmp_path / "lignes.csv"
    bills.write_text(UGAP)
    lines.write_text(PLAN + "L9;x;Divers;12;;;\n")
    run = app.test_cli_runner().invoke
    said = run(args=["import", "invoices", str(bills), "--organisation", "ACSM", "--dry-run"])
    assert (said.exit_code, "new: 1" in said.output) == (0, True), said.output
    assert run(args=["import", "invoices", str(bills), "--organisation", "ACSM"]).exit_code == 0
    assert run(args=["import", "invoices", str(bills)]).exit_code == 1, "whose money is it?"
    assert run(args=["import", "invoices", str(bills), "--organisation", "Personne"]).exit_code == 1
    assert run(args=["import", "budget_lines", str(lines)]).exit_code == 1, "into which operation?"
    assert run(args=["import", "budget_lines", str(lines), "--operation", AUDITED]).exit_code == 0
    with app.app_context():
        assert session().query(Expense).count() == 1
        assert [
            one.code for one in budget.of(session().scalars(select(Operation).where(Operation.number == AUDITED)).one())
        ] == ["L1", "L3.1", "L9"]


def test_a_file_that_is_no_table_is_refused_on_the_page(app: Flask, world: World):
    finn = person(app, world, "finn")
    assert send(finn, "").status_code == 422
    assert send(finn, HEAD, kind="households").status_code == 422
    page = send(finn, "\x00\x01\x02")
    assert (page.status_code, 'id="file-fault"' in page.text) == (422, True)
