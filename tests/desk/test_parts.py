"""The page of parts leaves none out."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from app.inventory.states import LOOKS
from tests.asking import person, program
from tests.make import World

APP = Path(__file__).parents[2] / "app"
WITHIN = {"csrf", "fault", "described", "camera"}  # pieces of other parts
FACES = ("main", "main tall", "quiet", "grave")


def test_every_part_and_every_state_is_shown(app: Flask, world: World):
    made = set(re.findall(r"macro (\w+)\(", (APP / "templates" / "web" / "parts.html").read_text()))
    page = (APP / "templates" / "desk" / "parts.html").read_text()
    assert made - set(re.findall(r"parts\.(\w+)\(", page)) == WITHIN
    told = person(app, world).get("/parts").text
    assert [code for code in LOOKS if f'class="print" translate="no">{code}<' not in told] == []
    assert [face for face in FACES if f'class="act {face}"' not in told] == []
    assert ("aria-disabled" in told, 'aria-invalid="true"' in told, 'class="faults"' in told) == (True, True, True)


def test_every_picture_of_the_house_is_shown(app: Flask, world: World):
    told = person(app, world).get("/parts").text
    pictures = re.findall(r'id="i-([^"]+)"', (APP / "static" / "icons.svg").read_text())
    assert len(pictures) > 40
    assert [name for name in pictures if f'class="print" translate="no">{name}<' not in told] == []


def test_a_program_is_told_that_the_page_is_for_people(app: Flask, world: World):
    assert program(app, world).get("/parts").status_code == 406
