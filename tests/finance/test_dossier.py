"""The auditors' file proves itself: every byte by `sha256sum`, every act by the chain, every total by its parts."""

from __future__ import annotations

import csv
import subprocess
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from app import jobs
from app.db import session
from app.finance import dossier
from app.finance.dossier import AskFile
from app.finance.models import Operation
from app.history import Act
from tests.asking import person, program
from tests.finance import checked
from tests.finance import money as made
from tests.finance.money import says_no
from tests.finance.test_register import paper_text
from tests.make import AUDITED, NOW, World, do, make_device, make_household, make_loan

HOME = f"/finance/operations/{AUDITED}/files"


@pytest.fixture
def two_things(app: Flask, world: World) -> list[str]:
    """Two laptops the operation paid, one with a household; an invoice with its paper; a filed claim."""
    with app.app_context():
        row = made.operation(world)
        devices = [make_device(world), make_device(world)]
        line = made.LAPTOP | {"quantity": 2, "net_cents": 137_801, "vat_cents": 27_560, "line": "L3.1"}
        bill = made.invoice(world, line, operation=AUDITED, number="F/7 été", paid_on="2020-11-12")
        made.tie(world, bill, *(one.code for one in devices))
        paper = made.stored_paper(app.config["SETTINGS"].instance)
        do(made.papers.add, made.AddPaper(kind="invoice"), bill, paper, by=world.me("finn"))
        made.filed_claim(row, world.organisations["acsm"], world.me("finn"))
        make_loan(world, devices[0], household=make_household(world, "Odile Marquette-Test"))
        return [one.code for one in devices]


def _made(app: Flask, world: World, by: str = "finn", **wish: object) -> ZipFile:
    """A file asked for, made by the chores, fetched."""
    asker = program(app, world, by)
    asked = asker.post(HOME, json=wish)
    assert asked.status_code == 201
    with app.app_context():
        job = jobs.run_next(app.config["SETTINGS"].instance, at=NOW)
        assert job is not None
        assert job.state == "done"
    [told, *_older] = asker.get(HOME).json["items"]
    return ZipFile(BytesIO(asker.get(told["url"]).data))


def _table(archive: ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";"))


def _sums(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["sha256sum", "-c", "--quiet", "SHA256SUMS"]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)


@pytest.mark.usefixtures("two_things")
def test_sha256sum_alone_checks_every_file_and_every_act(app: Flask, world: World, tmp_path: Path):
    archive = _made(app, world)
    archive.extractall(tmp_path)
    assert len((tmp_path / "SHA256SUMS").read_text().splitlines()) == len(archive.namelist()) - 1
    assert _sums(tmp_path).returncode == 0
    assert _sums(tmp_path / "journal").returncode == 0
    with next(tmp_path.glob("journal/lignes/*")).open("a") as line:
        line.write(" ")
    assert "FAILED" in _sums(tmp_path / "journal").stdout
    assert "FAILED" in _sums(tmp_path).stdout


@pytest.mark.usefixtures("two_things")
def test_the_links_follow_one_another_from_the_first_to_the_last(app: Flask, world: World):
    archive = _made(app, world)
    chain = [line.split() for line in archive.read("journal/chaine.txt").decode().splitlines()]
    before = {number: chain[n - 1][2] if n else "0" * 64 for n, (number, _line, _link) in enumerate(chain)}
    for number, line, _link in chain:
        name = f"journal/liens/{number}.txt"
        if name in archive.namelist():
            assert archive.read(name).decode() == before[number] + line


def test_it_holds_the_register_the_sheets_the_papers_the_plan_and_the_claims(
    app: Flask, world: World, two_things: list[str]
):
    archive = _made(app, world)
    [paper] = [name for name in archive.namelist() if name.startswith("pieces/")]
    assert paper.startswith("pieces/facture-f-7-ete-")
    head, *lines, total = _table(archive, "registre/registre.csv")
    place = head.index("Dans cette opération")
    assert sum(round(float(line[place]) * 100) for line in lines) == round(float(total[place]) * 100) == 165_361
    spent = _table(archive, "operation/depenses.csv")
    assert (spent[1][-1], spent[-1][spent[0].index("Dans cette opération")]) == (paper, "1653.61")
    assert _table(archive, "operation/plan.csv")[-1][2] == "1517665.0"
    assert _table(archive, "operation/lignes.csv")[-1][3] == "1517665.0"
    assert _table(archive, "remontees/remontee-1.csv")[-1][8] == "1653.61"
    sheet = paper_text(archive.read(f"biens/{two_things[0]}/fiche.pdf"))
    assert "826,81" in sheet
    [agreed] = _table(archive, "registre/conventions.csv")[1:]
    assert agreed[1] in sheet
    assert len(agreed[4]) == 64


