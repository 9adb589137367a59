"""The reverse of the usual muddle: a hand scanner set to French plugged into a PC that thinks in US keys."""

from __future__ import annotations

from playwright.sync_api import Page

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
    wire = page.context.new_cdp_session(page)
    for sign in text:
        code, shift = FRENCH[sign]
        key = us_reads(code, shift=shift)
        about = {"key": key, "code": code, "modifiers": 8 if shift else 0, "windowsVirtualKeyCode": ord(sign)}
        wire.send("Input.dispatchKeyEvent", about | {"type": "keyDown", "text": key})
        wire.send("Input.dispatchKeyEvent", about | {"type": "keyUp"})
    page.keyboard.press("Enter")
