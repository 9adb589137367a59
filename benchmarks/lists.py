"""Lists do not grow slower with the register: a house of 200,000 things beside one of 10,000, over HTTP, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

from benchmarks import filling
from benchmarks.load import Requests
from benchmarks.servers import serving
from benchmarks.sides import KEY, OURS, READY, fill_house
from benchmarks.table import Line, slower

SMALL, LARGE = 10_000, 200_000
ROUNDS = 3
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


def measured(folder: Path) -> Iterator[Line]:
    homes = {count: folder / f"lists-{count}" for count in (LARGE, SMALL)}
    urls = {count: f"sqlite:///{home / 'house.db'}" for count, home in homes.items()}
    for home in homes.values():
        home.mkdir()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for job in [pool.submit(fill_house, urls[count], home, count) for count, home in homes.items()]:
            job.result()
    with ExitStack() as stack:
        env = {"SECRET_KEY": KEY}
        servers = {
            count: stack.enter_context(serving(OURS, urls[count], home, env, ready=READY[OURS]))
            for count, home in homes.items()
        }
        for words, path in ASKED.items():
            found: dict[int, list[float]] = {LARGE: [], SMALL: []}
            for _ in range(ROUNDS):
                for count, server in servers.items():
                    asked = Requests.of("GET", homes[count] / "asked", [path], PAGE)
                    found[count].append(asked.run(server, 1, 1))
            yield slower(f"a list of {LARGE:,} things beside {SMALL:,}: {words}", found[LARGE], found[SMALL], 1.5, 1.2)
