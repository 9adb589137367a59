"""Letters go out through a real mail server; one that fails, or dies half way, loses none and sends none twice."""

from __future__ import annotations

import email
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from app import mail
from app.db import session, writing
from app.mail import TRIES, Letter, deliver, put
from tests.harness.processes import free_port
from tests.make import NOW

FROM = "va-et-vient@example.org"
MINUTE = timedelta(minutes=1)


class Box:
    """A mail server that keeps what it is given, and says no as often as it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.noes: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.noes:
            return self.noes.pop(0)
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        self.letters[-1]["X-To"] = ", ".join(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
def box() -> Iterator[Box]:
    kept = Box()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    kept.url = f"smtp://127.0.0.1:{server.port}"
    yield kept
    server.stop()


@pytest.fixture
def here(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def written(to: str = "ada@example.org", words: str = "Bonjour Ada,\n\nÀ bientôt.") -> Letter:
    with writing():
        return put("reset", to=to, subject="Choisissez votre mot de passe — été", words=words, at=NOW)


def test_a_letter_goes_out_as_it_was_written(here: None, box: Box):
    letter = written()
    assert deliver(box.url, FROM, at=NOW) == 1
    [got] = box.letters
    assert (got["From"], got["To"], got["X-To"]) == (FROM, "ada@example.org", "ada@example.org")
    assert got["Subject"] == "Choisissez votre mot de passe — été"
    assert got.get_content().splitlines() == ["Bonjour Ada,", "", "À bientôt."]
    assert got["Message-ID"] == f"<{letter.uuid}@example.org>"
    assert (letter.sent_at, letter.next_try_at, letter.fault) == (NOW, None, None)


def test_a_letter_that_went_out_does_not_go_again(here: None, box: Box):
    written()
    assert [deliver(box.url, FROM, at=NOW + n * MINUTE) for n in range(3)] == [1, 0, 0]
    assert len(box.letters) == 1


def test_letters_go_in_the_order_of_their_writing(here: None, box: Box):
    for n in range(3):
        with writing():
            put("reset", to=f"{n}@example.org", subject="s", words="w", at=NOW - n * MINUTE)
    assert deliver(box.url, FROM, at=NOW) == 3
    assert [got["X-To"][0] for got in box.letters] == ["2", "1", "0"]


def test_a_house_without_a_mail_server_keeps_its_letters(here: None):
    letter = written()
    assert deliver("", FROM, at=NOW) == 0
    assert (letter.tries, letter.sent_at) == (0, None)


def test_a_letter_that_was_refused_waits_longer_each_time_and_then_goes(here: None, box: Box):
    letter, at, waits = written(), NOW, []
    box.noes = ["451 later"] * 3
    while letter.sent_at is None:
        deliver(box.url, FROM, at=at)
        if letter.next_try_at:
            waits.append(letter.next_try_at - at)
            at = letter.next_try_at
    assert waits == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert (len(box.letters), letter.fault) == (1, None)


def test_a_letter_that_never_goes_is_given_up_and_says_why(here: None, box: Box):
    letter, at = written(), NOW
    box.noes = ["550 no"] * 100
    for _ in range(TRIES + 3):
        at += timedelta(days=1)
        deliver(box.url, FROM, at=at)
    assert (letter.tries, letter.next_try_at, letter.sent_at, letter.fault) == (TRIES, None, None, "SMTPDataError")


def test_a_server_that_is_away_costs_nothing_but_time(here: None):
    letter = written()
    assert deliver(f"smtp://127.0.0.1:{free_port()}", FROM, at=NOW) == 0
    assert (letter.fault, letter.next_try_at) == ("ConnectionRefusedError", NOW + 2 * MINUTE)


@pytest.mark.parametrize(
    "address",
    [
        "a\nb@example.org",
        "@",
        "é@example.org",
        "<>@x.y",
        "a@[1.2.3",
        '"@x.y',
        "a@x.y, b@x.y",
        "a@b@c.d",
        "ada@bücher.example",
    ],
)
def test_one_odd_address_does_not_keep_the_other_letters_back(here: None, box: Box, address: str):
    with writing():
        put("reset", to=address, subject="s", words="w", at=NOW - MINUTE)
    good = written()
    deliver(box.url, FROM, at=NOW)
    assert good.sent_at == NOW
    assert [got["X-To"] for got in box.letters].count("ada@example.org") == 1


def test_a_letter_goes_to_its_one_address_alone(here: None, box: Box):
    with writing():
        put("reset", to="a@x.example, b@x.example", subject="s", words="w", at=NOW)
    deliver(box.url, FROM, at=NOW)
    assert box.letters == []


def test_a_worker_that_dies_while_sending_leaves_the_letter_for_a_later_one(here: None, box: Box, monkeypatch: Any):
    letter = written()

    def die(*_all: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(mail, "_send", die)
        deliver(box.url, FROM, at=NOW)
    session().rollback()
    assert deliver(box.url, FROM, at=NOW + MINUTE) == 0, "it is leased for two minutes"
    assert deliver(box.url, FROM, at=NOW + 2 * MINUTE) == 1
    assert letter.sent_at == NOW + 2 * MINUTE


def test_two_workers_at_once_send_each_letter_once(app: Flask, here: None, box: Box):
    from concurrent.futures import ThreadPoolExecutor

    for n in range(12):
        written(f"{n}@example.org")

    def worker(_n: int) -> int:
        with app.app_context():
            return deliver(box.url, FROM, at=NOW)

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(worker, range(3)))
    deliver(box.url, FROM, at=NOW)
    assert sorted(got["X-To"] for got in box.letters) == sorted(f"{n}@example.org" for n in range(12))


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_passwords_are_told_only_to_a_server_that_proves_its_name(here: None, monkeypatch: Any, scheme: str):
    told: list[Any] = []

    class Server:
        def __init__(self, _host: str, _port: int, timeout: float, context: Any = None) -> None:
            told.append(context)

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_all: object) -> None: ...

        def starttls(self, *, context: Any = None) -> None:
            told.append(context)

        def login(self, user: str, word: str) -> None:
            told.append((user, word))

        def send_message(self, _message: object, *_more: object) -> None: ...

    monkeypatch.setattr(mail.smtplib, "SMTP", Server)
    monkeypatch.setattr(mail.smtplib, "SMTP_SSL", Server)
    written()
    assert deliver(f"{scheme}://me%40x:w%2Ford@mail.example.org:465", FROM, at=NOW) == 1
    context = told[-2]
    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert told[-1] == ("me@x", "w/ord")


def test_a_letters_number_is_its_own(here: None):
    assert isinstance(written().uuid, UUID)
    assert written().uuid != written().uuid
