"""`flask serve`: gunicorn (waitress on Windows) and the chores beside it, stopped together."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from types import FrameType

import click

from app.cli import doctor
from app.db import read_again
from app.settings import Settings

EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - what people ask for, not what we open
PATIENCE, TURNS = 30, 20  # seconds; times a second


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until a signal or until one of the two ends. Refused while the doctor finds a fault."""
    if faults := doctor.look(settings):
        raise click.ClickException("\n".join(faults))
    read_again()  # this process only waits from here on: a read left open would keep SQLite from ever writing its file
    env = os.environ | {"PORT": str(port)}
    web = subprocess.Popen(_web(host, port, workers), env=env)  # noqa: S603 - our own command
    parts = [web]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop(parts))
    _wait(web, host, port)
    if web.poll() is None:
        parts.append(subprocess.Popen(_chores(), env=env))  # noqa: S603 - our own command
        click.echo(f"Va-et-vient: http://{host}:{port}")
    code = web.wait()
    for chores in parts[1:]:
        chores.terminate()
    raise SystemExit(max(code, 0))


def _wait(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Until somebody answers. Started at the same time, the chores would keep the first page waiting."""
    line = http.client.HTTPConnection("127.0.0.1" if host in EVERYWHERE else host, port, timeout=1)
    for _turn in range(PATIENCE * TURNS):
        if web.poll() is not None or _answers(line):
            return
        time.sleep(1 / TURNS)


def _answers(line: http.client.HTTPConnection) -> bool:
    with closing(line), suppress(OSError, http.client.HTTPException):  # refused so far: asked anew, it begins anew
        line.request("GET", "/healthz")
        line.getresponse().read()
        return True
    return False


def _web(host: str, port: int, workers: int) -> list[str]:
    if sys.platform == "win32":
        return [sys.executable, "-m", "waitress", f"--listen={host}:{port}", "wsgi:app"]
    return [
        sys.executable, "-m", "gunicorn", "wsgi:app", f"--bind={host}:{port}", f"--workers={workers}",
        "--worker-class=gthread", "--threads=4", "--timeout=30", "--max-requests=20000", "--max-requests-jitter=2000",
        "--keep-alive=5", "--log-level=warning",
    ]  # fmt: skip


def _chores() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", "chores", "--loop"]


def _stop(parts: list[subprocess.Popen[bytes]]) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for part in parts:
            part.terminate()

    return stop
