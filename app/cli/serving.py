"""`flask serve`: gunicorn (waitress on Windows) and the chores beside it, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

import click

from app.cli import doctor
from app.db import read_again
from app.settings import Settings


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until a signal or until one of the two ends. Refused while the doctor finds a fault."""
    if faults := doctor.look(settings):
        raise click.ClickException("\n".join(faults))
    read_again()  # this process only waits from here on: a read left open would keep SQLite from ever writing its file
    env = os.environ | {"PORT": str(port)}
    parts = [subprocess.Popen(command, env=env) for command in (_web(host, port, workers), _chores())]  # noqa: S603 - our own commands
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop(parts))
    click.echo(f"Va-et-vient: http://{host}:{port}")
    code = parts[0].wait()
    parts[1].terminate()
    raise SystemExit(max(code, 0))


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
