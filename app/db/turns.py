"""A queue before SQLite's one write lock. SQLite lets those who wait ask again ever more seldom, so some wait long."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, ContextManager

from app.errors import Busy

try:
    import fcntl
except ImportError:  # Windows: waitress is one process, the queue of its threads is all there is
    fcntl = None  # type: ignore[assignment]

ASK_AGAIN = 0.0005


class Queue:
    """Threads of this process stand in line; the first in line of each process asks for the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._line: deque[threading.Event] = deque()
        self._order = threading.Lock()

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for one's turn; raises `Busy` when it does not come in time."""
        until = time.monotonic() + seconds
        mine = self._stand()
        try:
            if not mine.wait(seconds):
                raise Busy
            with self._file.open("ab") as gate:
                _take(gate, until)
                yield
        finally:
            self._leave(mine)

    def _stand(self) -> threading.Event:
        mine = threading.Event()
        with self._order:
            self._line.append(mine)
            if self._line[0] is mine:
                mine.set()
        return mine

    def _leave(self, mine: threading.Event) -> None:
        with self._order:
            self._line.remove(mine)
            if self._line:
                self._line[0].set()


def _take(gate: IO[bytes], until: float) -> None:
    """The file's lock, which goes when the file is closed or its process dies."""
    while fcntl is not None:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Busy from None
            time.sleep(ASK_AGAIN)
        else:
            return
