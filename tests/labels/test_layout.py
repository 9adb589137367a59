from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import FUNDING, MEDIA, SHEETS, Funding, codes, lay_out, media
from labels.designs import MEDIUM, framed
from labels.layout import lay_out_on
from labels.shapes import Bits, Box, Emblem, Text
from tests.labels.samples import CONTACT, FUNDINGS, HOSTS, NAMES, OWNER, STICKERS, label, placed, refusal

HAIR = 1e-6


def texts(shapes):
    return [shape for shape in shapes if isinstance(shape, Text)]


def said(shapes):
    return " ".join(shape.text for shape in texts(shapes))


def apart(a: Box, b: Box) -> bool:
    return a.right <= b.left + HAIR or b.right <= a.left + HAIR or a.bottom <= b.top + HAIR or b.bottom <= a.top + HAIR


def inside(a: Box, width: float, height: float) -> bool:
    return a.left >= 0 and a.top >= 0 and a.right <= width + HAIR and a.bottom <= height + HAIR


@given(placed)
@settings(max_examples=300, deadline=None)
def test_nothing_leaves_its_cell_and_no_symbol_loses_its_quiet_zone(case):
    made, medium = case
    shapes = lay_out_on(made, medium)
    for shape in shapes:
        zone = shape.quiet_box if isinstance(shape, Bits) else shape.box
        assert inside(zone, medium.width, medium.height)
    for a, b in combinations(shapes, 2):
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Bits):
                assert apart(one.quiet_box, other.box), (one, other)


@given(placed)
@settings(max_examples=200, deadline=None)
def test_nothing_is_drawn_where_a_printer_cannot_reach(case):
    made, medium = case
    x, y = medium.inset
    for shape in lay_out_on(made, medium):
        # The room above capitals is for accents; letters are on their baseline.
        top = shape.baseline - 0.67 * shape.size * 25.4 / 72 if isinstance(shape, Text) else shape.box.top
        bottom = shape.baseline if isinstance(shape, Text) else shape.box.bottom
        assert x - HAIR <= shape.box.left
        assert shape.box.right <= medium.width - x + HAIR
        assert y - HAIR <= top
        assert bottom <= medium.height - y + HAIR


@given(placed)
@settings(deadline=None)
def test_the_word_of_a_copy_is_never_cut(case):
    made, medium = case
    assert not made.word or made.word in said(lay_out_on(made, medium)).split(" ")


@given(placed)
@settings(deadline=None)
def test_the_code_is_never_cut_and_printed_once(case):
    made, medium = case
    spoken = [shape.text for shape in texts(lay_out_on(made, medium))]
    assert spoken.count(codes.grouped(made.code)) == 1


@given(placed)
@settings(deadline=None)
def test_contact_and_statement_are_never_cut(case):
    made, medium = case
    words = said(lay_out_on(made, medium))
    # On a sticker and on a copy the contact may be missing, but is never shortened.
    assert made.contact in words or ((made.word or medium in STICKERS) and made.contact[-5:] not in words)
    for line in made.funding.statement if made.funding else ():
        assert line in words


@given(placed)
@settings(deadline=None)
def test_emblem_and_statement_stand_only_where_funding_is_given(case):
    made, medium = case
    shapes = lay_out_on(made, medium)
    emblems = [shape.height for shape in shapes if isinstance(shape, Emblem)]
    assert emblems == ([made.funding.emblem_mm] if made.funding else [])
    assert made.funding or "européenne" not in said(shapes)


@given(placed)
@settings(deadline=None)
def test_no_text_touches_the_emblem_or_other_text(case):
    made, medium = case
    shapes = lay_out_on(made, medium)
    # Capitals and figures only: lines stand closer than the highest accent and the deepest tail together.
    boxes = [
        Box(text.left, text.baseline - 0.67 * text.size * 25.4 / 72, text.left + text.width, text.baseline)
        for text in texts(shapes)
    ]
    boxes += [shape.box for shape in shapes if isinstance(shape, Emblem)]
    assert all(apart(a, b) for a, b in combinations(boxes, 2))


@given(placed)
@settings(deadline=None)
def test_modules_and_bars_are_whole_dots_and_large_enough(case):
    made, medium = case
    for shape in lay_out_on(made, medium):
        if isinstance(shape, Bits):
            dots = shape.wide / medium.dot
            assert abs(dots - round(dots)) < HAIR
            assert shape.wide >= (0.338 if len(shape.bits) > shape.columns else 0.25) - HAIR


@given(st.floats(38, 120), st.floats(21, 80), st.integers(0, 1 << 24), st.sampled_from(FUNDINGS))
@settings(deadline=None)
def test_any_cell_large_enough_takes_a_usual_label(width, height, number, funding):
    made = label(number, name=NAMES[number % 4], owner=OWNER, contact=CONTACT, funding=funding)
    shapes = lay_out(made, width, height)
    assert all(inside(shape.box, width, height) for shape in shapes)


NUMBERS_AND_MODULES = [
    ("L7160", 0.593),
    ("L4736", 0.423),
    ("L7651", 0.423),
    ("L7165", 0.847),
    ("Z3474", 0.593),
    ("L4732", 0.423),
    ("DK-11209", 0.508),
    ("DK-11221", 0.423),
    ("ZEBRA-57X32", 0.5),
    ("ZEBRA-51X25-300", 0.508),
]


