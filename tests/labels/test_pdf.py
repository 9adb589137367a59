import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import SHEETS, Label, Sheet, render_pdf
from tests.labels.samples import label, labels, refusal, sample

DPI = 300
ROOT = Path(__file__).parents[2]


def pages(pdf: bytes):
    """Each page as grey pixels at 300 dpi."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [np.array(page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")) for page in document]
    finally:
        document.close()


def read(page, sheet: Sheet, position: int) -> set[str]:
    """What a reader finds in one cell."""
    x, y = sheet.cell(position)
    left, top, right, bottom = (round(v * DPI / 25.4) for v in (x, y, x + sheet.width, y + sheet.height))
    return {found.text for found in zxingcpp.read_barcodes(np.ascontiguousarray(page[top:bottom, left:right]))}


def expected(made: Label, sheet: Sheet) -> set[str]:
    return {made.url, made.code} if sheet.id == "L7160" else {made.url}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_every_symbol_of_a_full_sheet_is_read_back(sheet):
    made = [sample(number) for number in range(sheet.per_page)]
    (page,) = pages(render_pdf(made, sheet))
    for position, each in enumerate(made, 1):
        assert read(page, sheet, position) == expected(each, sheet)


@given(st.data(), st.sampled_from(SHEETS))
@settings(max_examples=8, deadline=None)
def test_labels_fill_the_right_cells_of_the_right_pages(data, sheet):
    start = data.draw(st.integers(1, sheet.per_page))
    skip = data.draw(st.sets(st.integers(1, sheet.per_page), max_size=3)) - {start}
    count = data.draw(st.integers(1, 12))
    made = [label(number) for number in range(count)]
    drawn = pages(render_pdf(made, sheet.id, start_at=start, skip=skip))
    free = [(0, position) for position in range(start, sheet.per_page + 1) if position not in skip]
    places = (free + [(1, position) for position in range(1, sheet.per_page + 1)])[:count]
    assert len(drawn) == places[-1][0] + 1
    for each, (page, position) in zip(made, places, strict=True):
        assert read(drawn[page], sheet, position) == expected(each, sheet)
    used = set(places)
    for page, pixels in enumerate(drawn):
        for position in range(1, sheet.per_page + 1):
            assert (page, position) in used or not read(pixels, sheet, position)


@given(st.lists(labels, min_size=1, max_size=3), st.sampled_from(SHEETS))
@settings(max_examples=10, deadline=None)
def test_the_same_labels_give_the_same_bytes(made, sheet):
    assert render_pdf(made, sheet) == render_pdf(made, sheet)


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
