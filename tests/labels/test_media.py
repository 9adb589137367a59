from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import MEDIA, ROLLS, SHEETS, LabelError, Roll, Sheet, media
from labels.media import _keys
from tests.labels.samples import refusal


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_the_cells_of_a_sheet_stay_on_the_page_and_apart(sheet):
    cells = [sheet.cell(position) for position in range(1, sheet.per_page + 1)]
    assert all(x >= 0 and x + sheet.width <= 210 and y >= 0 and y + sheet.height <= 297 for x, y in cells)
    for i, (x, y) in enumerate(cells):
        for u, v in cells[:i]:
            assert abs(x - u) >= sheet.width - 1e-9 or abs(y - v) >= sheet.height - 1e-9


LABELS_A_BOX_PROMISES = """
    L7160 21, L7159 24, L7161 18, L7162 16, L7163 14, L7164 12, L7165 8, L7173 10, L7177 12, L7651 65, L7654 40, L4731 189,
    L4732 80, L4736 48, L4737 27, L6012 10, L4773 24, L4774 4, L4775 1, L4776 12, Z3474 24, Z3490 24, Z3422 24, Z3489 30,
    Z3652 21, Z3484 16, Z3425 10, Z3666 65, Z3657 40, Z4773 24, Z4776 12, H4608 44, H4614 24, H4623 12, APLI1271 27,
    JAC7036 24
"""


def test_the_sheets_have_the_labels_their_boxes_promise():
    promised = [words.split() for words in LABELS_A_BOX_PROMISES.split(",")]
    assert {(sheet.id, sheet.per_page) for sheet in SHEETS} == {(number, int(count)) for number, count in promised}


def test_a_medium_is_found_by_any_of_its_numbers_in_any_case():
    assert media(" j8651").id == "L7651"
    for medium in MEDIA:
        assert {media(name) for name in (medium.id, *medium.aliases, medium.id.lower())} == {medium}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Avery L7160", "L7160"),
        ("avery-zweckform l 7160", "L7160"),
        ("Herma 4346", "L4736"),
        ("4346", "L4736"),
        ("decadry dlw1731", "L7160"),
        ("Zweckform 4773", "Z4773"),
        ("L4773", "L4773"),
        ("Apli 1271", "APLI1271"),
        ("brother dk11209", "DK-11209"),
        ("DYMO S0722540", "DYMO-11354"),
        ("11354", "DYMO-11354"),
        ("zebra 57x32", "ZEBRA-57X32"),
    ],
)
def test_a_medium_is_found_with_its_brand_and_without(name, number):
    assert media(name).id == number


def test_a_number_of_one_brand_is_not_taken_for_anothers():
    assert refusal(lambda: media("Herma L7160")) == "unknown_medium"
    assert refusal(lambda: media("Herma 4773")) == "unknown_medium"


def test_no_two_media_share_a_name():
    names = [key for medium in MEDIA for key in set(_keys(medium))]
    assert len(names) == len(set(names))


def test_an_unknown_number_is_refused_and_the_nearest_named():
    with pytest.raises(LabelError, match="unknown_medium") as refused:
        media("L7166")
    assert "L7165" in refused.value.detail
    with pytest.raises(LabelError, match="L7160, DK-11201"):
        media("?")


def test_dies_taken_from_a_sister_part_say_so():
    assert {medium.id for medium in MEDIA if medium.derived} == {
        *("L4773", "L4774", "L4776", "JAC7036", "DYMO-99010", "DYMO-11355"),
    }


def test_what_printers_leave_white_at_the_edge_of_a_page_stays_white_in_every_label():
    assert media("Z3474").inset == (5, 4.2)
    assert media("Z3490").inset == (5, 0)
    assert media("L7160").inset == media("Z3657").inset == (0, 0)
    assert media("JAC 7036").inset[1] > 4


def test_a_die_off_the_middle_is_taken_only_where_it_is_said_to_be_by_nature():
    sizes = (70, 36, 3, 8, 0, 9, 70, 36)
    assert refusal(lambda: Sheet("X", *sizes)) == "bad_sheet"
    assert refusal(lambda: Sheet("X", *sizes, centred=False)) is None
    assert refusal(lambda: Sheet("X", 70, 36, 3, 8, 0, 10, 70, 36, centred=False)) == "bad_sheet"


@pytest.mark.parametrize("roll", ROLLS, ids=lambda roll: roll.id)
def test_the_dots_of_a_roll_lie_on_its_label_and_its_inset_within_them(roll):
    columns, rows = roll.raster
    x, y = roll.origin
    assert -0.15 < x <= roll.inset[0] + 1e-9
    assert -0.15 < y <= roll.inset[1] + 1e-9
    assert x + columns * roll.dot >= roll.width - roll.inset[0] - 1e-9
    assert y + rows * roll.dot >= roll.height - roll.inset[1] - 1e-9
    assert max(roll.inset) < 6


def test_a_roll_read_along_the_feed_is_wider_than_its_page():
    roll = media("DK-11201")
    assert (roll.width, roll.height) == (90, 29)
    assert roll.page == (29, 90)
    assert roll.raster == (991, 306)
    assert media("DYMO 99012").origin[0] == 5.7


@pytest.mark.parametrize("dots", [(0, 10), (900, 100), (100, 900)])
def test_a_roll_that_cannot_be_is_refused(dots):
    assert refusal(lambda: Roll("X", 50, 25, dots, 8)) == "bad_roll"


def test_a_roll_has_one_place_a_page_and_no_start_but_the_first():
    assert list(islice(ROLLS[0].places(), 3)) == [(0, 1), (1, 1), (2, 1)]
    assert refusal(lambda: ROLLS[0].places(2)) == "start_at_out_of_range"
    assert refusal(lambda: ROLLS[0].places(1, {1})) == "start_at_out_of_range"


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
