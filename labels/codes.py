"""Codes of eight letters that survive dictation, worn print and a scanner set to the wrong keyboard.

A code is a kind letter, six random letters and a check letter over GF(16) with polynomial x^4 + x + 1. From v = 0,
each letter does v <- 2 * v + letter; the code is right when v ends at 0. Neither doubling nor doubling twice leaves a
letter but B (0) as it was, so every single error, neighbour swap and jump swap is caught.
"""

import re
from collections.abc import Iterator

from .errors import LabelError

# No vowel, so no word; no digit; no letter that a scanner mangles between a US and a French keyboard (A Q W Z M).
ALPHABET = "BCDFGHJKLNPRSTVX"
KINDS = {"D": "device", "F": "household", "K": "kit", "L": "place"}
LENGTH = 8
RANDOM_BITS = 24

_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_BLANKS = re.compile(r"[\s\-‐‑‒–—_]+")
# Ready-made alternation instead of IGNORECASE, which would let the long s (U+017F) pass for an S.
_LETTER = f"[{ALPHABET}{ALPHABET.lower()}]"
_RUN = re.compile(rf"(?<![A-Za-z0-9]){_LETTER}{{4}}[\s\-]?{_LETTER}{{4}}(?![A-Za-z0-9])")


def check_letter(seven: str) -> str:
    """The eighth letter of a code from its first seven (upper case); LabelError `bad_code` for other letters."""
    if len(seven) != LENGTH - 1 or not set(seven) <= _VALUE.keys():
        raise LabelError("bad_code", f"a code starts with seven letters of {ALPHABET}, not {seven[:20]!r}")
    return ALPHABET[_doubled(_sum(seven))]


def is_right(code: str) -> bool:
    """Whether `code` is eight upper-case letters of the alphabet whose check holds."""
    return len(code) == LENGTH and set(code) <= _VALUE.keys() and _sum(code) == 0


def make(kind: str, random_bits: int) -> str:
    """A code of `kind` (a letter of KINDS) from 24 random bits, say `secrets.randbits(RANDOM_BITS)`."""
    if kind not in KINDS or not 0 <= random_bits < 1 << RANDOM_BITS:
        raise LabelError("bad_code", f"no code of kind {kind[:20]!r} from {random_bits}")
    seven = kind + "".join(ALPHABET[random_bits >> shift & 15] for shift in range(RANDOM_BITS - 4, -1, -4))
    return seven + check_letter(seven)


def parse(text: str) -> str | None:
    """The code somebody typed or scanned, or None.

    Reads a bare code in any case with blanks or hyphens anywhere, else the last right run of eight letters in a longer
    text: a URL, also as a scanner set to another keyboard types it.
    """
    if len(text) < LENGTH:
        return None
    if is_right(bare := _bare(text)):
        return bare
    return next((code for run in reversed(_RUN.findall(text)) if is_right(code := _bare(run))), None)


def grouped(code: str) -> str:
    """A code as it is printed and said: `DCLB TRXN`."""
    return f"{code[:4]} {code[4:]}"


def neighbours(text: str) -> tuple[str, ...]:
    """The right codes one swap or one letter away from a wrong one, for "did you mean".

    Swaps come first; () for a right code and for what is not eight letters long.
    """
    wrong = _bare(text)
    if len(wrong) != LENGTH or not wrong.isalnum() or is_right(wrong):
        return ()
    tries = (*_swaps(wrong), *_single_changes(wrong))
    return tuple(dict.fromkeys(code for code in tries if is_right(code) and code[0] in KINDS))


def link(address: str, code: str) -> str:
    """What the QR says, in upper case (QR alphanumeric mode): `https://pret.example.fr` gives `HTTPS://.../E/<CODE>`."""
    return f"{address.rstrip('/')}/E/{code}".upper()


def _sum(letters: str) -> int:
    value = 0
    for letter in letters:
        value = _doubled(value) ^ _VALUE[letter]
    return value


def _doubled(value: int) -> int:
    return value << 1 ^ (0b10011 if value & 0b1000 else 0)


def _bare(text: str) -> str:
    bare = _BLANKS.sub("", text)
    return bare.upper() if bare.isascii() else bare


def _swaps(code: str) -> Iterator[str]:
    for step in (1, 2):
        for i in range(LENGTH - step):
            j = i + step
            yield code[:i] + code[j] + code[i + 1 : j] + code[i] + code[j + 1 :]


def _single_changes(code: str) -> Iterator[str]:
    for i in range(LENGTH):
        for letter in ALPHABET:
            yield code[:i] + letter + code[i + 1 :]
