import io
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from labels import FUNDING, MEDIA, ROLLS, Roll, media, render_png
from labels.bitmap import raster
from labels.layout import lay_out_on
from labels.shapes import Bits, Emblem
from tests.labels.reading import expected, found
from tests.labels.samples import for_medium, label, placed, refusal, sample

deep = pytest.mark.deep
large_pages = pytest.mark.slow("a page of 600 dpi, or a label of its size, has many dots to draw and to look at")


def dots(made, medium):
    """The PNG of a label as grey pixels, as the label is read."""
    image = Image.open(io.BytesIO(render_png(made, medium)))
    pixels = np.array(image.convert("L"))
    return np.ascontiguousarray(np.rot90(pixels) if isinstance(medium, Roll) and medium.turned else pixels)


def is_read_back(medium, numbers):
    for number in numbers:
        made = for_medium(medium, sample(number))
        # A symbol at the very edge of the printed dots has its quiet zone on the white of the label.
        assert found(np.pad(dots(made, medium), 24, constant_values=255)) == expected(made, medium)


@pytest.mark.parametrize("medium", ROLLS, ids=lambda medium: medium.id)
def test_what_stands_on_a_roll_is_read_back_from_its_dots(medium):
    is_read_back(medium, [0, 1, 6])


@deep
@large_pages
@pytest.mark.parametrize("medium", MEDIA, ids=lambda medium: medium.id)
def test_what_stands_on_any_medium_is_read_back_from_its_dots(medium):
    is_read_back(medium, range(12))


@pytest.mark.parametrize(
    ("number", "size", "dpi"),
    [("DK-11209", (696, 271), 300), ("DK-11201", (306, 991), 300), ("ZEBRA-57X32", (456, 256), 203.2)],
)
def test_a_png_has_one_bit_a_dot_the_exact_dots_and_says_how_many_an_inch(number, size, dpi):
    image = Image.open(io.BytesIO(render_png(label(1), number)))
    assert (image.mode, image.size) == ("1", size)
    assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.01)


@given(placed)
@settings(max_examples=25, deadline=None)
def test_every_module_is_the_same_whole_dots_and_its_quiet_zone_is_white(case):
    is_drawn_whole_and_clear(*case)


@pytest.mark.parametrize("owner", ["îlot", "jeux"])
@pytest.mark.parametrize("number", ["Herma 4677", "L7160", "DK-11209"])
def test_a_first_letter_that_reaches_out_to_the_left_stays_out_of_the_quiet_zone(owner, number):
    is_drawn_whole_and_clear(for_medium(media(number), replace(label(1), name="", owner=owner)), media(number))


def is_drawn_whole_and_clear(made, medium):
    pixels = dots(made, medium)
    origin = medium.origin if isinstance(medium, Roll) else (0, 0)
    for shape in lay_out_on(made, medium):
        if not isinstance(shape, Bits):
            continue
        wide, rows = round(shape.wide / medium.dot), len(shape.bits) // shape.columns
        tall = round(shape.tall / medium.dot)
        left, top = (round((at - shift) / medium.dot) for at, shift in zip(shape.box[:2], origin, strict=True))
        drawn = pixels[top : top + rows * tall, left : left + shape.columns * wide]
        bits = np.array([bit == "0" for bit in shape.bits]).reshape(rows, -1)
        assert np.array_equal(drawn == 255, np.kron(bits, np.ones((tall, wide))))
        # One dot less: places are rounded to dots.
        quiet = round(shape.quiet / medium.dot) - 1
        around = pixels[max(0, top) : top + rows * tall, max(0, left - quiet) : left + shape.columns * wide + quiet]
        assert (around[:, : min(left, quiet)] == 255).all()
        assert (around[:, min(left, quiet) + shape.columns * wide :] == 255).all()


@given(placed)
@settings(max_examples=15, deadline=None)
def test_the_same_label_gives_the_same_dots_and_they_are_where_the_printer_reaches(case):
    made, medium = case
    png = render_png(made, medium)
    assert png == render_png(made, medium)
    columns, rows = raster(medium)
    assert dots(made, medium).shape == (rows, columns)


@pytest.mark.parametrize("number", ["ZEBRA-100X50", "DK-22205", "L7160"])
def test_the_emblem_is_outlined_in_black_with_twelve_stars_alike(number):
    medium = media(number)
    made = label(1, funding=FUNDING["2021-2027"])
    (emblem,) = [shape for shape in lay_out_on(made, medium) if isinstance(shape, Emblem)]
    origin = medium.origin if isinstance(medium, Roll) else (0, 0)
    left, top = (round((at - shift) / medium.dot) for at, shift in zip(emblem.box[:2], origin, strict=True))
    height = emblem.height / medium.dot
    black = dots(made, medium)[top : top + round(height), left : left + round(1.5 * height)] == 0
    assert black[0].all()
    assert black[-1].all()
    assert black[:, 0].all()
    assert black[:, -1].all()
    stars = set()
    for hour in range(12):
        x = 0.75 * height + height / 3 * math.sin(math.radians(30 * hour))
        y = height / 2 - height / 3 * math.cos(math.radians(30 * hour))
        reach = math.ceil(height / 18) + 2
        window = black[round(y) - reach : round(y) + reach + 1, round(x) - reach : round(x) + reach + 1]
        inked = window[window.any(axis=1)][:, window.any(axis=0)]
        stars.add((inked.shape, inked.tobytes()))
    assert len(stars) == 1
    ((size, _),) = stars
    # An upright star is 0.9 of its circle high; its finest tips are less than a dot.
    assert min(size) >= 0.75 * height / 9


def test_letters_and_media_that_cannot_be_are_refused():
    assert refusal(lambda: render_png(label(1, name="漢"), "DK-11209")) == "unprintable_character"
    assert refusal(lambda: render_png(label(1), "DK-99999")) == "unknown_medium"
    assert render_png(label(1, name="漢"), "DK-11209", missing="replace") == render_png(label(1, name="?"), "DK-11209")
