import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
from qrcode.main import QRCode

from labels import codes, symbols
from tests.labels.samples import HOSTS, code, refusal


def drawn(text, level, mask):
    whole = QRCode(error_correction=level, mask_pattern=mask)
    whole.add_data(text, optimize=0)
    whole.make()
    return "".join("1" if module else "0" for row in whole.modules for module in row)


@pytest.mark.parametrize("host", HOSTS)
def test_a_symbol_made_of_differences_is_the_one_the_library_draws(host):
    for number in range(8):
        text = codes.link(f"https://{host}", code(number))
        symbol = symbols.qr(text)
        assert symbol.bits in {drawn(text, level, m) for level in (ERROR_CORRECT_Q, ERROR_CORRECT_H) for m in range(8)}
        assert len(symbol.bits) == symbol.side**2


@given(st.sampled_from(HOSTS), st.integers(0, (1 << codes.RANDOM_BITS) - 1), st.sampled_from(sorted(codes.KINDS)))
@settings(max_examples=25, deadline=None)
def test_every_module_of_any_code_is_as_the_library_draws_it_with_the_same_mask(host, number, kind):
    text = codes.link(f"https://{host}", codes.make(kind, number))
    symbol = symbols.qr(text)
    plain = symbols.plain_qr(text)
    assert symbol.side == plain.side
    assert symbol.bits in {
        drawn(text, level, mask) for level in (ERROR_CORRECT_Q, ERROR_CORRECT_H) for mask in range(8)
    }


@pytest.mark.parametrize("text", ["https://pret.asso.fr/e/dclbtrxn", "DCLB", "Écran ?", "12345", "a" * 800])
def test_what_the_table_does_not_cover_is_drawn_by_the_library(text):
    symbol = symbols.qr(text)
    assert symbol == symbols.plain_qr(text)
    dots = np.array([0 if bit == "1" else 255 for bit in symbol.bits], np.uint8).reshape(symbol.side, symbol.side)
    image = np.ascontiguousarray(np.kron(np.pad(dots, 4, constant_values=255), np.ones((4, 4), np.uint8)))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [text]


@pytest.mark.parametrize("text", ["a" * 2000, "A" * 3000])
def test_more_than_the_largest_symbol_holds_is_refused(text):
    assert refusal(lambda: symbols.qr(text)) == "payload_too_long"


@pytest.mark.parametrize(
    ("host", "side", "level"),
    [
        ("x.fr", 25, ERROR_CORRECT_Q),
        ("pret.asso.fr", 29, ERROR_CORRECT_H),
        (HOSTS[2], 29, ERROR_CORRECT_Q),
    ],
)
def test_the_level_is_q_and_h_where_the_version_stays_the_same(host, side, level):
    text = codes.link(f"https://{host}", "DCLBTRXN")
    symbol = symbols.qr(text)
    assert symbol.side == side
    assert symbol.bits in {drawn(text, level, mask) for mask in range(8)}


def test_a_code128_of_eight_letters_has_123_modules_and_starts_with_code_b():
    bits = symbols.code128("DCLBTRXN")
    assert len(bits) == 123
    assert bits.startswith("11010010000")
    assert bits.endswith("1100011101011")
