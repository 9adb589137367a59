"""The app as people meet it: real processes on a real port, which can be stopped, killed and started again.

def test_no_act_is_lost(live):            # gunicorn, on SQLite and on PostgreSQL
    live.kill9(); live.start()
    urllib.request.urlopen(live.url + "/readyz")

def test_the_page(site, page):            # a thread in this process: `site.app` is the app
    page.goto(site.url)
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from tests.harness.databases import Database
from tests.harness.processes import free_port, tied

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).parents[2]


def status(port: int, path: str = "/readyz") -> int:
    """The answer's number, or 0 when nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


@dataclass
class Live:
    """gunicorn with two processes of four threads. It keeps its port, so that an outage looks like one."""

    database_url: str
    instance: Path
    workers: int = 2
    threads: int = 4
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _server: subprocess.Popen[bytes] | None = field(init=False, default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.instance / f"gunicorn-{self.port}.log"

    def start(self, within: float = 30) -> None:
        command = [sys.executable, "-m", "gunicorn", "-w", str(self.workers), "--threads", str(self.threads)]
        command += ["--graceful-timeout", "5", "-b", f"127.0.0.1:{self.port}", "wsgi:app"]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                tied(command),
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait(within)

    def wait(self, within: float = 30) -> None:
        """Until /readyz says yes."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if self._server and self._server.poll() is not None:
                break
            if status(self.port) == http.HTTPStatus.OK:
                return
            time.sleep(0.05)
        raise RuntimeError(f"the app did not get ready:\n{self.log.read_text()[-4000:]}")

    def stop(self) -> None:
        """As an administrator would: requests under way are answered."""
        self._end(signal.SIGTERM)

    def kill9(self) -> None:
        """The power goes, for every process at once."""
        if self._server:
            with suppress(ProcessLookupError):
                os.killpg(self._server.pid, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._server is None:
            return
        if self._server.poll() is None:
            self._server.send_signal(how)
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait(5)
        self._server = None

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        ours = {"DATABASE_URL": self.database_url, "INSTANCE": str(self.instance), "PUBLIC_URL": self.url}
        ours["SECRET_KEY"] = (
            "only for tests, never for people!"  # the one of `Settings.for_tests`: one journal for both
        )
        return kept | ours | self.environment


@dataclass
class Site:
    """The app in a thread of this process, for the browser: quick to start, and the test can look inside."""

    app: Flask
    port: int
    _server: BaseWSGIServer | None = field(init=False, default=None)
    _thread: threading.Thread | None = field(init=False, default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, _whole(self.app), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """A true outage: connections are refused until `start`."""
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join(10)
            self._server.server_close()
        self._server = self._thread = None


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Each answer is made and closed before a byte of it leaves: when a browser hangs up midway, as it does with an icon
    of a page it leaves, Werkzeug's server forgets to close the file it was sending.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if close := getattr(parts, "close", None):
                close()

    return answer


@contextmanager
def serving(app: Flask, port: int | None = None) -> Iterator[Site]:
    site = Site(app, port or free_port())
    site.start()
    try:
        yield site
    finally:
        site.stop()


@pytest.fixture
def live(database: Database) -> Iterator[Live]:
    """Started. `live.environment` and another `Live(...)` are there for what differs."""
    server = Live(database.url, database.instance)
    try:
        server.start()
        yield server
    finally:
        server.kill9()


@pytest.fixture
def site(make_app: Callable[..., Flask], settings: Any) -> Iterator[Site]:
    """Started, and reached by plain http on this machine, so its public address says so."""
    port = free_port()
    with serving(make_app(settings, public_url=f"http://127.0.0.1:{port}"), port) as running:
        yield running
