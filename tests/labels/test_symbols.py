import pytest
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
from qrcode.main import QRCode

from labels import codes, symbols
from tests.labels.samples import HOSTS, code


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
