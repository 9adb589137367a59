"""Lists taken along: as they are filtered, in both forms, and the whole register so that it comes back the same."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import insert, select

from app import sheets
from app.cli.verifying import all_faults
from app.db import session, upgrade, writing
from app.files import StoredFile, path_of
from app.inventory import devices, kits, movements, sims, supplies
from app.inventory.care_forms import Move
from app.inventory.catalogue_forms import Identifier
from app.inventory.forms import NewModel
from app.inventory.models import Device
from app.inventory.stock_forms import KitThingIn, NewKit, NewSim, NewSupply, SupplyIn, SupplyOut
from app.settings import Settings
from app.times import today
from tests.asking import person, program
from tests.ground.test_papers import pdf
from tests.harness.databases import _create, hang_up
from tests.inventory.test_attachments import photo, send
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


def taken_over(app: Flask, content: bytes, where: str, folder: Path, kind: str = "devices") -> Any:
    (file := folder / "registre.zip").write_bytes(content)
    return app.test_cli_runner().invoke(args=["import", kind, str(file), "--centre", where])


def archive(app: Flask, world: World, who: str = "ada", *, files: bool = False) -> bytes:
    return person(app, world, who).get("/register.zip?files=1" if files else "/register.zip").data


def contents(content: bytes) -> dict[str, str]:
    """The tables of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name).decode("utf-8-sig") for name in opened.namelist() if name.endswith(".csv")}


def test_the_register_taken_over_where_it_came_from_changes_nothing(app: Flask, world: World, tmp_path: Path):
    with app.app_context():
        furnish(world)
    before = contents(archive(app, world))
    for where in ("Cité des Brebis", "MQCV"):
        for kind in ("devices", "register"):
            done = taken_over(app, archive(app, world), where, tmp_path, kind)
            assert "same" in done.output, done.output
            assert not {"new", "change"} & set(done.output.replace(":", " ").split()), done.output
    assert contents(archive(app, world)) == before


def furnish_cards(world: World) -> None:
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
    safe = {"updates_until": "2031-12-31", "loan_days": 30, "safety": "Ne pas plier;\nni mouiller"}
    do(
        devices.add_model,
        NewModel(maker="Fairphone", name='5; "neuf"', category="tablet", parts="câble", number="=FP5", **safe),
        by=world.me(),
    )


def furnish_places(world: World) -> None:
    """A thing in each place there is, and some that took the place of others."""
    for what in ("lost", "stolen", "retire"):
        gone = make_device(world, f"Autrefois {what}", serial_number=what)
        do(movements.move, Move(what=what, reason="Autrefois"), gone, by=world.me("mia"))
    in_a_week = {"due_on": today() + timedelta(days=7)}
    for what, more in {
        "bag": {},
        "outing": in_a_week,
        "partner": {"partner": "Mairie-Test"} | in_a_week,
        "repair": {"supplier": 'Atelier; "Test"', "reason": "Écran"},
        "send": {"centre": devices.get(make_device(world, by="zoe").code, world.me("zoe")).centre.code},
    }.items():
        do(movements.move, Move(what=what, **more), make_device(world, f"Au loin {what}"), by=world.me())
    waits = make_device(world, "À contrôler")
    do(movements.move, Move(what="lost"), waits, by=world.me())
    do(movements.move, Move(what="found"), waits, by=world.me())
    last = make_device(world, "Zz le dernier")
    middle = make_device(world, "Au milieu", replaced_by=last.code)
    make_device(world, "À remplacer", replaced_by=middle.code)
    make_loan(world, make_device(world, "Prêté"), household=make_household(world, "Léa Morel-Test"))


def furnish_shelves(world: World) -> None:
    """Kits, supplies and SIM cards, of two centres."""
    for who, iccid in (("ada", "ICC1"), ("zoe", "ICC2")):
        me, inside = world.me(who), make_device(world, f"Clé 4G {who}", model="router", by=who)
        for kit in (f"Valise; {who}", "Du jeudi"):
            made = do(kits.add, NewKit(name=kit), by=me)
            for n in (1, 2):
                thing = make_device(world, f"{kit} {n}", serial_number=f"{who}{kit}{n}", by=who)
                do(kits.put_in, KitThingIn(thing=thing.code), made, by=me)
        wish = NewSim(iccid=ICCID[iccid], operator="+Orange", plan_ends_on="2026-12-31", thing=inside.code, note="x")
        do(sims.add, wish, by=me)
    filament = do(supplies.add, NewSupply(name="Filament", unit="g", minimum=500), by=world.me())
    do(supplies.bring, SupplyIn(quantity=750, cost_cents=1899), filament, by=world.me())
    do(supplies.use, SupplyOut(quantity=100, workshop="Atelier"), filament, by=world.me())
    do(supplies.bring, SupplyIn(quantity=1000, cost_cents=2500), filament, by=world.me("zoe"))
    do(supplies.add, NewSupply(name="Chargeurs", kind="accessory"), by=world.me())


