import hashlib
import json

import pytest

from labels import fonts
from tests.labels.samples import refusal


def test_the_vendored_fonts_are_the_listed_ones_to_the_byte():
    listed = json.loads((fonts.FOLDER / "VENDOR.json").read_text())
    for entry in listed:
        held = (fonts.FOLDER / entry["file"]).read_bytes()
        assert (len(held), hashlib.sha256(held).hexdigest()) == (entry["bytes"], entry["sha256"])
        assert (fonts.FOLDER / entry["licence_text"]).read_text()
    assert {entry["file"] for entry in listed} == {path.name for path in fonts.FOLDER.glob("*.ttf")}


@pytest.mark.parametrize("face", [fonts.REGULAR, fonts.BOLD, fonts.STATEMENT])
def test_all_of_french_stands_in_the_first_font(face):
    text = "ÀÂÆÇÈÉÊËÎÏÔŒÙÛÜŸàâæçèéêëîïôœùûüÿ«»’“”–—…°€\u00a0ABCabc019"
    assert [run.font for run in fonts.runs(text, face)] == [face[0]]


def test_letters_the_first_font_lacks_stand_in_the_second_and_nothing_is_lost():
    runs = fonts.runs("Łukasz Жанна", fonts.REGULAR)
    assert [run.font for run in runs] == ["AtkinsonHyperlegible-Regular", "DejaVuSans"]
    assert "".join(run.text for run in runs) == "Łukasz Жанна"
    assert fonts.width("Łukasz Жанна", fonts.REGULAR) == sum(run.width for run in runs) > 5


@pytest.mark.parametrize("text", ["漢", "سلام", "שלום", "a\x00", "a\u202eb", "a\u200db", "\ue000", "💻"])
def test_what_no_font_can_set_is_refused_not_drawn_as_a_box(text):
    assert refusal(lambda: fonts.runs(text, fonts.REGULAR)) == "unprintable_character"
