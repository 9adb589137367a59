"""A table on its way through the pages: brought, its columns told, its lines looked at and mended, taken over."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app import cli, files, jobs
from app.cli.verifying import all_faults
from app.db import session, writing
from app.desk import import_routes
from app.files import StoredFile
from app.imports import tables
from app.imports.running import SLICE
from app.imports.tables import TableImport
from app.inventory import label_routes
from app.inventory.models import Device
from app.people.models import Household, Role
from tests.asking import Asker, person, program, rows
from tests.imports.test_register import BROKEN, FREE, HEAD, OUT
from tests.make import World, make_device, make_household

WRONG = "Portable 9;Lenovo;ThinkPad L14;Portable;PF99;Ali Blin-Test;;hier;;\n"


def bring(one: Asker, text: str | bytes, kind: str = "register", name: str = "Notre liste.csv", **over: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    form = {"csrf": one.csrf, "kind": kind, "file": (io.BytesIO(content), name)} | over
    return one.ask("POST", "/import", data=form, content_type="multipart/form-data")


def chores(app: Flask) -> None:
    with app.app_context():
        cli.one_round(app.config["SETTINGS"])


def start(app: Flask, one: Asker, place: str) -> Any:
    answer = one.post(f"{place}/start", form={"id": str(uuid4())})
    chores(app)
    return answer


def test_from_the_file_to_the_register(app: Flask, world: World):
    ada = person(app, world)
    place = bring(ada, OUT + FREE + WRONG).location
    told = ada.get(place).text
    assert '<option value="serial_number" selected>' in told
    assert "Léa Morel-Test" in told, "the first cells of a column are shown"
    looked = ada.get(f"{place}/check")
    assert (looked.status_code, "n’est pas une date" in looked.text) == (200, True)
    assert "colonne H" in looked.text
    mended = {"place": "0:4", "mended.0.field": "lent_on", "mended.0.text": "02/11/2026"}
    assert ada.post(f"{place}/lines", form=mended).status_code == 303
    assert "n’est pas une date" not in ada.get(f"{place}/check").text
    assert start(app, ada, place).location == f"{place}/progress"
    done = ada.get(f"{place}/progress").text
    assert "Importé" in done
    with app.app_context():
        things = session().scalars(select(Device).order_by(Device.id))
        assert [(d.name, d.state) for d in things] == [
            ("Portable 1", "on_loan"),
            ("Portable 2", "available"),
            ("Portable 9", "on_loan"),
        ]
        assert list(all_faults(app.config["SETTINGS"])) == []


def test_the_labels_of_what_came_are_printed_from_its_end(app: Flask, world: World):
    ada = person(app, world)
    with app.app_context():
        bears_one = make_device(world, name="Portable 2", serial_number="PF02").code
    place = bring(ada, OUT + FREE + BROKEN).location
    start(app, ada, place)
    with app.app_context():
        new = [d.code for d in session().scalars(select(Device).order_by(Device.id)) if d.code != bears_one]
    told = ada.get(f"{place}/progress").text
    link = f"/labels?brought={place.rsplit('/', 1)[1]}"
    assert "Imprimer 2 étiquettes" in told
    assert f'href="{link}"' in told
    sheet = ada.get(link).text
    assert re.findall(r'name="codes" value="(\w+)"', sheet) == new
    assert program(app, world).get(f"{place}/progress").json["brought"] == new
    assert person(app, world, "zoe").get(link).status_code == 404, "another centre's"


def test_the_same_file_again_still_knows_the_labels_of_what_it_brought(app: Flask, world: World):
    ada = person(app, world)
    first, again = (bring(ada, HEAD + FREE).location for _ in range(2))
    start(app, ada, first)
    start(app, ada, again)
    [told, then] = [program(app, world).get(f"{place}/progress").json["brought"] for place in (first, again)]
    assert told == then != []


def test_what_bears_a_label_of_ours_already_gets_no_other(app: Flask, world: World):
    ada = person(app, world)
    given = program(app, world).post("/codes", json={"count": 1}).json["codes"][0]
    place = bring(ada, f"Code;{HEAD}{given};{FREE}").location
    start(app, ada, place)
    told = program(app, world).get(f"{place}/progress").json
    assert (told["counts"], told["brought"]) == ({"new": 1}, [])


def test_many_labels_come_in_several_files(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_routes, "AT_ONCE", 2)
    monkeypatch.setattr(label_routes, "AT_ONCE", 2)
    ada = person(app, world)
    place = bring(
        ada, HEAD + "".join(f"Portable {n};Lenovo;ThinkPad L14;Portable;PF{n};;;;;\n" for n in range(3))
    ).location
    start(app, ada, place)
    told = ada.get(f"{place}/progress").text
    assert [words in told for words in ("Imprimer les étiquettes 1 à 2", "Imprimer l’étiquette 3")] == [True] * 2
    new = program(app, world).get(f"{place}/progress").json["brought"]
    link = f"/labels?brought={place.rsplit('/', 1)[1]}"
    assert [re.findall(r'name="codes" value="(\w+)"', ada.get(link + more).text) for more in ("", "&start=2")] == [
        new[:2],
        new[2:],
    ]


def test_looking_writes_nothing(app: Flask, world: World):
    ada = person(app, world)
    place, before = bring(ada, OUT + FREE).location, rows(app)
    for path in (place, f"{place}/check", f"{place}/progress", "/import"):
        assert ada.get(path).status_code == 200
    assert rows(app) == before


def test_the_bytes_and_what_was_mended_go_when_it_is_done(app: Flask, world: World):
    ada = person(app, world)
    place = bring(ada, OUT + WRONG).location
    ada.post(f"{place}/lines", form={"place": "0:3", "mended.0.field": "household", "mended.0.text": "Zo Zi-Test"})
    start(app, ada, place)
    chores(app)
    with app.app_context():
        row = session().scalars(select(TableImport)).one()
        assert (row.choices, row.file.destroyed_at is not None) == ({}, True)
        assert not files.path_of(app.config["SETTINGS"].instance, row.file).exists()


def test_a_file_nobody_goes_on_with_goes_after_a_week(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    ada = person(app, world)
    place = bring(ada, OUT).location
    ada.post(f"{place}/lines", form={"place": "0:2", "mended.0.field": "household", "mended.0.text": "Zo Zi-Test"})
    monkeypatch.setattr(cli, "now", lambda: datetime.now(UTC) + tables.KEPT + timedelta(hours=1))
    chores(app)
    with app.app_context():
        row = session().scalars(select(TableImport)).one()
        assert (row.choices, row.ended_at is None, row.file.destroyed_at is None) == ({}, False, False)
        assert row.name == ""
    assert "Supprimé" in ada.get(f"{place}/progress").text


def test_of_a_report_only_figures_and_codes_of_things_are_left_after_a_week(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
):
    ada = person(app, world)
    place = bring(ada, HEAD + FREE + WRONG).location
    start(app, ada, place)
    monkeypatch.setattr(cli, "now", lambda: datetime.now(UTC) + tables.KEPT + timedelta(hours=1))
    chores(app)
    with app.app_context():
        row = session().scalars(select(TableImport)).one()
        [code] = session().scalars(select(Device.code))
        assert (row.name, row.report) == ("", {"counts": {"new": 1, "fault": 1}, "faults": [], "brought": [code]})
    assert "Un fichier" in ada.get(f"{place}/progress").text


def test_what_columns_mean_is_kept_for_the_next_file_with_the_same(app: Flask, world: World):
    ada = person(app, world)
    first = bring(ada, "Truc;Chose\nP 1;PF1\n", "devices").location
    told = {"columns.0.sheet": 0, "columns.0.column": 0, "columns.0.field": "name", "columns.1.sheet": 0,
            "columns.1.column": 1, "columns.1.field": "serial_number", "category": "tablet"}  # fmt: skip
    assert ada.post(first, form=told).location == f"{first}/check"
    again = bring(ada, "Truc;Chose\nP 2;PF2\n", "devices").location
    assert ada.get(again).text.count(" selected>") == 3
    zoe = person(app, world, "zoe")
    assert zoe.get(bring(zoe, "Truc;Chose\nP 2;PF2\n", "devices").location).text.count(" selected>") == 0


@pytest.mark.parametrize(
    "columns",
    [
        {"columns.0.sheet": 0, "columns.0.column": 0, "columns.0.field": "owner_id"},
        {"columns.0.sheet": 0, "columns.0.column": 99, "columns.0.field": "name"},
        {"columns.0.sheet": 9, "columns.0.column": 0, "columns.0.field": "name"},
        {"columns.0.sheet": 0, "columns.0.column": 0, "columns.0.field": "name",
         "columns.1.sheet": 0, "columns.1.column": 1, "columns.1.field": "name"},
        {},
    ],
)  # fmt: skip
def test_a_column_that_cannot_mean_that_is_refused(app: Flask, world: World, columns: dict[str, Any]):
    ada = person(app, world)
    answer = ada.post(bring(ada, OUT).location, form=columns)
    assert (answer.status_code, 'class="faults"' in answer.text) == (422, True)


def test_a_line_left_out_is_not_taken_over(app: Flask, world: World):
    ada = person(app, world)
    place = bring(ada, OUT + FREE).location
    ada.post(f"{place}/lines", form={"place": "0:2", "do": "skip"})
    start(app, ada, place)
    with app.app_context():
        assert [d.name for d in session().scalars(select(Device))] == ["Portable 2"]


def test_a_double_may_be_another_one_after_all(app: Flask, world: World):
    with app.app_context():
        make_device(world, "Le premier", inventory_number="INV 1", serial_number="AA1")
    ada = person(app, world)
    text = "Nom;Marque;Modèle;N° inventaire;N° de série\nLe second;Lenovo;ThinkPad L14;INV1;AA2\n"
    place = bring(ada, text, "devices").location
    assert "porte cet ancien numéro" in ada.get(f"{place}/check?show=doubles").text
    ada.post(f"{place}/lines", form={"place": "0:2", "do": "new"})
    start(app, ada, place)
    with app.app_context():
        assert sorted(d.name for d in session().scalars(select(Device))) == ["Le premier", "Le second"]


def test_two_clicks_are_one_import(app: Flask, world: World):
    ada, number = person(app, world), str(uuid4())
    assert bring(ada, FREE and HEAD + FREE, id=number).location == bring(ada, HEAD + FREE, id=number).location
    with app.app_context():
        assert session().query(TableImport).count() == 1


def test_what_is_started_or_over_is_no_longer_changed(app: Flask, world: World):
    ada = person(app, world)
    place = bring(ada, HEAD + FREE).location
    start(app, ada, place)
    assert ada.get(place).location == f"{place}/progress"
    assert ada.post(f"{place}/lines", form={"place": "0:2", "do": "skip"}).status_code == 409
    assert ada.post(f"{place}/start", form={"id": str(uuid4())}).status_code == 409


def test_the_page_says_how_far_it_is_and_what_came_of_it(app: Flask, world: World):
    ada = person(app, world)
    place = bring(ada, HEAD + FREE + WRONG).location
    ada.post(f"{place}/start", form={"id": str(uuid4())})
    waiting = ada.get(f"{place}/progress")
    assert (waiting.status_code, "<progress" in waiting.text) == (200, True)
    with app.app_context():
        number = session().scalars(select(TableImport)).one().job_id
        jobs.tell_progress(number, 1, 2, at=datetime.now(UTC))
    assert 'max="2" value="1"' in ada.get(f"{place}/progress").text
    chores(app)
    done = ada.get(f"{place}/progress").text
    assert ("Non importé" in done, "ligne 3" in done, "n’est pas une date" in done) == (True, True, True)


def test_a_dropped_import_does_nothing_more(app: Flask, world: World):
    ada = person(app, world)
    place = bring(ada, HEAD + FREE).location
    ada.post(f"{place}/start", form={"id": str(uuid4())})
    assert ada.post(f"{place}/drop", form={"id": str(uuid4())}).status_code == 303
    chores(app)
    with app.app_context():
        assert session().query(Device).count() == 0


def test_who_lost_their_role_meanwhile_takes_nothing_over(app: Flask, world: World):
    ada = person(app, world)
    place = bring(ada, HEAD + FREE).location
    ada.post(f"{place}/start", form={"id": str(uuid4())})
    with app.app_context(), writing() as s:
        s.query(Role).filter_by(person_id=world.people["ada"]).one().kind = "outreach"
    chores(app)
    with app.app_context():
        assert session().query(Device).count() == 0


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch):
    ada = person(app, world)
    text = HEAD + "".join(f"P {n};Lenovo;ThinkPad L14;Portable;X{n:03};;;;;\n" for n in range(3 * SLICE - 10))
    place = bring(ada, text).location

    def die(_number: int, done: int, _of: int, **_how: Any) -> None:
        if done > SLICE:
            raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(jobs, "tell_progress", die)
        with pytest.raises(KeyboardInterrupt):
            start(app, ada, place)
    with app.app_context():
        assert session().query(Device).count() == 2 * SLICE
        later = datetime.now(UTC) + jobs.LEASE + timedelta(minutes=1)
        assert jobs.run_next(app.config["SETTINGS"].instance, at=later).state == "done"
        assert session().query(Device).count() == 3 * SLICE - 10
        report = session().scalars(select(TableImport)).one().report
        assert report["counts"] == {"before": 2 * SLICE, "new": SLICE - 10}


def test_rubbish_is_told_beside_the_field_and_nothing_is_kept(app: Flask, world: World):
    ada, before = person(app, world), rows(app)
    for content in (b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x"):
        answer = bring(ada, content)
        assert (answer.status_code, "file-fault" in answer.text) == (422, True)
    assert rows(app) | {"sign_in": 0} == before | {"sign_in": 0}


def test_a_coordinator_brings_things_but_no_people(app: Flask, world: World):
    coco = person(app, world, "coco")
    with app.app_context(), writing() as s:
        from app.people.models import SignIn

        s.query(SignIn).filter_by(person_id=world.people["coco"]).update({"centre_id": world.centres["brebis"]})
    told = coco.get("/import").text
    assert ('value="devices"' in told, 'value="register"' in told) == (True, False)
    assert bring(coco, OUT, "register").status_code == 403
    mine = bring(person(app, world), OUT, "register").location
    assert coco.get(mine).status_code == 404, "people stand in it"


def test_people_of_another_centre_are_neither_told_nor_touched(app: Flask, world: World):
    with app.app_context():
        home = make_household(world, "Zo Zanzi-Test", by="zoe", contact="0639987777")
        code = home.code
    ada, before = person(app, world), rows(app)
    text = f"Nom;Code du foyer;Téléphone\nAutre;{code};0639980000\nZo Zanzi-Test;;0639987777\n"
    place = bring(ada, text, "households").location
    told = ada.get(f"{place}/check").text
    assert "Aucun foyer de ce centre n’a ce code" in told
    start(app, ada, place)
    with app.app_context():
        found = {h.centre_id for h in session().scalars(select(Household))}
        assert found == {world.centres["brebis"], world.centres["mqcv"]}, "the second line is a household of their own"
        theirs = session().scalars(select(Household).where(Household.code == code)).one()
        assert theirs.identity.contact == "0639987777"
    assert rows(app)["household"] == before["household"] + 1


def test_programs_see_the_same(app: Flask, world: World):
    ada, robot = person(app, world), program(app, world)
    place = bring(ada, OUT + WRONG).location
    assert {c["field"] for c in robot.get(place).json["columns"]} >= {"name", "serial_number", "household"}
    told = robot.get(f"{place}/check").json
    assert told["counts"]["new"] == 1
    assert [(one["place"], one["what"], list(one["faults"])) for one in told["items"]] == [
        ("0:3", "fault", ["lent_on"]),
        ("0:2", "new", []),
    ]
    started = robot.post(f"{place}/start", json={"id": str(uuid4())})
    assert (started.status_code, started.json["state"]) == (200, "waiting")
    chores(app)
    assert robot.get(f"{place}/progress").json["counts"] == {"new": 1, "lent": 1, "fault": 1}


@pytest.mark.parametrize("kind", ["register", "devices", "households"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_our_own_template_is_known_column_by_column(app: Flask, world: World, kind: str, language: str, ending: str):
    from app import sheets
    from app.imports import columns, kinds
    from app.people.models import Person

    with app.app_context(), writing() as s:
        s.get_one(Person, world.people["ada"]).language = language
    answer = person(app, world).get(f"/import/template.{ending}?kind={kind}")
    with app.app_context():
        heads = columns.heads(sheets.opened(answer.data), kinds.of(kind))
        assert columns.proposed(heads, kinds.of(kind)) == {
            "0": [field.name for field in kinds.of(kind).fields if not field.of]
        }


def test_a_table_over_the_command_line(app: Flask, world: World, tmp_path: Any):
    file = tmp_path / "liste.csv"
    file.write_text(OUT + FREE + BROKEN + WRONG, encoding="cp1252")
    run = app.test_cli_runner()
    asked = run.invoke(args=["import", "register", str(file)])
    assert (asked.exit_code, "--centre" in asked.output) == (1, True)
    where = ["--centre", "Cité des Brebis"]
    before = rows(app)
    dry = run.invoke(args=["import", "register", str(file), "--dry-run", *where])
    assert (dry.exit_code, "new: 3, change: 0, same: 0, fault: 1" in dry.output) == (1, True)
    assert re.search(r"ligne 5, H: .*hier", dry.output)
    assert rows(app) == before
    for _turn, told in ((1, "fault: 1, lent: 1, new: 3"), (2, "before: 3, fault: 1")):
        done = run.invoke(args=["import", "register", str(file), *where])
        assert (done.exit_code, told in done.output) == (1, True), done.output
    with app.app_context():
        assert session().query(Device).count() == 3
        assert list(all_faults(app.config["SETTINGS"])) == []
        assert session().query(StoredFile).count() == 0


def test_the_command_says_why_it_cannot_read(app: Flask, world: World, tmp_path: Any):
    (file := tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04rubbish")
    done = app.test_cli_runner().invoke(args=["import", "devices", str(file), "--centre", "MQCV"])
    assert (done.exit_code, "abîmé" in done.output) == (1, True)
