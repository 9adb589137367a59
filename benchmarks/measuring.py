"""The comparisons: each side in turn, round after round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks import writers
from benchmarks.load import Requests
from benchmarks.sides import JSON, Pair, Side, lends
from benchmarks.table import Line, most, rate


@dataclass(frozen=True)
class Case:
    """One thing people do: the `Side`'s requests of that name, its gate and goal as shares of the plain app's rate."""

    name: str
    words: str
    gate: float
    goal: float
    engines: Sequence[str] = ("SQLite", "PostgreSQL")
    at_once: Sequence[int] = (1, 16)


CASES = (
    Case("scan", "a label scanned, the thing's page", 0.5, 0.8),
    Case("lend", "a thing lent, journal and seal", 0.5, 0.8),
    Case("hello", "an empty answer, through all layers", 0.5, 0.7, engines=("SQLite",), at_once=(16,)),
)


@dataclass(frozen=True)
class Pace:
    rounds: int
    seconds: int
    writers: float
    count: int = 100_000


QUICK, FULL = Pace(rounds=3, seconds=1, writers=20), Pace(rounds=7, seconds=2, writers=60)


def warm_up(pairs: Mapping[str, Pair]) -> None:
    """All sides at once: nothing is measured yet."""
    sides = [side for pair in pairs.values() for side in (pair.ours, pair.plain)]
    with ThreadPoolExecutor(len(sides)) as pool:
        for case in CASES[:2]:  # hello needs none
            jobs = [pool.submit(_asked(side, case).run, side.server, 4, 1) for side in sides]
            for job in jobs:
                job.result()


def compare(pairs: Mapping[str, Pair], pace: Pace) -> Iterator[Line]:
    for case in CASES:
        for engine in case.engines:
            for connections in case.at_once:
                yield _compared(case, engine, pairs[engine], connections, pace)


def _compared(case: Case, engine: str, pair: Pair, connections: int, pace: Pace) -> Line:
    found: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(pace.rounds):
        for n, side in enumerate((pair.ours, pair.plain)):
            found[n].append(_asked(side, case).run(side.server, connections, pace.seconds))
    return rate(f"{case.words}: {engine}, {connections} at once", found[0], found[1], case.gate, case.goal)


def _asked(side: Side, case: Case) -> Requests:
    return getattr(side, case.name)  # type: ignore[no-any-return]


def sixteen_writers(pair: Pair, pace: Pace) -> Iterator[Line]:
    """On SQLite, where one writes at a time. They take the things from the end of the list, `lend` from its start."""
    tale = writers.write(pair.ours.server, JSON, lends(pace.count)[::-1][: pace.count // 4], pace.writers)
    words = f"{writers.WRITERS} writers on SQLite, {len(tale.took) / pace.writers:.0f} acts/s"
    yield most(f"{words}: failures", tale.failed, 0, 0, "of " + str(len(tale.took)))
    yield most(f"{words}: slowest hundredth", tale.p99, 250, 100, "ms")
