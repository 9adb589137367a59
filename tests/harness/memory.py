"""Folders in memory, where the machine has enough of it: a test's database is written a thousand times and kept never."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 2 << 30
PREFIX = "vev-tests-"


def new_folder(*, on_disk: bool = False) -> Path:
    """A folder whose name tells the process it is for; what killed runs left behind goes."""
    _sweep()
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=None if on_disk else _quick()))


def _quick() -> Path | None:
    """None is the ordinary temporary folder."""
    if not os.access(MEMORY, os.W_OK):
        return None
    free = os.statvfs(MEMORY)
    return MEMORY if free.f_bavail * free.f_frsize >= ENOUGH else None


@cache
def _sweep() -> None:
    """Folders of runs that were killed: their process is gone, so they are nobody's."""
    there = [*Path(tempfile.gettempdir()).glob(f"{PREFIX}*"), *MEMORY.glob(f"{PREFIX}*")]
    for folder in _left_behind(there):
        shutil.rmtree(folder, ignore_errors=True)


def _left_behind(folders: Iterable[Path]) -> list[Path]:
    return [folder for folder in folders if not Path(f"/proc/{folder.name.split('-')[2]}").exists()]