ICCID = {"ICC1": "8933150319100000013", "ICC2": "8933150319100000021"}


def test_the_register_taken_over_by_an_empty_house_is_the_same_register(app: Flask, world: World, tmp_path: Path):
    """Codes, models, numbers, values, owners, what took the place of what, where things are, and who has them.

    Kits, supplies and SIM cards of either centre too.
    """
    with app.app_context():
        furnish_cards(world)
        furnish_places(world)
        furnish_shelves(world)
    told = archive(app, world)
    assert sorted(contents(told)) == ["Cartes SIM.csv", "fournitures.csv", "materiel.csv", "modèles.csv"]
    with empty_house(tmp_path) as (other, there):
        for where in ("Cité des Brebis", "MQCV"):
            done = taken_over(other, told, where, tmp_path, "register")
            assert "new" in done.output, done.output
        assert contents(archive(other, there)) == contents(told)
        assert "Léa Morel-Test" in str(contents(told))


@contextmanager
def empty_house(folder: Path) -> Iterator[tuple[Flask, World]]:
    """Another house with the same people and centres, and nothing in it; `flask verify` is silent there at the end."""
    other = _create(Settings.for_tests(folder, f"sqlite:///{folder / 'other.db'}"))
    try:
        with other.app_context():
            upgrade()
        yield other, small_world(other)
        with other.app_context():
            assert list(all_faults(other.config["SETTINGS"])) == []
    finally:
        hang_up(other)


def furnish_files(app: Flask, world: World) -> dict[str, str]:
    """Photos and documents on things of two centres; the code of each thing by who answers for it."""
    with app.app_context():
        codes_of = {who: make_device(world, f"Photographié {who}", by=who).code for who in ("ada", "zoe")}
    for who, code in codes_of.items():
        for colour in ("red", "blue"):
            assert send(person(app, world, who), code, photo(colour), title="Rayure; =1").status_code == 303
        send(person(app, world, who), code, pdf(), kind="document", title="Facture")
        send(person(app, world, who), code, photo(), title="Retirée")
        href = program(app, world, who).get(f"/devices/{code}/files").json["items"][-1]["href"]
        assert person(app, world, who).post(f"{href}/remove", form={}).status_code == 303
    return codes_of


def test_photos_and_documents_come_back_with_the_register(app: Flask, world: World, tmp_path: Path):
    codes_of = furnish_files(app, world)
    told = archive(app, world, files=True)
    with zipfile.ZipFile(io.BytesIO(told)) as opened:
        beside = sorted(name for name in opened.namelist() if not name.endswith(".csv"))
    assert beside == sorted(
        f"{name}.{end}"
        for code in codes_of.values()
        for name, end in ((f"photos/{code}-1", "jpg"), (f"photos/{code}-2", "jpg"), (f"documents/{code}-3", "pdf"))
    )
    with empty_house(tmp_path) as (other, there):
        for where in ("Cité des Brebis", "MQCV"):
            for said in ("new: ", "before: "):
                done = taken_over(other, told, where, tmp_path, "register")
                assert said in done.output, done.output
        assert contents(archive(other, there, files=True)) == contents(told)
        code = codes_of["ada"]
        items = program(other, there).get(f"/devices/{code}/files").json["items"]
        assert [one["title"] for one in items] == ["Rayure; =1", "Rayure; =1", "Facture"]
        assert person(other, there).get(items[2]["href"]).data == pdf()
        shown = Image.open(io.BytesIO(person(other, there).get(items[1]["href"]).data))
        assert shown.convert("RGB").getpixel((5, 5))[2] > 200, "the second one is blue"
        again = archive(other, there, files=True)
        assert "new" not in taken_over(other, again, "MQCV", tmp_path, "register").output, "drawn anew, and the same"


def test_without_a_wish_for_them_the_archive_holds_no_photos(app: Flask, world: World):
    furnish_files(app, world)
    with zipfile.ZipFile(io.BytesIO(archive(app, world))) as opened:
        assert {name.rpartition(".")[2] for name in opened.namelist()} == {"csv"}


def test_a_photo_whose_bytes_are_lost_is_left_out(app: Flask, world: World):
    furnish_files(app, world)
    with app.app_context():
        lost = session().scalars(select(StoredFile).where(StoredFile.media_type == "application/pdf")).all()
        for file in lost:
            path_of(app.config["SETTINGS"].instance, file).unlink()
    assert "Facture" not in str(contents(archive(app, world, files=True)))


def test_who_has_what_is_in_the_archive_only_for_whom_people_are_open_and_of_their_own_centre(app: Flask, world: World):
    with app.app_context():
        furnish(world)
        make_loan(world, make_device(world, by="zoe"), household=make_household(world, "Zo-Test", by="zoe"), by="zoe")
    assert "-Foyer-Test" in str(contents(archive(app, world)))
    assert "Zo-Test" not in str(contents(archive(app, world)))
    closed = str(contents(archive(app, world, "coco")))
    assert "Écran" in closed
    assert "Foyer-Test" not in closed


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
