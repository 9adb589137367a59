"""What is sent is tidied before anything looks at it."""

from __future__ import annotations

import sys
import unicodedata
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from app.inputs import (
    LONGEST_CODE,
    LONGEST_LINE,
    LONGEST_TEXT,
    SENTENCES,
    TIDY,
    AnyCode,
    Input,
    Line,
    Name,
    Text,
    faults_of,
    tidy,
)

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


class Said(Input):
    line: Line = ""
    name: Name = "a"
    text: Text = ""
    code: AnyCode = ""
    answer: Annotated[str, Field(min_length=1, max_length=20), TIDY] = "a"


@pytest.mark.parametrize(
    ("field", "most"),
    [("line", LONGEST_LINE), ("name", LONGEST_LINE), ("text", LONGEST_TEXT), ("code", LONGEST_CODE), ("answer", 20)],
)
def test_a_text_that_is_too_long_is_told_so_and_not_counted_like_a_list(field: str, most: int):
    assert len(getattr(Said.model_validate({field: f" {'x' * most}\n"}), field)) == most
    with pytest.raises(ValidationError) as wrong:
        Said.model_validate({field: "x" * (most + 1)})
    assert faults_of(wrong.value) == {field: SENTENCES["string_too_long"]}


@pytest.mark.parametrize("field", ["name", "answer"])
def test_an_empty_text_is_asked_for_as_a_text(field: str):
    with pytest.raises(ValidationError) as wrong:
        Said.model_validate({field: " \n "})
    assert faults_of(wrong.value) == {field: SENTENCES["string_too_short"]}


def test_blanks_within_a_line_are_single_and_do_not_count():
    assert Said(line=f"a {' ' * LONGEST_LINE} b").line == "a b"
