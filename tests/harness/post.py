"""A mail server for tests: it keeps what it is given, and refuses whom it is told to."""

from __future__ import annotations

import email
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.harness.processes import free_port


class Post:
    """`letters` came in; `envelopes` are where each would be brought back; nobody lives at `unknown`."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[str] = []
        self.unknown: set[str] = set()
        self.url = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.unknown:
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append(envelope.mail_from)
        return "250 OK"


@contextmanager
def post_office() -> Iterator[Post]:
    kept = Post()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    kept.url = f"smtp://127.0.0.1:{server.port}"
    yield kept
    server.stop()
