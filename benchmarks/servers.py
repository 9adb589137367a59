"""gunicorn as `flask serve` starts it: two processes of four threads, the same for both sides.

But for one thing: a process takes at most twelve lines. Left alone, one of the two often takes all sixteen, and then a
run tells which side was unlucky.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


@contextmanager
def serving(app: str, database_url: str, instance: Path, env: Mapping[str, str], *, ready: str) -> Iterator[Server]:
    """`app` as gunicorn names it; there once `ready` answers 200."""
    server = Server(free_port())
    process = _start(app, server, instance, dict(env) | {"DATABASE_URL": database_url, "INSTANCE": str(instance)})
    try:
        _wait(process, server, ready)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _start(app: str, server: Server, instance: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    instance.mkdir(parents=True, exist_ok=True)
    everything = os.environ | {"PORT": str(server.port)} | env
    with (instance / "gunicorn.log").open("ab") as log:
        command = tied([*GUNICORN, f"--bind=127.0.0.1:{server.port}", app])
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
