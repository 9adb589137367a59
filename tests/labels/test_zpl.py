import base64
import binascii
import re
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labels import ROLLS, Roll, media, render_zpl
from labels.bitmap import bitmap
from labels.zpl import _repeated
from tests.labels.samples import for_medium, label, placed, refusal, sample

FORMAT = re.compile(r"\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([^^]*)\^FS\^PQ1\^XZ\n")


def expanded(line: str) -> str:
    """ZPL's repeat counts, undone by the letters' own table."""
    counts = {chr(ord("G") + i): i + 1 for i in range(19)} | {chr(ord("g") + i): 20 * (i + 1) for i in range(20)}
    said, count = "", 0
    for sign in line:
        if sign in counts:
            count += counts[sign]
        else:
            said, count = said + sign * (count or 1), 0
    return said


def decoded(zpl: str):
    """Width, height and the rows of black dots of each format."""
    for width, height, total, again, row, data in FORMAT.findall(zpl):
        assert total == again
        assert int(total) == int(height) * int(row)
        if data.startswith(":Z64:"):
            packed, check = data[5:].rsplit(":", 1)
            assert f"{binascii.crc_hqx(packed.encode(), 0):04X}" == check
            raw = zlib.decompress(base64.b64decode(packed))
        else:
            raw = bytes.fromhex(expanded(data))
        assert len(raw) == int(total)
        bits = "".join(f"{byte:08b}" for byte in raw)
        step = int(row) * 8
        rows = [bits[start : start + step] for start in range(0, len(bits), step)]
        assert all("1" not in line[int(width) :] for line in rows), "nothing is printed beside the label"
        yield [line[: int(width)] for line in rows]


def black(made, roll):
    image = bitmap(made, roll)
    width, height = image.size
    return ["".join("1" if image.getpixel((x, y)) == 0 else "0" for x in range(width)) for y in range(height)]


@pytest.mark.parametrize("compression", ["z64", "acs", "none"])
@pytest.mark.parametrize("number", ["ZEBRA-51X25", "ZEBRA-57X32-300"])
def test_every_encoding_gives_the_bitmap_back_to_the_dot(number, compression):
    roll = media(number)
    made = [sample(1), sample(6)]
    zpl = render_zpl(made, number, compression=compression).decode("ascii")
    assert list(decoded(zpl)) == [black(each, roll) for each in made]
    assert "".join(match[0] for match in FORMAT.finditer(zpl)) == zpl


@pytest.mark.deep
@pytest.mark.slow("a bitmap is compared dot by dot")
@pytest.mark.parametrize("roll", ROLLS, ids=lambda roll: roll.id)
def test_every_roll_gives_its_bitmap_back(roll):
    made = [for_medium(roll, sample(number)) for number in range(4)]
    assert list(decoded(render_zpl(made, roll).decode())) == [black(each, roll) for each in made]


@given(st.text(st.sampled_from("0F"), max_size=60), st.integers(0, 900))
@settings(deadline=None)
def test_runs_of_any_length_are_written_so_that_they_read_back(start, length):
    line = start + "A" * length
    assert expanded("".join(_repeated(line))) == line


@given(placed.filter(lambda case: isinstance(case[1], Roll)), st.sampled_from(["z64", "acs", "none"]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_the_same_labels_give_the_same_zpl(case, compression):
    made, roll = case
    zpl = render_zpl([made, made], roll, compression=compression)
    assert zpl == render_zpl([made, made], roll, compression=compression)
    first, second = zpl.splitlines()
    assert first == second


def test_z64_is_far_smaller_and_repeats_are_smaller_than_plain_digits():
    sizes = {way: len(render_zpl([sample(1)], "zebra-57x32", compression=way)) for way in ("z64", "acs", "none")}
    assert sizes["z64"] < sizes["acs"] < sizes["none"]
    assert sizes["z64"] < 4000


def test_nothing_a_label_says_is_a_command():
    zpl = render_zpl([label(1, name="^XZ ~JA ^FD")], "zebra-57x32")
    assert (zpl.count(b"^XZ"), zpl.count(b"~"), zpl.count(b"^FD")) == (1, 0, 0)


def test_sheets_and_nothing_to_print_are_refused():
    assert refusal(lambda: render_zpl([label(1)], "L7160")) == "not_a_roll"
    assert refusal(lambda: render_zpl([], "zebra-57x32")) == "no_labels"
    assert refusal(lambda: render_zpl([label(1)] * 10_001, "zebra-57x32")) == "too_many_labels"
