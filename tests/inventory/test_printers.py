"""A printer is tuned by what its test page shows, until the frames lie on their labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from flask import Flask

from app.errors import Refused
from app.inventory import printers
from app.inventory.forms import ForgetPrinter, TunePrinter
from labels import Calibration
from tests.asking import person, program
from tests.harness.races import at_once
from tests.make import World, do, make_device


def tune(world: World, who: str = "ada", **seen: Any) -> printers.SheetPrinter:
    return do(printers.tune, TunePrinter(**seen), by=world.me(who))


def drawn(world: World, medium: str = "L7160", who: str = "ada") -> Calibration:
    return printers.calibration(world.me(who), medium)


def test_a_printer_nobody_tuned_is_taken_to_be_true(inside: World):
    assert drawn(inside) == Calibration()


def test_frames_too_far_right_and_too_low_are_drawn_further_left_and_higher(inside: World):
    tune(inside, aside_mm=1.5, aside="right", off_mm=0.5, off="low")
    assert drawn(inside) == Calibration(dx=-1.5, dy=-0.5)


def test_what_the_next_page_still_shows_is_added(inside: World):
    tune(inside, aside_mm=1.5, aside="right")
    tune(inside, aside_mm=0.3, aside="left", off_mm=2, off="high")
    assert drawn(inside) == Calibration(dx=-1.2, dy=2)


def test_a_ruler_too_short_is_drawn_longer_by_as_much(inside: World):
    tune(inside, across_mm=179)
    assert drawn(inside).sx == pytest.approx(180 / 179, abs=0.0001)
    assert drawn(inside).sy == 1


def test_a_tuning_is_the_centres_and_for_sheets_alone(inside: World):
    tune(inside, aside_mm=1)
    assert drawn(inside, "L4736", who="mia").dx == -1, "every sheet and colleague of the centre"
    assert drawn(inside, "DK-11209") == Calibration(), "a roll finds its labels by itself"
    assert drawn(inside, who="zoe") == Calibration(), "another centre has another printer"


def test_more_than_a_printer_does_is_refused_and_nothing_changes(inside: World):
    tune(inside, aside_mm=4, aside="left")
    with pytest.raises(Refused) as no:
        tune(inside, aside_mm=4, aside="left")
    assert (no.value.code, no.value.status) == ("calibration_out_of_range", 422)
    assert drawn(inside).dx == 4


def test_a_tuning_is_forgotten(inside: World):
    tune(inside, aside_mm=4)
    do(printers.forget, ForgetPrinter(), by=inside.me())
    assert drawn(inside) == Calibration()
    assert not printers.of(inside.me().centre_id).tuned


def test_two_who_tune_at_once_are_both_heard_and_the_newest_act_tells_the_printer(app: Flask, inside: World):
    asked = [(printers.tune, TunePrinter(aside_mm=0.1, aside="left"), inside.me(who)) for who in ("ada", "mia") * 4]
    did = at_once(app, asked)
    assert [one for one in did if isinstance(one, Exception)] == []
    assert printers.of(inside.me().centre_id).right == 8
    assert list(printers.check_printers()) == []


def test_a_printer_stands_in_a_centre(inside: World):
    with pytest.raises(Refused) as no:
        do(printers.tune, TunePrinter(aside_mm=1), by=replace(inside.me(), centre=None))
    assert no.value.code == "no_centre"


def left_edge(pdf: bytes) -> float:
    """Where the leftmost thing drawn on the first page begins, in mm."""
    page = pypdfium2.PdfDocument(pdf)[0]
    return float(min(thing.get_bounds()[0] for thing in page.get_objects())) * 25.4 / 72


def test_labels_and_test_page_are_drawn_as_the_printer_needs_them(app: Flask, world: World):
    with app.app_context():
        code = make_device(world).code
    ada, addresses = person(app, world), (f"/labels.pdf?codes={code}", "/labels/test-page.pdf")
    before = [left_edge(ada.get(address).data) for address in addresses]
    sent = {"aside_mm": "2", "aside": "left", "off_mm": "0", "off": "low", "across_mm": "180", "along_mm": "180"}
    assert ada.post("/labels/printer", form=sent).status_code == 303
    after = [left_edge(ada.get(address).data) for address in addresses]
    assert after == pytest.approx([edge + 2 for edge in before], abs=0.01)
    told = ada.get("/labels/printer").text
    assert "2\u00a0mm plus à droite" in told
    assert ada.post("/labels/printer/forget", form={}).status_code == 303
    assert [left_edge(ada.get(address).data) for address in addresses] == pytest.approx(before, abs=0.01)


def test_a_program_is_told_the_tuning(app: Flask, world: World):
    answer = program(app, world).post("/labels/printer", json={"off_mm": 0.5, "off": "high"})
    assert answer.json == {"right_mm": 0.0, "down_mm": 0.5, "across": 1.0, "along": 1.0}


@pytest.mark.parametrize("odd", ["x", "-1", "5.1", "nan", "1e400"])
def test_an_odd_length_is_told_beside_its_field(app: Flask, world: World, odd: str):
    answer = person(app, world).post("/labels/printer", form={"aside_mm": odd})
    assert (answer.status_code, 'id="aside_mm-fault"' in answer.text) == (422, True)
