"""What takes seconds to make and is only copied afterwards is made once a run, by the worker that needs it first."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def once_a_run(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> tuple[Path, T]:
    """The folder that `make` filled, and what it returned. The others wait for it, and find both there."""
    run = factory.getbasetemp()
    shared = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "once"
    shared.mkdir(exist_ok=True)
    home, told = shared / name, shared / f"{name}.told"
    with (shared / f"{name}.turn").open("ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not told.exists():
            home.mkdir()  # a maker that failed leaves it there: those who come after fail too, and say so at once
            told.write_bytes(pickle.dumps(make(home)))
    return home, pickle.loads(told.read_bytes())
