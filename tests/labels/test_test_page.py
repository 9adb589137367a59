import numpy as np
import pypdfium2 as pdfium
import pytest

from labels import MEDIA, SHEETS, Calibration, Sheet, media, render_test_page
from labels.test_page import DERIVED, WORDS
from tests.labels.reading import pages
from tests.labels.samples import refusal


def text_of(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    page = document[0].get_textpage()
    text = page.get_text_range()
    page.close()
    document.close()
    return text


@pytest.mark.parametrize("medium", MEDIA, ids=lambda medium: medium.id)
def test_a_test_page_numbers_every_die_and_says_how_to_print_it(medium):
    text = text_of(render_test_page(medium))
    assert {str(position) for position in range(1, medium.per_page + 1)} <= set(text.split())
    assert f"{medium.id}: {WORDS}" in text
    assert (DERIVED in text) == medium.derived


def test_every_die_is_outlined_where_its_labels_are_printed():
    sheet = media("L7160")
    (page,) = pages(render_test_page(sheet), 600)
    for position in range(1, sheet.per_page + 1):
        x, y = sheet.cell(position)
        row = round((y + sheet.height / 3) * 600 / 25.4)
        column = round(x * 600 / 25.4)
        assert page[row, column - 4 : column + 5].min() < 200


def test_the_rulers_are_180_mm_both_ways_and_cross_in_the_middle():
    # A single die as large as the page: nothing but the rulers and words stands inside.
    (page,) = pages(render_test_page(Sheet("own", 210, 297, 1, 1, 0, 0, 210, 297)), 600)
    black = page < 60
    mm = 600 / 25.4
    # Away from the words and the number, half a mm around the middle of the page.
    across = np.flatnonzero(black[round(148.5 * mm) - 3 : round(148.5 * mm) + 4].any(axis=0)) / mm
    along = np.flatnonzero(black[:, round(105 * mm) - 3 : round(105 * mm) + 4].any(axis=1)) / mm
    assert (across.min(), across.max()) == pytest.approx((15, 195), abs=0.15)
    assert (along.min(), along.max()) == pytest.approx((58.5, 238.5), abs=0.15)


def test_a_test_page_is_printed_at_full_size_corrected_if_wished_and_the_same_each_time():
    plain = render_test_page("L7160")
    assert b"/PrintScaling /None" in plain
    assert plain == render_test_page(SHEETS[0])
    assert plain != render_test_page("L7160", calibration=Calibration(dx=1))
    assert refusal(lambda: render_test_page("L9999")) == "unknown_medium"
