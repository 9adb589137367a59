"""gunicorn as `flask serve` starts it: two processes of four threads, the same for both sides.

But for one thing: a process takes at most twelve lines. Left alone, one of the two often takes all sixteen, and then a
run tells which side was unlucky.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.harness.processes import free_port, tied

ROOT = Path(__file__).parents[1]
GUNICORN = [
    sys.executable, "-m", "gunicorn", "--workers=2", "--worker-class=gthread", "--threads=4", "--keep-alive=5",
    "--log-level=warning", "--worker-connections=12",
]  # fmt: skip


@dataclass(frozen=True)
class Server:
    """Where one side of the comparison answers."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Served:
    """`app` as gunicorn names it, on that database; there once `ready` answers 200."""

    app: str
    database_url: str
    instance: Path
    secret: str
    ready: str


@contextmanager
def serving(*them: Served) -> Iterator[Sequence[Server]]:
    """All of them started at once."""
    servers = [Server(free_port()) for _ in them]
    processes = [_start(one, server) for one, server in zip(them, servers, strict=True)]
    try:
        for process, server, one in zip(processes, servers, them, strict=True):
            _wait(process, server, one.ready)
        yield servers
    finally:
        for process in processes:
            with suppress(ProcessLookupError):  # it did not come up
                os.killpg(process.pid, signal.SIGKILL)  # a farewell takes seconds, and what counts is on the disk
        for process in processes:
            process.wait(20)


def _start(one: Served, server: Server) -> subprocess.Popen[bytes]:
    one.instance.mkdir(parents=True, exist_ok=True)
    its = {"DATABASE_URL": one.database_url, "INSTANCE": str(one.instance), "SECRET_KEY": one.secret}
    with (one.instance / "gunicorn.log").open("ab") as log:
        command = tied([*GUNICORN, f"--bind=127.0.0.1:{server.port}", one.app])
        everything = os.environ | its | {"PORT": str(server.port)}
        return subprocess.Popen(command, cwd=ROOT, env=everything, stdout=log, stderr=log, start_new_session=True)


def _wait(process: subprocess.Popen[bytes], server: Server, path: str) -> None:
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        if _status(server, path) == http.HTTPStatus.OK:
            return
        time.sleep(0.05)
    raise RuntimeError(f"nobody answers at {server.url}{path}")


def _status(server: Server, path: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()
