import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import FUNDING, MEDIA, SHEETS, Calibration, Funding, Sheet, media, render_pdf
from tests.labels.reading import DPI, cell, expected, found, pages, read
from tests.labels.samples import for_medium, label, placed, refusal, sample

ROOT = Path(__file__).parents[2]


# One sheet or roll of each design; the other media have the same ones, and their turn in `make deep`.
EACH_DESIGN = [media(number) for number in ("L7160", "L4736", "L7651", "L4732", "ZEBRA-57X32", "DK-11201")]
deep = pytest.mark.deep
large_pages = pytest.mark.slow("a page of 600 dpi, or a label of its size, has many dots to draw and to look at")


def of_all_kinds(medium, count):
    return [for_medium(medium, sample(number)) for number in range(count)]


def read_back(medium, dpi, **options):
    """Print as many labels as a page has, at least three, and read each of them."""
    made = of_all_kinds(medium, max(3, medium.per_page))
    drawn = pages(render_pdf(made, medium, **options), dpi)
    for each, (page, position) in zip(made, medium.places(), strict=False):
        assert read(drawn[page], medium, position, dpi) == expected(each, medium), (medium.id, dpi, position)


@pytest.mark.parametrize("medium", EACH_DESIGN, ids=lambda medium: medium.id)
def test_every_symbol_of_a_full_sheet_is_read_back(medium):
    read_back(medium, DPI)


@deep
@large_pages
@pytest.mark.parametrize("medium", MEDIA, ids=lambda medium: medium.id)
@pytest.mark.parametrize("dpi", [203.2, 300, 600])
def test_every_symbol_of_every_medium_is_read_back_at_every_resolution(medium, dpi):
    read_back(medium, dpi)


@deep
@pytest.mark.parametrize("medium", MEDIA, ids=lambda medium: medium.id)
def test_every_symbol_of_every_medium_is_read_back_in_black(medium):
    read_back(medium, DPI, ink="black")


def fills_the_right_cells(data, medium):
    start = data.draw(st.integers(1, medium.per_page))
    # Skipped after the start, so that one place at least is free.
    skip = data.draw(st.sets(st.integers(1, medium.per_page), max_size=3)) - {start}
    count = data.draw(st.integers(1, min(12, 2 * medium.per_page)))
    made = [label(number) for number in range(count)]
    drawn = pages(render_pdf(made, medium.id, start_at=start, skip=skip))
    places = list(islice(medium.places(start, skip), count))
    assert len(drawn) == places[-1][0] + 1
    for each, (page, position) in zip(made, places, strict=True):
        assert read(drawn[page], medium, position) == expected(each, medium)
    for page, pixels in enumerate(drawn):
        for position in set(range(1, medium.per_page + 1)) - {place for on, place in places if on == page}:
            assert cell(pixels, medium, position).min() == 255, "nothing is drawn in a cell that is not used"


@given(st.data(), st.sampled_from(SHEETS[:1]))
@settings(max_examples=6, deadline=None)
def test_labels_fill_the_right_cells_of_the_right_pages(data, medium):
    fills_the_right_cells(data, medium)


@deep
@pytest.mark.parametrize("medium", MEDIA, ids=lambda medium: medium.id)
@given(st.data())
@settings(max_examples=5, deadline=None)
def test_labels_fill_the_right_cells_of_every_medium(medium, data):
    fills_the_right_cells(data, medium)


@given(placed, st.sampled_from(["colour", "black"]))
@settings(max_examples=12, deadline=None)
def test_the_same_labels_give_the_same_bytes(case, ink):
    made, medium = case
    assert render_pdf([made] * 2, medium, ink=ink) == render_pdf([made] * 2, medium, ink=ink)


def test_another_process_gives_the_same_bytes():
    script = (
        "import hashlib; from tests.labels.samples import sample; from labels import render_pdf;"
        "print(hashlib.sha256(render_pdf([sample(n) for n in range(30)], 'L4736')).hexdigest())"
    )
    roads = {"PYTHONPATH": str(ROOT)}
    seeds = ({"PYTHONHASHSEED": seed} for seed in "12")
    answers = {subprocess.check_output([sys.executable, "-c", script], env=roads | seed, cwd=ROOT) for seed in seeds}
    assert len(answers) == 1


def test_pages_are_a4_at_true_scale_with_every_font_embedded():
    pdf = render_pdf([sample(number) for number in range(4)], "L7160")
    assert b"/PrintScaling /None" in pdf
    document = pdfium.PdfDocument(pdf)
    assert [round(side * 25.4 / 72, 2) for side in document[0].get_size()] == [210, 297]
    document.close()
    assert pdf.count(b"/FontFile2") >= 3
    assert set(re.findall(rb"/Subtype /(Type1|TrueType|Type0|Type3)", pdf)) <= {b"Type1", b"TrueType"}


