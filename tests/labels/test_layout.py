from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import FUNDING, SHEETS, Funding, codes, lay_out
from labels.designs import DOT
from labels.shapes import Bits, Box, Emblem, Text
from tests.labels.samples import CONTACT, FUNDINGS, HOSTS, NAMES, OWNER, label, labels, refusal

sheets = st.sampled_from(SHEETS)
HAIR = 1e-6


def texts(shapes):
    return [shape for shape in shapes if isinstance(shape, Text)]


def said(shapes):
    return " ".join(shape.text for shape in texts(shapes))


def apart(a: Box, b: Box) -> bool:
    return a.right <= b.left + HAIR or b.right <= a.left + HAIR or a.bottom <= b.top + HAIR or b.bottom <= a.top + HAIR


def inside(a: Box, width: float, height: float) -> bool:
    return a.left >= 0 and a.top >= 0 and a.right <= width + HAIR and a.bottom <= height + HAIR


@given(labels, sheets)
@settings(max_examples=300, deadline=None)
def test_nothing_leaves_its_cell_and_no_symbol_loses_its_quiet_zone(made, sheet):
    shapes = lay_out(made, sheet.width, sheet.height)
    for shape in shapes:
        zone = shape.quiet_box if isinstance(shape, Bits) else shape.box
        assert inside(zone, sheet.width, sheet.height)
    for a, b in combinations(shapes, 2):
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Bits):
                assert apart(one.quiet_box, other.box), (one, other)


@given(labels, sheets)
@settings(deadline=None)
def test_the_code_is_never_cut_and_printed_once(made, sheet):
    spoken = [shape.text for shape in texts(lay_out(made, sheet.width, sheet.height))]
    assert spoken.count(codes.grouped(made.code)) == 1


@given(labels, sheets)
@settings(deadline=None)
def test_contact_and_statement_are_never_cut(made, sheet):
    words = said(lay_out(made, sheet.width, sheet.height))
    assert made.contact in words
    for line in made.funding.statement if made.funding else ():
        assert line in words


@given(labels, sheets)
@settings(deadline=None)
def test_emblem_and_statement_stand_only_where_funding_is_given(made, sheet):
    shapes = lay_out(made, sheet.width, sheet.height)
    emblems = [shape.height for shape in shapes if isinstance(shape, Emblem)]
    assert emblems == ([made.funding.emblem_mm] if made.funding else [])
    assert made.funding or "européenne" not in said(shapes)


@given(labels, sheets)
@settings(deadline=None)
def test_no_text_touches_the_emblem_or_other_text(made, sheet):
    shapes = lay_out(made, sheet.width, sheet.height)
    # Capitals and figures only: lines stand closer than the highest accent and the deepest tail together.
    boxes = [
        Box(text.left, text.baseline - 0.67 * text.size * 25.4 / 72, text.left + text.width, text.baseline)
        for text in texts(shapes)
    ]
    boxes += [shape.box for shape in shapes if isinstance(shape, Emblem)]
    assert all(apart(a, b) for a, b in combinations(boxes, 2))


@given(labels, sheets)
@settings(deadline=None)
def test_modules_and_bars_are_whole_dots_and_large_enough(made, sheet):
    for shape in lay_out(made, sheet.width, sheet.height):
        if isinstance(shape, Bits):
            dots = shape.wide / DOT
            assert abs(dots - round(dots)) < HAIR
            assert shape.wide >= (0.338 if len(shape.bits) > shape.columns else 0.254) - HAIR


@given(st.floats(38, 120), st.floats(21, 80), st.integers(0, 1 << 24), st.sampled_from(FUNDINGS))
@settings(deadline=None)
def test_any_cell_large_enough_takes_a_usual_label(width, height, number, funding):
    made = label(number, name=NAMES[number % 4], owner=OWNER, contact=CONTACT, funding=funding)
    shapes = lay_out(made, width, height)
    assert all(inside(shape.box, width, height) for shape in shapes)


@pytest.mark.parametrize(("number", "dots"), [("L7160", 7), ("L4736", 5), ("L7651", 5)])
def test_the_module_of_a_usual_address_is_the_designs(number, dots):
    sheet = next(sheet for sheet in SHEETS if sheet.id == number)
    qr = lay_out(label(1), sheet.width, sheet.height)[0]
    assert round(qr.wide / DOT) == dots


def test_only_the_large_design_has_bars():
    drawn = {sheet.id: lay_out(label(1), sheet.width, sheet.height) for sheet in SHEETS}
    bars = {number: sum(isinstance(shape, Bits) for shape in shapes) for number, shapes in drawn.items()}
    assert bars == {"L7160": 2, "L4736": 1, "L7651": 1}


def test_without_funding_the_name_has_the_room():
    for sheet in SHEETS:
        sizes = {
            funding: max(text.size for text in texts(lay_out(made, sheet.width, sheet.height)) if "Bold" in text.font)
            for funding in (None, FUNDING["2021-2027"])
            for made in [label(1, name="Écran", owner=OWNER, contact=CONTACT, funding=funding)]
        }
        assert sizes[None] >= sizes[FUNDING["2021-2027"]]


@pytest.mark.parametrize("host", HOSTS)
def test_a_label_printed_in_advance_shows_its_code_large(host):
    for sheet in SHEETS:
        (code,) = texts(lay_out(label(1, host), sheet.width, sheet.height))
        assert code.size >= 9


def test_what_cannot_be_laid_out_is_refused_with_its_reason():
    assert refusal(lambda: lay_out(label(1), 37, 21)) == "label_too_small"
    assert refusal(lambda: lay_out(label(1, contact="0" * 90), 38.1, 21.17)) == "contact_too_long"
    assert refusal(lambda: lay_out(label(1, funding=Funding(("a " * 90,))), 38.1, 21.17)) == "statement_too_long"
    assert refusal(lambda: lay_out(label(1, funding=Funding(("UE",), 30)), 38.1, 21.17)) == "label_too_small"
    assert refusal(lambda: lay_out(label(1, "a" * 170 + ".fr"), 38.1, 21.17)) == "payload_too_long"
    assert refusal(lambda: lay_out(label(1, name="漢"), 38.1, 21.17)) == "unprintable_character"
