"""A private PostgreSQL: its own folder, port and processes, gone when the run ends, however it ends."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.harness import memory
from tests.harness.processes import free_port, tied
from tools import ensure

# What a fast, forgetful server needs; `durable=True` leaves these out, for tests that pull the plug.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
SETTINGS = {"max_connections": "150", "shared_buffers": "64MB", "jit": "off", "log_min_messages": "warning"}


class Missing(RuntimeError):
    """No PostgreSQL here: the run must fail, not pass with less."""


@dataclass
class Cluster:
    """`with`-less on purpose: `start()`, `stop()`, `kill9()`; a stopped or killed one starts again on the same port."""

    durable: bool = False
    home: Path = field(init=False)
    port: int = field(init=False)
    _server: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _done_with: list[str] = field(init=False, default_factory=list)
    _admin: "psycopg.Connection[tuple[object, ...]] | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        programs = ensure.postgres()
        if programs is None:
            raise Missing("PostgreSQL is missing: run `python tools/ensure.py postgres`")
        self._programs = programs
        self._user = _server_user()
        # A copied database is 300 files: in memory that takes 15 ms, on a disk ten times that.
        self.home = memory.new_folder(on_disk=self.durable)
        if self._user:
            shutil.chown(self.home, self._user)
        self.port = free_port()
        self._make()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{quote(name)}"

    def start(self) -> None:
        for _ in range(5):
            self._launch()
            if self._answers():
                return
            self.port = free_port()  # somebody took the port in between
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.home / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """An orderly end, as an administrator would ask for it."""
        self._end(signal.SIGINT)

    def kill9(self) -> None:
        """The power goes: no process of the server gets to say a word."""
        if self._server:
            for process in [self._server.pid, *_children(self._server.pid)]:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.home, ignore_errors=True)

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, its URL."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Not at once: the server waits 100 ms for a connection that is just saying good-bye. The one before goes."""
        self._done_with.append(name)
        while len(self._done_with) > 1:
            self.run(f'DROP DATABASE IF EXISTS "{self._done_with.pop(0)}" WITH (FORCE)')

    def run(self, statement: str) -> list[tuple[object, ...]]:
        """One statement by the superuser, in the database `postgres`."""
        if self._admin is None or self._admin.closed:
            self._admin = psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True)
        done = self._admin.execute(statement.encode())
        return done.fetchall() if done.description else []

    def _make(self) -> None:
        words = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._do(["initdb", *words, "-D", str(self.home / "data")])
        settings = SETTINGS | ({} if self.durable else FORGETFUL)
        lines = [f"{name} = {value}" for name, value in settings.items()]
        lines += ["listen_addresses = '127.0.0.1'", f"unix_socket_directories = '{self.home}'"]
        with (self.home / "data" / "postgresql.conf").open("a") as file:
            file.write("\n".join(["", *lines, ""]))

    def _do(self, command: list[str]) -> None:
        program = str(self._programs / command[0])
        done = subprocess.run(
            [program, *command[1:]], user=self._user, cwd=self.home, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")

    def _launch(self) -> None:
        command = [str(self._programs / "postgres"), "-D", str(self.home / "data"), "-p", str(self.port)]
        with (self.home / "log").open("ab") as log:
            self._server = subprocess.Popen(
                tied(command, "QUIT"),
                user=self._user,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        until = time.monotonic() + 30
        while time.monotonic() < until and self._server and self._server.poll() is None:
            try:
                self.run("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        return False

    def _end(self, how: signal.Signals) -> None:
        if self._admin is not None:
            self._admin.close()
        if self._server is None:
            return
        if self._server.poll() is None:
            self._server.send_signal(how)
        self._server.wait(30)
        self._server = None


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where that one does not exist."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _children(parent: int) -> list[int]:
    """PostgreSQL's processes each lead a session of their own: a signal to the group would miss them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            pid, _, rest = stat.read_text().partition(" ")
            if int(rest.rpartition(")")[2].split()[1]) == parent:
                found.append(int(pid))
    return found
