"""Lists do not grow slower with the register: a house of 200,000 things beside one of 10,000, over HTTP, on SQLite."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import filling
from benchmarks.servers import serving
from benchmarks.sides import OURS, House, served
from benchmarks.table import Line, slower

SMALL, LARGE = 10_000, 200_000
ROUNDS, EACH, WARM = 3, 12, 3  # rounds, requests of each house in one, and of those that do not count
PAGE = {"Cookie": f"sid={filling.COOKIE}", "Accept": "text/html", "Accept-Language": "fr"}
# The page after a name in the middle of either register: `["portable 00005000", 10]`, as the list itself writes it.
AFTER = "WyJwb3J0YWJsZSAwMDAwNTAwMCIsIDEwXQ"
ASKED: Mapping[str, str] = {
    "the first page": "/devices",
    "a page in the middle": f"/devices?after={AFTER}",
    "what is out here": "/devices?state=on_loan&here=1",
    "late, by the day due": "/devices?sort=due",
    "a word that all bear": "/devices?q=thinkpad",
    "a word and a number": "/devices?q=portable+77&limit=10",
    "a word mistyped": "/devices?q=thnkpad",
}


def houses(folder: Path) -> Sequence[House]:
    return [House(folder / f"lists-{count}", count) for count in (LARGE, SMALL)]


def measured(folder: Path) -> Iterator[Line]:
    """In the houses of that folder, which are filled."""
    with serving(*(served(OURS, house.url, house.folder) for house in houses(folder))) as servers:
        lines = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=30) for server in servers]
        for words, path in ASKED.items():
            _round(lines, path, WARM)
            large, small = zip(*(_round(lines, path, EACH) for _ in range(ROUNDS)), strict=True)
            yield slower(f"a list of {LARGE:,} things beside {SMALL:,}: {words}", large, small, 1.5, 1.2)


def _round(lines: Sequence[http.client.HTTPConnection], path: str, times: int) -> list[float]:
    """Answers a second of each house, asked in turn: whatever slows the machine meanwhile slows them alike."""
    took = [0.0] * len(lines)
    for _ in range(times):
        for n, line in enumerate(lines):
            took[n] += _asked(line, path)
    return [times / seconds for seconds in took]


def _asked(line: http.client.HTTPConnection, path: str) -> float:
    began = time.perf_counter()
    line.request("GET", path, headers=PAGE)
    answer = line.getresponse()
    answer.read()
    took = time.perf_counter() - began
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{path} answers {answer.status}")
    return took
