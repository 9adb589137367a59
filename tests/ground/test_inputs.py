"""What is sent is tidied before anything looks at it."""

from __future__ import annotations

import sys
import unicodedata

from app.inputs import tidy

DIRECTION = {0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def test_control_and_direction_signs_go_and_every_other_sign_stays():
    for number in range(sys.maxunicode + 1):
        sign = chr(number)
        unseen = number in DIRECTION or (unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t")
        kept = "" if unseen else unicodedata.normalize("NFC", sign)
        assert tidy(f"-{sign}-") == f"-{kept}-", hex(number)


def test_letters_and_their_accents_become_one_and_blanks_at_the_ends_go():
    assert tidy(" \te\u0301cole\n ") == "\u00e9cole"


def test_what_is_no_text_is_left_as_it_is():
    assert [tidy(value) for value in (None, 7, ["a\x00"])] == [None, 7, ["a\x00"]]
