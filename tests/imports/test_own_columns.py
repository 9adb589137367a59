"""The house's own fields and the further numbers of things travel in tables, out and back in."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.db import session, writing
from app.inventory import catalogue, details, identifiers, own_fields
from app.inventory.catalogue_forms import Detail, EndField, Identifier, NewField
from app.inventory.details import CategoryField
from app.people.models import Person
from tests.asking import person
from tests.desk.test_exports import read
from tests.imports.test_register import counts, look, take_over, task_of, the
from tests.make import World, do, make_device

IMEI, OTHER = "490154203237518", "356938035643809"
HEAD = "Nom;Marque;Modèle;N° de série;"
LINE = "Portable 1;Lenovo;ThinkPad L14;PF01;"


def field(world: World, name: str, kind: str = "text", *, of: str = "laptop", choices: str = "") -> CategoryField:
    wish = NewField(name=name, kind=kind, choices=choices)
    return do(own_fields.add_field, wish, catalogue.category(of), by=world.me("mia"))


@pytest.mark.parametrize(
    ("kind", "cell", "kept"),
    [
        ("text", "Core i5", "Core i5"),
        ("number", "1 024,5", "1024.5"),
        ("date", "24/11/2026", "2026-11-24"),
        ("choice", "azerty", "Azerty"),
        ("yes_no", "Oui", "yes"),
        ("yes_no", "no", "no"),
    ],
)
def test_a_column_named_like_a_field_of_the_house_is_written_in_it(inside: World, kind: str, cell: str, kept: str):
    one = field(inside, "État de l’écran", kind, choices="Azerty, Qwerty" if kind == "choice" else "")
    text = f"{HEAD}Etat de l'ecran\n{LINE}{cell}\n"
    assert counts(take_over(inside, text, "devices")) == {"new": 1}
    assert details.of(the("PF01").id, "laptop") == {one.id: kept}


@pytest.mark.parametrize(
    ("kind", "cell"), [("number", "seize"), ("date", "hier"), ("choice", "Bépo"), ("yes_no", "peut-être")]
)
def test_what_does_not_fit_is_a_fault_of_its_column(inside: World, kind: str, cell: str):
    field(inside, "Clavier", kind, choices="Azerty, Qwerty" if kind == "choice" else "")
    (step,) = look(inside, task_of(inside, f"{HEAD}Clavier\n{LINE}{cell}\n", "devices"))
    assert (step.what, list(step.faults)) == ("fault", ["own:clavier"])


def test_only_what_differs_is_a_change_and_an_empty_cell_leaves_what_is_there(inside: World):
    ram, disk = field(inside, "RAM", "number"), field(inside, "Disque")
    said = [Detail(field=ram.id, value="8"), Detail(field=disk.id, value="SSD")]
    device = make_device(inside, "Portable 1", serial_number="PF01", details=said)
    text = f"{HEAD}RAM;Disque\n{LINE}16;\n"
    (step,) = look(inside, task_of(inside, text, "devices"))
    assert [(str(c.words), c.old, c.new) for c in step.changes] == [("RAM", "8", "16")]
    assert counts(take_over(inside, text, "devices")) == {"change": 1}
    session().expire_all()
    assert details.of(device.id, "laptop") == {ram.id: "16", disk.id: "SSD"}
    assert counts(take_over(inside, "\n" + text, "devices")) == {"same": 1}


def test_a_field_of_another_kind_of_thing_is_left_out_and_said(inside: World):
    field(inside, "Taille", of="tablet")
    text = f"{HEAD}Taille\n{LINE}10 pouces\n"
    (step,) = look(inside, task_of(inside, text, "devices"))
    assert step.what == "new"
    assert "taille" in " ".join(map(str, step.notes))
    assert counts(take_over(inside, text, "devices")) == {"new": 1}


def test_a_field_that_is_asked_for_no_more_is_no_column(inside: World):
    one = field(inside, "Clavier")
    do(own_fields.end_field, EndField(), catalogue.category("laptop"), one.id, by=inside.me("mia"))
    (step,) = look(inside, task_of(inside, f"{HEAD}Clavier\n{LINE}Azerty\n", "devices"))
    assert "own:clavier" not in step.line.columns


def test_further_numbers_are_taken_over_beside_those_that_are_there(inside: World):
    mac = Identifier(kind="mac", value="3C52820A1B2C")
    device = make_device(inside, "Portable 1", serial_number="PF01", identifiers=[mac])
    text = f"{HEAD}IMEI\n{LINE}{IMEI[:6]} {IMEI[6:]}\n"
    assert counts(take_over(inside, text, "devices")) == {"change": 1}
    assert sorted((row.kind, row.value) for row in identifiers.of(device.id)) == [
        ("imei", IMEI),
        ("mac", "3C:52:82:0A:1B:2C"),
    ]
    assert counts(take_over(inside, "\n" + text, "devices")) == {"same": 1}


def test_a_number_that_cannot_be_one_is_a_fault_of_its_column(inside: World):
    (step,) = look(inside, task_of(inside, f"{HEAD}IMEI\n{LINE}490154203237519\n", "devices"))
    assert (step.what, list(step.faults)) == ("fault", ["number:imei"])


def test_a_number_that_another_thing_bears_is_refused_line_by_line(inside: World):
    make_device(inside, identifiers=[Identifier(kind="imei", value=IMEI)])
    report = take_over(inside, f"{HEAD}IMEI\n{LINE}{IMEI}\n" + LINE.replace("PF01", "PF02") + f"{OTHER}\n", "devices")
    assert counts(report) == {"fault": 1, "new": 1}
    assert "ligne 2" in report.faults[0][0]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_of_things_tells_them_and_they_come_back_the_same(app: Flask, world: World, language: str):
    with app.app_context():
        with writing() as s:
            s.execute(update(Person).values(language=language))
        laptop, day = field(world, "Écran", "number"), field(world, "Révisé le", "date")
        both, yes = field(world, "Écran", of="tablet"), field(world, "Tactile", "yes_no")
        said = [(laptop, "14.5"), (day, "2026-11-02"), (yes, "no")]
        numbers = [Identifier(kind="imei", value=one) for one in (IMEI, OTHER)]
        make_device(
            world, "A", serial_number="PF01", warranty_until="2027-01-31", identifiers=numbers,
            details=[Detail(field=one.id, value=value) for one, value in said],
        )  # fmt: skip
        make_device(
            world, "B", serial_number="PF02", model="tablet", details=[Detail(field=both.id, value="10 pouces")]
        )
    ada = person(app, world)
    for ending in ("csv", "xlsx"):
        content = ada.get(f"/devices.{ending}").data
        head, first, second = read(content)
        columns = {name: (first[n], second[n] if n < len(second) else "") for n, name in enumerate(head)}
        assert columns["IMEI"] == (f"{IMEI}, {OTHER}", "")
        assert columns["Écran"] == ("14.5", "10 pouces")
        assert columns["Tactile"][0] == ("Non" if language == "fr" else "No")
        assert columns["Révisé le"][0] == "2026-11-02"
        with app.app_context():
            steps = look(world, task(world, content))
            assert [(step.what, step.changes, step.faults) for step in steps] == [("same", [], {})] * 2


def task(world: World, content: bytes) -> Any:
    from app import sheets
    from app.imports import columns, kinds, running

    kind = kinds.of("devices")
    heads = columns.heads(sheets.opened(content), kind)
    found = columns.lines_of(heads, columns.proposed(heads, kind), {}, kind)
    return running.Task(kind, found, "of the file", world.me("ada").centre_id)
