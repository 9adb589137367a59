"""QR and Code128 symbols as strings of bits, "1" for dark.

With version, level and mask fixed, every module of a QR symbol is an affine function over GF(2) of its data bits. The
addresses of one house differ in their last letters only, so `qrcode` draws the common beginning and each single bit of
those letters once; any further symbol is a few exclusive ors. The mask is chosen by the standard's own measure
(ISO/IEC 18004, 7.8.3) once an address, not once a code; readers take any mask.
"""

from dataclasses import dataclass
from functools import lru_cache

from barcode.codex import Code128
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import ALPHA_NUM, BitBuffer, QRData

from .codes import LENGTH
from .errors import LabelError

QR_QUIET = 4  # modules, ISO/IEC 18004, 5.3.8
BARS_QUIET = 10  # modules, ISO/IEC 15417, 4.4
_VALUE = {letter: value for value, letter in enumerate(ALPHA_NUM.decode())}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol of `side` x `side` modules, row by row from the top left, without its quiet zone."""

    side: int
    bits: str


def qr(text: str) -> Symbol:
    """The QR symbol of a text; quick where it is in QR alphanumeric characters and its last eight alone vary.

    Level Q, raised to H where the version stays the same. LabelError `payload_too_long` beyond the largest symbol.
    """
    if len(text) < LENGTH or not set(text) <= _VALUE.keys():
        return plain_qr(text)
    table = _table(text[:-LENGTH])
    modules, tail = table.modules, table.tail_of(text)
    for bit, change in table.changes:
        if tail & bit:
            modules ^= change
    return Symbol(table.side, f"{modules:0{table.side**2}b}")


def plain_qr(text: str) -> Symbol:
    """The symbol as `qrcode` alone draws it, in whatever mode is shortest; LabelError `payload_too_long`."""
    data = QRData(text.encode(), mode=None)
    version, level = _version_and_level(data)
    mask = _best_mask(data, version, level)
    side = 4 * version + 17
    return Symbol(side, f"{_modules(data, version, level, mask):0{side**2}b}")


@lru_cache(maxsize=1024)
def code128(text: str) -> str:
    """The bars and spaces of a Code128, without its quiet zones."""
    return "".join(Code128(text).build())


@dataclass(frozen=True, slots=True)
class _Table:
    """A symbol whose varying bits are 0 as one big number, and what each of those bits changes in it."""

    side: int
    modules: int
    changes: tuple[tuple[int, int], ...]
    fixed: int

    def tail_of(self, text: str) -> int:
        return int(_data_bits(text[self.fixed :]), 2)


class _Raw(QRData):
    """Data whose bits are given, whatever text they stand for."""

    def __init__(self, length: int, bits: str) -> None:
        super().__init__(b"A" * length)  # letters: alphanumeric mode
        self.bits = bits

    def write(self, buffer: BitBuffer) -> None:
        buffer.put(int(self.bits, 2), len(self.bits))


@lru_cache(maxsize=16)
def _table(prefix: str) -> _Table:
    # Characters are coded in pairs: the first varying bit is that of the pair the code begins in.
    fixed = len(prefix) - len(prefix) % 2
    head, length = _data_bits(prefix[:fixed]), len(prefix) + LENGTH
    tail = len(_data_bits(prefix[fixed:] + "B" * LENGTH))
    version, level = _version_and_level(_Raw(length, head + "0" * tail))
    mask = _best_mask(_Raw(length, _data_bits(prefix + "B" * LENGTH)), version, level)

    def drawn(bits: int) -> int:
        return _modules(_Raw(length, f"{head}{bits:0{tail}b}"), version, level, mask)

    blank = drawn(0)
    changes = tuple((1 << place, drawn(1 << place) ^ blank) for place in range(tail))
    return _Table(4 * version + 17, blank, changes, fixed)


def _version_and_level(data: QRData) -> tuple[int, int]:
    versions = {}
    for level in (ERROR_CORRECT_Q, ERROR_CORRECT_H):
        code = QRCode(error_correction=level)
        code.add_data(data)
        try:
            versions[level] = code.best_fit()
        except (DataOverflowError, ValueError) as error:
            raise LabelError("payload_too_long", "more than the largest QR symbol holds") from error
    low = versions[ERROR_CORRECT_Q]
    return low, ERROR_CORRECT_H if versions[ERROR_CORRECT_H] == low else ERROR_CORRECT_Q


def _best_mask(data: QRData, version: int, level: int) -> int:
    code = QRCode(version=version, error_correction=level)
    code.add_data(data)
    return code.best_mask_pattern()


def _modules(data: QRData, version: int, level: int, mask: int) -> int:
    code = QRCode(version=version, error_correction=level, mask_pattern=mask)
    code.add_data(data)
    code.make(fit=False)
    return int("".join("1" if module else "0" for row in code.modules for module in row), 2)


def _data_bits(text: str) -> str:
    return "".join(_pair_bits(text[i : i + 2]) for i in range(0, len(text), 2))


@lru_cache(maxsize=45 * 46)
def _pair_bits(pair: str) -> str:
    """One or two characters in alphanumeric mode (ISO/IEC 18004, 7.4.4)."""
    values = [_VALUE[letter] for letter in pair]
    return f"{values[0] * 45 + values[1]:011b}" if len(values) > 1 else f"{values[0]:06b}"
