"""Sixteen people who lend and take back without a pause: nobody is turned away, nobody waits long."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.servers import Server

WRITERS = 16


@dataclass(frozen=True)
class Tale:
    """What happened: milliseconds of each act, and how many were refused."""

    took: Sequence[float]
    failed: int

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.took, n=100)[98]


def write(server: Server, headers: Mapping[str, str], lends: Sequence[dict[str, object]], seconds: float) -> Tale:
    """Each writer lends things of its own, one after the other, and takes each back."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(WRITERS) as people:
        jobs = [people.submit(_writer, server, headers, lends[n::WRITERS], until) for n in range(WRITERS)]
        acts = [act for job in jobs for act in job.result()]
    return Tale([took for took, _ in acts], sum(status != http.HTTPStatus.CREATED for _, status in acts))


def _writer(
    server: Server, headers: Mapping[str, str], lends: Sequence[dict[str, object]], until: float
) -> list[tuple[float, int]]:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    acts = []
    for path, body in _acts(lends):
        if time.monotonic() > until:
            break
        acts.append(_post(line, path, body, headers))
    line.close()
    return acts


def _acts(lends: Sequence[dict[str, object]]) -> Iterator[tuple[str, dict[str, object]]]:
    for lend in lends:
        yield "/loans", lend
        yield "/returns", {"devices": [{"code": code} for code in lend["devices"]]}  # type: ignore[attr-defined]


def _post(
    line: http.client.HTTPConnection, path: str, body: dict[str, object], headers: Mapping[str, str]
) -> tuple[float, int]:
    began = time.perf_counter()
    line.request("POST", path, json.dumps(body), dict(headers))
    answer = line.getresponse()
    answer.read()
    return (time.perf_counter() - began) * 1000, answer.status
