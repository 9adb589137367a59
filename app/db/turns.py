"""Turns at SQLite's one write lock. Left to itself it lets those who wait ask ever more seldom, and some wait long.

Within a process, writers stand in line. Of those who are first in their process, one asks for the lock, often; the
others wait to be the one who asks, so that no process writes twice while another waits.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.errors import Busy

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

ASK_AGAIN = 0.0003  # seconds; only one asks at a time


def ask_again(connection: Any, busy_seconds: float) -> None:
    """Let this connection ask at an even pace; the library of Python itself only knows its own (busy_timeout)."""
    if hasattr(connection, "set_busy_handler"):
        connection.set_busy_handler(_patience(busy_seconds))


def _patience(busy_seconds: float) -> Callable[[int], bool]:
    def wait(times: int) -> bool:
        time.sleep(ASK_AGAIN)
        return times * ASK_AGAIN < busy_seconds

    return wait


@contextmanager
def asking_alone(database: str) -> Iterator[None]:
    """Be the only one of all processes who asks for the write lock; the system lets go of it for one who dies."""
    if fcntl is None or not database:  # Windows serves from one process
        yield
        return
    with Path(f"{database}.turn").open("ab") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        yield


class Line:
    """First come, first served, among the threads of this process."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: deque[threading.Event] = deque()
        self._order = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; raises `Busy` when it does not come in time."""
        mine = self._stand()
        try:
            if not mine.wait(self._seconds):
                raise Busy
            yield
        finally:
            self._leave(mine)

    def _stand(self) -> threading.Event:
        mine = threading.Event()
        with self._order:
            self._waiting.append(mine)
            self._waiting[0].set()
        return mine

    def _leave(self, mine: threading.Event) -> None:
        with self._order:
            self._waiting.remove(mine)
            if self._waiting:
                self._waiting[0].set()
