"""Files of other programs, as these write them (peers.md E), are known by their headers and read to the last cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import sheets
from app.desk import imports
from app.imports import columns, kinds, running
from app.imports.kinds import Step
from app.imports.running import Task
from tests.make import NOW, World

SAMPLES = Path(__file__).parent / "samples"


def lines(name: str | bytes, kind: str = "register", **over: str) -> Task:
    content = name if isinstance(name, bytes) else (SAMPLES / name).read_bytes()
    one = kinds.of(kind)
    heads = columns.heads(sheets.opened(content), one)
    found = columns.lines_of(heads, columns.proposed(heads, one), {}, one)
    return Task(one, found, name if isinstance(name, str) else "sha", 0)


def look(world: World, task: Task, who: str = "ada") -> list[Step]:
    return running.look(task, by=world.me(who), at=NOW)


# File, the program it comes from, and what is read in its first line.
READ: list[tuple[str, str, dict[str, Any]]] = [
    (
        "snipe-it-assets.csv",
        "Snipe-IT",
        {"name": "Laptop 1", "inventory_number": "SN-001", "maker": "Dell", "model": "Latitude 5420", "acquired_on": "10/25/20",
         "stated_value_cents": "$1,234.56", "first_name": "Léo", "household": "Duriez-Test", "mail": "leo@example.org"},
    ),
    (
        "snipe-it-export-fr.csv",
        "Snipe-IT",
        {"name": "Tablette salle 1", "inventory_number": "ACSM-0001", "serial_number": "R52S0001", "category": "Tablettes",
         "maker": "Samsung", "model": "Galaxy Tab A8", "household": "Nadia Cherif-Test", "lent_on": "2026-10-05", "due_on": "2027-01-04"},
    ),
    (
        "snipe-it-report-fr.csv",
        "Snipe-IT",
        {"name": "Portable prêt 7", "serial_number": "PF0X7", "household": "Malik Saïdi-Test", "phone": "06 39 98 11 07",
         "state": "Déployé", "category": "Laptops", "stated_value_cents": "826,80", "due_on": "2026-12-14"},
    ),
    (
        "glpi-fr.csv",
        "GLPI",
        {"name": "PC-ACCUEIL-01", "maker": "Dell Inc.", "serial_number": "7XK2LM3", "category": "Ordinateur portable",
         "model": "Latitude 3520", "centre": "Salle info", "acquired_on": "15-10-2020", "stated_value_cents": "735.00"},
    ),
    (
        "leihs.csv",
        "Leihs",
        {"name": "Tablette 11", "maker": "Samsung", "inventory_number": "P-INV-11", "serial_number": "R52RL11",
         "first_name": "Inès", "household": "Caron-Test", "due_on": "2027-02-01", "model": "Galaxy Tab A7 LTE"},
    ),
    (
        "leihs-new.csv",
        "Leihs",
        {"name": "Tablette 12", "model": "Galaxy Tab A7", "inventory_number": "INV-12", "stated_value_cents": "229.0"},
    ),
    (
        "homebox.tsv",
        "Homebox",
        {"name": "Imprimante atelier", "maker": "Prusa", "model": "i3 MK3S+", "serial_number": "CZPX01", "category": "Imprimantes 3D",
         "inventory_number": "000-014", "note": "Buse de 0,4"},
    ),
    (
        "shelf.csv",
        "Shelf",
        {"name": "Clé 4G n° 1", "model": "M7200 4G", "serial_number": "221002001", "maker": "TP-Link", "category": "Clés 4G"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "program", "first"), READ, ids=[one[0] for one in READ])
def test_a_file_of_another_program_is_known_and_each_line_read_as_it_is(
    inside: World, name: str, program: str, first: dict[str, str]
):
    task = lines(name)
    heads = columns.heads(sheets.opened((SAMPLES / name).read_bytes()), task.kind)
    read = dict(task.lines[0].values)
    assert columns.program_of(heads) == program
    assert {field: read.get(field) for field in first} == first
    for step in look(inside, task):
        assert (step.what, {k: str(v) for k, v in step.faults.items()}) == ("new", {}), step.title


def test_all_kinds_are_known():
    assert [kind.code for kind in imports.KINDS] == ["register", "devices", "households"]
