"""The reverse of the usual muddle: a hand scanner set to French plugged into a PC that thinks in US keys."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.harness import scanner

# Where a French keyboard has a sign: the place, and whether Shift is held.
FRENCH = {letter: (f"Key{letter}", True) for letter in "BCDEFGHIJKLNOPRSTUVXY"}
FRENCH |= {"A": ("KeyQ", True), "Q": ("KeyA", True), "Z": ("KeyW", True), "W": ("KeyZ", True), "M": ("Semicolon", True)}
FRENCH |= {digit: (f"Digit{digit}", True) for digit in "0123456789"}
FRENCH |= {":": ("Period", False), "/": ("Period", True), ".": ("Comma", True), "-": ("Digit6", False)}
US_SHIFTED = dict(zip("1234567890", "!@#$%^&*()", strict=True))
US_SHIFTED |= {"Semicolon": ":", "Period": ">", "Comma": "<"}
US_PLAIN = {"Period": ".", "Digit6": "6"}


def us_reads(code: str, *, shift: bool) -> str:
    if code.startswith("Key"):
        return code[3]
    if not shift:
        return US_PLAIN[code]
    return US_SHIFTED[code.removeprefix("Digit")]


def french_scanner(page: Page, text: str) -> None:
    keys = ((FRENCH[sign], sign) for sign in text)
    scanner.press(page, [(us_reads(code, shift=shift), code, ord(sign), shift) for (code, shift), sign in keys])
