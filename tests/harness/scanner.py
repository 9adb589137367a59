"""The keys of a hand scanner, each with the moment it was pressed: a test that the machine keeps waiting is no slow scanner."""

from __future__ import annotations

import time
from collections.abc import Iterable

from playwright.sync_api import Page

PACE = 0.002  # seconds between two keys
ENDS = {"Enter": (13, {"type": "keyDown", "text": "\r"}), "Tab": (9, {"type": "rawKeyDown"})}
SHIFT = 8


def press(page: Page, keys: Iterable[tuple[str, str, int, bool]], end: str = "Enter") -> None:
    """`keys`: what the computer reads, the place on the keyboard, the number of the key, whether Shift is held."""
    wire, at = page.context.new_cdp_session(page), time.time()
    for key, code, number, shift in keys:
        about = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": SHIFT if shift else 0}
        wire.send("Input.dispatchKeyEvent", about | {"type": "keyDown", "text": key, "timestamp": at})
        wire.send("Input.dispatchKeyEvent", about | {"type": "keyUp", "timestamp": at})
        at += PACE
    number, down = ENDS[end]
    about = {"key": end, "code": end, "windowsVirtualKeyCode": number, "timestamp": at}
    wire.send("Input.dispatchKeyEvent", about | down)
    wire.send("Input.dispatchKeyEvent", about | {"type": "keyUp"})
