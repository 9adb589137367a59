from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import SHEETS, LabelError, Sheet, media
from tests.labels.samples import refusal


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_the_cells_of_a_sheet_stay_on_the_page_and_apart(sheet):
    cells = [sheet.cell(position) for position in range(1, sheet.per_page + 1)]
    assert all(x >= 0 and x + sheet.width <= 210 and y >= 0 and y + sheet.height <= 297 for x, y in cells)
    for i, (x, y) in enumerate(cells):
        for u, v in cells[:i]:
            assert abs(x - u) >= sheet.width - 1e-9 or abs(y - v) >= sheet.height - 1e-9


def test_the_sheets_have_the_labels_their_boxes_promise():
    assert {sheet.id: sheet.per_page for sheet in SHEETS} == {"L7160": 21, "L4736": 48, "L7651": 65}


def test_a_sheet_is_found_by_any_of_its_numbers_in_any_case():
    assert media(" j8651").id == "L7651"
    assert {media(alias) for sheet in SHEETS for alias in sheet.aliases} == set(SHEETS)


def test_an_unknown_number_is_refused_and_the_nearest_named():
    with pytest.raises(LabelError, match="unknown_medium") as refused:
        media("L7161")
    assert "L7160" in refused.value.detail


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": 0},
        {"height": 0},
        {"columns": 4},
        {"pitch_x": 60},
        {"left": 9},
        {"top": 13, "rows": 6},
        {"left": -1},
    ],
)
def test_a_sheet_that_cannot_be_is_refused(wrong):
    good = {"width": 63.5, "height": 38.1, "columns": 3, "rows": 7, "left": 7.2, "top": 15.15}
    sizes = good | {"pitch_x": 66.04, "pitch_y": 38.1} | wrong
    assert refusal(lambda: Sheet("X", **sizes)) == "bad_sheet"


@given(st.data(), st.sampled_from(SHEETS))
@settings(deadline=None)
def test_places_begin_at_the_start_spare_the_skipped_and_then_fill_every_page(data, sheet):
    start = data.draw(st.integers(1, sheet.per_page))
    skip = data.draw(st.sets(st.integers(1, sheet.per_page), max_size=sheet.per_page - 1))
    free = [position for position in range(start, sheet.per_page + 1) if position not in skip]
    if not free:
        assert refusal(lambda: sheet.places(start, skip)) == "skip_out_of_range"
        return
    wanted = [(0, position) for position in free] + [(1, position) for position in range(1, sheet.per_page + 1)]
    assert list(islice(sheet.places(start, skip), len(wanted) + 1)) == [*wanted, (2, 1)]


@pytest.mark.parametrize("start", [0, -1, 22])
def test_a_start_off_the_sheet_is_refused(start):
    assert refusal(lambda: media("L7160").places(start)) == "start_at_out_of_range"


@pytest.mark.parametrize("skip", [{0}, {22}, set(range(1, 22))])
def test_skipping_what_is_not_there_or_all_that_is_there_is_refused(skip):
    assert refusal(lambda: media("L7160").places(1, skip)) == "skip_out_of_range"
