import io
from itertools import combinations

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labels import FUNDING, Logo, media, render_pdf, render_png
from labels.layout import lay_out_on
from labels.shapes import Bits, Emblem, Picture
from tests.labels.reading import expected, pages, read
from tests.labels.samples import CONTACT, NAMES, OWNER, label, refusal
from tests.labels.test_layout import apart, inside


def picture(width=60, height=40, colour=(200, 0, 0, 255), kind="PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (width, height), colour).convert("RGBA" if kind == "PNG" else "RGB").save(file, kind)
    return file.getvalue()


def made(*logos, funding="2021-2027"):
    return label(1, name=NAMES[0], owner=OWNER, contact=CONTACT, funding=FUNDING.get(funding), logos=logos)


def pictures(shapes):
    return [shape for shape in shapes if isinstance(shape, Picture)]


ROOMY = [media(number) for number in ("L7160", "L7163", "L7165", "Z3652", "DYMO-99012", "ZEBRA-100X50")]


@given(
    st.sampled_from(ROOMY),
    st.sampled_from(["2014-2020", "2021-2027", ""]),
    st.lists(st.tuples(st.integers(20, 90), st.integers(20, 90)), min_size=1, max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_logos_are_never_larger_than_the_emblem_and_touch_nothing(medium, funding, sizes):
    asked = made(*(Logo(picture(*size)) for size in sizes), funding=funding)
    if reason := refusal(lambda: lay_out_on(asked, medium)):
        assert reason == "logo_too_large"
        return
    shapes = lay_out_on(asked, medium)
    logos = pictures(shapes)
    assert len(logos) == len(sizes)
    assert len({round(logo.height, 6) for logo in logos}) == 1
    for logo, (width, height) in zip(logos, sizes, strict=True):
        assert 4 <= logo.height <= 10 + 1e-6
        assert logo.width <= 15 + 1e-6
        assert logo.width / logo.height == pytest.approx(width / height)
        assert inside(logo.box, medium.width, medium.height)
    for a, b in combinations(shapes, 2):
        if isinstance(a, Picture) or isinstance(b, Picture):
            boxes = [shape.quiet_box if isinstance(shape, Bits) else shape.box for shape in (a, b)]
            assert apart(*boxes), (a, b)


def test_a_square_logo_has_room_on_the_usual_sheet_beside_the_emblem():
    shapes = lay_out_on(made(Logo(picture(40, 40))), media("L7160"))
    assert len(pictures(shapes)) == 1
    assert [shape.height for shape in shapes if isinstance(shape, Emblem)] == [10]


def test_bars_make_room_for_a_logo():
    with_logo, without = (lay_out_on(made(*logos), media("Z3474")) for logos in ([Logo(picture(40, 40))], []))
    assert len(pictures(with_logo)) == 1
    assert [sum(isinstance(shape, Bits) for shape in shapes) for shapes in (with_logo, without)] == [1, 2]


def test_a_label_without_room_for_its_logo_is_refused_not_printed_without():
    for number in ("L7651", "L4732", "L4731"):
        asked = label(1, name="Écran", contact=CONTACT, funding=None, logos=(Logo(picture(90, 20)),))
        assert refusal(lambda asked=asked, number=number: lay_out_on(asked, media(number))) == "logo_too_large"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_printed_in_its_colours_and_the_symbols_are_still_read(kind):
    asked = made(Logo(picture(kind=kind)), funding="")
    pdf = render_pdf([asked, asked], "L7160")
    assert pdf == render_pdf([asked, asked], "L7160")
    (page,) = pages(pdf)
    assert read(page, media("L7160"), 2) == expected(asked, media("L7160"))
    document = pdfium.PdfDocument(pdf)
    pixels = np.array(document[0].render(scale=2).to_pil().convert("RGB")).astype(int)
    document.close()
    assert (np.abs(pixels - (200, 0, 0)).max(axis=2) < 12).any()
    assert pdf.count(b"/Subtype /Image") in {1, 2}  # a transparent one has its mask beside it, and neither comes again


def test_a_logo_is_black_or_white_in_dots_and_white_where_it_is_transparent():
    roll = media("ZEBRA-100X50")
    for colour, black in (((10, 10, 60, 255), True), ((250, 240, 120, 255), False), ((0, 0, 0, 0), False)):
        asked = made(Logo(picture(colour=colour)))
        (logo,) = pictures(lay_out_on(asked, roll))
        image = np.array(Image.open(io.BytesIO(render_png(asked, roll))).convert("L"))
        left, top, right, bottom = (round(side * 8) for side in logo.box)
        assert (image[top + 1 : bottom - 1, left + 1 : right - 1] == (0 if black else 255)).all()


@pytest.mark.parametrize("wrong", [b"", b"<svg/>", picture()[:60], b"x" * 2_000_001, picture(4000, 2600)])
def test_what_is_no_small_picture_is_refused(wrong):
    assert refusal(lambda: Logo(wrong)) == "bad_logo"


def test_more_than_two_logos_are_refused():
    assert refusal(lambda: made(*[Logo(picture())] * 3)) == "too_many_logos"
