"""What is looked at before printing is what is printed."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from labels import ROLLS, SHEETS, LabelError, media
from labels.svg import render_svg
from tests.labels.samples import label, labels, sample

NS = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ET.Element:
    return ET.parse(BytesIO(svg.replace("<svg ", f'<svg xmlns="{NS[1:-1]}" ', 1).encode())).getroot()


def kinds(svg: str) -> list[str]:
    return [rect.attrib["class"] for rect in drawn(svg).iter(f"{NS}rect") if "class" in rect.attrib]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_every_place_of_the_page_is_drawn_once(sheet):
    begun = min(4, sheet.per_page)
    found = kinds(render_svg([label(n) for n in range(3)], sheet, start_at=begun))
    room = sheet.per_page - begun + 1
    assert (found.count("used"), found.count("tag"), len(found)) == (begun - 1, min(3, room), sheet.per_page)


def test_a_hole_in_the_sheet_stays_a_hole():
    assert kinds(render_svg([sample(n) for n in range(7)], "L7160", start_at=4, skip={6})).count("used") == 4


@pytest.mark.parametrize("roll", ROLLS, ids=lambda roll: roll.id)
def test_of_a_roll_one_label_is_shown(roll):
    assert kinds(render_svg([label(n) for n in range(3)], roll)) == ["tag"]


def test_a_page_that_is_full_shows_no_more_than_it_holds():
    sheet = media("L7160")
    assert kinds(render_svg([sample(n) for n in range(40)], sheet, start_at=20)).count("tag") == 2


@settings(max_examples=25, deadline=None)
@given(labels)
def test_whatever_a_label_says_the_picture_is_well_formed_and_says_it(one):
    words = "".join(text.text or "" for text in drawn(render_svg([one], "L7160")).iter(f"{NS}text"))
    assert one.code[:4] in words


def test_a_title_like_markup_stays_a_title():
    assert drawn(render_svg([sample(0)], "L7160", title='"><b>&')).attrib["aria-label"] == '"><b>&'


def test_a_sheet_nobody_knows_is_refused():
    with pytest.raises(LabelError, match="unknown_medium"):
        render_svg([sample(0)], "L9999")
