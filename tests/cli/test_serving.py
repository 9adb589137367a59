"""`flask serve`: what it says before it waits, and what it lets go of."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from app.cli import serving
from app.db import session
from tests.harness.databases import Database
from tests.harness.processes import free_port
from tests.make import World


@pytest.fixture
def ended() -> list[int | None]:
    """With which code the web ended; None as long as it goes on."""
    return [None]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, database: Database, ended: list[int | None]) -> list[bool]:
    """Whether a read was open as each part was started; nothing is really started."""
    for file in database.instance.glob("*.db"):
        file.chmod(0o600)  # a copy for tests; the doctor looks at it
    seen: list[bool] = []

    class Part:
        def __init__(self, _command: list[str], **_how: Any) -> None:
            seen.append(session().in_transaction())

        def poll(self) -> int | None:
            return ended[0]

        def wait(self) -> int:
            return 0

        def terminate(self) -> None:
            pass

    monkeypatch.setattr(serving.subprocess, "Popen", Part)
    monkeypatch.setattr(serving, "_answers", lambda _line: True)
    monkeypatch.setattr(serving.signal, "signal", lambda *_: None)
    return seen


def test_whoever_waits_for_the_server_keeps_no_read_open(app: Flask, started: list[bool]):
    """Where SQLite has no WAL, a read left open would let nobody write."""
    assert app.test_cli_runner().invoke(args=["serve", "--port", "5071"]).exit_code == 0
    assert started == [False, False]


def test_a_web_that_did_not_come_up_has_no_chores_and_says_no_address(
    app: Flask, world: World, started: list[bool], ended: list[int | None]
):
    """Its port is taken, say; or it was told to stop before it answered."""
    ended[0] = 1
    assert "http://" not in app.test_cli_runner().invoke(args=["serve", "--port", "5071"]).output
    assert len(started) == 1


def test_an_empty_house_says_where_its_first_account_is_made(app: Flask, started: list[bool]):
    said = app.test_cli_runner().invoke(args=["serve", "--port", "5071"]).output
    assert "https://pret.example.org/setup?key=" in said


def test_a_house_with_people_says_no_key(app: Flask, world: World, started: list[bool]):
    assert "key" not in app.test_cli_runner().invoke(args=["serve"]).output


def test_windows_is_served_by_waitress(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serving.sys, "platform", "win32")
    assert serving._web("127.0.0.1", 5071, 2)[1:] == ["-m", "waitress", "--listen=127.0.0.1:5071", "wsgi:app"]


def test_the_chores_wait_until_the_web_answers_and_no_longer(monkeypatch: pytest.MonkeyPatch):
    port, asked = free_port(), []

    class Late(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.close_connection = True
            self.send_response(200)
            self.end_headers()

    class Web:
        def poll(self) -> None:
            return None

    def answer_once() -> None:
        with HTTPServer(("127.0.0.1", port), Late) as server:
            server.handle_request()

    naps: list[int] = []

    def nap(_seconds: float) -> None:
        """The third time, somebody is there."""
        naps.append(1)
        if len(naps) == 3:
            Thread(target=answer_once, daemon=True).start()

    monkeypatch.setattr(serving.time, "sleep", nap)
    serving._wait(Web(), "0.0.0.0", port)
    assert asked == ["/healthz"]
    assert len(naps) < serving.PATIENCE * serving.TURNS
