import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import LabelError, codes

right = st.builds(codes.make, st.sampled_from(sorted(codes.KINDS)), st.integers(0, (1 << codes.RANDOM_BITS) - 1))
place = st.integers(0, codes.LENGTH - 1)


def swapped(code, i, j):
    letters = list(code)
    letters[i], letters[j] = letters[j], letters[i]
    return "".join(letters)


def test_the_codes_the_design_names_are_judged_as_it_says():
    assert codes.is_right("DCLBTRXN")
    assert not codes.is_right("DCLBTRXH")
    assert codes.check_letter("DCLBTRX") == "N"


@given(right, place, st.sampled_from(codes.ALPHABET))
@settings(deadline=None)
def test_every_single_letter_error_is_caught(code, i, letter):
    wrong = code[:i] + letter + code[i + 1 :]
    assert codes.is_right(wrong) == (wrong == code)


@given(right, place, st.sampled_from([1, 2]))
@settings(deadline=None)
def test_every_neighbour_swap_and_jump_swap_is_caught(code, i, step):
    wrong = swapped(code, i, (i + step) % codes.LENGTH) if i + step < codes.LENGTH else code
    assert codes.is_right(wrong) == (wrong == code)


def test_every_change_of_one_letter_and_every_swap_of_one_code_is_caught():
    code = "DCLBTRXN"
    wrong = {code[:i] + x + code[i + 1 :] for i in range(8) for x in codes.ALPHABET}
    wrong |= {swapped(code, i, i + step) for step in (1, 2) for i in range(8 - step)}
    assert [text for text in wrong if codes.is_right(text)] == [code]


@given(st.sampled_from(sorted(codes.KINDS)), st.integers(0, (1 << codes.RANDOM_BITS) - 1))
@settings(deadline=None)
def test_each_number_makes_its_own_right_code(kind, number):
    code = codes.make(kind, number)
    values = [codes.ALPHABET.index(letter) for letter in code[1:7]]
    assert codes.is_right(code)
    assert code[0] == kind
    assert sum(value << 4 * (5 - i) for i, value in enumerate(values)) == number


@pytest.mark.parametrize(("kind", "number"), [("B", 1), ("", 1), ("D", -1), ("D", 1 << 24), ("DD", 1)])
def test_no_code_is_made_of_an_unknown_kind_or_too_many_bits(kind, number):
    with pytest.raises(LabelError, match="bad_code"):
        codes.make(kind, number)


@pytest.mark.parametrize("seven", ["", "DCLBTR", "DCLBTRXN", "dclbtrx", "DCLBTRA"])
def test_a_check_letter_is_refused_for_anything_but_seven_letters_of_the_alphabet(seven):
    with pytest.raises(LabelError, match="bad_code"):
        codes.check_letter(seven)


@pytest.mark.parametrize(
    "text",
    [
        "DCLBTRXN",
        " dclb trxn ",
        "DCLB-TRXN",
        "d c l b t r x n",
        "DCLB\u00a0TRXN",
        "dclb\u2011trxn",
        "HTTPS://PRET.EXAMPLE.FR/E/DCLBTRXN",
        "https://pret.example.fr/e/dclbtrxn?x=1",
        "https://pret.example.fr/e/DCLBTRXN/",
        "HTTPSM!!PRET:EXE?PLE:FR!E!DCLBTRXN",
        "le code est DCLB TRXN, je crois",
        "DFKKNRCC puis DCLBTRXN",
    ],
)
def test_a_code_is_read_however_it_was_typed_or_scanned(text):
    assert codes.parse(text) == "DCLBTRXN"


@pytest.mark.parametrize(
    "text", ["", "DCLBTRXH", "DCLBTRX", "XDCLBTRXN", "DCLBTRXN1", "HTTPS://X.FR/E/", "DCLBTRXNDCLB"]
)
def test_what_is_no_right_code_reads_as_none(text):
    assert codes.parse(text) is None


def test_letters_that_only_look_like_ours_in_upper_case_are_not_read():
    code = codes.make("D", 0xC << 20)
    assert "S" in code
    assert codes.parse(code.lower()) == code
    assert codes.parse(code.replace("S", "ſ")) is None
    assert codes.parse(f"x/{code.replace('S', 'ſ')}") is None


@given(st.text())
@settings(deadline=None)
def test_reading_any_text_gives_a_right_code_or_none(text):
    code = codes.parse(text)
    assert code is None or codes.is_right(code)


@given(right)
@settings(deadline=None)
def test_a_code_is_read_from_its_groups_and_from_its_link(code):
    assert codes.parse(codes.grouped(code)) == code
    assert codes.parse(codes.link("https://pret.example.fr/", code)) == code
    assert codes.link("https://pret.example.fr/", code) == f"HTTPS://PRET.EXAMPLE.FR/E/{code}"


@given(right, place, st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
@settings(deadline=None)
def test_the_right_code_is_among_the_neighbours_of_one_with_a_wrong_letter(code, i, letter):
    wrong = code[:i] + letter + code[i + 1 :]
    assert codes.neighbours(codes.grouped(wrong).lower()) == () if wrong == code else code in codes.neighbours(wrong)


@given(right, place, st.sampled_from([1, 2]))
@settings(deadline=None)
def test_the_right_code_is_among_the_neighbours_of_one_with_a_swap(code, i, step):
    wrong = swapped(code, i, min(i + step, 7))
    assert wrong == code or code in codes.neighbours(wrong)


@pytest.mark.parametrize("text", ["", "DCLB", "DCLBTRXN", "DCLBTRX?", "DCLBTRXNN"])
def test_a_right_code_and_what_is_no_code_have_no_neighbours(text):
    assert codes.neighbours(text) == ()
