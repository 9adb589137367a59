"""Lists taken along: as they are filtered, in both forms, and the whole register so that it comes back the same."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app import sheets
from app.db import upgrade, writing
from app.inventory import devices, movements
from app.inventory.care_forms import Move
from app.inventory.catalogue_forms import Identifier
from app.inventory.forms import NewModel
from app.inventory.models import Device
from app.settings import Settings
from tests.asking import person
from tests.harness.databases import _create, hang_up
from tests.make import World, do, make_device, make_household, make_loan, small_world


def read(content: bytes) -> list[list[str]]:
    (sheet,) = sheets.opened(content)
    return [list(cells) for _number, cells in sheet.lines]


def furnish(world: World) -> None:
    make_device(world, "=cmd|' /C calc'!A0", serial_number="@S1", note="+33 tab", stated_value_cents=82680)
    out = make_device(world, 'Écran; "large"\nd’été', serial_number="S2", inventory_number="INV 2")
    make_loan(world, out, household=make_household(world, "-Foyer-Test", contact="+33639980142"))
    make_device(world, "Ailleurs", serial_number="S3", by="zoe")
    make_household(world, "Zo Zanzi-Test", by="zoe", contact="0639987777")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_is_taken_along_as_it_is_filtered(app: Flask, world: World, ending: str):
    with app.app_context():
        furnish(world)
    ada = person(app, world)
    names = [line[1] for line in read(ada.get(f"/devices.{ending}").data)[1:]]
    assert sorted(names) == sorted(["=cmd|' /C calc'!A0", 'Écran; "large" d’été', "Ailleurs"])
    assert [line[1] for line in read(ada.get(f"/devices.{ending}?here=1&state=available").data)[1:]] == [names[0]]
    (head, home) = read(ada.get(f"/households.{ending}").data)
    assert (head[1], home[1:3]) == ("Foyer", ["-Foyer-Test", "+33639980142"])
    (_head, loan) = read(ada.get(f"/loans.{ending}?state=open").data)
    assert loan[0].startswith("Écran")
    assert read(ada.get(f"/loans.{ending}?state=closed").data)[1:] == []


def test_no_cell_of_a_csv_file_begins_a_formula(app: Flask, world: World):
    with app.app_context():
        furnish(world)
    ada = person(app, world)
    for path in ("/devices.csv", "/households.csv", "/loans.csv"):
        text = ada.get(path).data.decode("utf-8-sig")
        cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(";")]
        assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []


def test_an_odd_word_of_the_address_is_refused(app: Flask, world: World):
    assert person(app, world).get("/devices.csv?odd=1").status_code == 422


def taken_over(app: Flask, content: bytes, where: str, folder: Path) -> Any:
    (file := folder / "registre.zip").write_bytes(content)
    return app.test_cli_runner().invoke(args=["import", "devices", str(file), "--centre", where])


def archive(app: Flask, world: World) -> bytes:
    return person(app, world).get("/register.zip").data


def contents(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name).decode("utf-8-sig") for name in opened.namelist()}


def test_the_register_taken_over_where_it_came_from_changes_nothing(app: Flask, world: World, tmp_path: Path):
    with app.app_context():
        furnish(world)
    before = contents(archive(app, world))
    for where in ("Cité des Brebis", "MQCV"):
        done = taken_over(app, archive(app, world), where, tmp_path)
        assert "same" in done.output, done.output
        assert "new" not in done.output
    assert contents(archive(app, world)) == before


def test_the_register_taken_over_by_an_empty_house_is_the_same_register(app: Flask, world: World, tmp_path: Path):
    """Codes, models, numbers, values, owners, and what was lost: what is on a label and on a card. Loans stay."""
    with app.app_context():
        make_device(world, "=cmd|' /C calc'!A0", serial_number="@S1", note="+33\n-x", stated_value_cents=82680)
        make_device(
            world,
            "Sans numéro",
            serial_number="",
            no_serial_reason="effacé",
            inventory_number="=2",
            programme="2014-2020",
        )
        numbers = [Identifier(kind="imei", value="490154203237518"), Identifier(kind="mac", value="3C52820A1B2C")]
        paid = {"payer": world.organisations["fcs"], "acquired_on": "2020-10-15", "warranty_until": "2027-10-15"}
        make_device(world, "Payé", serial_number="S4", identifiers=numbers, **paid)
        make_device(world, "Ailleurs", serial_number="S3", by="zoe", model="tablet")
        for what in ("lost", "stolen", "retire"):
            gone = make_device(world, f"Autrefois {what}", serial_number=what)
            do(movements.move, Move(what=what, reason="Autrefois"), gone, by=world.me("mia"))
        do(
            devices.add_model,
            NewModel(maker="Fairphone", name='5; "neuf"', category="tablet", parts="câble"),
            by=world.me(),
        )
    told = archive(app, world)
    other = _create(Settings.for_tests(tmp_path, f"sqlite:///{tmp_path / 'other.db'}"))
    try:
        with other.app_context():
            upgrade()
        there = small_world(other)
        for where in ("Cité des Brebis", "MQCV"):
            done = taken_over(other, told, where, tmp_path)
            assert "new" in done.output, done.output
        assert contents(archive(other, there)) == contents(told)
    finally:
        hang_up(other)


@pytest.mark.slow("six thousand things, read with every allocation counted")
def test_a_long_list_takes_no_more_memory_than_a_short_one(app: Flask, world: World):
    with app.app_context():
        make_device(world)
        with writing() as s:
            row = dict(s.execute(select(Device.__table__)).mappings().one())
            copies = [
                row | {"id": n, "code": f"x{n:07}", "serial_key": f"K{n}", "serial_number": f"K{n}"}
                for n in range(10, 6000)
            ]
            s.execute(insert(Device), copies)
    ada = person(app, world)
    ada.get("/devices.csv")
    tracemalloc.start()
    answer = ada.client.get("/devices.csv", base_url="https://pret.example.org", buffered=False)
    sizes = []
    for count, _block in enumerate(answer.iter_encoded()):
        if count % 4 == 0:
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    answer.close()
    assert sizes[-1] < sizes[len(sizes) // 2] * 1.5 + 2**20
    assert len(sizes) > 2
