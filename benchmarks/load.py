"""Load: wrk with a file of requests, the same for both sides."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.servers import Server
from tools import ensure

SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass
class Requests:
    """What is asked: a method, its headers, and a file of lines `PATH BODY`, drawn `random` or each once, in order."""

    method: str
    file: Path
    headers: Mapping[str, str] = field(default_factory=dict)
    random: bool = True
    _next: int = 0

    @classmethod
    def of(cls, method: str, file: Path, lines: Iterable[str], headers: Mapping[str, str], **over: bool) -> Requests:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n")
        return cls(method, file, headers, **over)

    def run(self, server: Server, connections: int, seconds: float) -> float:
        """Requests per second. Raises when an answer was not a success."""
        told = _wrk(self._command(server, connections, seconds))
        self._next += int(told["requests"]) + connections  # some were under way when time was over
        if told["failed"]:
            raise RuntimeError(
                f"{told['failed']:.0f} of {told['requests']:.0f} failed: {self.method} {server.url} {self.file}"
            )
        return told["requests"] / told["seconds"]

    def _command(self, server: Server, connections: int, seconds: float) -> Sequence[str]:
        headers = [word for name, value in self.headers.items() for word in ("-H", f"{name}: {value}")]
        how = [self.method, str(self.file), "random" if self.random else "order", str(self._next)]
        length = f"-d{max(1, round(seconds))}s"
        return [
            str(ensure.wrk()),
            "-t1",
            f"-c{connections}",
            length,
            "-s",
            str(SCRIPT),
            *headers,
            server.url,
            "--",
            *how,
        ]


def _wrk(command: Sequence[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    return dict(json.loads(line.removeprefix("RESULT ")))