@pytest.mark.parametrize(("number", "module"), NUMBERS_AND_MODULES)
def test_the_module_of_a_usual_address_is_the_designs(number, module):
    qr = lay_out_on(label(1), media(number))[0]
    assert round(qr.wide, 3) == module


def bars(made, medium):
    """The Code128 of a label, if it has one."""
    return [shape for shape in lay_out_on(made, medium) if isinstance(shape, Bits) and len(shape.bits) == shape.columns]


def test_bars_stand_wherever_there_is_room_for_them():
    made = label(1, name=NAMES[0], owner=OWNER, contact=CONTACT, funding=FUNDING["2021-2027"])
    barred = {medium.id for medium in MEDIA if medium not in STICKERS and bars(made, medium)}
    assert {"L7160", "L7159", "Z3474", "Z3422", "L4737", "ZEBRA-57X32", "DYMO-11354", "DK-22205"} <= barred
    assert not barred & {"L4736", "L7651", "L7654", "H4608", "Z3657", "ZEBRA-51X25"}


@pytest.mark.parametrize("medium", MEDIA, ids=lambda medium: medium.id)
def test_bars_are_five_to_eight_millimetres_high_and_more_on_what_is_larger(medium):
    for shape in bars(label(1), medium):
        assert 5 <= shape.tall <= (8 if medium.width < 90 else 24)


def test_the_lowest_sticker_has_its_code_and_its_word_alone():
    (code,) = lay_out_on(label(1, name="Écran"), media("L4731"))
    assert code.text == codes.grouped(label(1).code)
    assert said(lay_out_on(label(1, word="housse"), media("L4731"))).endswith("housse")


@pytest.mark.parametrize("medium", STICKERS, ids=lambda medium: medium.id)
def test_a_sticker_without_room_for_the_emblem_is_refused_not_printed_without(medium):
    made = label(1, funding=FUNDING["2014-2020"])
    if medium.id == "DK-11204":
        assert any(isinstance(shape, Emblem) for shape in lay_out_on(made, medium))
    else:
        assert refusal(lambda: lay_out_on(made, medium)) in {"label_too_small", "statement_too_long"}


def test_the_copies_of_a_label_bear_its_code_and_each_their_word():
    whole = label(1, name="Écran", owner=OWNER)
    first, *parts = whole.copies("chargeur", "housse")
    assert first == whole
    assert [(part.code, part.url, part.title, part.second) for part in parts] == [
        (whole.code, whole.url, word, "Écran") for word in ("chargeur", "housse")
    ]


def test_a_label_much_higher_than_wide_is_laid_out_in_its_middle():
    boxes = [shape.box for shape in lay_out_on(label(1, name="Écran", owner=OWNER), media("L4774"))]
    above, below = min(box.top for box in boxes), 139 - max(box.bottom for box in boxes)
    assert above > 30
    assert abs(above - below) < 3


def test_without_funding_the_name_has_the_room():
    for sheet in SHEETS:
        if sheet in STICKERS:
            continue
        sizes = {
            funding: max(text.size for text in texts(lay_out_on(made, sheet)) if "Bold" in text.font)
            for funding in (None, FUNDING["2021-2027"])
            for made in [label(1, name="Écran", owner=OWNER, contact=CONTACT, funding=funding)]
        }
        assert sizes[None] >= sizes[FUNDING["2021-2027"]]


@pytest.mark.parametrize("host", HOSTS)
def test_a_label_printed_in_advance_shows_its_code_large(host):
    for medium in MEDIA:
        (code,) = texts(lay_out_on(label(1, host), medium))
        assert code.size >= (6 if medium in STICKERS else 9)


def test_what_cannot_be_laid_out_is_refused_with_its_reason():
    assert refusal(lambda: lay_out(label(1), 18, 21)) == "label_too_small"
    assert refusal(lambda: lay_out(label(1), 40, 8.9)) == "label_too_small"
    assert refusal(lambda: lay_out(label(1, word="rallonge " * 9), 38.1, 21.17)) == "word_too_long"
    assert refusal(lambda: lay_out(label(1, contact="0" * 90), 38.1, 21.17)) == "contact_too_long"
    assert refusal(lambda: lay_out(label(1, funding=Funding(("a " * 90,))), 38.1, 21.17)) == "statement_too_long"
    assert refusal(lambda: lay_out(label(1, funding=Funding(("UE",), 30)), 38.1, 21.17)) == "label_too_small"
    assert refusal(lambda: lay_out(label(1, "a" * 170 + ".fr"), 38.1, 21.17)) == "payload_too_long"
    assert refusal(lambda: lay_out(label(1, name="漢"), 38.1, 21.17)) == "unprintable_character"


@pytest.mark.parametrize("period", [None, *FUNDING])
def test_a_usual_label_keeps_every_word_from_the_medium_design_on(period):
    made = label(1, name=NAMES[0], owner=OWNER, contact=CONTACT, funding=FUNDING.get(period))
    roomy = [m for m in MEDIA if framed(m.width, m.height, m.inset, m.dot).design.width >= MEDIUM.width]
    assert len(roomy) > 40
    for medium in roomy:
        words = said(lay_out_on(made, medium))
        assert all(text in words for text in (NAMES[0], OWNER, CONTACT)), medium.id