def test_the_words_can_be_found_in_the_file():
    document = pdfium.PdfDocument(render_pdf([sample(1)], "L7160"))
    page = document[0].get_textpage()
    text = page.get_text_range()
    page.close()
    document.close()
    assert "Tablette Samsung" in text
    assert "Si trouvé : 01 99 00 12 34" in text


def test_a_qr_is_one_path_and_an_emblem_is_drawn_once_a_file():
    document = pdfium.PdfDocument(render_pdf([sample(1)] * 48, "L4736"))
    kinds = [thing.type for thing in document[0].get_objects(max_depth=1)]
    document.close()
    paths, forms = kinds.count(2), kinds.count(5)
    assert (paths, forms) == (48, 48)


def test_nothing_and_too_much_to_print_are_refused():
    assert refusal(lambda: render_pdf([], "L7160")) == "no_labels"
    assert refusal(lambda: render_pdf([label(1)] * 10_001, "L7160")) == "too_many_labels"
    assert refusal(lambda: render_pdf([label(1)], "L9999")) == "unknown_medium"
    assert refusal(lambda: render_pdf([label(1)], "L7160", start_at=22)) == "start_at_out_of_range"


def test_a_sheet_of_ones_own_is_printed_like_a_preset():
    sheet = Sheet("own", 70, 37.125, 3, 8, 0, 0, 70, 37.125)
    made = [sample(number) for number in range(24)]
    (page,) = pages(render_pdf(made, sheet))
    for position, each in enumerate(made, 1):
        assert read(page, sheet, position) == {each.url, each.code}


def test_a_page_of_a_roll_is_the_drivers_with_one_label_read_along_the_feed():
    roll = media("DK-11201")
    document = pdfium.PdfDocument(render_pdf([label(1), label(2)], roll))
    sizes = [[round(side * 25.4 / 72, 2) for side in page.get_size()] for page in document]
    document.close()
    assert sizes == [[29, 90], [29, 90]]


@pytest.mark.parametrize("medium", ["L7160", "DK-11201"])
def test_black_ink_is_black_alone_and_colour_is_the_sheets_own(medium):
    made = [label(1, name="Écran", funding=FUNDING["2021-2027"])]

    def colours(**options):
        document = pdfium.PdfDocument(render_pdf(made, medium, **options))
        pixels = np.array(document[0].render(scale=1).to_pil().convert("RGB")).astype(int)
        document.close()
        return int((pixels.max(axis=2) - pixels.min(axis=2)).max())

    assert colours(ink="black") == 0
    assert colours(ink="colour") > 100
    assert (colours() > 100) == (medium == "L7160")


def first_dark(pdf: bytes) -> tuple[float, float]:
    """The top left corner of all that is drawn on page one, in mm."""
    (page,) = pages(pdf, 600)
    dark = page < 128
    return dark.any(axis=0).argmax() * 25.4 / 600, dark.any(axis=1).argmax() * 25.4 / 600


def test_a_calibration_shifts_and_scales_around_the_middle_of_the_page():
    made = [label(1)]
    plain = first_dark(render_pdf(made, "L7160"))
    shifted = first_dark(render_pdf(made, "L7160", calibration=Calibration(dx=1.5, dy=-2)))
    scaled = first_dark(render_pdf(made, "L7160", calibration=Calibration(sx=1.01, sy=0.99)))
    assert np.subtract(shifted, plain) == pytest.approx([1.5, -2], abs=0.06)
    assert scaled == pytest.approx([105 + (plain[0] - 105) * 1.01, 148.5 + (plain[1] - 148.5) * 0.99], abs=0.06)


@pytest.mark.parametrize(
    "wrong", [{"dx": 5.1}, {"dy": -5.1}, {"sx": 0.979}, {"sy": 1.021}, {"dx": float("nan")}, {"sx": float("nan")}]
)
def test_a_calibration_beyond_what_a_printer_does_is_refused(wrong):
    assert refusal(lambda: Calibration(**wrong)) == "calibration_out_of_range"


def test_a_calibrated_sheet_is_still_read():
    made = of_all_kinds(media("L7160"), 21)
    tuned = Calibration(dx=1, dy=1, sx=1.004, sy=0.996)
    (page,) = pages(render_pdf(made, "L7160", calibration=tuned))
    assert found(page) >= {each.code for each in made[:6]}


def test_letters_no_font_has_are_refused_or_replaced_by_a_question_mark_as_asked():
    made = label(1, name="Écran 漢字", owner="سلام", contact="01", funding=Funding(("Union 漢",)), word="x\u200d")
    assert refusal(lambda: render_pdf([made], "L7160")) == "unprintable_character"
    document = pdfium.PdfDocument(render_pdf([made], "L7160", missing="replace"))
    page = document[0].get_textpage()
    text = page.get_text_range()
    page.close()
    document.close()
    assert {"x?", "Écran ??", "01"} <= set(text.splitlines())
    assert "Union ?" in text
