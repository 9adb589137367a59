import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from labels import fonts, typeset
from labels.shapes import MM_PER_POINT
from tests.labels.samples import words

STYLE = typeset.Style(fonts.BOLD, 9, 6, lines=2)
rooms = st.floats(5, 60)


def fits(block, room):
    return block.wide <= room + 1e-6


@given(words, rooms)
@settings(deadline=None)
def test_a_shortened_text_fits_its_room_and_is_a_beginning_of_it(text, room):
    text = " ".join(text.split(" ")).strip()
    if not text:
        return
    block = typeset.shortened(text, STYLE, room)
    assert fits(block, room)
    assert len(block.lines) <= 2
    assert block.size >= 6
    said = "".join(block.lines).replace(" ", "")
    assert text.replace(" ", "").startswith(said.removesuffix("…"))


@given(st.lists(st.sampled_from(["e\u0302\u0323", "x\u0302", "a"]), min_size=30, max_size=60))
@settings(deadline=None)
def test_a_cut_leaves_every_letter_its_marks(letters):
    text = unicodedata.normalize("NFC", "".join(letters))
    kept = typeset.shortened(text, typeset.Style(fonts.REGULAR, 6, 6), 12).lines[0]
    assert kept.endswith("…")
    assert not unicodedata.category(text[len(kept) - 1]).startswith("M")


@given(words, rooms, st.floats(2, 12))
@settings(deadline=None)
def test_a_whole_block_keeps_every_word_and_fits(text, room, height):
    if not text.strip(" "):
        return
    block = typeset.whole((text,), STYLE, room, height)
    if block:
        assert " ".join(block.lines).split(" ") == list(filter(None, text.split(" ")))
        assert fits(block, room)
        assert block.tall <= height


def test_a_text_shrinks_before_it_breaks_no_word_and_a_cut_comes_last():
    wide = fonts.width("Tablette", fonts.BOLD) * 9 * MM_PER_POINT
    one = typeset.Style(fonts.BOLD, 9, 6)
    assert typeset.shortened("Tablette", one, wide + 0.01) == typeset.Block(one, 9, ("Tablette",))
    assert typeset.shortened("Tablette", one, wide - 0.01) == typeset.Block(one, 8.75, ("Tablette",))
    assert typeset.shortened("Tablette", one, wide / 2).lines[0].endswith("…")


def test_lines_break_so_that_the_longest_is_short():
    block = typeset.whole(("Cofinancé par l’Union européenne",), typeset.Style(fonts.STATEMENT, 6, 6, 3), 21, 9)
    assert block.lines == ("Cofinancé par", "l’Union européenne")


def test_a_no_break_space_holds_its_words_together():
    block = typeset.whole(("Tablette 64\u00a0Go",), typeset.Style(fonts.REGULAR, 6, 6, 3), 9, 20)
    assert block.lines == ("Tablette", "64\u00a0Go")
