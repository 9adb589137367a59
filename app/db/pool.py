"""PostgreSQL: the threads of a process talk to the database in turn, over the connection that was used last.

Side by side they wait for each other all the same, in Python and for the last lock of an act, and each wakes a server
process of its own whose memory is cold: sixteen at once lend a third more things in turn. Whoever takes long (a table
taken over, an export, a lock that somebody holds) does not keep the others: after a moment they go on beside it.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Event, Lock
from typing import Any

from sqlalchemy import QueuePool

PATIENCE = 0.02  # seconds; an act takes two thousandths


class InTurn(QueuePool):
    """Gives a connection away once all that are out have been out for a while, to whoever came first."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._order = Lock()
        self._waiting: deque[Event] = deque()
        self._since: dict[object, float] = {}  # when each that is out was given away

    def _do_get(self) -> Any:
        mine = Event()
        self._wait(mine)
        try:
            record = super()._do_get()
        except BaseException:
            self._back(mine)
            raise
        with self._order:
            self._since[record] = self._since.pop(mine)
        return record

    def _do_return_conn(self, record: Any) -> None:
        super()._do_return_conn(record)
        self._back(record)

    def _wait(self, mine: Event) -> None:
        with self._order:
            self._waiting.append(mine)
            self._call_next()
        while not mine.wait(PATIENCE):
            with self._order:
                self._call_next()

    def _back(self, one: object) -> None:
        with self._order:
            del self._since[one]
            self._call_next()

    def _call_next(self) -> None:
        now = time.monotonic()
        if self._waiting and max(self._since.values(), default=0) < now - PATIENCE:
            first = self._waiting.popleft()
            self._since[first] = now
            first.set()