@pytest.mark.usefixtures("two_things")
def test_nobody_is_named_in_it(app: Flask, world: World):
    archive = _made(app, world)
    for name in archive.namelist():
        content = archive.read(name)
        words = paper_text(content) if name.endswith(".pdf") else content.decode("utf-8", "replace")
        assert "Marquette" not in words, name
    assert "noms.csv" not in archive.namelist()


def test_names_are_the_coordinator_s_to_give_for_a_sample_and_with_a_reason(
    app: Flask, world: World, two_things: list[str]
):
    with app.app_context():
        row = session().scalars(select(Operation).where(Operation.number == AUDITED)).one()
        with says_no("forbidden"):
            do(dossier.ask, AskFile(devices=two_things, names=True, reason="Contrôle"), row, by=world.me("finn"))
        for wish in ({"devices": two_things}, {"reason": "Contrôle"}):
            with says_no("invalid"):
                do(dossier.ask, AskFile(names=True, **wish), row, by=world.me("coco"))
    archive = _made(app, world, "coco", devices=two_things[:1], names=True, reason="Contrôle du 3 mars")
    [named] = _table(archive, "noms.csv")[1:]
    assert named[3] == "Odile Marquette-Test"
    assert program(app, world, "finn").get(HOME).json["items"] == []
    with app.app_context():
        act = session().scalars(select(Act).where(Act.kind == dossier.ASKED)).one()
        assert (act.told["names"], act.told["things"], "Contrôle" in act.facts) == (True, two_things[:1], False)


def test_a_sample_holds_its_things_alone_and_one_that_is_not_paid_by_it_is_refused(
    app: Flask, world: World, two_things: list[str]
):
    archive = _made(app, world, devices=[two_things[1]])
    assert {name.split("/")[1] for name in archive.namelist() if name.startswith("biens/")} == {two_things[1]}
    with app.app_context():
        other = make_device(world).code
    asked = program(app, world, "finn").post(HOME, json={"devices": [two_things[0], other]})
    assert (asked.status_code, list(asked.json["fields"])) == (422, ["devices", "devices.1"])
    typed = person(app, world, "finn").post(HOME, form={"devices": f"{two_things[0]}, {two_things[1]}"})
    assert typed.status_code == 303


@pytest.mark.usefixtures("two_things")
def test_an_auditor_fetches_what_was_made_and_asks_for_nothing(app: Flask, world: World):
    _made(app, world)
    alma = program(app, world, "alma")
    [told] = alma.get(HOME).json["items"]
    assert alma.get(told["url"]).status_code == 200
    assert alma.post(HOME, json={}).status_code == 403


@pytest.mark.usefixtures("two_things")
def test_after_a_month_it_is_gone(app: Flask, world: World):
    _made(app, world)
    asker = program(app, world, "finn")
    [told] = asker.get(HOME).json["items"]
    with app.app_context():
        job = session().scalars(select(jobs.Job)).one()
        file = session().get_one(dossier.StoredFile, job.file_id)
        file.keep_until = NOW
        session().commit()
    assert asker.get(told["url"]).status_code == 404
    assert asker.get(HOME).json["items"][0]["url"] is None


def test_the_sample_of_a_check_is_proposed_and_what_was_found_goes_along(
    app: Flask, world: World, two_things: list[str]
):
    with app.app_context():
        row = session().scalars(select(Operation).where(Operation.number == AUDITED)).one()
        check = checked.begun(world, row)
        checked.drawn(world, check, things=two_things[0])
        checked.found(world, check, "Étiquette décollée")
        uuid = check.uuid
    shown = person(app, world, "finn").get(f"{HOME}?check={uuid}").text
    assert (two_things[0] in shown, two_things[1] in shown) == (True, False)
    archive = _made(app, world)
    assert _table(archive, "controles/constats.csv")[1][3] == "Étiquette décollée"
    [samples] = [name for name in archive.namelist() if name.startswith("controles/controle-") and name.endswith("csv")]
    assert len(_table(archive, samples)) == 2
