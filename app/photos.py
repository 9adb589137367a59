"""Photos as they are stored: drawn anew, so that nothing of the file that was sent stays but what one sees.

A phone writes into a photo where and when it was taken (EXIF); a file may also be no photo at all, or one made to
harm whoever opens it. So another program opens it: redrawing.py, which may do nothing but draw, and not for long.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from app.errors import Busy, Refused
from app.words import _

MEDIA_TYPE = "image/jpeg"
PATIENCE = 30  # seconds by the clock, from which a picture is given up
_PROGRAM = Path(__file__).with_name("redrawing.py")
_TURNS = BoundedSemaphore(2)  # each may take half a gigabyte for a moment
UNREADABLE = _("This is not a photo that can be read here. Send a JPEG, PNG or WebP picture.")
_WHY_NOT = {
    3: UNREADABLE,
    5: _("This photo is not whole: it was cut short on its way. Send it once more."),
}
_TOO_LARGE = _("This picture is too large to be opened here. Take it at an ordinary size.")


def redrawn(content: bytes) -> bytes:
    """A JPEG of at most 1,600 pixels a side and 400 kB. Raises `Refused` (422) for what is no photo."""
    if not _TURNS.acquire(timeout=PATIENCE):
        raise Busy
    try:
        ended, drawn = _apart(content)
    finally:
        _TURNS.release()
    if ended != 0:
        words = _WHY_NOT.get(ended, _TOO_LARGE)  # it may also have been stopped for what it took
        raise Refused("not_a_photo", words, status=422, fields={"photo": words})
    return drawn


def _apart(content: bytes) -> tuple[int, bytes]:
    """How the other program ended, and what it drew. `-I`: it looks neither at our environment nor at our folders."""
    command = [sys.executable, "-I", str(_PROGRAM)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, without a shell
            command, input=content, capture_output=True, timeout=PATIENCE, check=False, env=_bare_environment()
        )
    except subprocess.TimeoutExpired:
        return -1, b""
    return done.returncode, done.stdout


def _bare_environment() -> dict[str, str]:
    """No key of ours is in it."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH", "LANG") if name in os.environ}
